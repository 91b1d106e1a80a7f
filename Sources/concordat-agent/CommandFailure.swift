import Agent
import ArgumentParser
import Foundation
import TextCatalogue

/// How the program ends when a command fails: a line on standard error and the documented exit code.
enum CommandFailure {
    static func exit(with error: any Error) -> Never {
        if let error = error as? any UserFacingError {
            Terminal.say("\(error.code): \(error.phrase.text(in: .current))")
            Foundation.exit(isRefusal(error) ? 3 : 1)
        }
        if error is CancellationError { Foundation.exit(1) }
        // ArgumentParser's own: help is a success, bad usage is 2.
        let code = ConcordatAgent.exitCode(for: error)
        if code == .success { ConcordatAgent.exit(withError: error) }
        if code == .validationFailure {
            Terminal.say(ConcordatAgent.fullMessage(for: error))
            Foundation.exit(2)
        }
        Terminal.say("internal-error: \(Phrase.agentInternalError.text(in: .current)) (\(type(of: error)))")
        Foundation.exit(1)
    }

    private static func isRefusal(_ error: any UserFacingError) -> Bool {
        switch (error as? AgentError)?.kind {
        case .fingerprintMismatch, .invalidCertificate, .wrongSite: true
        default: false
        }
    }
}

extension Language {
    static var current: Language { .fromEnvironment(ProcessInfo.processInfo.environment) }
}

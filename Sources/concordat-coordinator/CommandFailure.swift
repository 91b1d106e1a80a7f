import ArgumentParser
import Foundation
import TextCatalogue

/// How the program ends when a command fails: a line on standard error and the documented exit code.
enum CommandFailure {
    static func exit(with error: any Error) -> Never {
        if let error = error as? any UserFacingError {
            write("\(error.code): \(error.phrase.text(in: .current))")
            Foundation.exit(1)
        }
        // ArgumentParser's own: help is a success, bad usage is 2.
        let code = ConcordatCoordinator.exitCode(for: error)
        if code == .success { ConcordatCoordinator.exit(withError: error) }
        if code == .validationFailure {
            write(ConcordatCoordinator.fullMessage(for: error))
            Foundation.exit(2)
        }
        write("internal-error: \(Phrase.coordinatorInternalError.text(in: .current)) (\(type(of: error)))")
        Foundation.exit(1)
    }

    private static func write(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}

extension Language {
    static var current: Language { .fromEnvironment(ProcessInfo.processInfo.environment) }
}

import ArgumentParser
import Foundation
import Messages
import TextCatalogue
import Transport

/// How the program ends: 0 done, 1 failed, 2 usage, 3 refused.
enum Ending {
    static let failed = ExitCode(1)
    static let usage = ExitCode(2)
    static let refused = ExitCode(3)

    /// Ends with the error's own text on standard error, in the user's language.
    static func exit(with error: any Error) -> Never {
        switch error {
        case let error as TransportError where error.isRefusal:
            Console.complain("\(error.code): \(error.phrase.text(in: Console.language))")
            Foundation.exit(refused.rawValue)
        case let error as any UserFacingError:
            Console.complain("\(error.code): \(error.phrase.text(in: Console.language))")
            Foundation.exit(failed.rawValue)
        case let code as ExitCode:
            Foundation.exit(code.rawValue)
        default:
            // Help, version and usage texts are ArgumentParser's own.
            let code = Concordat.exitCode(for: error)
            let text = Concordat.fullMessage(for: error)
            if code == .success {
                Console.say(text)
                Foundation.exit(0)
            }
            Console.complain(text)
            Foundation.exit(code == .validationFailure ? usage.rawValue : failed.rawValue)
        }
    }
}

extension TransportError {
    /// Whether the coordinator understood and said no.
    fileprivate var isRefusal: Bool {
        guard case .problem(let problem) = reason else { return false }
        return problem.status == 403
    }
}

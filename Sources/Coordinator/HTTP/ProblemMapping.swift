internal import Evidence
internal import GRDB
internal import Hummingbird
internal import Messages
internal import StrictJSON
internal import TextCatalogue

/// What a client is told about an error. What is not listed here is a 500 without detail.
enum ProblemMapping {
    static func problem(for error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let error as EvidenceError: Problem(code(of: error), detail: error.phrase.english)
        case let error as MessageError: Problem(code(of: error), detail: error.phrase.english)
        case let error as StrictJSONError: Problem(.malformedRequest, detail: error.phrase.english)
        case let error as HTTPError: Problem(code(of: error))
        case is CancellationError: Problem(.unavailable)
        // A full disk or a locked database may be over at the next try.
        case let error as DatabaseError
        where [.SQLITE_BUSY, .SQLITE_FULL, .SQLITE_IOERR].contains(error.resultCode):
            Problem(.unavailable)
        default: Problem(.internalError)
        }
    }

    private static func code(of error: EvidenceError) -> ProblemCode {
        switch error.kind {
        case .badSignature, .belowThreshold, .unknownSigner, .wrongRole, .weakKey: .badSignature
        case .invalidDigest, .invalidIdentifier, .invalidKey, .unsupportedSuite, .invalidEnvelope, .unsigned,
            .tooManySignatures, .wrongPayloadType, .wrongPredicateType, .invalidStatement:
            .schemaError
        default: .internalError
        }
    }

    private static func code(of error: MessageError) -> ProblemCode {
        switch error.kind {
        case .schemaError, .wrongPredicateType, .subjectMismatch: .schemaError
        case .tooLarge: .tooLarge
        }
    }

    private static func code(of error: HTTPError) -> ProblemCode {
        switch error.status {
        case .notFound: .notFound
        case .contentTooLarge: .tooLarge
        case .badRequest: .malformedRequest
        default: .internalError
        }
    }
}

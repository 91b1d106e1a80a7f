internal import Catalogue
internal import Foundation
internal import Messages
internal import ModelRuntime
internal import Privacy
internal import Statistics
internal import Transport

/// Why an attempt to run a job came to nothing: the fixed code that leaves, and whether another attempt may mend it.
struct JobFailure: Error, Hashable, Sendable {
    enum Outcome: Hashable, Sendable {
        case refused(RefusalCode)
        case failed(FailureCode)
    }

    let outcome: Outcome
    let isTransient: Bool
    /// The inner error's code, for the site's own log.
    let cause: String
    /// What is missing at the site, for its own log; only of errors whose words no model and no data had a say in.
    let detail: String?
    /// A `LocalRecord` of what the gate withheld, when that is why; JSON.
    let localRecord: Data?

    /// The cause of a job that was not computed because its sponsor had too many refused before.
    static let refusalCapCause = "refusal-cap"

    init(
        _ outcome: Outcome, isTransient: Bool = false, cause: String, detail: String? = nil, localRecord: Data? = nil
    ) {
        self.outcome = outcome
        self.isTransient = isTransient
        self.cause = cause
        self.detail = detail
        self.localRecord = localRecord
    }

    /// The event of the job's life that this is.
    var event: SiteJob.Event {
        switch outcome {
        case .refused(let code): .refused(code)
        case .failed(let code): isTransient ? .attemptFailed(code) : .failed(code)
        }
    }
}

extension JobFailure {
    /// Maps what the modules below throw to the codes that may leave. Nothing of an inner error but its kind decides.
    init(_ error: any Error) {
        switch error {
        case let failure as JobFailure: self = failure
        case let error as CatalogueError: self.init(error)
        case let error as ModelRuntimeError: self.init(error)
        case let error as AgentError where error.kind == .diskFull:
            self.init(.failed(.resourceExhausted), isTransient: true, cause: error.code)
        case let error as AgentError where error.kind == .storeFailed:
            self.init(.failed(.internalError), isTransient: true, cause: error.code)
        case let error as AgentError: self.init(.failed(.internalError), cause: error.code)
        case let error as StatisticsError where error.reason == .tooManyCases:
            self.init(.failed(.resourceExhausted), cause: error.code)
        case let error as StatisticsError: self.init(.failed(.internalError), cause: error.code)
        // Terms of noise that cannot be met: no number leaves instead.
        case let error as PrivacyError: self.init(.failed(.notReleasable), cause: error.code)
        default: self.init(.failed(.internalError), cause: "unexpected")
        }
    }

    private init(_ error: CatalogueError) {
        switch error.kind {
        case .variableNotDeclared, .variableMismatch: self.init(.failed(.variableMismatch), cause: error.code)
        default: self.init(.failed(.catalogueUnavailable), cause: error.code)
        }
    }

    private init(_ error: ModelRuntimeError) {
        switch error.reason {
        case .digestMismatch: self.init(.refused(.modelDigestMismatch), cause: error.code)
        case .packageInvalid, .loadFailed, .interfaceMismatch: self.init(.failed(.modelInvalid), cause: error.code)
        case .notDeterministic: self.init(.failed(.modelNotDeterministic), cause: error.code)
        // The site's own set-up: somebody may be installing what is missing right now.
        case .sandboxUnavailable:
            self.init(.failed(.modelUnavailable), isTransient: true, cause: error.code, detail: error.detail)
        case .timeout, .memory: self.init(.failed(.resourceExhausted), cause: error.code)
        case .crashed, .forbiddenCall, .outputInvalid: self.init(.failed(.modelFailed), cause: error.code)
        case .inputMismatch: self.init(.failed(.internalError), cause: error.code)
        }
    }

    /// A failure to fetch the model.
    init(fetching error: TransportError) {
        switch error.reason {
        case .digestMismatch: self.init(.refused(.modelDigestMismatch), cause: error.code)
        case .cannotWrite: self.init(.failed(.resourceExhausted), isTransient: true, cause: error.code)
        default: self.init(.failed(.modelUnavailable), isTransient: error.isTransient, cause: error.code)
        }
    }
}

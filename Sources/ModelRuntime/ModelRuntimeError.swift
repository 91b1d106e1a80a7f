public import TextCatalogue

/// Why a model could not be used. The code is all that may leave the site; the detail is for its own log.
public struct ModelRuntimeError: UserFacingError, Hashable, Sendable {
    /// What happened. Append only: the raw values are stored and sent.
    public enum Reason: String, Sendable, CaseIterable {
        /// The package's folder, its manifest or one of its files cannot be read or breaks a rule.
        case packageInvalid = "model-package-invalid"
        /// A file is not the one that the manifest names, or the manifest not the one that was asked for.
        case digestMismatch = "model-digest-mismatch"
        /// The number of values handed over is not what the model's input needs.
        case inputMismatch = "model-input-mismatch"
        /// Bubblewrap, the model host or ONNX Runtime is missing, or the system forbids the sandbox.
        case sandboxUnavailable = "sandbox-unavailable"
        /// ONNX Runtime refuses the model.
        case loadFailed = "model-load-failed"
        /// The model's inputs or outputs are not what its manifest declares.
        case interfaceMismatch = "model-interface-mismatch"
        /// The time limit passed.
        case timeout = "model-timeout"
        /// The memory limit was reached.
        case memory = "model-memory"
        /// The process ended before its work did.
        case crashed = "model-crashed"
        /// The process asked for something that only an attack would, and was ended.
        case forbiddenCall = "model-forbidden-call"
        /// What came back is not an answer, or no case of the cohort could be scored.
        case outputInvalid = "model-output-invalid"
        /// A case scored twice did not get the same score twice.
        case notDeterministic = "model-not-deterministic"
    }

    public let reason: Reason
    /// For the site's own log: never send it, a model can have chosen the words. Printable, at most 2,048 bytes.
    public let detail: String

    public init(_ reason: Reason, detail: String = "") {
        self.reason = reason
        self.detail = Self.printable(detail)
    }

    public var code: String { reason.rawValue }
    public var phrase: Phrase { .modelRuntime(reason: reason.rawValue, detail: detail) }

    /// Errors are equal when their reasons are: the detail is only words.
    public static func == (left: Self, right: Self) -> Bool { left.reason == right.reason }
    public func hash(into hasher: inout Hasher) { hasher.combine(reason) }

    private static func printable(_ text: String) -> String {
        let allowed = text.unicodeScalars.prefix(2_048).map { scalar in
            (0x20..<0x7F).contains(scalar.value) ? Character(scalar) : " "
        }
        return String(allowed)
    }
}

extension ModelRuntimeError: CustomStringConvertible {
    /// Safe to show anywhere: the code only.
    public var description: String { code }
}

extension ModelRuntimeError: CustomDebugStringConvertible {
    /// With the detail: for the site's own log only.
    public var debugDescription: String { detail.isEmpty ? code : "\(code): \(detail)" }
}

/// What a model made of one case.
public enum CaseScore: Hashable, Sendable {
    /// A probability in [0, 1].
    case score(Float)
    case failed(CaseFailure)
}

/// Why one case has no score while others may have one. Append only: the raw values are stored.
public enum CaseFailure: String, Hashable, Sendable, CaseIterable {
    /// ONNX Runtime failed on this case.
    case runFailed = "case-run-failed"
    /// This case needed more memory than the limit allows.
    case memory = "case-memory"
    /// The output for this case is not one float32 value.
    case outputShape = "case-output-shape"
    /// The output is NaN or infinite.
    case scoreNotFinite = "score-not-finite"
    /// The output is not within [0, 1].
    case scoreOutOfRange = "score-out-of-range"

    /// The fixed code that is recorded.
    public var code: String { rawValue }
}

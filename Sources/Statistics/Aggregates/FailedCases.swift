/// What becomes of a case that has a reference but no score.
public enum FailedCases: Hashable, Sendable {
    /// It is left out (and counted in the flow).
    case excluded
    /// It is scored against the model: a positive as 0, a negative as 1.
    case worstCase

    /// The class and score of a case: nil when it is left out.
    @inline(__always)
    func scored(_ score: Int64, reference: Int64, one: Int64) -> Int64? {
        if Coded.isValue(score) { return score }
        switch self {
        case .excluded: return nil
        case .worstCase: return reference == ReferenceClass.positive ? 0 : one
        }
    }
}

/// The codes of a reference column in an evaluation: 1 positive, 0 negative; reserved codes leave the case out.
public enum ReferenceClass {
    public static let negative: Int64 = 0
    public static let positive: Int64 = 1
}

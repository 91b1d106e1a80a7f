internal import Statistics

/// Which cases are analysed.
///
/// Criteria are tried in their order, `include` before `exclude`, and the first that fails a case names the reason:
/// so every case has one reason, and the flow adds up.
public struct Cohort: Hashable, Sendable {
    public let unit: CohortUnit
    /// A case that does not meet one of these is excluded, for that criterion's reason.
    public let include: [Criterion]
    /// A case that meets one of these is excluded, for that criterion's reason.
    public let exclude: [Criterion]

    /// The reasons for exclusion, each once, in the order in which criteria are tried. Several criteria may share a
    /// reason: their cases are then counted together.
    public var reasons: [ReasonCode] {
        var seen: Set<ReasonCode> = []
        return (include + exclude).map(\.reason).filter { seen.insert($0).inserted }
    }

    /// Why a case is excluded; nil when it belongs to the cohort.
    ///
    /// - Parameter code: the case's code for a variable, as in its column (`CaseColumns`).
    public func exclusion(code: (VariableID) -> Int64) -> ReasonCode? {
        include.first { !$0.condition.holds(for: code($0.variable)) }?.reason
            ?? exclude.first { $0.condition.holds(for: code($0.variable)) }?.reason
    }
}

/// What one case is.
public enum CohortUnit: String, Codable, Hashable, Sendable, CaseIterable {
    case lesion
    case image
    case patient
}

/// One condition on one variable.
public struct Criterion: Hashable, Sendable {
    public let variable: VariableID
    public let condition: Condition
    public let reason: ReasonCode

    /// A condition on a column's code: a quantity's multiple of the resolution, or the index of a category's level.
    public enum Condition: Hashable, Sendable {
        case atLeast(Int64)
        case atMost(Int64)
        case equals(Int64)
        case oneOf([Int64])
        /// Whether there is no usable value: nothing, something malformed, or something out of range.
        case missing(Bool)

        /// A case without a usable value meets no condition but `missing(true)`.
        public func holds(for code: Int64) -> Bool {
            let usable = code > Coded.outOfRange
            return switch self {
            case .atLeast(let bound): usable && code >= bound
            case .atMost(let bound): usable && code <= bound
            case .equals(let value): usable && code == value
            case .oneOf(let values): usable && values.contains(code)
            case .missing(let expected): usable != expected
            }
        }
    }
}

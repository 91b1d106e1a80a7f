internal import Statistics
public import StudyProtocol

extension CaseAxes {
    /// One condition of a protocol's cohort, and the flow's box of the cases that it excludes. An attacker knows it: what
    /// a criterion makes impossible hides nobody.
    public struct CohortCriterion: Hashable, Sendable {
        public let variable: String
        public let condition: Criterion.Condition
        /// Whether a case is excluded that does not meet it; else one that does.
        public let isRequired: Bool
        /// The reason, as the flow's box has it.
        public let reason: String

        public init(
            variable: String, condition: Criterion.Condition, isRequired: Bool, reason: String
        ) {
            self.variable = variable
            self.condition = condition
            self.isRequired = isRequired
            self.reason = reason
        }

        /// The criteria of a protocol, in the order in which they are tried.
        public static func all(of cohort: Cohort) -> [CohortCriterion] {
            func made(_ criterion: Criterion, isRequired: Bool) -> CohortCriterion {
                CohortCriterion(
                    variable: criterion.variable.rawValue, condition: criterion.condition,
                    isRequired: isRequired,
                    reason: criterion.reason.rawValue)
            }
            return cohort.include.map { made($0, isRequired: true) }
                + cohort.exclude.map { made($0, isRequired: false) }
        }

        func excludes(_ code: Int64) -> Bool { condition.holds(for: code) != isRequired }

        /// Where the condition changes along a scale.
        var cuts: [Int64] {
            func after(_ value: Int64) -> Int64 { value == .max ? value : value + 1 }
            return switch condition {
            case .atLeast(let bound): [bound]
            case .atMost(let bound): [after(bound)]
            case .equals(let value): [value, after(value)]
            case .oneOf(let values): values.flatMap { [$0, after($0)] }
            case .missing: []
            }
        }
    }

    /// The box of a case by its codes, failed cases as analysed ones; nil when the flow has no such box.
    func box(_ criteria: [CohortCriterion], code: (String) -> Int64) -> Int? {
        if let failing = criteria.first(where: { $0.excludes(code($0.variable)) }) {
            return boxes.firstIndex(of: .excluded(reason: failing.reason))
        }
        if let reference, let missing = boxes.firstIndex(of: .missingReference),
            !Coded.isValue(code(reference.variable))
        {
            return missing
        }
        return boxes.firstIndex(of: .analysed)
    }
}

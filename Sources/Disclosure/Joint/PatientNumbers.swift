import Statistics
import StudyProtocol

/// The numbers of patients in an answer, as sets of cases. Exhaustive: a new kind does not compile until it is here.
struct PatientNumbers {
    let cases: CaseAxes

    static func tier(of item: ReleaseGate.Item) -> JointStatement.Tier? {
        guard case .computed(let aggregate) = item.outcome else { return nil }
        return
            switch aggregate
        {
        case .flow: .flow
        case .moments: .moments
        case .histogram: .histogram
        case .table: .table
        case .confusion, .scoreSteps, .roc: item.key.subgroup == nil ? .performance : .subgroup
        case .coMoments, .pairedConfusion, .calibration, .pairedROC, .scoreSums: nil
        }
    }

    /// - Parameter withheld: the counts of cases that are withheld.
    func numbers(
        of item: ReleaseGate.Item, at index: Int, _ withheld: Set<JointProtection.Count>
    ) -> [PatientProtection.Number] {
        guard case .computed(let aggregate) = item.outcome, let tier = Self.tier(of: item) else { return [] }
        func number(
            _ part: JointStatement.Part, _ tier: JointStatement.Tier?, _ cases: [Int]
        ) -> PatientProtection.Number {
            let count = JointProtection.Count(item: index, part: part)
            return PatientProtection.Number(
                count: count, cases: cases, tier: tier, isRefused: part != .whole && withheld.contains(count))
        }
        switch aggregate {
        case .flow:
            return [number(.screened, tier, Array(cases.patients.indices))]
                + cases.boxes.indices.map { box in
                    number(.box(box), tier, cases.boxOfCase.indices.filter { Int(cases.boxOfCase[$0]) == box })
                }
        case .moments(let moments):
            return moments.groups.indices.map { group in
                number(.whole, tier, cases.described.filter { isValue($0, of: moments, in: group) })
            }
        case .roc:
            let (positive, negative) = classes(item)
            // Nobody needs the number of all patients for an interval, so that it can be left out.
            return [
                number(.whole, tier == .performance ? nil : tier, positive),
                number(.whole, tier == .performance ? nil : tier, negative),
                number(.total(group: 0), tier, (positive + negative).sorted()),
            ]
        case .confusion:
            let (positive, negative) = classes(item)
            return [positive, negative].map { number(.whole, tier == .performance ? nil : tier, $0) }
        case .histogram, .table, .scoreSteps, .coMoments, .pairedConfusion, .calibration, .pairedROC, .scoreSums:
            return []
        }
    }

    /// The described cases of a group that have a value.
    func valueCases(of moments: Moments, in group: Int) -> [Int] {
        cases.described.filter { isValue($0, of: moments, in: group) }
    }

    private func isValue(_ index: Int, of moments: Moments, in group: Int) -> Bool {
        guard let value = cases.code(moments.variable, index), moments.range.contains(value) else { return false }
        guard let grouping = moments.groupedBy else { return true }
        return cases.code(grouping, index).map {
            CategoryColumn.index(of: $0, count: moments.groups.count) == group
        } ?? false
    }

    private func classes(_ item: ReleaseGate.Item) -> (positive: [Int], negative: [Int]) {
        guard let reference = cases.reference else { return ([], []) }
        let own = cases.described.filter { cases.contains(item.key.subgroup, $0) }
        func isPositive(_ index: Int) -> Bool { cases.code(reference.variable, index) == reference.positiveCode }
        return (own.filter(isPositive), own.filter { !isPositive($0) })
    }
}

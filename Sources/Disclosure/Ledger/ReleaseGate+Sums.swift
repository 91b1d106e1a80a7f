internal import Ledger
internal import Statistics
internal import StudyProtocol

// Rules 5 and 6 over differences. The sums of a group less those of a group inside it are the sums of the rest, so the rest
// has to pass as if it were asked for.
extension ReleaseGate {
    /// Of two summaries of a variable in one release the later one is withheld.
    func withholdSumDifferences(_ items: [Item], cases: CaseAxes, _ proposals: inout [Proposal]) {
        let rule = SumDifferences(policy: policy, cases: cases)
        var earlier: [String: [[Int]]] = [:]
        for (index, item) in items.enumerated() where proposals[index].isRelease {
            guard case .computed(.moments(let moments)) = item.outcome else { continue }
            let groups = rule.groups(of: moments)
            let known = earlier[moments.variable] ?? []
            if groups.allSatisfy({ own in known.allSatisfy { rule.mayLeave(own, beside: $0, of: moments) } }) {
                earlier[moments.variable, default: []] += groups
            } else {
                proposals[index] = .withhold(rule: 6, .smallRemainder)
            }
        }
    }

    /// The same with what left before, on the cases that the snapshot has now.
    func withholdBesideEarlierSums(
        _ items: [Item], cases: CaseAxes, context: LedgerContext, _ proposals: inout [Proposal]
    ) {
        let rule = SumDifferences(policy: policy, cases: cases)
        for (index, item) in items.enumerated() where proposals[index].isRelease {
            guard case .computed(.moments(let moments)) = item.outcome else { continue }
            let known = context.ledger.marks.filter { mark in
                if case .sum(moments.variable, _) = mark.kind { true } else { false }
            }
            guard !known.isEmpty else { continue }
            let isAllowed = rule.groups(of: moments).allSatisfy { own in
                known.allSatisfy { rule.mayLeave(own, beside: $0, of: moments, register: context.register) }
            }
            if !isAllowed { proposals[index] = .withhold(rule: 6, .smallRemainder) }
        }
    }
}

/// What the sums of two groups of one variable say together.
struct SumDifferences {
    let policy: DisclosurePolicy
    let cases: CaseAxes

    /// The cases with a value, of each group that has any.
    func groups(of moments: Moments) -> [[Int]] {
        let numbers = PatientNumbers(cases: cases)
        return moments.groups.indices.map { numbers.valueCases(of: moments, in: $0) }.filter { !$0.isEmpty }
    }

    func mayLeave(_ own: [Int], beside known: [Int], of moments: Moments) -> Bool {
        let (own, known) = (Set(own), Set(known))
        guard own.isSubset(of: known) || known.isSubset(of: own) else { return true }
        let rest = own.symmetricDifference(known).sorted()
        guard !rest.isEmpty else { return true }
        let column = cases.patients.indices.map { cases.code(moments.variable, $0) ?? Coded.missing }
        guard
            let difference = try? Moments(
                variable: moments.variable, column: column, range: moments.range, patients: cases.patients,
                selection: rest.map(Int32.init), resolution: moments.resolution)
        else { return false }
        return MomentsRule(policy: policy, minimum: MinimumCount(policy)).decide(difference).isRelease
    }

    /// - Parameters:
    ///   - known: a sum that left before.
    ///   - register: the number of each patient of the snapshot.
    func mayLeave(_ own: [Int], beside known: ReleaseLedger.Mark, of moments: Moments, register: [UInt32]) -> Bool {
        guard case .sum(_, let count) = known.kind else { return true }
        let ownByPatient = Dictionary(grouping: own) { register[Int(cases.patients[$0])] }
        let entries = known.patients.entries
        guard entries.contains(where: { ownByPatient[$0.patient] != nil }) else { return true }
        let total = entries.reduce(0) { $0 + $1.multiplicity }
        // The row is divided by what its entries share.
        guard total > 0, count.isMultiple(of: total) else { return false }
        let valued = Dictionary(
            grouping: cases.patients.indices.filter { index in
                cases.code(moments.variable, index).map { moments.range.contains($0) } ?? false
            }
        ) { register[Int(cases.patients[$0])] }
        var knownCases: [Int] = []
        for (patient, multiplicity) in entries {
            let cases = multiplicity * (count / total)
            // Which cases of a patient were meant is known where all were, or as many as now; else nothing can be said.
            if let all = valued[patient], all.count == cases {
                knownCases += all
            } else if let same = ownByPatient[patient], same.count == cases {
                knownCases += same
            } else {
                return false
            }
        }
        return mayLeave(own, beside: knownCases, of: moments)
    }
}

extension LedgerRows {
    /// - Parameter cases: those with a value, of one group.
    func mark(ofSumOf moments: Moments, cases indices: [Int]) throws(LedgerError) -> ReleaseLedger.Mark {
        ReleaseLedger.Mark(
            .sum(variable: moments.variable, cases: indices.count),
            patients: try PatientRow(cases: indices.map { context.register[Int(cases.patients[$0])] }))
    }
}

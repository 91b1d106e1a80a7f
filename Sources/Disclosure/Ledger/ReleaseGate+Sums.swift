internal import Ledger
internal import Statistics
internal import StudyProtocol

// Rules 5 and 6 over differences. The sums of a group less those of groups inside it are the sums of the rest, so the rest
// has to pass as if it were asked for.
extension ReleaseGate {
    /// Of several summaries of a variable in one release the later one is withheld.
    func withholdSumDifferences(_ items: [Item], cases: CaseAxes, _ proposals: inout [Proposal]) {
        let rule = SumDifferences(policy: policy, cases: cases)
        var known: [String: [CaseSet]] = [:]
        for (index, item) in items.enumerated() where proposals[index].isRelease {
            guard case .computed(.moments(let moments)) = item.outcome else { continue }
            let groups = rule.groups(of: moments)
            if rule.mayLeave(groups, beside: known[moments.variable] ?? [], of: moments) {
                known[moments.variable, default: []] += groups
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
        var known: [String: [CaseSet]] = [:]
        for (index, item) in items.enumerated() where proposals[index].isRelease {
            guard case .computed(.moments(let moments)) = item.outcome else { continue }
            let groups = rule.groups(of: moments)
            let earlier = rule.earlier(context, beside: groups, of: moments)
            // The same question again.
            if let earlier, groups.allSatisfy(earlier.contains) { continue }
            guard earlier.map({ $0.count <= SumDifferences.groupLimit }) ?? true else {
                proposals[index] = .withhold(rule: 7, .ledgerTooLarge)
                continue
            }
            if let earlier,
                rule.mayLeave(groups, beside: earlier + (known[moments.variable] ?? []), of: moments)
            {
                known[moments.variable, default: []] += groups
            } else {
                proposals[index] = .withhold(rule: 6, .smallRemainder)
            }
        }
    }
}

/// What the sums of groups of one variable say together.
struct SumDifferences {
    /// The most earlier groups of a variable that are compared; the work grows with the square.
    static let groupLimit = 200

    let policy: DisclosurePolicy
    let cases: CaseAxes

    /// The cases with a value, of each group that has any.
    func groups(of moments: Moments) -> [CaseSet] {
        let numbers = PatientNumbers(cases: cases)
        return moments.groups.indices.map { CaseSet(numbers.valueCases(of: moments, in: $0)) }.filter { !$0.isEmpty }
    }

    /// Whether every difference that has a new group in it passes: of a group and one inside it, and of a group and as many
    /// disjoint ones inside it as there are, the larger first.
    func mayLeave(_ groups: [CaseSet], beside known: [CaseSet], of moments: Moments) -> Bool {
        let all = known + groups.filter { !known.contains($0) }
        let isNew = all.indices.map { $0 >= known.count }
        guard isNew.contains(true) else { return true }
        let column = cases.patients.indices.map { cases.code(moments.variable, $0) ?? Coded.missing }
        func passes(_ rest: CaseSet) -> Bool {
            guard !rest.isEmpty else { return true }
            guard
                let difference = try? Moments(
                    variable: moments.variable, column: column, range: moments.range, patients: cases.patients,
                    selection: rest.cases.map(Int32.init), resolution: moments.resolution)
            else { return false }
            return MomentsRule(policy: policy, minimum: MinimumCount(policy)).decide(difference).isRelease
        }
        let sizes = all.map(\.count)
        let bySize = all.indices.sorted { (sizes[$0], $1) > (sizes[$1], $0) }
        return all.indices.allSatisfy { outer in
            let inner = bySize.filter { sizes[$0] < sizes[outer] && all[$0].isSubset(of: all[outer]) }
            guard isNew[outer] || inner.contains(where: { isNew[$0] }) else { return true }
            var rest = all[outer]
            var isTouched = isNew[outer]
            for one in inner {
                guard isNew[outer] || isNew[one] else { continue }
                guard passes(all[outer].subtracting(all[one])) else { return false }
            }
            for one in inner where all[one].isSubset(of: rest) {
                rest.subtract(all[one])
                isTouched = isTouched || isNew[one]
            }
            return !isTouched || passes(rest)
        }
            && all.indices.allSatisfy { one in
                // Disjoint groups that hold one together, as men and women hold a cohort.
                var parts: [Int] = []
                for other in bySize
                where other != one && all[other].meets(all[one]) && !all[one].isSubset(of: all[other]) {
                    if parts.allSatisfy({ !all[$0].meets(all[other]) }) { parts.append(other) }
                }
                guard parts.count > 1, isNew[one] || parts.contains(where: { isNew[$0] }) else { return true }
                let whole = CaseSet(union: parts.map { all[$0] })
                return !all[one].isSubset(of: whole) || passes(whole.subtracting(all[one]))
            }
    }

    /// The cases behind the sums of a variable that left before.
    /// - Returns: nil where it cannot be known which cases they were, of sums that share patients with the groups.
    func earlier(_ context: LedgerContext, beside groups: [CaseSet], of moments: Moments) -> [CaseSet]? {
        func register(_ index: Int) -> UInt32 { context.register[Int(cases.patients[index])] }
        let own = Dictionary(grouping: CaseSet(union: groups).cases, by: register)
        let valued = Dictionary(
            grouping: cases.patients.indices.filter { index in
                cases.code(moments.variable, index).map { moments.range.contains($0) } ?? false
            }, by: register)
        // Which cases of a patient were meant is known where all were, or as many as now.
        func meant(_ entries: [(patient: UInt32, multiplicity: Int)], _ count: Int) -> CaseSet? {
            // The row is divided by what its entries share.
            let total = entries.reduce(0) { $0 + $1.multiplicity }
            guard total > 0, count.isMultiple(of: total) else { return nil }
            var all: [Int] = []
            for (patient, multiplicity) in entries {
                let number = multiplicity * (count / total)
                let candidates = [valued[patient], own[patient]].compactMap { $0 }
                guard let known = candidates.first(where: { $0.count == number }) else { return nil }
                all += known
            }
            return CaseSet(all)
        }
        var known: [CaseSet] = []
        for mark in context.ledger.marks {
            guard case .sum(moments.variable, let count) = mark.kind else { continue }
            let entries = mark.patients.entries
            if let cases = meant(entries, count) {
                if !known.contains(cases) { known.append(cases) }
            } else if entries.contains(where: { own[$0.patient] != nil }) {
                return nil
            }
        }
        return known
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

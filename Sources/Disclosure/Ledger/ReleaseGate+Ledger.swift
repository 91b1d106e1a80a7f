internal import Ledger
internal import Statistics
internal import StudyProtocol

// Rule 7: what a release says together with all that ever left.
extension ReleaseGate {
    /// How often single answers are withheld before whole kinds of them are.
    private static let roundLimit = 12

    /// Withholds answers, the dearest last, until no combination of released numbers isolates a few patients.
    /// - Returns: what the release adds to the ledger.
    func passLedger(
        _ items: [Item], cases: CaseAxes, joint: JointResult, context: LedgerContext, _ proposals: inout [Proposal]
    ) -> ReleaseLedger.Addition {
        withholdSecondAreas(items, cases: cases, context: context, &proposals)
        withholdBesideEarlierSums(items, cases: cases, context: context, &proposals)
        withholdErrorProfiles(items, cases: cases, context: context, &proposals)
        var round = 0
        while proposals.contains(where: \.isRelease) {
            let rows: Rows
            do throws(LedgerError) {
                rows = try Rows(
                    items, cases: cases, joint: joint, context: context, proposals: proposals,
                    gate: self)
            } catch {
                withhold(items.indices, .ledgerNotUsable, &proposals)
                return ReleaseLedger.Addition()
            }
            let verdict = rows.verdict(context.ledger)
            round += 1
            switch verdict {
            case .allowed: return rows.addition
            case .isolates(let involved):
                let asked = involved.isEmpty ? Array(items.indices) : involved
                let given = cheapest(asked.filter { proposals[$0].isRelease }, of: items)
                withhold(round <= Self.roundLimit ? given.prefix(1) : given[...], .isolatesPatients, &proposals)
            case .beyondEffort(let involved):
                let asked = involved.isEmpty ? Array(items.indices) : involved
                let given = cheapest(asked.filter { proposals[$0].isRelease }, of: items)
                let isSingle = !involved.isEmpty && round <= Self.roundLimit
                withhold(isSingle ? given.prefix(1) : given[...], .ledgerTooLarge, &proposals)
            }
        }
        return ReleaseLedger.Addition()
    }

    private func withhold(
        _ indices: some Sequence<Int>, _ reason: LocalDecision.Reason, _ proposals: inout [Proposal]
    ) {
        for index in indices where proposals[index].isRelease { proposals[index] = .withhold(rule: 7, reason) }
    }

    /// The answers of the lowest kind among some, the last in the protocol's order first.
    private func cheapest(_ indices: [Int], of items: [Item]) -> [Int] {
        let least = indices.compactMap { PatientNumbers.tier(of: items[$0]) }.min()
        let given = indices.filter { PatientNumbers.tier(of: items[$0]) == least }
        return (given.isEmpty ? indices : given).reversed()
    }

    /// Rule 12: a second exact area on patients of whom one was released is left to the score steps: two models that
    /// differ on one case would read its label. The same model on other patients is for the rows to judge.
    private func withholdSecondAreas(
        _ items: [Item], cases: CaseAxes, context: LedgerContext, _ proposals: inout [Proposal]
    ) {
        let others = context.ledger.marks.filter { mark in
            if case .area(let model) = mark.kind { model != context.model } else { false }
        }
        guard !others.isEmpty else { return }
        for (index, item) in items.enumerated() where proposals[index].isRelease {
            guard case .computed(.roc) = item.outcome else { continue }
            let patients = try? LedgerRows(cases: cases, context: context).area(item.key.subgroup)
            if others.contains(where: { patients?.overlaps($0.patients) ?? true }) {
                proposals[index] = .withhold(rule: 12, .anotherModel)
            }
        }
    }

    /// The rows of what is proposed, by space.
    private struct Rows {
        enum Verdict {
            case allowed
            /// - Parameter items: the answers whose rows take part; none where that is not known.
            case isolates(items: [Int])
            /// - Parameter items: the answers that stood in the way; none where that is not known.
            case beyondEffort(items: [Int])
        }

        private(set) var addition = ReleaseLedger.Addition()
        private var itemOfCount: [Int] = []
        private var itemOfSum: [Int] = []

        init(
            _ items: [Item], cases: CaseAxes, joint: JointResult, context: LedgerContext, proposals: [Proposal],
            gate: ReleaseGate
        ) throws(LedgerError) {
            let rows = LedgerRows(cases: cases, context: context)
            var places: [PublishedPlace] = []
            for view in joint.views.views where proposals[view.item].isRelease {
                guard case .computed(let aggregate) = items[view.item].outcome else { continue }
                places += rows.places(
                    of: view, in: joint.views, aggregate: aggregate, subgroup: items[view.item].key.subgroup,
                    withheld: joint.withheld)
            }
            let numbers = joint.patientNumbers.filter { proposals[$0.item].isRelease }
            for row in try rows.counts(places) where !row.row.isZero {
                addition.counts.append(row.row)
                itemOfCount.append(row.item)
            }
            for (item, sum) in rows.calls(places) + rows.patientCounts(numbers) where !sum.patients.isEmpty {
                addition.sums.append(sum)
                itemOfSum.append(item)
            }
            for (index, item) in items.enumerated() where proposals[index].isRelease {
                switch item.outcome {
                case .computed(.moments(let moments)):
                    for group in moments.groups.indices {
                        let own = rows.values(of: moments, in: group)
                        let sum = rows.sum(space: "sum:\(moments.variable)", cases: own) { index in
                            [cases.code(moments.variable, index) ?? Coded.missing]
                        }
                        guard !sum.patients.isEmpty else { continue }
                        addition.sums.append(sum)
                        itemOfSum.append(index)
                        addition.marks.append(try rows.mark(ofSumOf: moments, cases: own))
                    }
                case .computed(.roc):
                    let own = rows.areaCases(item.key.subgroup)
                    guard let evaluation = cases.evaluation, let reference = cases.reference else { continue }
                    addition.sums.append(
                        rows.sum(space: "area:\(context.model ?? "")", cases: own) { index in
                            [evaluation.scores[index], cases.code(reference.variable, index) ?? Coded.missing]
                        })
                    itemOfSum.append(index)
                    addition.marks.append(
                        ReleaseLedger.Mark(
                            .area(model: context.model ?? ""), patients: try rows.area(item.key.subgroup)))
                default: continue
                }
            }
            addition.marks += try rows.errorMarks(items, proposals, gate: gate)
        }

        func verdict(_ ledger: ReleaseLedger) -> Verdict {
            switch ledger.counts.check(adding: addition.counts) {
            case .allowed: break
            case .isolates(_, let rows): return .isolates(items: Set(rows.map { itemOfCount[$0] }).sorted())
            case .beyondEffort(let rows): return .beyondEffort(items: Set(rows.map { itemOfCount[$0] }).sorted())
            }
            for (name, members) in Dictionary(grouping: addition.sums.indices, by: { addition.sums[$0].space })
                .sorted(by: { $0.key < $1.key })
            {
                var space = ledger.space(name)
                var rows: [PatientRow] = []
                for index in members {
                    let sum = addition.sums[index]
                    guard let columns = try? space.columns.columns(patients: sum.patients, digests: sum.digests),
                        let row = try? ReleaseLedger.row(columns, multiplicities: sum.multiplicities)
                    else { return .beyondEffort(items: []) }
                    rows.append(row)
                }
                switch space.ledger.check(adding: rows) {
                case .allowed: continue
                case .isolates(_, let involved):
                    return .isolates(items: Set(involved.map { itemOfSum[members[$0]] }).sorted())
                case .beyondEffort(let involved):
                    return .beyondEffort(items: Set(involved.map { itemOfSum[members[$0]] }).sorted())
                }
            }
            return .allowed
        }
    }
}

/// What the joint protection made of a release, as the ledger needs it.
struct JointResult {
    let views: JointViews
    /// Counts that are withheld.
    let withheld: Set<JointProtection.Count>
    /// Numbers of patients that are published, as the cases that make a patient count.
    let patientNumbers: [(item: Int, cases: [Int])]
    /// Why, by item, where an answer leaves with some of its counts withheld.
    let notes: [Int: [(rule: Int, reason: LocalDecision.Reason)]]
}

extension LedgerRows {
    /// The cases of a group that have a value.
    func values(of moments: Moments, in group: Int) -> [Int] {
        PatientNumbers(cases: cases).valueCases(of: moments, in: group)
    }

    /// The cases behind an area.
    func areaCases(_ subgroup: Subgroup?) -> [Int] { cases.described.filter { cases.contains(subgroup, $0) } }

    func area(_ subgroup: Subgroup?) throws(LedgerError) -> PatientRow {
        try PatientRow(patients: areaCases(subgroup).map { context.register[Int(cases.patients[$0])] })
    }
}

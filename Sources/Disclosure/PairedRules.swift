@_spi(ReleaseGate) import Statistics

/// Rules 1 and 3 over two models' calls of the same cases. Each model's predicted classes hold none or at least `t`
/// patients, and so do the cases on which the models differ: in each class, and in each direction. Two models that differ
/// on one lesion would read its label.
struct PairedConfusionRule {
    let policy: DisclosurePolicy
    let minimum: MinimumCount

    func decide(_ pair: JointConfusion) -> Proposal {
        func patients(_ cells: [Int]) -> Int { pair.cells.patients(inAnyOf: cells) }
        func cell(_ positive: Bool, _ agreement: JointConfusion.Agreement) -> Int {
            JointConfusion.cell(positive: positive, agreement)
        }
        let classes = [true, false].map { positive in
            patients(JointConfusion.Agreement.allCases.map { cell(positive, $0) })
        }
        guard classes.allSatisfy({ $0 >= minimum.least }) else { return .withhold(rule: 3, .fewPatientsOfOneClass) }
        let predicted = [true, false].flatMap { called in
            [true, false].map { patients(JointConfusion.cells(calledPositive: called, bySecond: $0)) }
        }
        guard minimum.allows(all: predicted) else { return .withhold(rule: 3, .fewPatientsPredicted) }
        let discordant = [
            [cell(true, .firstOnly), cell(true, .secondOnly)], [cell(false, .firstOnly), cell(false, .secondOnly)],
            // Called positive by the first only, and by the second only.
            [cell(true, .firstOnly), cell(false, .secondOnly)], [cell(true, .secondOnly), cell(false, .firstOnly)],
        ]
        guard minimum.allows(all: discordant.map(patients)) else { return .withhold(rule: 3, .fewPatientsDiscordant) }
        if policy.allPerformanceCells, !minimum.allows(all: (0..<8).map { pair.cells.patients(inCell: $0) }) {
            return .withhold(rule: 3, .smallPerformanceCell)
        }
        // A cut at the highest score lies inside the last, closed step, where no step would show it.
        guard
            [pair.first, pair.second].allSatisfy({ call in
                call.resolution.units(1.0).map { call.threshold < $0 } ?? false
            })
        else { return .withhold(rule: 12, .noStep) }
        func released(_ call: JointConfusion.Call) -> ReleasedPairedConfusion.Call {
            ReleasedPairedConfusion.Call(
                operatingPoint: call.operatingPoint, threshold: call.resolution.text(call.threshold))
        }
        let aggregate = ReleasedAggregate.pairedConfusion(
            ReleasedPairedConfusion(
                first: released(pair.first), second: released(pair.second), positives: counts(pair, positive: true),
                negatives: counts(pair, positive: false)))
        return .release(aggregate, numbers: aggregate.numberCount)
    }

    private func counts(_ pair: JointConfusion, positive: Bool) -> ReleasedPairedConfusion.Class {
        func count(_ agreement: JointConfusion.Agreement) -> Count {
            .exact(pair.cases(positive: positive, agreement))
        }
        let dominance = Dominance(policy: policy)
        let contributions = pair.contributions(positive: positive)
        // Without a difference there is none to dominate.
        let isDominated =
            dominance.holds(contributions.squares)
            || (contributions.differences.total > 0 && dominance.holds(contributions.differences))
        return ReleasedPairedConfusion.Class(
            both: count(.both), firstOnly: count(.firstOnly), secondOnly: count(.secondOnly), neither: count(.neither),
            clusters: isDominated ? nil : PairedClusterTotals(pair.sums(positive: positive)))
    }
}

/// Rule 12 over the areas of two models on the same cases: `t` patients in each class, no tie group above half of the
/// cases, and the models put none or at least `t` patients in another order (a second exact area of a model that differs
/// on one lesion reads its label).
struct PairedROCRule {
    let minimum: MinimumCount
    let variance: ROCSummary.VarianceMethod

    func decide(_ sample: PairedRankSample) -> Proposal {
        guard let summary = PairedROCSummary(sample, method: variance),
            summary.positivePatients >= minimum.least, summary.negativePatients >= minimum.least
        else { return .withhold(rule: 12, .fewPatientsOfOneClass) }
        for isSecond in [false, true] {
            guard let single = try? sample.sample(second: isSecond), 2 * single.largestTie <= single.caseCount else {
                return .withhold(rule: 12, .largeTie)
            }
        }
        guard minimum.allows(sample.patientsOutOfOrder) else { return .withhold(rule: 12, .fewPatientsDiscordant) }
        let aggregate = ReleasedAggregate.pairedROC(summary)
        return .release(aggregate, numbers: aggregate.numberCount)
    }
}

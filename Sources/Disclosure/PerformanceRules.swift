@_spi(ReleaseGate) import Statistics

/// Rule 3 over a confusion matrix. The reference positives and negatives reach `t` patients, and predicted positives and
/// predicted negatives each hold none or at least `t`. TP, FP, FN and TN themselves may then be small, because a model
/// that is right nearly always has few errors and that is what the study is to show; a policy may ask `t` of each.
/// Source: CMS cell-size policy, for the counts of a rate.
struct ConfusionRule {
    let policy: DisclosurePolicy
    let minimum: MinimumCount

    func decide(_ confusion: Confusion) -> Proposal {
        let positives = confusion.positives
        let negatives = confusion.negatives
        guard positives.patients >= minimum.least, negatives.patients >= minimum.least else {
            return .withhold(rule: 3, .fewPatientsOfOneClass)
        }
        let predicted = [
            confusion.patients(.truePositive, .falsePositive), confusion.patients(.falseNegative, .trueNegative),
        ]
        guard minimum.allows(all: predicted) else { return .withhold(rule: 3, .fewPatientsPredicted) }
        if policy.allPerformanceCells,
            !minimum.allows(all: Confusion.Cell.allCases.map { confusion.patients($0) })
        {
            return .withhold(rule: 3, .smallPerformanceCell)
        }
        // The last step is closed, so a cut at the highest score lies inside it, where no step would show it.
        guard confusion.resolution.units(1.0).map({ confusion.threshold < $0 }) ?? false else {
            return .withhold(rule: 12, .noStep)
        }
        return .release(
            .confusion(
                ReleasedConfusion(
                    operatingPoint: confusion.operatingPoint,
                    threshold: confusion.resolution.text(confusion.threshold),
                    tp: .exact(confusion.cases(.truePositive)), fp: .exact(confusion.cases(.falsePositive)),
                    fn: .exact(confusion.cases(.falseNegative)), tn: .exact(confusion.cases(.trueNegative)),
                    positives: clusterTotals(positives, confusion, [.truePositive, .falseNegative]),
                    negatives: clusterTotals(negatives, confusion, [.trueNegative, .falsePositive]),
                    classLabel: confusion.classLabel)),
            numbers: 12)
    }
}

extension ConfusionRule {
    /// Rule 5 over the totals of squares: with one patient who holds most of them, they would give that patient's cases
    /// and hits. The two largest are taken as twice the largest, which can only withhold more.
    private func clusterTotals(
        _ sums: ClusterSums, _ confusion: Confusion, _ cells: [Confusion.Cell]
    ) -> ClusterTotals? {
        var largest: Int128 = 0
        let total = confusion.cells.sum { multiplicities in
            let size = cells.reduce(Int128(0)) { $0 + Int128(multiplicities[$1.rawValue]) }
            largest = max(largest, size * size)
            return size * size
        }
        let isDominated =
            2 * largest * 100 >= total * Int128(policy.dominancePercent)
            || (total - 2 * largest) * 100 < largest * Int128(policy.protectionPercent)
        return isDominated ? nil : ClusterTotals(sums)
    }
}

/// Rule 12 over the score steps: each step holds at least `t` patients and at least one case of each class. Published
/// operating points are cuts of the same staircase, so the steps are cut there too and never finer than allowed.
/// Source: Acad Radiol 2013;20:889 (an ROC curve gives back its cases).
struct ScoreStepsRule {
    let minimum: MinimumCount

    /// - Parameter operatingPoints: the thresholds whose confusion matrices are published, in score units.
    func decide(_ steps: ScoreSteps, operatingPoints: [Int64]) -> Proposal {
        guard holdsBothClasses(steps) else { return .withhold(rule: 12, .fewPatientsOfOneClass) }
        let forced = operatingPoints.compactMap { steps.edges.firstIndex(of: $0) }
        // A published cut that is no edge of the steps could cut one of them without being seen here.
        guard forced.count == operatingPoints.count else { return .withhold(rule: 12, .noStep) }
        let bounds = Set(forced).union([0, steps.stepCount]).sorted()
        var parts: [MergedBins] = []
        for (start, end) in zip(bounds, bounds.dropFirst()) {
            // A stretch between published cuts is known as a whole already; inside it the rule decides.
            let part = MergedBins.finest(start...end) { allows($0, of: steps) } ?? MergedBins(cuts: [start, end])
            guard part.numberCount > 1 || minimum.allows(Self.patients(start..<end, of: steps)) else {
                return .withhold(rule: 12, .fewPatients)
            }
            parts.append(part)
        }
        let merged = MergedBins.joined(parts)
        func released(positive: Bool) -> ReleasedScoreSteps.Class {
            let cumulative = steps.cumulative(positive: positive)
            let bounds = merged.bounds(cumulative)
            return ReleasedScoreSteps.Class(
                n: .exact(cumulative[steps.stepCount]), lower: bounds.lower, upper: bounds.upper)
        }
        return .release(
            .scoreSteps(
                ReleasedScoreSteps(
                    resolution: steps.resolution, edges: steps.edges, positives: released(positive: true),
                    negatives: released(positive: false), classLabel: steps.classLabel)),
            numbers: 2 * merged.numberCount)
    }

    /// Whether `t` patients or more have a case of each class.
    func holdsBothClasses(_ steps: ScoreSteps) -> Bool {
        [true, false].allSatisfy { positive in
            steps.cells.patients(inAnyOf: (0..<steps.stepCount).map { steps.cell(positive: positive, step: $0) })
                >= minimum.least
        }
    }

    /// Whether a run of steps may be published.
    func allows(_ run: Range<Int>, of steps: ScoreSteps) -> Bool {
        Self.patients(run, of: steps) >= minimum.least
            && [true, false].allSatisfy { positive in
                run.contains { steps.cells.cases(inCell: steps.cell(positive: positive, step: $0)) > 0 }
            }
    }

    /// The patients with a score in the steps.
    static func patients(_ run: Range<Int>, of steps: ScoreSteps) -> Int {
        steps.cells.patients(
            inAnyOf: run.flatMap { [steps.cell(positive: true, step: $0), steps.cell(positive: false, step: $0)] })
    }
}

/// Rule 12 over the AUROC and its variance: `t` patients in each class, no tie group above half of the cases, which
/// would make the one number a count, and not a few patients alone with a score of their own: a model that gives a few
/// scores to all but one case would read that case's class.
struct ROCRule {
    let minimum: MinimumCount
    let variance: ROCSummary.VarianceMethod

    func decide(_ sample: RankSample) -> Proposal {
        guard case .value(let statistics) = sample.statistics(), statistics.positivePatients >= minimum.least,
            statistics.negativePatients >= minimum.least, let summary = ROCSummary(statistics, method: variance)
        else { return .withhold(rule: 12, .fewPatientsOfOneClass) }
        guard 2 * sample.largestTie <= sample.caseCount else { return .withhold(rule: 12, .largeTie) }
        guard minimum.allows(rarelyScored(sample)) else { return .withhold(rule: 12, .fewPatients) }
        return .release(.roc(summary), numbers: 7)
    }

    /// The patients with a score that fewer than `t` patients have. Of a model of few scores the area is a sum of products
    /// of what the steps and operating points say, but for these.
    private func rarelyScored(_ sample: RankSample) -> Int {
        var holders: [Int64: Int] = [:]
        let scores = sample.patients.map { Set($0.map(\.score)) }
        for own in scores { for score in own { holders[score, default: 0] += 1 } }
        return scores.count { own in own.contains { holders[$0, default: 0] < minimum.least } }
    }
}

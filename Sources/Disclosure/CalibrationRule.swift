@_spi(ReleaseGate) import Statistics

/// Rule 12 over calibration: each bin holds at least `t` patients and at least one case of each class, as a score step
/// does, and no patient dominates its sum of scores (rule 5). Losses that a patient dominates are left out; the logistic
/// fit is one of two parameters (rule 14).
struct CalibrationRule {
    /// The least residual degrees of freedom of the fit.
    static let leastDegreesOfFreedom = 10
    /// The most parameters, in per cent of the patients.
    static let parameterPercent = 10

    let policy: DisclosurePolicy
    let minimum: MinimumCount

    /// - Parameter cuts: the only score units at which bins may be cut besides the ends; nil for every edge.
    func decide(_ sample: CalibrationSample, cuts: Set<Int64>?) -> Proposal {
        let steps = sample.steps
        let rule = ScoreStepsRule(minimum: minimum)
        guard rule.holdsBothClasses(steps) else { return .withhold(rule: 12, .fewPatientsOfOneClass) }
        func mayCut(at edge: Int) -> Bool {
            edge == 0 || edge == steps.stepCount || cuts.map { $0.contains(steps.edges[edge]) } ?? true
        }
        let finest = MergedBins.finest(0...steps.stepCount) { run in
            mayCut(at: run.upperBound) && rule.allows(run, of: steps)
        }
        let dominance = Dominance(policy: policy)
        guard var merged = finest else { return .withhold(rule: 12, .fewPatients) }
        while let run = sample.scoreContributions(cuts: merged.cuts).firstIndex(where: dominance.holds) {
            guard merged.numberCount > 1 else { return .withhold(rule: 5, .dominated) }
            var cuts = merged.cuts
            // With the run after it, the last one with the run before.
            cuts.remove(at: run + 2 < cuts.count ? run + 1 : run)
            merged = MergedBins(cuts: cuts)
        }
        let losses = sample.losses
        let patients = sample.records.patientCount
        let mayFit = patients - 2 >= Self.leastDegreesOfFreedom && 2 * 100 <= patients * Self.parameterPercent
        let aggregate = ReleasedAggregate.calibration(
            ReleasedCalibration(
                sample, cuts: merged.cuts, withholdingSquaredErrors: dominance.holds(losses.squaredErrorContributions),
                withholdingLogLoss: dominance.holds(losses.logLossContributions), withholdingRecalibration: !mayFit))
        return .release(aggregate, numbers: aggregate.numberCount)
    }
}

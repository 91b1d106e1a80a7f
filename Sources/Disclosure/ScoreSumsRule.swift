@_spi(ReleaseGate) import Statistics

/// Rules 1, 5, 6 and 11 over a score of each case. The defined scores alone are looked at: an undefined one counts as a
/// value that the protocol states, so that everybody can take it off again. A score has ends that everybody knows, so
/// that no patient may dominate what is missing to either of them.
struct ScoreSumsRule {
    let policy: DisclosurePolicy
    let minimum: MinimumCount

    func decide(_ raw: ScoreSums) -> Proposal {
        let dominance = Dominance(policy: policy)
        let others = (0..<raw.others.cellCount).map { raw.others.patients(inCell: $0) }
        guard minimum.allows(all: others) else { return .withhold(rule: 1, .fewPatients) }
        let sums = raw.sums
        let defined = sums.defined
        guard defined.patients >= policy.momentsMinimumPatients, let lowest = defined.minimum,
            let highest = defined.maximum
        else { return .withhold(rule: 6, .fewPatients) }
        if case .few = defined.distinct { return .withhold(rule: 6, .fewValues) }
        if defined.contributions.contains(where: dominance.holds) { return .withhold(rule: 5, .dominated) }
        let isBounded = dominance.boundsExtreme(
            n: defined.n, sum: defined.sum, sumSquares: defined.sumSquares, extremes: lowest...highest,
            range: raw.range)
        if isBounded { return .withhold(rule: 6, .boundedTooClosely) }
        let merged = MergedBins.finest(0...raw.bins.cellCount) { run in
            minimum.allows(raw.bins.patients(inAnyOf: run))
        }
        guard let merged else { return .withhold(rule: 11, .fewPatients) }
        let aggregate = ReleasedAggregate.scoreSums(
            ReleasedScoreSums(
                raw, bounds: merged.bounds(raw.cumulative),
                withholdingClusters: sums.clusterContributions.contains(where: dominance.holds)))
        return .release(aggregate, numbers: aggregate.numberCount)
    }
}

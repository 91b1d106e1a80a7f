@_spi(ReleaseGate) import Statistics

/// Rules 5 and 6: n, sum and sum of squares of a group are published when many patients are behind them, the variable
/// takes more than a few values, no patient dominates, and the largest value cannot be worked out.
/// Sources: tau-ARGUS manual (dominance, p %); Samuelson 1968, JASA 63:1522 (the bound on the largest value).
struct MomentsRule {
    let policy: DisclosurePolicy
    let minimum: MinimumCount

    func decide(_ moments: Moments) -> Proposal {
        for group in moments.groups {
            if let refusal = refusal(group, range: moments.range) { return .withhold(rule: refusal.0, refusal.1) }
        }
        let groups = moments.groups.map {
            ReleasedMoments.Group(
                level: $0.level, n: .exact($0.n), patients: .exact($0.patients), missing: .exact($0.missing),
                malformed: .exact($0.malformed), outOfRange: .exact($0.outOfRange), sum: WideInteger($0.sum),
                sumSquares: WideInteger($0.sumSquares))
        }
        let filled = moments.groups.count { $0.n > 0 }
        return .release(
            .moments(
                ReleasedMoments(
                    variable: moments.variable, resolution: moments.resolution, by: moments.groupedBy,
                    groups: groups)),
            numbers: 4 * filled + 3 * moments.groups.count)
    }

    private func refusal(_ group: MomentsGroup, range: ClosedRange<Int64>) -> (Int, LocalDecision.Reason)? {
        let others = [group.missingPatients, group.malformedPatients, group.outOfRangePatients]
        guard minimum.allows(group.patients), minimum.allows(all: others) else { return (1, .fewPatients) }
        guard group.n > 0 else { return nil }
        guard group.patients >= policy.momentsMinimumPatients else { return (6, .fewPatients) }
        if case .few = group.distinct { return (6, .fewValues) }
        let dominance = Dominance(policy: policy)
        if dominance.holds(group.sumContributions) || dominance.holds(group.squareContributions) {
            return (5, .dominated)
        }
        guard let lowest = group.minimum, let highest = group.maximum else { return nil }
        let isBounded = dominance.boundsExtreme(
            n: group.n, sum: group.sum, sumSquares: group.sumSquares, extremes: lowest...highest, range: range)
        return isBounded ? (6, .boundedTooClosely) : nil
    }
}

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
        if isDominated(group.sumContributions) || isDominated(group.squareContributions) { return (5, .dominated) }
        if isMaximumBounded(group, range: range) { return (6, .boundedTooClosely) }
        return nil
    }

    /// (n, k) dominance of the two largest patients, and p %: whoever knows the second largest must not bound the
    /// largest within p %.
    private func isDominated(_ contributions: PatientContributions) -> Bool {
        let two = contributions.largest + contributions.second
        guard contributions.total > 0 else { return true }
        let remainder = contributions.total - two
        return two * 100 >= contributions.total * Int128(policy.dominancePercent)
            || remainder * 100 < contributions.largest * Int128(policy.protectionPercent)
    }

    /// Whether n, S and S2 bound the largest or the smallest value within p % of the truth more closely than the
    /// declared range does.
    private func isMaximumBounded(_ group: MomentsGroup, range: ClosedRange<Int64>) -> Bool {
        guard let minimum = group.minimum, let maximum = group.maximum else { return false }
        let n = Double(group.n)
        let mean = Double(group.sum) / n
        // n S2 - S S is a whole number: no cancellation. It fits: n < 2^31 and S2 < 2^125 may exceed 128 bits, so the
        // difference is taken of the two means instead once it would not.
        let variance: Double
        let (left, overflowsLeft) = group.sumSquares.multipliedReportingOverflow(by: Int128(group.n))
        let (right, overflowsRight) = group.sum.multipliedReportingOverflow(by: group.sum)
        if overflowsLeft || overflowsRight {
            variance = Double(group.sumSquares) / n - mean * mean
        } else {
            variance = Double(left - right) / (n * n)
        }
        let reach = max(0, variance * (n - 1)).squareRoot()
        let share = Double(policy.protectionPercent) / 100
        let highest = mean + reach
        let lowest = mean - reach
        let boundsMaximum =
            highest < Double(range.upperBound) && highest - Double(maximum) <= share * abs(Double(maximum))
        let boundsMinimum =
            lowest > Double(range.lowerBound) && Double(minimum) - lowest <= share * abs(Double(minimum))
        return boundsMaximum || boundsMinimum
    }
}

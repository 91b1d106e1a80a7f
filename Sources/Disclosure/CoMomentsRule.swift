@_spi(ReleaseGate) import Statistics

/// Rules 5, 6 and 15: sums and cross-products of several quantities are published when many patients are behind them,
/// none dominates a sum or a product, and no combination of the quantities is an indicator of a patient, whose other
/// values the products would then give away. A quantity of at most five values is an indicator: its levels are a table,
/// and its products with a quantity are that quantity's sums by level.
/// Source: Huth et al. 2023, Bioinformatics btad531 (co-moments with a chosen vector).
struct CoMomentsRule {
    /// The least residual degrees of freedom of a regression on the quantities.
    static let leastDegreesOfFreedom = 10

    let policy: DisclosurePolicy
    let minimum: MinimumCount

    private var dominance: Dominance { Dominance(policy: policy) }

    func decide(_ coMoments: CoMoments) -> Proposal {
        if let refusal = refusal(coMoments) { return .withhold(rule: refusal.0, refusal.1) }
        let released = ReleasedAggregate.coMoments(ReleasedCoMoments(coMoments))
        return .release(released, numbers: released.numberCount)
    }

    private func refusal(_ coMoments: CoMoments) -> (Int, LocalDecision.Reason)? {
        let sums = coMoments.sums
        // Who lacks one quantity but has another would show as a difference to the other quantity's own statistics.
        let incomplete = coMoments.incompletePatients.flatMap { [$0.lacking, $0.having] }
        guard minimum.allows(all: coMoments.patientsByFault + incomplete + [sums.patients]) else {
            return (1, .fewPatients)
        }
        guard sums.patients >= policy.momentsMinimumPatients, let extremes = coMoments.extremes else {
            return (6, .fewPatients)
        }
        guard sums.patients - coMoments.variables.count - 1 >= Self.leastDegreesOfFreedom else {
            return (15, .fewDegreesOfFreedom)
        }
        let distinct = coMoments.distinct
        // Incomplete cases are looked at as a whole: by level of an indicator there may be one of them, which the other
        // quantity's statistics by that level would show.
        if coMoments.records.caseCount > sums.n, distinct.contains(where: { $0 != .many }) {
            return (4, .smallRemainder)
        }
        if let refusal = levelRefusal(coMoments, distinct) { return refusal }
        if coMoments.contributions.contains(where: dominance.holds) { return (5, .dominated) }
        let width = coMoments.variables.count
        for place in 0..<width {
            guard distinct[place] == .many else { continue }
            let isBounded = dominance.boundsExtreme(
                n: sums.n, sum: sums.sums[place], sumSquares: sums.products[CoMoments.place(place, place, of: width)],
                extremes: extremes[place], range: coMoments.variables[place].range)
            if isBounded { return (6, .boundedTooClosely) }
        }
        guard let leverages = coMoments.largestLeverages,
            !dominance.holds(largest: leverages.largest, second: leverages.second)
        else { return (15, .boundedTooClosely) }
        return nil
    }

    /// The levels of all indicators together hold at least `t` patients each, and where a quantity is summed by level, as
    /// many as moments ask for, none of whom dominates.
    private func levelRefusal(
        _ coMoments: CoMoments, _ distinct: [DistinctValues]
    ) -> (Int, LocalDecision.Reason)? {
        let indicators = distinct.indices.filter { distinct[$0] != .many }
        guard !indicators.isEmpty else { return nil }
        let patients = coMoments.completeRows
        var together: [[Int64]: Int] = [:]
        for rows in patients {
            for level in Set(rows.map { row in indicators.map { row[$0] } }) { together[level, default: 0] += 1 }
        }
        guard minimum.allows(all: together.values) else { return (15, .smallLevel) }
        for indicator in indicators {
            for level in Set(patients.joined().map { $0[indicator] }) {
                let members = patients.map { rows in rows.filter { $0[indicator] == level } }.filter { !$0.isEmpty }
                let hasQuantity = indicators.count < distinct.count
                guard members.count >= (hasQuantity ? policy.momentsMinimumPatients : minimum.least) else {
                    return (15, .smallLevel)
                }
                for place in distinct.indices where distinct[place] == .many {
                    let own = members.map { rows in rows.reduce(Int128(0)) { $0 + Int128($1[place]) } }
                    if dominance.holds(PatientContributions(own)) { return (5, .dominated) }
                }
            }
        }
        return nil
    }
}

internal import Foundation

/// The population stability index of two samples over the same bins, Σ (p − q) ln(p/q) over the shares p and q of each
/// bin: Jeffreys' symmetric divergence, zero for equal shares. H. Jeffreys (1946), Proc R Soc A 186:453-461; N. Siddiqi
/// (2006), Credit Risk Scorecards, chapter 8 (below 0.1 no shift, above 0.25 a large one; rules of thumb only).
///
/// It depends on the bins, which are the protocol's edges, and on what is done with empty ones.
public enum PopulationStabilityIndex {
    /// What a bin without cases counts as. A bin that is empty in both samples adds nothing under `none` and `floor`.
    public enum EmptyBins: Codable, Hashable, Sendable {
        /// As it is: the index is infinite, `not-finite`, when a bin is empty in one sample only.
        case none
        /// A share of at least this, 0 < share < 1 (0.0001 is usual); the other shares stay.
        case floor(Double)
        /// Every bin of both samples has this many cases more, above 0 (½ is usual): (count + added)/(n + added ·
        /// bins).
        case added(Double)

        var isValid: Bool {
            switch self {
            case .none: true
            case .floor(let share): share > 0 && share < 1
            case .added(let cases): cases > 0 && cases < .infinity
            }
        }
    }

    /// The index of counts in the same bins; `no-cases` when a sample is empty, `not-finite`, `bad-argument`.
    public static func value(_ first: [Int], _ second: [Int], emptyBins: EmptyBins) -> Inferred<Double> {
        guard first.count == second.count, !first.isEmpty, emptyBins.isValid, first.allSatisfy({ $0 >= 0 }),
            second.allSatisfy({ $0 >= 0 })
        else { return .undefined(.badArgument) }
        let totals = (first.reduce(0, +), second.reduce(0, +))
        guard totals.0 > 0, totals.1 > 0 else { return .undefined(.noCases) }
        let sum = zip(first, second).reduce(0) { sum, pair in
            sum
                + term(
                    share(pair.0, of: totals.0, bins: first.count, emptyBins),
                    share(pair.1, of: totals.1, bins: first.count, emptyBins))
        }
        return sum.isFinite ? .value(sum) : .undefined(.notFinite)
    }

    /// Bounds of the index of two released groups at common edges. Where a bin's count is known only as an interval,
    /// each bin is bounded by itself, so that the index lies within, not at, the bounds; both are equal when all counts
    /// are exact. `withheld`, `no-cases`, `not-finite` when the upper bound is infinite, `bad-argument`.
    public static func bounds(
        _ first: ReleasedHistogram.Group, _ second: ReleasedHistogram.Group, edges: [String], emptyBins: EmptyBins
    ) -> Inferred<ClosedRange<Double>> {
        guard let n1 = first.n.exact, let n2 = second.n.exact else { return .undefined(.withheld) }
        guard edges.count > 1, emptyBins.isValid,
            [first.lower, first.upper, second.lower, second.upper].allSatisfy({ $0.count == edges.count })
        else { return .undefined(.badArgument) }
        guard n1 > 0, n2 > 0 else { return .undefined(.noCases) }
        let bins = edges.count - 1
        var (lower, upper) = (0.0, 0.0)
        for bin in 0..<bins {
            let (few1, many1) = counts(first, bin: bin, of: n1)
            let (few2, many2) = counts(second, bin: bin, of: n2)
            let p = (share(few1, of: n1, bins: bins, emptyBins), share(many1, of: n1, bins: bins, emptyBins))
            let q = (share(few2, of: n2, bins: bins, emptyBins), share(many2, of: n2, bins: bins, emptyBins))
            // The term grows with the distance of the shares, so that its ends are at the corners.
            upper += max(term(p.0, q.1), term(p.1, q.0))
            if p.0 > q.1 { lower += term(p.0, q.1) } else if q.0 > p.1 { lower += term(p.1, q.0) }
        }
        return upper.isFinite ? .value(min(lower, upper)...upper) : .undefined(.notFinite)
    }

    /// The least and the most cases of a bin.
    private static func counts(_ group: ReleasedHistogram.Group, bin: Int, of n: Int) -> (Int, Int) {
        (
            max(0, group.lower[bin + 1] - group.upper[bin]), min(n, group.upper[bin + 1] - group.lower[bin])
        )
    }

    private static func share(_ count: Int, of n: Int, bins: Int, _ emptyBins: EmptyBins) -> Double {
        switch emptyBins {
        case .none: Double(count) / Double(n)
        case .floor(let least): max(least, Double(count) / Double(n))
        case .added(let added): (Double(count) + added) / (Double(n) + added * Double(bins))
        }
    }

    /// (p − q) ln(p/q), never negative.
    private static func term(_ p: Double, _ q: Double) -> Double {
        guard p != q else { return 0 }
        guard p > 0, q > 0 else { return .infinity }
        // Near equality the quotient would round off what is left of the difference.
        return (p - q) * (abs(p - q) < 0.5 * q ? log1p((p - q) / q) : log(p / q))
    }
}

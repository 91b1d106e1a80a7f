/// The difference p₁ − p₂ of two independent proportions with Newcombe's hybrid score interval.
///
/// With Wilson's limits (l, u) of each, the interval is `d − √((p₁ − l₁)² + (u₂ − p₂)²)` to `d + √((u₁ − p₁)² + (p₂ −
/// l₂)²)`. R. G. Newcombe (1998), "Interval estimation for the difference between independent proportions: comparison
/// of eleven methods", Stat Med 17:873-890, method 10.
public enum NewcombeDifference {
    /// The difference and its interval; `no-cases` without trials on a side, `bad-argument` for a level outside (0, 1)
    /// or counts that are none.
    public static func infer(
        successes1: Int, trials1: Int, successes2: Int, trials2: Int, level: Double
    ) -> Inferred<IntervalEstimate> {
        let first = Wilson.interval(successes: successes1, trials: trials1, level: level)
        let second = Wilson.interval(successes: successes2, trials: trials2, level: level)
        guard let one = first.value else { return .undefined(first.undefined ?? .badArgument) }
        guard let two = second.value else { return .undefined(second.undefined ?? .badArgument) }
        let (p1, p2) = (Double(successes1) / Double(trials1), Double(successes2) / Double(trials2))
        // One division of exact integers: equal proportions differ by zero.
        let numerator = Int128(successes1) * Int128(trials2) - Int128(successes2) * Int128(trials1)
        let difference = Double(numerator) / Double(Int128(trials1) * Int128(trials2))
        return .value(
            IntervalEstimate(
                estimate: difference,
                interval: Interval(
                    lower: difference - hypotenuse(p1 - one.lower, two.upper - p2),
                    upper: difference + hypotenuse(one.upper - p1, p2 - two.lower), level: level)))
    }

    /// The difference of two released proportions; `withheld` when a count is.
    public static func infer(
        successes1: Count, failures1: Count, successes2: Count, failures2: Count, level: Double
    ) -> Inferred<IntervalEstimate> {
        guard let successes1 = successes1.exact, let failures1 = failures1.exact, let successes2 = successes2.exact,
            let failures2 = failures2.exact
        else { return .undefined(.withheld) }
        return infer(
            successes1: successes1, trials1: successes1 + failures1, successes2: successes2,
            trials2: successes2 + failures2, level: level)
    }

    private static func hypotenuse(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
}

/// The difference of two proportions of the same cases, p₁ = (a + b)/n and p₂ = (a + c)/n, with Newcombe's hybrid score
/// interval for paired data.
///
/// With δᵢ = pᵢ − lᵢ and εᵢ = uᵢ − pᵢ from Wilson's limits, the interval is `d − √(δ₁² − 2φδ₁ε₂ + ε₂²)` to `d + √(ε₁² −
/// 2φε₁δ₂ + δ₂²)`, where φ = C/√((a+b)(c+d)(a+c)(b+d)) (0 where that is zero) and C = ad − bc when that is not
/// positive, else max(ad − bc − n/2, 0). R. G. Newcombe (1998), "Improved confidence intervals for the difference
/// between binomial proportions based on paired data", Stat Med 17:2635-2650, method 10.
public enum NewcombePairedDifference {
    /// The difference (first minus second) and its interval.
    /// - Parameters:
    ///   - both: cases in which both are positive (a).
    ///   - firstOnly: cases in which only the first is (b).
    ///   - secondOnly: cases in which only the second is (c).
    ///   - neither: cases in which none is (d).
    /// - Returns: `no-cases` without cases, `bad-argument` for a level outside (0, 1) or negative counts.
    public static func infer(
        both a: Int, firstOnly b: Int, secondOnly c: Int, neither d: Int, level: Double
    ) -> Inferred<IntervalEstimate> {
        // Below the limit of cases the product of the margins fits 128 bits.
        guard [a, b, c, d].allSatisfy({ (0..<CaseColumns.caseLimit).contains($0) }),
            a + b + c + d < CaseColumns.caseLimit
        else { return .undefined(.badArgument) }
        let n = a + b + c + d
        let first = Wilson.interval(successes: a + b, trials: n, level: level)
        let second = Wilson.interval(successes: a + c, trials: n, level: level)
        guard let one = first.value, let two = second.value else {
            return .undefined(first.undefined ?? second.undefined ?? .badArgument)
        }
        let (p1, p2) = (Double(a + b) / Double(n), Double(a + c) / Double(n))
        let difference = Double(b - c) / Double(n)
        let phi = correlation(a, b, c, d)
        let (below1, above1) = (p1 - one.lower, one.upper - p1)
        let (below2, above2) = (p2 - two.lower, two.upper - p2)
        return .value(
            IntervalEstimate(
                estimate: difference,
                interval: Interval(
                    lower: difference - third(below1, above2, phi), upper: difference + third(above1, below2, phi),
                    level: level)))
    }

    /// The difference from released counts; `withheld` when one is.
    public static func infer(
        both: Count, firstOnly: Count, secondOnly: Count, neither: Count, level: Double
    ) -> Inferred<IntervalEstimate> {
        guard let both = both.exact, let firstOnly = firstOnly.exact, let secondOnly = secondOnly.exact,
            let neither = neither.exact
        else { return .undefined(.withheld) }
        return infer(both: both, firstOnly: firstOnly, secondOnly: secondOnly, neither: neither, level: level)
    }

    /// φ with the continuity correction of method 10.
    private static func correlation(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Double {
        let margins = Int128(a + b) * Int128(c + d) * Int128(a + c) * Int128(b + d)
        guard margins > 0 else { return 0 }
        let cross = Int128(a) * Int128(d) - Int128(b) * Int128(c)
        let twice = cross > 0 ? max(2 * cross - Int128(a + b + c + d), 0) : 2 * cross
        return Double(twice) / 2 / Double(margins).squareRoot()
    }

    /// The third side of a triangle, √(x² − 2φxy + y²), as (x − y)² + 2(1 − φ)xy so that it is never negative.
    private static func third(_ x: Double, _ y: Double, _ phi: Double) -> Double {
        ((x - y) * (x - y) + 2 * (1 - phi) * x * y).squareRoot()
    }
}

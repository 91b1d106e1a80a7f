internal import Foundation

/// The number of cases of a class for one sensitivity or specificity: to show it against a goal, or to know it so
/// precisely.
public enum ProportionSampleSize {
    /// The smallest number with the power Φ[(p - b - z √(b(1-b)/n)) / √(p(1-p)/n)], the design effect multiplying both
    /// variances: of the score test, whose limits are Wilson's. J. L. Fleiss, B. Levin and M. C. Paik (2003), Statistical
    /// Methods for Rates and Proportions, 3rd ed., 2.5.
    ///
    /// - Parameters:
    ///   - proportion: the expected p, between 0 and 1.
    ///   - goal: the proportion to be compared with.
    ///   - designEffect: ``DesignEffect``, at least 1.
    /// - Returns: undefined `bad-argument` outside of a range or where p is not beyond the bound.
    public static func normal(
        proportion: Double, goal: Double, aim: SampleSizeAim, designEffect: Double = 1
    ) -> Inferred<PlannedSize> {
        guard isSound(proportion, goal, aim, designEffect) else { return .undefined(.badArgument) }
        return SampleSizeSearch.smallest(power: aim.power) { cases in
            SampleSizeSearch.power(aim, expected: proportion, goal: goal) { value in
                designEffect * value * (1 - value) / Double(cases)
            }
        }
    }

    /// The number for the exact binomial test, whose limits are Clopper and Pearson's.
    ///
    /// The exact power is a saw-tooth over the number of cases. Two numbers are given: the first that has the power, and
    /// the smallest from which on every larger one has it, which is the one to plan with (M. R. Chernick and C. Y. Liu
    /// 2002, Am Stat 56:149-155).
    ///
    /// - Parameter designEffect: multiplies the number, which is rounded up; the power is that of the effective number.
    /// - Returns: undefined `bad-argument` as for the normal one; `not-finite` above 500,000 effective cases, where the
    ///   normal one is close enough.
    public static func exact(
        proportion: Double, goal: Double, aim: SampleSizeAim, designEffect: Double = 1
    ) -> Inferred<ExactProportionSize> {
        guard isSound(proportion, goal, aim, designEffect) else { return .undefined(.badArgument) }
        let start: Int
        switch normal(proportion: proportion, goal: goal, aim: aim) {
        case .undefined(let reason): return .undefined(reason)
        case .value(let size): start = size.cases
        }
        // The teeth are about 1/(1 - b) or 1/b cases wide and the exact test needs somewhat more than the normal one.
        let lower = aim.lowerBound(goal: goal)
        let upper = aim.upperBound(goal: goal) ?? 0.5
        let teeth = 10 / min(min(lower, 1 - lower), min(upper, 1 - upper))
        let last = 2 * Double(start) + 20 * teeth
        guard last <= 1_000_000 else { return .undefined(.notFinite) }
        var test = ExactBinomialTest(lower: lower, upper: aim.upperBound(goal: goal), alpha: aim.oneSidedAlpha)
        var first: Int?
        var stays = 1
        for cases in 1...Int(last) {
            guard let power = test.power(cases: cases, proportion: proportion) else {
                return .undefined(.badArgument)
            }
            if power >= aim.power {
                if first == nil { first = cases }
            } else {
                stays = cases + 1
            }
        }
        guard let first, stays <= Int(last) else { return .undefined(.notFinite) }
        var again = ExactBinomialTest(lower: lower, upper: aim.upperBound(goal: goal), alpha: aim.oneSidedAlpha)
        guard let power = again.power(cases: stays, proportion: proportion),
            let cases = SampleSizeSearch.ceiling(Double(stays) * designEffect).value,
            let firstCases = SampleSizeSearch.ceiling(Double(first) * designEffect).value
        else { return .undefined(.notFinite) }
        return .value(
            ExactProportionSize(
                cases: cases, firstCases: firstCases, power: power,
                leastSuccesses: designEffect == 1 ? again.leastSuccesses : nil))
    }

    /// The smallest number at which the half-width of an interval, when p is as expected, is at most so much.
    ///
    /// - Parameters:
    ///   - halfWidth: above 0.
    ///   - level: of the two-sided interval, between 0 and 1.
    ///   - method: whose interval.
    public static func cases(
        proportion: Double, halfWidth: Double, level: Double, method: PrecisionMethod, designEffect: Double = 1
    ) -> Inferred<Int> {
        guard proportion > 0, proportion < 1, halfWidth > 0, designEffect >= 1, designEffect < .infinity,
            let z = Interval.upperProbability(level).flatMap(NormalDistribution.quantile)
        else { return .undefined(.badArgument) }
        let found = SampleSizeSearch.smallest(power: 1) { cases in
            let size = Double(cases) / designEffect
            let reach: Double
            switch method {
            case .wald: reach = z * (proportion * (1 - proportion) / size).squareRoot()
            case .wilson:
                let limits = Wilson.interval(
                    proportion: proportion, complement: 1 - proportion, size: size, critical: z, level: level)
                reach = (limits.upper - limits.lower) / 2
            }
            return reach <= halfWidth * (1 + 1e-12) ? 1 : 0
        }
        return found.map(\.cases)
    }

    /// Whose interval is to be so narrow.
    public enum PrecisionMethod: String, Codable, Hashable, Sendable, CaseIterable {
        /// p ± z √(p(1-p)/n).
        case wald
        /// E. B. Wilson (1927), J Am Stat Assoc 22:209-212.
        case wilson
    }

    private static func isSound(_ p: Double, _ goal: Double, _ aim: SampleSizeAim, _ designEffect: Double) -> Bool {
        p > 0 && p < 1 && goal > 0 && goal < 1 && aim.lowerBound(goal: goal) > 0
            && aim.upperBound(goal: goal) ?? 0.5 < 1 && designEffect >= 1 && designEffect < .infinity
            && aim.admits(p, goal: goal)
    }
}

/// A planned number of cases for an exact binomial test.
public struct ExactProportionSize: Hashable, Sendable {
    /// The smallest from which on every larger number has the power.
    public let cases: Int
    /// The smallest that has it; a somewhat larger one may not.
    public let firstCases: Int
    /// With ``cases``.
    public let power: Double
    /// How many hits among ``cases`` show the aim; of equivalence the fewest of them. Nil with a design effect.
    public let leastSuccesses: Int?
}

/// The exact binomial test at growing numbers of cases.
struct ExactBinomialTest {
    let lower: Double
    let upper: Double?
    let alpha: Double
    /// With the number that was asked last.
    private(set) var leastSuccesses = 0
    private var mostSuccesses = -1
    private var previous = 0

    init(lower: Double, upper: Double?, alpha: Double) {
        self.lower = lower
        self.upper = upper
        self.alpha = alpha
    }

    /// P(X is in the region of the test). With one case more each end of the region moves by one success at most.
    mutating func power(cases: Int, proportion: Double) -> Double? {
        guard cases > 0 else { return nil }
        if cases < previous { (leastSuccesses, mostSuccesses) = (0, -1) }
        previous = cases
        while leastSuccesses <= cases, Self.atLeast(leastSuccesses, cases, lower) >= alpha { leastSuccesses += 1 }
        let above = Self.atLeast(leastSuccesses, cases, proportion)
        guard let upper else { return above }
        while mostSuccesses < cases, Self.atMost(mostSuccesses + 1, cases, upper) < alpha { mostSuccesses += 1 }
        return mostSuccesses < leastSuccesses
            ? 0 : max(0, above - Self.atLeast(mostSuccesses + 1, cases, proportion))
    }

    /// P(X ≥ x) of the binomial distribution.
    static func atLeast(_ x: Int, _ cases: Int, _ p: Double) -> Double {
        guard x > 0 else { return 1 }
        guard x <= cases else { return 0 }
        return BetaDistribution(a: Double(x), b: Double(cases - x + 1))?.cdf(p) ?? 0
    }

    /// P(X ≤ x).
    static func atMost(_ x: Int, _ cases: Int, _ p: Double) -> Double {
        guard x >= 0 else { return 0 }
        guard x < cases else { return 1 }
        return BetaDistribution(a: Double(x + 1), b: Double(cases - x))?.upperTail(p, complement: 1 - p) ?? 0
    }
}

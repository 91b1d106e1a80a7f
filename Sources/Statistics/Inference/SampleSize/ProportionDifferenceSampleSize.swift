internal import Foundation

/// How two calls on the same cases of a class are expected to differ.
public struct PairedProportions: Hashable, Sendable {
    /// The share of cases that only the first call has right.
    public let firstOnly: Double
    /// The share of cases that only the second call has right.
    public let secondOnly: Double

    /// Nil unless both are at least 0, their sum is positive and at most 1.
    public init?(firstOnly: Double, secondOnly: Double) {
        guard firstOnly >= 0, secondOnly >= 0, firstOnly + secondOnly > 0, firstOnly + secondOnly <= 1 else {
            return nil
        }
        self.firstOnly = firstOnly
        self.secondOnly = secondOnly
    }

    /// First minus second.
    public var difference: Double { firstOnly - secondOnly }
    /// The share of cases on which the calls differ in being right.
    public var discordant: Double { firstOnly + secondOnly }
    /// ψ - δ², of one case; without cancellation.
    var variance: Double { firstOnly * (1 - firstOnly) + secondOnly * (1 - secondOnly) + 2 * firstOnly * secondOnly }
}

/// The number of cases of a class for the difference of two sensitivities or specificities, first minus second.
public enum ProportionDifferenceSampleSize {
    /// How the power of a paired comparison is had. All but ``wald`` are of McNemar's test, for superiority only.
    public enum PairedMethod: String, Codable, Hashable, Sendable, CaseIterable {
        /// Φ[(δ√n - z √ψ) / √(ψ - δ²)]. R. J. Connor (1987), Biometrics 43:207-211.
        case connor
        /// Φ[(δ√(nψ) - zψ) / √(ψ² - δ²(3 + ψ)/4)]. O. S. Miettinen (1968), Biometrics 24:339-352.
        case miettinen
        /// Of the exact conditional test, by enumeration over the number of discordant pairs.
        case exact
        /// Limits δ ± z √((ψ - δ²)/n), for margins too: J.-p. Liu, H.-m. Hsueh, E. Hsieh and J. J. Chen (2002), Stat Med
        /// 21:231-245.
        case wald
    }

    /// - Parameters:
    ///   - aim: of the difference, against zero less or plus the margin.
    ///   - designEffect: multiplies the variance; of ``PairedMethod/exact`` the number.
    /// - Returns: undefined `bad-argument` outside of a range, where the difference is not beyond the bound, and for a
    ///   margin with a method of McNemar's test; `not-finite` for the exact one above 20,000 cases. The exact power is a
    ///   saw-tooth; its number is the smallest from which on every larger one up to twice as many has the power.
    public static func paired(
        _ expected: PairedProportions, aim: SampleSizeAim, method: PairedMethod, designEffect: Double = 1
    ) -> Inferred<PlannedSize> {
        let (delta, psi) = (expected.difference, expected.discordant)
        guard designEffect >= 1, designEffect < .infinity, aim.admits(delta, goal: 0),
            let z = NormalDistribution.quantile(1 - aim.oneSidedAlpha)
        else { return .undefined(.badArgument) }
        if method != .wald, aim.kind != .superiority { return .undefined(.badArgument) }
        switch method {
        case .connor:
            return search(aim, designEffect) { root in
                // Without reversed pairs, and every pair discordant, there is no spread: then any shift shows.
                (delta * root - z * psi.squareRoot(), expected.variance.squareRoot())
            }
        case .miettinen:
            let spread = psi * psi - delta * delta * (3 + psi) / 4
            guard spread >= 0 else { return .undefined(.badArgument) }
            return search(aim, designEffect) { root in
                (delta * psi.squareRoot() * root - z * psi, spread.squareRoot())
            }
        case .wald:
            return SampleSizeSearch.smallest(power: aim.power) { cases in
                SampleSizeSearch.power(aim, expected: delta, goal: 0) { _ in
                    designEffect * expected.variance / Double(cases)
                }
            }
        case .exact: return exact(expected, aim, designEffect)
        }
    }

    /// - Parameter shift: from √n of independent cases to the numerator and the denominator of the power's deviate.
    private static func search(
        _ aim: SampleSizeAim, _ designEffect: Double, _ shift: (Double) -> (Double, Double)
    ) -> Inferred<PlannedSize> {
        SampleSizeSearch.smallest(power: aim.power) { cases in
            let (top, bottom) = shift((Double(cases) / designEffect).squareRoot())
            return bottom > 0 ? NormalDistribution.cdf(top / bottom) : top > 0 ? 1 : 0
        }
    }

    private static func exact(
        _ expected: PairedProportions, _ aim: SampleSizeAim, _ designEffect: Double
    ) -> Inferred<PlannedSize> {
        let start: Int
        switch paired(expected, aim: aim, method: .connor) {
        case .undefined(let reason): return .undefined(reason)
        case .value(let size): start = size.cases
        }
        let last = 2 * start + 20 + Int((40 / expected.discordant).rounded(.up))
        guard start <= 20_000, last <= 60_000 else { return .undefined(.notFinite) }
        let test = ExactMcNemarPower(expected, alpha: aim.oneSidedAlpha, most: last)
        // Down from where every number has the power to the first that has not.
        guard test.power(cases: last) >= aim.power else { return .undefined(.notFinite) }
        var cases = last
        while cases > 1, test.power(cases: cases - 1) >= aim.power { cases -= 1 }
        let power = test.power(cases: cases)
        return SampleSizeSearch.ceiling(Double(cases) * designEffect).map { PlannedSize(cases: $0, power: power) }
    }

    /// Two groups of different cases of so many each. Superiority: the pooled score test, as R's `power.prop.test`,
    /// Φ[(δ√n - z √(2 p̄ q̄)) / √(p₁q₁ + p₂q₂)] (Fleiss, Levin and Paik 2003, 4.3). With a margin: Wald's limits.
    ///
    /// - Parameters:
    ///   - first, second: the expected proportions, between 0 and 1.
    ///   - aim: of the difference, against zero less or plus the margin.
    public static func unpaired(
        first: Double, second: Double, aim: SampleSizeAim, designEffect: Double = 1
    ) -> Inferred<PlannedSize> {
        guard first > 0, first < 1, second > 0, second < 1, designEffect >= 1, designEffect < .infinity,
            aim.admits(first - second, goal: 0)
        else { return .undefined(.badArgument) }
        let spread = first * (1 - first) + second * (1 - second)
        let mean = (first + second) / 2
        let pooled = aim.kind == .superiority ? 2 * mean * (1 - mean) : spread
        return SampleSizeSearch.smallest(power: aim.power) { cases in
            SampleSizeSearch.power(aim, expected: first - second, goal: 0) { value in
                designEffect * (value == 0 && aim.kind == .superiority ? pooled : spread) / Double(cases)
            }
        }
    }
}

/// The power of the exact conditional McNemar test.
struct ExactMcNemarPower {
    private let discordant: Double
    /// P(the test rejects) given so many discordant pairs.
    private let given: [Double]

    /// - Parameter most: pairs that will be asked about.
    init(_ expected: PairedProportions, alpha: Double, most: Int) {
        discordant = expected.discordant
        let share = expected.firstOnly / expected.discordant
        var test = ExactBinomialTest(lower: 0.5, upper: nil, alpha: alpha)
        given = (0...most).map { $0 == 0 ? 0 : test.power(cases: $0, proportion: share) ?? 0 }
    }

    func power(cases: Int) -> Double {
        guard discordant < 1 else { return given[cases] }
        // Weights from the mode outwards; beyond twelve standard deviations there is nothing.
        let size = Double(cases)
        let mean = size * discordant
        let reach = 12 * (mean * (1 - discordant)).squareRoot() + 20
        let low = max(0, Int(mean - reach))
        let high = min(cases, Int(mean + reach))
        let odds = log(discordant) - log1p(-discordant)
        var weight =
            lgamma(size + 1) - lgamma(Double(low) + 1) - lgamma(size - Double(low) + 1) + Double(low) * odds
            + size * log1p(-discordant)
        var (sum, total) = (0.0, 0.0)
        for count in low...high {
            let mass = exp(weight)
            sum += mass * given[count]
            total += mass
            weight += log(size - Double(count)) - log(Double(count) + 1) + odds
        }
        return total > 0 ? min(1, sum / total) : 0
    }
}

/// The nine sample quantiles of R. J. Hyndman and Y. Fan (1996), "Sample quantiles in statistical packages", Am Stat
/// 50:361-365, by their numbers there (and in R's `quantile`).
public enum HyndmanFan: Int, Codable, Hashable, Sendable, CaseIterable {
    /// The inverse of the empirical distribution function.
    case inverseECDF = 1
    /// As 1, with averages where it jumps.
    case averagedInverseECDF = 2
    /// The nearest order statistic, ties to even (SAS).
    case nearestEven = 3
    /// Linear interpolation of the empirical distribution function.
    case interpolatedECDF = 4
    /// Piecewise linear through the middles of its steps (Hazen).
    case hazen = 5
    /// Expected positions of a uniform sample (Weibull; Minitab, SPSS).
    case weibull = 6
    /// Modes of the positions (S, R's default, numpy's `linear`).
    case mode = 7
    /// Approximately median-unbiased.
    case medianUnbiased = 8
    /// Approximately unbiased for a normal sample (Blom).
    case normalUnbiased = 9
}

/// The values of a sample in ascending order, for exact quantiles. Local only: order statistics are cases.
public struct SampleQuantiles: Sendable {
    private let sorted: [Double]

    /// Nil when a value is not finite.
    public init?(_ values: [Double]) {
        guard values.allSatisfy(\.isFinite) else { return nil }
        sorted = values.sorted()
    }

    /// The quantile at a probability from 0 to 1: (1 − h) x₍ⱼ₎ + h x₍ⱼ₊₁₎ at the position j + h of the definition. A
    /// position within rounding (4 units in the last place) of a whole number is that number. `no-cases`,
    /// `bad-argument`.
    public func quantile(_ probability: Double, _ type: HyndmanFan = .mode) -> Inferred<Double> {
        guard probability >= 0, probability <= 1 else { return .undefined(.badArgument) }
        guard !sorted.isEmpty else { return .undefined(.noCases) }
        let n = Double(sorted.count)
        let position: Double =
            switch type {
            case .inverseECDF, .averagedInverseECDF, .interpolatedECDF: n * probability
            case .nearestEven: n * probability - 0.5
            case .hazen: n * probability + 0.5
            case .weibull: (n + 1) * probability
            case .mode: 1 + (n - 1) * probability
            case .medianUnbiased: 1.0 / 3 + (n + 1.0 / 3) * probability
            case .normalUnbiased: 0.375 + (n + 0.25) * probability
            }
        let nearest = position.rounded()
        let snapped = abs(position - nearest) <= 4 * Double.ulpOfOne * max(1, abs(position)) ? nearest : position
        let below = snapped.rounded(.down)
        let fraction = snapped - below
        let weight: Double =
            switch type {
            case .inverseECDF: fraction > 0 ? 1 : 0
            case .averagedInverseECDF: fraction > 0 ? 1 : 0.5
            case .nearestEven: fraction > 0 || below.truncatingRemainder(dividingBy: 2) != 0 ? 1 : 0
            default: fraction
            }
        let (lower, upper) = (at(below), at(below + 1))
        guard weight > 0, lower != upper else { return .value(lower) }
        return .value(weight == 1 ? upper : (1 - weight) * lower + weight * upper)
    }

    /// The order statistic of a rank from 1, the nearest one outside.
    private func at(_ rank: Double) -> Double { sorted[Int(min(max(rank, 1), Double(sorted.count))) - 1] }

    /// The median; `no-cases`.
    public var median: Inferred<Double> { quantile(0.5) }

    /// The median of |x − median|, not scaled (1.4826 times it estimates a normal standard deviation). F. R. Hampel
    /// (1974), JASA 69:383-393. `no-cases`.
    public var medianAbsoluteDeviation: Inferred<Double> {
        guard case .value(let center) = median else { return .undefined(.noCases) }
        return SampleQuantiles(sorted.map { abs($0 - center) })?.median ?? .undefined(.notFinite)
    }

    /// The third less the first quartile; `no-cases`.
    public func interquartileRange(_ type: HyndmanFan = .mode) -> Inferred<Double> {
        guard case .value(let first) = quantile(0.25, type), case .value(let third) = quantile(0.75, type) else {
            return .undefined(.noCases)
        }
        return .value(third - first)
    }
}

internal import Foundation

// Probabilities for inference and tests; drawing does not use them.
extension DiscreteGaussian {
    /// Up to here tails are summed term by term; beyond, the Euler-Maclaurin formula is right to 1e-12.
    private static let largestSummed = 1_000.0

    /// Σ exp(-k²/2σ²) over the whole numbers, the theta function. By Poisson's summation it also is √(2πσ²) Σ exp(-2π²σ²j²):
    /// the one of the two that converges faster has at most seven terms. Smallest first, so that none is lost.
    private var normalizer: Double {
        let variance = sigmaSquared.value
        // Both series decay equally fast at σ² = 1/2π.
        let isNarrow = variance < 0.5 / Double.pi
        let rate = isNarrow ? 0.5 / variance : 2 * Double.pi * Double.pi * variance
        var sum = 0.0
        for k in stride(from: 7.0, through: 1, by: -1) { sum += 2 * exp(-k * k * rate) }
        return isNarrow ? 1 + sum : (2 * Double.pi * variance).squareRoot() * (1 + sum)
    }

    /// The variance: 2σ⁴ times the derivative of ln Σ exp(-k²/2σ²) by σ², in the series that converges faster.
    public var variance: Double {
        let variance = sigmaSquared.value
        let isNarrow = variance < 0.5 / Double.pi
        let rate = isNarrow ? 0.5 / variance : 2 * Double.pi * Double.pi * variance
        var (sum, squares) = (0.0, 0.0)
        for k in stride(from: 7.0, through: 1, by: -1) {
            let term = 2 * exp(-k * k * rate)
            sum += term
            squares += k * k * term
        }
        let share = squares / (1 + sum)
        return isNarrow ? share : variance - 4 * Double.pi * Double.pi * variance * variance * share
    }

    /// P(X = x), to about 1e-12 relative where it is not below 1e-300.
    public func probability(_ x: Int64) -> Double {
        let magnitude = Double(x.magnitude)
        return exp(-magnitude * magnitude / (2 * sigmaSquared.value)) / normalizer
    }

    /// P(X > x), to about 1e-12 relative where it is not below 1e-300.
    public func upperTail(_ x: Int64) -> Double {
        guard x >= 0 else { return 1 - upperTail(-(x + 1)) }
        let variance = sigmaSquared.value
        let sigma = variance.squareRoot()
        let first = Double(x) + 1
        if sigma > Self.largestSummed { return Self.smoothTail(from: first, sigma: sigma) }
        // Terms fall; after ten standard deviations, and 64 terms for the narrow ones, nothing is left of them relative
        // to the first. From the smallest up.
        let count = Int(10 * sigma) + 64
        var sum = 0.0
        for index in stride(from: count, through: 0, by: -1) {
            let k = first + Double(index)
            sum += exp(-k * k / (2 * variance))
        }
        return sum / normalizer
    }

    /// Σ f(k) from `first` on, f the normal density: ∫ from first - 1/2 minus the Euler-Maclaurin corrections at the midpoint,
    /// f'/24 and 7f'''/5760. The next is 31 f⁽⁵⁾/967680: relative to the tail below (z/σ)⁶ 3e-5 for z standard deviations,
    /// under 1e-12 from σ = 1000 on up to z = 38, where a Double ends.
    private static func smoothTail(from first: Double, sigma: Double) -> Double {
        let z = (first - 0.5) / sigma
        let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
        let slope = -z * density / (sigma * sigma)
        let third = (3 * z - z * z * z) * density / (sigma * sigma * sigma * sigma)
        return 0.5 * erfc(z / 2.0.squareRoot()) + slope / 24 - 7 * third / 5760
    }
}

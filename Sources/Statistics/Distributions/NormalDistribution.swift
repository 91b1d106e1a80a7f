internal import Foundation

/// The standard normal distribution.
public enum NormalDistribution {
    /// P(Z ≤ z), accurate relative to itself in both tails.
    public static func cdf(_ z: Double) -> Double { upperTail(-z) }

    /// P(Z > z), accurate relative to itself in both tails.
    public static func upperTail(_ z: Double) -> Double {
        // z/√2 in two parts: erfc is steep in its tail, where the rounding of the quotient would show.
        let rootHalf = 0.5.squareRoot()
        let rootHalfLow = -4.8336466567264567e-17
        let scaled = z * rootHalf
        let rest = (-scaled).addingProduct(z, rootHalf) + z * rootHalfLow
        let correction = -2 / Double.pi.squareRoot() * exp(-scaled * scaled) * rest
        return min(max((erfc(scaled) + correction) / 2, 0), 1)
    }

    /// The z with P(Z ≤ z) = p; infinite at 0 and 1, nil outside.
    public static func quantile(_ p: Double) -> Double? {
        guard p >= 0, p <= 1 else { return nil }
        guard p > 0 else { return -.infinity }
        guard p < 1 else { return .infinity }
        guard p != 0.5 else { return 0 }
        let sign = p < 0.5 ? -1.0 : 1.0
        let density = { (z: Double) in exp(-z * z / 2) / (2 * Double.pi).squareRoot() }
        if abs(p - 0.5) < 0.25 {
            let central = abs(p - 0.5)
            return sign
                * MonotoneRoot.find(in: 0...1, from: central * 2.5) { z in
                    (erf(z * 0.5.squareRoot()) / 2 - central, density(z))
                }
        }
        let tail = min(p, 1 - p)
        return sign
            * MonotoneRoot.find(in: 0...40, from: (-2 * log(tail)).squareRoot()) { z in
                let upper = upperTail(z)
                return (log(tail) - log(upper), density(z) / upper)
            }
    }
}

internal import Foundation

/// The limit distribution of √n times the Kolmogorov-Smirnov distance. A. N. Kolmogorov (1933), Giorn Ist Ital Attuari
/// 4:83-91; N. V. Smirnov (1948), "Table for estimating the goodness of fit of empirical distributions", Ann Math Stat
/// 19:279-281.
public enum KolmogorovDistribution {
    /// P(K > x) = 2 Σ (−1)^(k−1) exp(−2k²x²), accurate relative to itself.
    public static func upperTail(_ x: Double) -> Double {
        guard x > 0 else { return 1 }
        // Below one the theta form of the lower tail converges in three terms; there the upper tail is above 0.27.
        guard x >= 1 else { return 1 - cdf(x) }
        var (sum, sign) = (0.0, 1.0)
        for k in 1...20 {
            let term = exp(-2 * Double(k * k) * x * x)
            sum += sign * term
            sign = -sign
            if term < 1e-18 * sum { break }
        }
        return min(1, 2 * sum)
    }

    /// P(K ≤ x) = √(2π)/x · Σ exp(−(2k − 1)²π²/(8x²)), accurate relative to itself.
    public static func cdf(_ x: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 - upperTail(x) }
        var sum = 0.0
        for k in 1...10 {
            let odd = Double(2 * k - 1)
            let term = exp(-odd * odd * Double.pi * Double.pi / (8 * x * x))
            sum += term
            if term < 1e-18 * sum { break }
        }
        return min(1, (2 * Double.pi).squareRoot() / x * sum)
    }
}

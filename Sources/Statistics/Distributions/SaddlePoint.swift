internal import Foundation

/// Loader's saddle-point forms of the Poisson and binomial densities, for real arguments: accurate where a difference
/// of log-gammas loses digits. C. Loader (2000), "Fast and accurate computation of binomial probabilities".
enum SaddlePoint {
    /// ln Γ(x+1) − [(x + ½) ln x − x + ½ ln 2π] for x > 0: the error of Stirling's formula.
    static func stirlingError(_ x: Double) -> Double {
        // δ(x) = δ(x+1) + (x + ½) ln(1 + 1/x) − 1 moves small arguments to where the asymptotic series is exact.
        var shifted = x
        var error = 0.0
        while shifted < 16 {
            error += (shifted + 0.5) * log1p(1 / shifted) - 1
            shifted += 1
        }
        let inverse = 1 / (shifted * shifted)
        let series =
            1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse * (1.0 / 1680 - inverse / 1188)))
        return error + series / shifted
    }

    /// x ln(x/m) + m − x, the deviance term, without cancellation near x = m. The difference x − m is given apart, for
    /// where the caller knows it better than a subtraction does.
    static func deviance(_ x: Double, _ m: Double, difference: Double) -> Double {
        guard abs(difference) < 0.1 * (x + m) else { return x * log(x / m) - difference }
        let ratio = difference / (x + m)
        var sum = difference * ratio
        var term = 2 * x * ratio
        let square = ratio * ratio
        var odd = 3.0
        while true {
            term *= square
            let next = sum + term / odd
            if next == sum { return sum }
            sum = next
            odd += 2
        }
    }

    /// m^x e^(−m) / Γ(x+1) for x > 0, m > 0.
    static func poisson(_ x: Double, mean m: Double) -> Double {
        exp(-stirlingError(x) - deviance(x, m, difference: x - m)) / (2 * Double.pi * x).squareRoot()
    }

    /// Γ(a+b+1) / (Γ(a+1) Γ(b+1)) · x^a · y^b for a, b > 0 and y = 1 − x.
    static func binomial(_ a: Double, _ b: Double, x: Double, y: Double) -> Double {
        let n = a + b
        // a − nx = ny − b; the smaller of x and y has the digits.
        let difference = y < x ? n * y - b : a - n * x
        let deviances =
            deviance(a, n * x, difference: difference) + deviance(b, n * y, difference: -difference)
        let exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviances
        return exp(exponent) * (n / (2 * Double.pi * a) / b).squareRoot()
    }
}

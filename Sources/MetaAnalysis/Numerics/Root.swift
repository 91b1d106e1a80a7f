/// The root of a continuous function in a bracket, by Brent's method.
///
/// R. P. Brent (1973), Algorithms for Minimization without Derivatives, chapter 4.
enum Root {
    /// The point between `low` and `high` where `function` changes its sign, to the last bits.
    /// - Parameter low: where `function` has the value `valueAtLow`, of another sign than at `high`.
    static func find(
        _ function: (Double) -> Double, low: Double, valueAtLow: Double, high: Double, valueAtHigh: Double
    ) -> Double {
        var (a, fa, b, fb) = (low, valueAtLow, high, valueAtHigh)
        var (c, fc) = (a, fa)
        var step = b - a
        var previous = step
        for _ in 0..<500 {
            if (fb > 0) == (fc > 0) {
                (c, fc) = (a, fa)
                step = b - a
                previous = step
            }
            if abs(fc) < abs(fb) {
                (a, fa) = (b, fb)
                (b, fb) = (c, fc)
                (c, fc) = (a, fa)
            }
            let tolerance = 2 * b.ulp
            let middle = 0.5 * (c - b)
            if abs(middle) <= tolerance || fb == 0 { return b }
            if abs(previous) >= tolerance && abs(fa) > abs(fb) {
                let s = fb / fa
                var (p, q): (Double, Double)
                if a == c {
                    (p, q) = (2 * middle * s, 1 - s)
                } else {
                    let (r, t) = (fb / fc, fa / fc)
                    p = s * (2 * middle * t * (t - r) - (b - a) * (r - 1))
                    q = (t - 1) * (r - 1) * (s - 1)
                }
                if p > 0 { q = -q } else { p = -p }
                if 2 * p < min(3 * middle * q - abs(tolerance * q), abs(previous * q)) {
                    previous = step
                    step = p / q
                } else {
                    step = middle
                    previous = middle
                }
            } else {
                step = middle
                previous = middle
            }
            (a, fa) = (b, fb)
            b += abs(step) > tolerance ? step : (middle > 0 ? tolerance : -tolerance)
            fb = function(b)
        }
        return b
    }

    /// The root of a decreasing function of x ≥ 0 with a positive value at zero.
    /// - Parameter scale: a first guess of where the function is negative, > 0.
    /// - Returns: nil when it stays positive as far as numbers go.
    static func ofDecreasing(_ function: (Double) -> Double, valueAtZero: Double, scale: Double) -> Double? {
        var (low, valueAtLow) = (0.0, valueAtZero)
        var high = scale
        while high < 1e300 {
            let value = function(high)
            if value <= 0 {
                return find(function, low: low, valueAtLow: valueAtLow, high: high, valueAtHigh: value)
            }
            (low, valueAtLow) = (high, value)
            high *= 4
        }
        return nil
    }
}

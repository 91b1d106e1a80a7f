/// The probabilities on both sides of a point, each computed without subtracting it from one when it is small.
struct Tails {
    let lower: Double
    let upper: Double
}

extension Tails {
    /// The incomplete gamma function ratios P(a, x) and Q(a, x), a > 0, x ≥ 0: the series below a + 1, the continued
    /// fraction above (Abramowitz and Stegun 6.5.29 and 6.5.31).
    static func gamma(_ a: Double, _ x: Double) -> Tails {
        guard x > 0 else { return Tails(lower: 0, upper: 1) }
        guard x < .infinity else { return Tails(lower: 1, upper: 0) }
        let density = SaddlePoint.poisson(a, mean: x)
        if x < a + 1 {
            var term = 1.0
            var sum = 1.0
            var index = a
            while term > sum * 1e-17 {
                index += 1
                term *= x / index
                sum += term
            }
            let lower = min(density * sum, 1)
            return Tails(lower: lower, upper: 1 - lower)
        }
        let fraction = ContinuedFraction.value(first: x + 1 - a) { index in
            let step = Double(index)
            return (-step * (step - a), x + 1 - a + 2 * step)
        }
        let upper = min(density * a / fraction, 1)
        return Tails(lower: 1 - upper, upper: upper)
    }

    /// The incomplete beta function ratios I_x(a, b) and I_y(b, a) with y = 1 − x given apart, a, b > 0: the even part of
    /// the continued fraction DLMF 8.17.22 on the side where it converges fast (Didonato and Morris 1992, ACM TOMS
    /// 18:360-373, in the form of the Boost library's documentation).
    static func beta(_ a: Double, _ b: Double, x: Double, y: Double) -> Tails {
        guard x > 0 else { return Tails(lower: 0, upper: 1) }
        guard y > 0 else { return Tails(lower: 1, upper: 0) }
        if x * (b + 1) > y * (a + 1) {
            let swapped = beta(b, a, x: y, y: x)
            return Tails(lower: swapped.upper, upper: swapped.lower)
        }
        // With y beside x no term is a difference of nearly equal numbers when x is near one.
        let first = a * (a * y - b * x + 1) / (a + 1)
        let fraction = ContinuedFraction.value(first: first) { index in
            let m = Double(index)
            let numerator = (a + m - 1) * (a + b + m - 1) * m * (b - m) * x * x
            let denominator = a + 2 * m - 1
            return (
                numerator / (denominator * denominator),
                m + m * (b - m) * x / denominator + (a + m) * (a * y - b * x + 1 + m * (2 - x)) / (a + 2 * m + 1)
            )
        }
        let lower = min(SaddlePoint.binomial(a, b, x: x, y: y) * (a * b / (a + b)) / fraction, 1)
        return Tails(lower: lower, upper: 1 - lower)
    }
}

/// Lentz's evaluation of a continued fraction, as modified by Thompson and Barnett.
enum ContinuedFraction {
    /// b₀ + a₁/(b₁ + a₂/(b₂ + …)), where `terms(i)` gives (aᵢ, bᵢ) from i = 1.
    static func value(first: Double, terms: (Int) -> (a: Double, b: Double)) -> Double {
        let tiny = 1e-300
        var value = first == 0 ? tiny : first
        var c = value
        var d = 0.0
        // Both fractions here converge within a few times the square root of their largest parameter.
        for index in 1...1_000_000 {
            let (a, b) = terms(index)
            d = b + a * d
            if d == 0 { d = tiny }
            c = b + a / c
            if c == 0 { c = tiny }
            d = 1 / d
            let factor = c * d
            value *= factor
            if abs(factor - 1) < 1e-16 { break }
        }
        return value
    }
}

internal import Foundation

/// From zCDP to (ε, δ) and back: the tight conversion over Rényi orders α > 1.
///
/// C. L. Canonne, G. Kamath and T. Steinke (2020), arXiv:2004.00010, Proposition 12 with Corollary 13: rho-zCDP is
/// (ε, δ)-differentially private with δ = exp((α - 1)(αρ - ε)) · (1 - 1/α)^α / (α - 1), for *every* α > 1. So any α that the
/// search finds gives a true statement; a search that stops a little off only says a little more than needed. What
/// rounding of Doubles could take away is added back: each result is moved to the safe side by 2⁻⁴⁴ of the terms that it
/// was made of.
enum Conversion {
    private static let margin = 0x1p-44
    /// Enough for the golden section to shrink 46 nepers to the spacing of Doubles.
    private static let rounds = 90

    /// The least ε with which rho and δ go together, rounded up.
    static func epsilon(rho: Double, delta: Double) -> Double {
        guard rho > 0 else { return 0 }
        let best = least { order in
            let rest = remainder(order: order, delta: delta)
            return (rho * (1 + order) + rest.value, rho * (1 + order) + rest.size)
        }
        return max(0, best.value + margin * best.size)
    }

    /// The least δ with which rho and ε go together, rounded up; at most 1.
    static func delta(rho: Double, epsilon: Double) -> Double {
        guard rho > 0 else { return 0 }
        let best = least { order in
            let alpha = 1 + order
            let privacy = order * (rho * alpha - epsilon)
            let correction = alpha * logRatio(order)
            return (
                privacy + correction - log(order), order * (rho * alpha + epsilon) + abs(correction) + abs(log(order))
            )
        }
        return min(1, exp(best.value + margin * (1 + best.size)))
    }

    /// The greatest rho that ε and δ allow, rounded down; 0 when none.
    static func rho(epsilon: Double, delta: Double) -> Double {
        // ρ = (ε - remainder) / α for the best α.
        let best = least { order in
            let rest = remainder(order: order, delta: delta)
            return ((rest.value - epsilon) / (1 + order), (rest.size + epsilon) / (1 + order))
        }
        return max(0, -best.value - margin * best.size)
    }

    /// (ln(1/δ) + α ln(1 - 1/α) - ln(α - 1)) / (α - 1), and the sum of the magnitudes of its terms.
    private static func remainder(order: Double, delta: Double) -> (value: Double, size: Double) {
        let evidence = -log(delta)
        let correction = (1 + order) * logRatio(order)
        let spread = log(order)
        return ((evidence + correction - spread) / order, (evidence + abs(correction) + abs(spread)) / order)
    }

    /// ln(1 - 1/α) with α = 1 + order, without cancellation at either end.
    private static func logRatio(_ order: Double) -> Double {
        order > 1 ? log1p(-1 / (1 + order)) : log(order) - log1p(order)
    }

    /// The least value over α - 1 from 10⁻¹⁰ to 10¹⁰, by golden section in its logarithm. All three functions are
    /// quasi-convex in α: (α - 1)(αρ - ε) + α ln(1 - 1/α) - ln(α - 1) is convex, and ε and ρ are the levels at which it
    /// crosses ln δ.
    private static func least(_ function: (Double) -> (value: Double, size: Double)) -> (value: Double, size: Double) {
        let golden = (5.0.squareRoot() - 1) / 2
        var (low, high) = (-23.0, 23.0)
        var (left, right) = (high - golden * (high - low), low + golden * (high - low))
        var (atLeft, atRight) = (function(exp(left)), function(exp(right)))
        for _ in 0..<rounds {
            if atLeft.value < atRight.value {
                (high, right, atRight) = (right, left, atLeft)
                left = high - golden * (high - low)
                atLeft = function(exp(left))
            } else {
                (low, left, atLeft) = (left, right, atRight)
                right = low + golden * (high - low)
                atRight = function(exp(right))
            }
        }
        return atLeft.value < atRight.value ? atLeft : atRight
    }
}

extension PrivacyCost {
    /// The least ε such that everything charged is (ε, δ)-differentially private, rounded up.
    /// - Parameter delta: above 0 and below 1; `privacy-beyond-limits` otherwise.
    public func epsilon(delta: Fraction) throws(PrivacyError) -> Double {
        try Self.check(delta)
        return Conversion.epsilon(rho: rho.value, delta: delta.value)
    }

    /// The least δ such that everything charged is (ε, δ)-differentially private, rounded up; at most 1.
    public func delta(epsilon: Fraction) -> Double { Conversion.delta(rho: rho.value, epsilon: epsilon.value) }

    /// The greatest cost that a wished (ε, δ) allows, rounded down to 10⁻¹².
    /// - Parameters:
    ///   - epsilon: positive, at most 1000.
    ///   - delta: above 0 and below 1.
    public static func allowed(epsilon: Fraction, delta: Fraction) throws(PrivacyError) -> PrivacyCost {
        try check(delta)
        guard !epsilon.isZero, epsilon <= Fraction(whole: 1_000) else {
            throw PrivacyError(.beyondLimits, "epsilon is positive and at most 1000")
        }
        let rho = Conversion.rho(epsilon: epsilon.value, delta: delta.value)
        // Below 1000 + what δ adds, far below the limit; the product's rounding is within the margin taken.
        return try PrivacyCost(units: UInt64((rho * Double(unitsPerRho)).rounded(.down)))
    }

    private static func check(_ delta: Fraction) throws(PrivacyError) {
        guard !delta.isZero, delta < .one else { throw PrivacyError(.beyondLimits, "delta is above 0 and below 1") }
    }
}

internal import Foundation
public import Statistics

/// Effects of two arms, the rows a, b and c, d of a 2×2 table with events first, with their large-sample variances (Fleiss and Berlin 2009, in Cooper, Hedges and Valentine, The
/// Handbook of Research Synthesis and Meta-Analysis, 2nd ed., chapter 13).
public enum TwoArmMeasure: String, Hashable, Sendable, CaseIterable {
    /// ln(ad / bc), variance 1/a + 1/b + 1/c + 1/d.
    case logOddsRatio = "log-odds-ratio"
    /// ln((a / n₁) / (c / n₂)), variance 1/a − 1/n₁ + 1/c − 1/n₂.
    case logRiskRatio = "log-risk-ratio"
    /// a / n₁ − c / n₂, variance p₁(1 − p₁)/n₁ + p₂(1 − p₂)/n₂.
    case riskDifference = "risk-difference"

    /// The effects of the studies.
    ///
    /// Undefined in its place: `no-cases` for an empty arm, `zero-denominator` for a logarithm of zero or infinity,
    /// `no-variance` where the variance is zero. Studies with no event (or nothing but events) in both arms say nothing
    /// of a ratio; the correction makes a value of them all the same, as metafor does by default.
    public func effects(
        of studies: [TwoByTwo], correction: CellCorrection = .halfWhereEmpty
    ) -> [Inferred<SiteEffect>] {
        zip(studies, correction.applied(to: studies.map { [$0.a, $0.b, $0.c, $0.d] })).map { study, cells in
            guard study.a + study.b > 0, study.c + study.d > 0 else {
                return .undefined(.noCases)
            }
            return effect(cells[0], cells[1], cells[2], cells[3])
        }
    }

    private func effect(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Inferred<SiteEffect> {
        let (n1, n2) = (a + b, c + d)
        let (estimate, variance): (Double, Double)
        switch self {
        case .logOddsRatio:
            guard min(a, b, c, d) > 0 else { return .undefined(.zeroDenominator) }
            estimate = log(a / b) - log(c / d)
            variance = 1 / a + 1 / b + 1 / c + 1 / d
        case .logRiskRatio:
            guard min(a, c) > 0 else { return .undefined(.zeroDenominator) }
            estimate = log(a / n1) - log(c / n2)
            // 1/a − 1/n₁ without the subtraction.
            variance = b / (a * n1) + d / (c * n2)
        case .riskDifference:
            // (ad − bc) / (n₁n₂): the products are exact while they fit a Double, the difference of the shares is not.
            estimate = (a * d - b * c) / (n1 * n2)
            variance = a / n1 * (b / n1) / n1 + c / n2 * (d / n2) / n2
        }
        guard variance > 0 else { return .undefined(.noVariance) }
        return .value(SiteEffect(estimate: estimate, variance: variance))
    }
}

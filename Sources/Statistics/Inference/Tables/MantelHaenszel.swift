internal import Foundation

/// The common odds ratio, risk ratio and risk difference over strata, such as sites. N. Mantel and W. Haenszel (1959),
/// "Statistical aspects of the analysis of data from retrospective studies of disease", J Natl Cancer Inst 22:719-748.
///
/// In a stratum with cells a, b, c, d: n = a + b + c + d, n₁ = a + b, n₂ = c + d, t = a + c. Strata without cases in
/// one of the groups add nothing.
public enum MantelHaenszel {
    /// Σ(ad/n) / Σ(bc/n) with the variance of its logarithm of J. Robins, N. Breslow and S. Greenland (1986),
    /// "Estimators of the Mantel-Haenszel variance consistent in both sparse data and large-strata limiting models",
    /// Biometrics 42:311-323: `ΣPR/(2R²) + Σ(PS + QR)/(2RS) + ΣQS/(2S²)`, P = (a + d)/n, Q = (b + c)/n, R = ad/n, S =
    /// bc/n.
    ///
    /// `no-cases` without cases, `on-boundary` when a sum is zero, `bad-argument`.
    public static func oddsRatio(_ strata: [TwoByTwo], level: Double) -> Inferred<RatioEstimate> {
        guard level > 0, level < 1 else { return .undefined(.badArgument) }
        guard strata.contains(where: { $0.total > 0 }) else { return .undefined(.noCases) }
        var (r, s) = (DoubleDouble.zero, DoubleDouble.zero)
        var (pr, mixed, qs) = (DoubleDouble.zero, DoubleDouble.zero, DoubleDouble.zero)
        for stratum in strata where stratum.total > 0 {
            let n = Double(stratum.total)
            let p = Double(stratum.a + stratum.d) / n
            let q = Double(stratum.b + stratum.c) / n
            let same = product(stratum.a, stratum.d) / n
            let other = product(stratum.b, stratum.c) / n
            r = r + same
            s = s + other
            pr = pr + same * p
            mixed = mixed + other * p + same * q
            qs = qs + other * q
        }
        let (sumR, sumS) = (r.value, s.value)
        guard sumR > 0, sumS > 0 else { return .undefined(.onBoundary) }
        let variance =
            pr.value / (2 * sumR * sumR) + mixed.value / (2 * sumR * sumS) + qs.value / (2 * sumS * sumS)
        return RatioEstimate.inferred(logarithm: log((r / s).value), variance: variance, level: level)
    }

    /// Σ(a·n₂/n) / Σ(c·n₁/n) with the variance of its logarithm of S. Greenland and J. M. Robins (1985), "Estimation of
    /// a common effect parameter from sparse follow-up data", Biometrics 41:55-68: `Σ((n₁n₂t − acn)/n²) / (Σ(a·n₂/n) ·
    /// Σ(c·n₁/n))`. Undefined as the odds ratio; `no-variance` when all cases have the event.
    public static func riskRatio(_ strata: [TwoByTwo], level: Double) -> Inferred<RatioEstimate> {
        guard level > 0, level < 1 else { return .undefined(.badArgument) }
        guard strata.contains(where: { $0.total > 0 }) else { return .undefined(.noCases) }
        var (r, s, spread) = (DoubleDouble.zero, DoubleDouble.zero, DoubleDouble.zero)
        for stratum in strata where stratum.total > 0 {
            let n = Double(stratum.total)
            let (n1, n2) = stratum.rows
            r = r + product(stratum.a, n2) / n
            s = s + product(stratum.c, n1) / n
            let numerator =
                Int128(n1) * Int128(n2) * Int128(stratum.a + stratum.c)
                - Int128(stratum.a) * Int128(stratum.c) * Int128(stratum.total)
            spread = spread + DoubleDouble(integer: numerator) / n / n
        }
        guard r.value > 0, s.value > 0 else { return .undefined(.onBoundary) }
        guard spread.value > 0 else { return .undefined(.noVariance) }
        return RatioEstimate.inferred(
            logarithm: log((r / s).value), variance: (spread / r / s).value, level: level)
    }

    /// The variances of the common risk difference.
    public enum DifferenceVariance: String, Codable, Hashable, Sendable, CaseIterable {
        /// `Σ((ab·n₂³ + cd·n₁³)/(n₁n₂n²)) / W²` with W = Σ(n₁n₂/n), consistent for large strata: Greenland and Robins
        /// (1985), as above.
        case greenlandRobins = "greenland-robins"
        /// `(RD·ΣP + ΣQ) / W²` with P = (n₁²c − n₂²a + n₁n₂(n₂ − n₁)/2)/n² and Q = (a(n₂ − c) + c(n₁ − a))/(2n),
        /// consistent for large strata and for many small ones: T. Sato (1989), Biometrics 45:1323-1324.
        case sato
    }

    /// Σ((a·n₂ − c·n₁)/n) / Σ(n₁n₂/n). `no-cases` without a stratum that has cases of both groups, `no-variance` when
    /// the variance is not above zero, `bad-argument`.
    public static func riskDifference(
        _ strata: [TwoByTwo], variance form: DifferenceVariance, level: Double
    ) -> Inferred<IntervalEstimate> {
        guard let z = Interval.upperProbability(level).flatMap(NormalDistribution.quantile) else {
            return .undefined(.badArgument)
        }
        var (difference, weight) = (DoubleDouble.zero, DoubleDouble.zero)
        var (robins, p, q) = (DoubleDouble.zero, DoubleDouble.zero, DoubleDouble.zero)
        for stratum in strata where stratum.rows.0 > 0 && stratum.rows.1 > 0 {
            let n = Double(stratum.total)
            let (n1, n2) = (Double(stratum.rows.0), Double(stratum.rows.1))
            let (a, c) = (Double(stratum.a), Double(stratum.c))
            // a·n₂ − c·n₁ is ad − bc.
            difference = difference + DoubleDouble(integer: stratum.determinant) / n
            weight = weight + product(stratum.rows.0, stratum.rows.1) / n
            robins = robins + a * Double(stratum.b) / n1 * (n2 / n) * (n2 / n)
            robins = robins + c * Double(stratum.d) / n2 * (n1 / n) * (n1 / n)
            p = p + ((n1 / n) * (n1 / n) * c - (n2 / n) * (n2 / n) * a + (n1 / n) * (n2 / n) * (n2 - n1) / 2)
            q = q + (a * Double(stratum.d) + c * Double(stratum.b)) / (2 * n)
        }
        guard weight.value > 0 else { return .undefined(.noCases) }
        let estimate = (difference / weight).value
        let numerator =
            switch form {
            case .greenlandRobins: robins.value
            case .sato: estimate * p.value + q.value
            }
        guard numerator > 0 else { return .undefined(.noVariance) }
        let half = z * numerator.squareRoot() / weight.value
        return .value(
            IntervalEstimate(
                estimate: estimate, interval: Interval(lower: estimate - half, upper: estimate + half, level: level)))
    }

    private static func product(_ left: Int, _ right: Int) -> DoubleDouble {
        DoubleDouble(integer: Int128(left) * Int128(right))
    }
}

/// The Cochran-Mantel-Haenszel test that group and outcome are independent within every stratum: (|Σ(a − n₁t/n)| − ½)²
/// / Σ(n₁n₂t(n − t)/(n²(n − 1))), the ½ at most as large as the difference and only when asked for. W. G. Cochran
/// (1954), Biometrics 10:417-451; Mantel and Haenszel (1959), as above.
public struct CochranMantelHaenszel: Codable, Hashable, Sendable {
    /// The chi-squared statistic.
    public let statistic: Double
    /// P(chi-squared with one degree of freedom above the statistic).
    public let pValue: Double

    /// `no-cases` without cases, `no-variance` when no stratum has cases of both groups and both outcomes. Strata of
    /// one case or less add nothing.
    public static func test(_ strata: [TwoByTwo], corrected: Bool) -> Inferred<CochranMantelHaenszel> {
        let sums = ObservedMinusExpected(strata)
        guard sums.hasCases else { return .undefined(.noCases) }
        guard sums.variance.value > 0, let distribution = ChiSquaredDistribution(degreesOfFreedom: 1) else {
            return .undefined(.noVariance)
        }
        let distance = abs(sums.difference.value)
        // As R: no correction where the difference itself is below one half.
        let reduced = corrected && distance >= 0.5 ? distance - 0.5 : distance
        let statistic = reduced * reduced / sums.variance.value
        return .value(CochranMantelHaenszel(statistic: statistic, pValue: distribution.upperTail(statistic)))
    }
}

/// Peto's one-step common odds ratio exp(Σ(O − E)/ΣV), O − E and V as in the Cochran-Mantel-Haenszel test, with the
/// variance 1/ΣV of its logarithm. S. Yusuf, R. Peto, J. Lewis, R. Collins and P. Sleight (1985), "Beta blockade during
/// and after myocardial infarction", Prog Cardiovasc Dis 27:335-371.
public enum PetoOddsRatio {
    /// `no-cases`, `no-variance` when no stratum has cases of both groups and both outcomes, `bad-argument`.
    public static func infer(_ strata: [TwoByTwo], level: Double) -> Inferred<RatioEstimate> {
        guard level > 0, level < 1 else { return .undefined(.badArgument) }
        let sums = ObservedMinusExpected(strata)
        guard sums.hasCases else { return .undefined(.noCases) }
        guard sums.variance.value > 0 else { return .undefined(.noVariance) }
        return RatioEstimate.inferred(
            logarithm: (sums.difference / sums.variance).value, variance: 1 / sums.variance.value, level: level)
    }
}

/// Σ(a − E) and ΣV of the first cell, given the margins of each stratum.
private struct ObservedMinusExpected {
    private(set) var difference = DoubleDouble.zero
    private(set) var variance = DoubleDouble.zero
    private(set) var hasCases = false

    init(_ strata: [TwoByTwo]) {
        for stratum in strata where stratum.total > 0 {
            hasCases = true
            let n = Double(stratum.total)
            // a − n₁t/n is (ad − bc)/n.
            difference = difference + DoubleDouble(integer: stratum.determinant) / n
            guard stratum.total > 1 else { continue }
            let margins =
                Int128(stratum.rows.0) * Int128(stratum.rows.1) * Int128(stratum.columns.0) * Int128(stratum.columns.1)
            variance = variance + DoubleDouble(integer: margins) / n / n / (n - 1)
        }
    }
}

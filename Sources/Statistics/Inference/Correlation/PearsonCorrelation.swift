internal import Foundation

/// Pearson's product-moment correlation r = Sxy/√(Sxx·Syy) with Student's test and Fisher's interval.
///
/// The test is t = r √(n − 2)/√(1 − r²) with n − 2 degrees of freedom; the interval is
/// tanh(artanh r ± z/√(n − 3)). K. Pearson (1896), Philos Trans R Soc A 187:253-318; R. A. Fisher (1921), "On the
/// 'probable error' of a coefficient of correlation deduced from a small sample", Metron 1:3-32.
public struct PearsonCorrelation: Codable, Hashable, Sendable {
    /// The number of pairs.
    public let n: Int
    /// r, from −1 to 1; exactly ±1 where exact sums show it.
    public let estimate: Double
    /// t; `too-few-cases` below three pairs, `on-boundary` at r = ±1.
    public let statistic: Inferred<Double>
    /// Two-sided; undefined as the statistic.
    public let pValue: Inferred<Double>
    /// `too-few-cases` below four pairs, `on-boundary` at r = ±1.
    public let interval: Inferred<Interval>

    /// The correlation from sums over pairs, exact integers in any units. `no-cases`, `too-few-cases` below two pairs,
    /// `no-variance` when a variable does not vary, `bad-argument` for sums that no pairs have or a level outside (0,
    /// 1).
    public static func infer(
        n: Int, sumX: Int128, sumY: Int128, sumXX: Int128, sumYY: Int128, sumXY: Int128, level: Double = 0.95
    ) -> Inferred<PearsonCorrelation> {
        guard
            let moments = PairedMoments(
                n: n, sumX: sumX, sumY: sumY, sumXX: sumXX, sumYY: sumYY, sumXY: sumXY)
        else { return .undefined(.badArgument) }
        return infer(moments, level: level)
    }

    /// The correlation of values; also `bad-argument` for lists of different lengths and `not-finite`.
    public static func infer(_ x: [Double], _ y: [Double], level: Double = 0.95) -> Inferred<PearsonCorrelation> {
        guard x.count == y.count else { return .undefined(.badArgument) }
        guard let moments = PairedMoments(x, y) else { return .undefined(.notFinite) }
        return infer(moments, level: level)
    }

    /// The correlation of pairs that are already summed; undefined as above.
    public static func infer(_ moments: PairedMoments, level: Double = 0.95) -> Inferred<PearsonCorrelation> {
        guard let z = Interval.upperProbability(level).flatMap(NormalDistribution.quantile) else {
            return .undefined(.badArgument)
        }
        let n = moments.n
        guard n > 1 else { return .undefined(n == 0 ? .noCases : .tooFewCases) }
        guard moments.squaresX.value > 0, moments.squaresY.value > 0 else { return .undefined(.noVariance) }
        let isLine = moments.determinant.value == 0
        let sign = moments.products.value < 0 ? -1.0 : 1.0
        let ratio = moments.products / moments.squaresX.squareRoot() / moments.squaresY.squareRoot()
        let r = isLine ? sign : max(-1, min(1, ratio.value))
        guard !isLine else {
            return .value(
                PearsonCorrelation(
                    n: n, estimate: r, statistic: .undefined(n > 2 ? .onBoundary : .tooFewCases),
                    pValue: .undefined(n > 2 ? .onBoundary : .tooFewCases),
                    interval: .undefined(n > 3 ? .onBoundary : .tooFewCases)))
        }
        let statistic: Inferred<Double> =
            n > 2
            ? .value((moments.products / moments.determinant.squareRoot() * Double(n - 2).squareRoot()).value)
            : .undefined(.tooFewCases)
        // 1 − r² without cancellation near one.
        let rest = (moments.determinant / moments.squaresX / moments.squaresY).value
        let fisher =
            abs(r) < 0.5 ? atanh(r) : sign * log((1 + abs(r)) * (1 + abs(r)) / rest) / 2
        let half = z / Double(max(n - 3, 1)).squareRoot()
        return .value(
            PearsonCorrelation(
                n: n, estimate: r, statistic: statistic,
                pValue: statistic.map { t in
                    let distribution = StudentTDistribution(degreesOfFreedom: Double(n - 2))
                    return min(1, 2 * (distribution?.upperTail(abs(t)) ?? 0.5))
                },
                interval: n > 3
                    ? .value(Interval(lower: tanh(fisher - half), upper: tanh(fisher + half), level: level))
                    : .undefined(.tooFewCases)))
    }
}

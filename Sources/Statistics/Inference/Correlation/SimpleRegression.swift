/// The least-squares line y = intercept + slope · x: slope Sxy/Sxx, intercept ȳ − slope · x̄, residual variance s² =
/// (Syy − Sxy²/Sxx)/(n − 2), standard errors s/√Sxx and s √(1/n + x̄²/Sxx), Student's intervals with n − 2 degrees of
/// freedom. N. R. Draper and H. Smith, Applied Regression Analysis, 3rd ed. (1998), chapter 1.
public struct SimpleRegression: Codable, Hashable, Sendable {
    /// One coefficient of the line.
    public struct Coefficient: Codable, Hashable, Sendable {
        /// The fitted value.
        public let estimate: Double
        /// `too-few-cases` below three pairs.
        public let standardError: Inferred<Double>
        /// `too-few-cases` below three pairs, `no-variance` when the pairs lie on a line.
        public let interval: Inferred<Interval>
    }

    /// The number of pairs.
    public let n: Int
    /// In units of y per unit of x.
    public let slope: Coefficient
    /// In units of y.
    public let intercept: Coefficient
    /// The share of the variance of y that the line explains, r²; `no-variance` when y does not vary.
    public let determination: Inferred<Double>
    /// s, in units of y; `too-few-cases` below three pairs.
    public let residualStandardDeviation: Inferred<Double>

    /// `no-cases`, `too-few-cases` below two pairs, `no-variance` when x does not vary, `bad-argument` for a level
    /// outside (0, 1).
    public static func infer(_ moments: PairedMoments, level: Double = 0.95) -> Inferred<SimpleRegression> {
        guard let upperProbability = Interval.upperProbability(level) else { return .undefined(.badArgument) }
        let n = moments.n
        guard n > 1 else { return .undefined(n == 0 ? .noCases : .tooFewCases) }
        guard moments.squaresX.value > 0 else { return .undefined(.noVariance) }
        let slope = moments.products / moments.squaresX
        let intercept = moments.meanY - slope * moments.meanX
        let variance = moments.determinant / moments.squaresX / Double(max(n - 2, 1))
        let critical = StudentTDistribution(degreesOfFreedom: Double(max(n - 2, 1)))?.quantile(upperProbability)
        let coefficient = { (estimate: DoubleDouble, factor: DoubleDouble) -> Coefficient in
            guard n > 2, let critical else {
                return Coefficient(
                    estimate: estimate.value, standardError: .undefined(.tooFewCases),
                    interval: .undefined(.tooFewCases))
            }
            let error = (variance * factor).squareRoot()
            let limits = Interval(
                lower: (estimate - error * critical).value, upper: (estimate + error * critical).value, level: level)
            return Coefficient(
                estimate: estimate.value, standardError: .value(error.value),
                interval: error.value > 0 ? .value(limits) : .undefined(.noVariance))
        }
        let atMean = DoubleDouble(1.0) / Double(n) + moments.meanX * moments.meanX / moments.squaresX
        let explained = moments.products * moments.products / moments.squaresX
        return .value(
            SimpleRegression(
                n: n, slope: coefficient(slope, DoubleDouble(1.0) / moments.squaresX),
                intercept: coefficient(intercept, atMean),
                determination: moments.squaresY.value > 0
                    ? .value(min(1, (explained / moments.squaresY).value)) : .undefined(.noVariance),
                residualStandardDeviation: n > 2
                    ? .value(variance.squareRoot().value) : .undefined(.tooFewCases)))
    }
}

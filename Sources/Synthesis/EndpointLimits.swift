import Statistics

/// The confidence limits of an estimate, and the p values of the one-sided tests that they decide.
///
/// A limit at one-sided confidence 1 - α is above a bound exactly when the p value of "not above the bound" is below α:
/// both come from the same statistic.
struct EndpointLimits {
    /// The limits at a two-sided confidence level, on the scale of the metric.
    let interval: (Double) -> Interval?
    /// (estimate - bound) / standard error at a bound, on the scale on which the limits are made.
    let statistic: (Double) -> Double?
    /// Of Student's t; nil where the normal distribution is used.
    let degreesOfFreedom: Int?

    /// The lower limit at a one-sided confidence.
    func lower(confidence: Double) -> Double? { interval(2 * confidence - 1)?.lower }

    /// The upper limit at a one-sided confidence.
    func upper(confidence: Double) -> Double? { interval(2 * confidence - 1)?.upper }

    /// The one-sided p value of the hypothesis that the value is not above the bound.
    func pValue(above bound: Double) -> Double? { statistic(bound).flatMap { upperTail($0) } }

    /// The one-sided p value of the hypothesis that the value is not below the bound.
    func pValue(below bound: Double) -> Double? { statistic(bound).flatMap { upperTail(-$0) } }

    private func upperTail(_ statistic: Double) -> Double? {
        guard let degreesOfFreedom else { return NormalDistribution.upperTail(statistic) }
        return StudentTDistribution(degreesOfFreedom: Double(degreesOfFreedom))?.upperTail(statistic)
    }
}

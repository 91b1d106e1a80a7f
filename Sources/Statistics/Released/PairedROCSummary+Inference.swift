extension PairedROCSummary {
    /// The difference of the areas, first minus second, ± z standard errors; see ``AUROCDifference``. `no-variance` when
    /// it is zero, `bad-argument` for a level outside (0, 1).
    public func differenceInterval(level: Double) -> Inferred<IntervalEstimate> {
        guard let z = Interval.upperProbability(level).flatMap(NormalDistribution.quantile) else {
            return .undefined(.badArgument)
        }
        guard differenceVariance > 0 else { return .undefined(.noVariance) }
        let reach = z * differenceVariance.squareRoot()
        return .value(
            IntervalEstimate(
                estimate: difference,
                interval: Interval(lower: difference - reach, upper: difference + reach, level: level)))
    }

    /// The two-sided p value of no difference, z = difference / standard error. `no-variance`.
    public var differencePValue: Inferred<Double> {
        guard differenceVariance > 0 else { return .undefined(.noVariance) }
        let z = difference / differenceVariance.squareRoot()
        return .value(min(1, 2 * NormalDistribution.upperTail(abs(z))))
    }
}

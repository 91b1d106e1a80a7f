extension ReleasedCalibration {
    private var one: Int64? { resolution.units(1.0) }

    /// The exact bins, for the calibration curve and errors. Their squared errors are not released by bin: the Brier score
    /// is ``brier``.
    public var calibrationBins: CalibrationBins {
        let unit = Double(one ?? 1)
        return CalibrationBins(
            bins.enumerated().map { index, bin in
                CalibrationBin(
                    index: index, count: bin.cases, sumPredicted: Double(bin.scores.value) / unit,
                    events: bin.positives, sumSquaredError: 0)
            }, binning: .declared)
    }

    /// The Brier score Σ(p − y)²/n, one division of exact integers. `withheld`, `no-cases`. See ``BrierScore``.
    public var brier: Inferred<Double> {
        guard caseCount > 0, let one else { return .undefined(.noCases) }
        guard let squaredErrors else { return .undefined(.withheld) }
        // 2⁹⁴ · 2³¹ < 2¹²⁸.
        return .value(
            ExactRatio.double(squaredErrors.value, over: UInt128(caseCount) * UInt128(one) * UInt128(one)))
    }

    /// The decomposition of the Brier score over the exact bins. `withheld`, `no-cases`.
    public var brierDecomposition: Inferred<BrierDecomposition> {
        guard let squaredErrors, let one else { return .undefined(.withheld) }
        // Only the sum over the bins enters the score: all of it is put in the first occupied bin.
        let total = ExactRatio.double(squaredErrors.value, over: UInt128(one) * UInt128(one))
        var isPlaced = false
        let bins = calibrationBins.bins.map { bin in
            let takes = bin.count > 0 && !isPlaced
            isPlaced = isPlaced || takes
            return CalibrationBin(
                index: bin.index, count: bin.count, sumPredicted: bin.sumPredicted, events: bin.events,
                sumSquaredError: takes ? total : 0)
        }
        return CalibrationBins(bins, binning: .declared).decomposition
    }

    /// The log loss in nats a case, p clipped to at least 2⁻⁵² and each case rounded to 2⁻⁴⁰. `withheld`, `no-cases`.
    public var meanLogLoss: Inferred<Double> {
        guard caseCount > 0 else { return .undefined(.noCases) }
        guard let logLoss else { return .undefined(.withheld) }
        return .value(ExactRatio.double(logLoss.value, over: UInt128(caseCount) << 40))
    }
}

extension RecalibrationSummary {
    /// Wald's interval of the slope from the clustered covariance; `bad-argument` for a level outside (0, 1).
    public func slopeInterval(level: Double) -> Inferred<Interval> {
        Self.wald(slope, clustered.slopeVariance, level)
    }

    /// Wald's interval of the intercept from the clustered covariance; `bad-argument` for a level outside (0, 1).
    public func interceptInterval(level: Double) -> Inferred<Interval> {
        Self.wald(intercept, clustered.interceptVariance, level)
    }

    private static func wald(_ estimate: Double, _ variance: Double, _ level: Double) -> Inferred<Interval> {
        guard let z = Interval.upperProbability(level).flatMap(NormalDistribution.quantile) else {
            return .undefined(.badArgument)
        }
        let reach = z * variance.squareRoot()
        return .value(Interval(lower: estimate - reach, upper: estimate + reach, level: level))
    }
}

/// The metrics of predicted probabilities, as a report shows them.
public enum CalibrationMetrics {
    /// What a report of probabilities depends on.
    public struct Options: Hashable, Sendable {
        /// Of the intervals, two-sided, 0...1.
        public var level = 0.95
        /// How cases are binned for the calibration errors and the Brier decomposition.
        public var binning = CalibrationBins.Binning.equalWidth
        /// The number of bins.
        public var bins = 10
        /// Where given, probabilities are moved into clip...1 − clip for the log loss; without it that has no value when
        /// a certain error was made.
        public var clip: Double?
        /// Probabilities are moved into clip...1 − clip for the logistic fits, as 0 and 1 have no logit; nil leaves the
        /// fits without a value there.
        public var logitClip: Double? = 1e-12
        /// Whether to fit the calibration slope and intercept, which take several passes over the cases.
        public var fitsLogistic = true
        /// Where given, the Hosmer-Lemeshow test over so many groups of equal size; it sorts the cases.
        public var hosmerLemeshowGroups: Int?
        /// Threshold probabilities of the decision curve.
        public var thresholds: [Double] = []

        /// The defaults.
        public init() {}
    }

    /// The metrics of cases. Intervals that assume independent cases are left out where the cases name their patients.
    /// A score outside 0...1 leaves all of them undefined (`not-probabilities`).
    public static func metrics(_ cases: BinaryCases, options: Options = Options()) -> [Metric] {
        var metrics: [Metric] = []
        let isIndependent = cases.patients == nil
        let count = cases.scores.count
        switch CalibrationBins.of(cases, options.binning, bins: options.bins) {
        case .value(let bins): metrics += Self.metrics(bins, level: isIndependent ? options.level : nil)
        case .undefined(let reason): metrics += undefined(reason, options, count: count)
        }
        let clip = options.clip.map { ["clip": ParameterText.of($0)] }
        metrics.append(Metric("log_loss", LogLoss.score(cases, clip: options.clip), n: count, parameters: clip))
        let spiegelhalter = SpiegelhalterTest.test(cases)
        metrics.append(Metric("spiegelhalter_z", spiegelhalter.map(\.z), n: count))
        metrics.append(Metric("spiegelhalter_p", spiegelhalter.map(\.pValue), n: count))
        if options.fitsLogistic {
            metrics += logistic(
                cases, options, isIndependent: isIndependent,
                clip: options.logitClip.map { ["clip": ParameterText.of($0)] })
        }
        if let groups = options.hosmerLemeshowGroups { metrics += hosmerLemeshow(cases, groups: groups) }
        for threshold in options.thresholds { metrics += netBenefit(cases, threshold: threshold) }
        return metrics
    }

    /// The metrics that follow from sums by bin: the Brier score with its decomposition and skill, the calibration
    /// errors and observed over expected.
    /// - Parameter level: of the interval of observed over expected; nil where cases are not independent.
    public static func metrics(_ bins: CalibrationBins, level: Double?) -> [Metric] {
        let count = bins.count
        let parameters = ["bins": String(bins.bins.count)]
        let binning = bins.binning.rawValue
        let brier = bins.brier
        let parts = bins.decomposition
        let errors = bins.calibrationError
        let ratio = bins.observedExpected
        let binned = { (name: String, value: Inferred<Double>) in
            Metric(name, value, n: count, parameters: parameters, definition: binning)
        }
        let skill: Inferred<Double> =
            switch brier {
            case .value(let score): BrierScore.skill(score: score, events: bins.events, count: count)
            case .undefined(let reason): .undefined(reason)
            }
        let interval = level.flatMap { level in ratio.value?.interval(level: level).value }
        return [
            Metric("brier", brier, n: count),
            Metric("brier_skill", skill, n: count),
            binned("brier_reliability", parts.map(\.reliability)),
            binned("brier_resolution", parts.map(\.resolution)),
            Metric("brier_uncertainty", parts.map(\.uncertainty), n: count),
            binned("brier_within_bin", parts.map(\.within)),
            binned("ece", errors.map(\.expected)),
            binned("mce", errors.map(\.maximum)),
            binned("rms_ce", errors.map(\.rootMeanSquare)),
            Metric(
                "observed_expected_ratio", ratio.map(\.ratio),
                interval: interval.map { Metric.Interval($0, method: "debray-log") }, n: count),
        ]
    }

    /// The same metrics without a value.
    private static func undefined(_ reason: Undefined, _ options: Options, count: Int) -> [Metric] {
        let names = [
            "brier", "brier_skill", "brier_reliability", "brier_resolution", "brier_uncertainty", "brier_within_bin",
            "ece", "mce", "rms_ce", "observed_expected_ratio",
        ]
        let binned: Set = ["brier_reliability", "brier_resolution", "brier_within_bin", "ece", "mce", "rms_ce"]
        return names.map { name in
            let isBinned = binned.contains(name)
            return Metric(
                name, undefined: reason.rawValue, n: count,
                parameters: isBinned ? ["bins": String(options.bins)] : nil,
                definition: isBinned ? options.binning.rawValue : nil)
        }
    }

    private static func logistic(
        _ cases: BinaryCases, _ options: Options, isIndependent: Bool, clip: [String: String]?
    ) -> [Metric] {
        let count = cases.scores.count
        let fit: Inferred<LogisticRecalibration>
        let large: Inferred<CalibrationInTheLarge>
        switch LogitGroups.of(cases, clip: options.logitClip) {
        case .value(let groups):
            fit = LogisticRecalibration.fit(groups)
            large = CalibrationInTheLarge.fit(groups)
        case .undefined(let reason):
            fit = .undefined(reason)
            large = .undefined(reason)
        }
        let wald = { (interval: Interval?) in
            isIndependent ? interval.map { Metric.Interval($0, method: "wald") } : nil
        }
        return [
            Metric(
                "calibration_slope", fit.map(\.slope),
                interval: wald(fit.value?.slopeInterval(level: options.level).value), n: count, parameters: clip),
            Metric(
                "calibration_intercept", fit.map(\.intercept),
                interval: wald(fit.value?.interceptInterval(level: options.level).value), n: count, parameters: clip),
            Metric(
                "calibration_in_the_large", large.map(\.intercept),
                interval: wald(large.value?.interval(level: options.level).value), n: count, parameters: clip),
        ]
    }

    private static func hosmerLemeshow(_ cases: BinaryCases, groups: Int) -> [Metric] {
        let test: Inferred<HosmerLemeshow>
        switch CalibrationBins.of(cases, .equalMass, bins: groups) {
        case .value(let bins): test = HosmerLemeshow.test(bins)
        case .undefined(let reason): test = .undefined(reason)
        }
        var parameters = ["groups": String(groups)]
        if let test = test.value { parameters["df"] = String(test.degreesOfFreedom) }
        let count = cases.scores.count
        return [
            Metric("hosmer_lemeshow", test.map(\.statistic), n: count, parameters: parameters),
            Metric("hosmer_lemeshow_p", test.map(\.pValue), n: count, parameters: parameters),
        ]
    }

    private static func netBenefit(_ cases: BinaryCases, threshold: Double) -> [Metric] {
        let point: Inferred<NetBenefit>
        switch NetBenefit.curve(cases, thresholds: [threshold]) {
        case .value(let curve): point = curve.first.map(Inferred.value) ?? .undefined(.noCases)
        case .undefined(let reason): point = .undefined(reason)
        }
        let standardized: Inferred<Double> =
            switch point {
            case .value(let point): point.standardized
            case .undefined(let reason): .undefined(reason)
            }
        let parameters = ["threshold": ParameterText.of(threshold)]
        let metric = { (name: String, value: Inferred<Double>) in
            Metric(name, value, n: cases.scores.count, parameters: parameters)
        }
        return [
            metric("net_benefit", point.map(\.model)), metric("net_benefit_treat_all", point.map(\.treatAll)),
            metric("net_benefit_standardized", standardized),
        ]
    }
}

import Statistics

// Two models on the same cases, and scores as probabilities.
extension SiteMetrics {
    static func pairedConfusion(_ pair: ReleasedPairedConfusion) -> [Metric] {
        let parameters = ["first": pair.first.operatingPoint, "second": pair.second.operatingPoint]
        return [(true, "sensitivity_difference"), (false, "specificity_difference")].flatMap { positive, name in
            let part = positive ? pair.positives : pair.negatives
            let n = part.cases.exact
            let newcombe = NewcombePairedDifference.infer(
                both: part.both, firstOnly: part.firstOnly, secondOnly: part.secondOnly, neither: part.neither,
                level: level)
            let clustered = pair.clusteredDifference(positive: positive, level: level)
            let test = McNemar.test(firstOnly: part.firstOnly, secondOnly: part.secondOnly, corrected: false)
            return [
                Metric(
                    name, clustered.map(\.estimate),
                    interval: clustered.value.map { Metric.Interval($0.interval, method: "cluster-robust") },
                    n: n, parameters: parameters, definition: "clustered"),
                Metric(
                    name, newcombe.map(\.estimate),
                    interval: newcombe.value.map { Metric.Interval($0.interval, method: "newcombe-paired") }, n: n,
                    parameters: parameters, definition: "independent-cases"),
                Metric(
                    "mcnemar_p", test.map(\.pValue), n: n,
                    group: positive ? "positive" : "negative", parameters: parameters,
                    definition: "independent-cases"),
            ]
        }
    }

    static func pairedROC(_ summary: PairedROCSummary) -> [Metric] {
        let method = AUROCInference.Method.waldLogit
        let n = summary.positives + summary.negatives
        func area(_ model: String, _ area: Double, _ variance: Double) -> Metric {
            let interval = AUROCInference.interval(area: area, variance: variance, method: method, level: level).value
            return Metric(
                "auroc", value: area, interval: interval.map { Metric.Interval($0, method: method.rawValue) }, n: n,
                parameters: ["model": model])
        }
        let parameters = ["first": summary.first, "second": summary.second]
        let interval = summary.differenceInterval(level: level).value?.interval
        return [
            area(summary.first, summary.firstArea, summary.firstVariance),
            area(summary.second, summary.secondArea, summary.secondVariance),
            Metric(
                "auroc_difference", value: summary.difference,
                interval: interval.map { Metric.Interval($0, method: "wald") }, n: n, parameters: parameters,
                definition: summary.varianceMethod.rawValue),
            Metric(
                "auroc_difference_p", summary.differencePValue, n: n, parameters: parameters,
                definition: summary.varianceMethod.rawValue),
        ]
    }

    static func calibration(_ calibration: ReleasedCalibration) -> [Metric] {
        let n = calibration.caseCount
        let bins = calibration.calibrationBins
        let label = calibration.classLabel
        func metric(
            _ name: String, _ value: Inferred<Double>, interval: Interval? = nil, parameters: [String: String]? = nil,
            definition: String? = nil
        ) -> Metric {
            Metric(
                name, value, interval: interval.map { Metric.Interval($0, method: "wald-clustered") }, n: n,
                classLabel: label, parameters: parameters, definition: definition)
        }
        let decomposition = calibration.brierDecomposition
        let binning = ["bins": String(bins.occupied.count)]
        let declared = CalibrationBins.Binning.declared.rawValue
        var metrics = [
            metric("brier", calibration.brier),
            metric(
                "brier_reliability", decomposition.map(\.reliability), parameters: binning, definition: declared),
            metric("brier_resolution", decomposition.map(\.resolution), parameters: binning, definition: declared),
            metric("brier_uncertainty", decomposition.map(\.uncertainty)),
            metric("log_loss", calibration.meanLogLoss, parameters: ["clip": "2^-52"]),
            metric("ece", bins.calibrationError.map(\.expected), parameters: binning, definition: declared),
        ]
        if let fit = calibration.recalibration {
            metrics += [
                metric(
                    "calibration_slope", .value(fit.slope), interval: fit.slopeInterval(level: level).value),
                metric(
                    "calibration_intercept", .value(fit.intercept),
                    interval: fit.interceptInterval(level: level).value),
            ]
        }
        return metrics
    }
}

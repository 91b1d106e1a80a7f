import Foundation
import Statistics

extension ReferenceFamily {
    static let roc = ReferenceFamily(
        files: ["classification/roc_asah.json", "classification/roc_edge.json"], evaluate: ROCReference.evaluate)
}

/// Areas under ROC and precision-recall curves, their variances, tests and operating points.
enum ROCReference {
    /// Our answer to a record of `roc_asah.json` and `roc_edge.json`, and to `auroc`, `auprc_average_precision`,
    /// `auprc_trapezoid` and `auroc_max_fpr` of `bc_logistic.json`; nil for other names.
    @Sendable
    static func evaluate(_ record: ReferenceRecord) throws -> Evaluation? {
        switch record.name {
        case "auc", "equality_of_scales_note":
            .value(.number(try statistics(record).area))
        case "auc_variance": .value(json(try statistics(record).deLongVariance))
        case "auc_ci95", "auc_ci": .value(try interval(record))
        case "partial_auc": try partialArea(record)
        case "roc_points": .value(try points(record))
        case "youden_best": .value(try youden(record))
        case "sensitivity_at_specificity", "specificity_at_sensitivity": .value(try operatingPoint(record))
        case "delong_paired_test": .value(try pairedTest(record))
        case "delong_covariance": .value(json(try paired(record).deLongCovariance))
        case "delong_unpaired_test": .value(try unpairedTest(record))
        case "auc_var_ci": try edge(record)
        case "auroc", "auprc_average_precision", "auprc_trapezoid", "auroc_max_fpr": .value(try logistic(record))
        default: nil
        }
    }

    /// The area and the average precision of a case of `edge.json`, null where they are undefined.
    static func edgeValues(_ record: ReferenceRecord) throws -> (area: JSON, averagePrecision: JSON) {
        let input = record.inputs[record.params["case"].text ?? ""]
        let analysis = ROCAnalysis(try cases(scores: input["p"], labels: input["y"]))
        return (json(analysis.statistics.value?.area), json(analysis.averagePrecision.value))
    }

    private struct Malformed: Error {}

    private static func json(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }

    private static func cases(scores: JSON, labels: JSON) throws -> BinaryCases {
        guard let scores = scores.numbers, let labels = labels.integers else { throw Malformed() }
        return try BinaryCases(scores: scores, labels: labels.map { UInt8($0) })
    }

    /// A marker by name, or its logarithm as in `log(s100b+0.01)`.
    private static func marker(_ name: String, of record: ReferenceRecord) throws -> [Double] {
        if name.hasPrefix("log("), name.hasSuffix(")") {
            let parts = name.dropFirst(4).dropLast().split(separator: "+")
            let offset = parts.count > 1 ? Double(parts[1]) ?? .nan : 0
            return try marker(String(parts[0]), of: record).map { log($0 + offset) }
        }
        guard let values = record.inputs[name].numbers else { throw Malformed() }
        return values
    }

    private static func cases(_ record: ReferenceRecord, marker name: String = "marker") throws -> BinaryCases {
        guard let marker = record.params[name].text, let labels = record.inputs["outcome"].integers else {
            throw Malformed()
        }
        return try BinaryCases(scores: self.marker(marker, of: record), labels: labels.map { UInt8($0) })
    }

    private static func statistics(_ record: ReferenceRecord) throws -> ROCStatistics {
        try ROCAnalysis(cases(record)).statistics.get()
    }

    private static func interval(_ record: ReferenceRecord) throws -> JSON {
        let statistics = try statistics(record)
        let method: AUROCInference.Method = record.params["method"].text == "delong-logit" ? .waldLogit : .wald
        let interval = AUROCInference.interval(
            area: statistics.area, variance: statistics.deLongVariance ?? -1, method: method,
            level: record.params["conf"].number ?? 0.95
        ).value
        return .object([
            "low": json(interval?.lower), "estimate": .number(statistics.area), "high": json(interval?.upper),
        ])
    }

    private static func partialArea(_ record: ReferenceRecord) throws -> Evaluation {
        let curve = ROCAnalysis(try cases(record)).curve()
        guard let range = record.params["range"].numbers, range.count == 2 else { throw Malformed() }
        let bounds = min(range[0], range[1])...max(range[0], range[1])
        let isOverSpecificity = record.params["focus"].text == "specificity"
        let area = isOverSpecificity ? curve.partialArea(specificity: bounds) : curve.partialArea(sensitivity: bounds)
        guard record.params["mcclish_corrected"].bool == true else { return .value(json(area.value?.raw)) }
        if record.value == .null, (area.value?.mcclish ?? 1) < 0.5 {
            return .skipped("pROC gives no McClish area below the diagonal; we give the formula's value")
        }
        return .value(json(area.value?.mcclish))
    }

    /// In pROC's order and convention: ascending thresholds halfway between neighbouring scores.
    private static func points(_ record: ReferenceRecord) throws -> JSON {
        let curve = ROCAnalysis(try cases(record)).curve()
        let points = Array(curve.points.reversed())
        let list = { (value: (ROCCurve.Point) -> Double?) in JSON.list(points.map { json(value($0)) }) }
        return .object([
            "threshold": .list(points.map { .number(midpoint(below: $0, of: curve)) }),
            "specificity": list { curve.specificity($0).value }, "sensitivity": list { curve.sensitivity($0).value },
            "tp": list { Double($0.truePositives) }, "fp": list { Double($0.falsePositives) },
        ])
    }

    /// pROC's threshold for the same calls: halfway to the next lower score.
    private static func midpoint(below point: ROCCurve.Point, of curve: ROCCurve) -> Double {
        guard let threshold = point.threshold else { return .infinity }
        let lower = curve.points.lazy.compactMap(\.threshold).first { $0 < threshold }
        return lower.map { ($0 + threshold) / 2 } ?? -.infinity
    }

    private static func youden(_ record: ReferenceRecord) throws -> JSON {
        let curve = ROCAnalysis(try cases(record)).curve()
        let best = Array(try curve.youdenBest().get().points.reversed())
        let list = { (value: (ROCCurve.Point) -> Double?) in
            best.count == 1 ? json(value(best[0])) : JSON.list(best.map { json(value($0)) })
        }
        return .object([
            "threshold": list { midpoint(below: $0, of: curve) }, "specificity": list { curve.specificity($0).value },
            "sensitivity": list { curve.sensitivity($0).value },
        ])
    }

    private static func operatingPoint(_ record: ReferenceRecord) throws -> JSON {
        let reading = record.params["interpolation"].text.flatMap(ROCCurve.Reading.init) ?? .step
        let curve = ROCAnalysis(try cases(record)).curve()
        if let specificity = record.params["specificity"].number {
            return json(curve.sensitivity(atSpecificity: specificity, reading: reading).value)
        }
        guard let sensitivity = record.params["sensitivity"].number else { throw Malformed() }
        return json(curve.specificity(atSensitivity: sensitivity, reading: reading).value)
    }

    private static func paired(_ record: ReferenceRecord) throws -> PairedROCStatistics {
        let second = try cases(record, marker: "marker2").scores
        return try PairedROCStatistics.infer(cases(record, marker: "marker1"), second: second).get()
    }

    private static func pairedTest(_ record: ReferenceRecord) throws -> JSON {
        let paired = try paired(record)
        let difference = AUROCDifference.paired(paired, method: .delong, level: 0.95).value
        return .object([
            "z": json(difference?.statistic), "p": json(difference?.pValue), "auc1": .number(paired.first.area),
            "auc2": .number(paired.second.area), "diff_ci_low": json(difference?.interval.lower),
            "diff_ci_high": json(difference?.interval.upper),
        ])
    }

    private static func unpairedTest(_ record: ReferenceRecord) throws -> JSON {
        let all = try cases(record)
        // A group is written as "column==value".
        let group = { (name: String) throws -> ROCStatistics in
            let parts = (record.params[name].text ?? "").components(separatedBy: "==")
            guard parts.count == 2, let column = record.inputs[parts[0]].texts else { throw Malformed() }
            let own = column.indices.filter { column[$0] == parts[1] }
            let cases = try BinaryCases(scores: own.map { all.scores[$0] }, labels: own.map { all.labels[$0] })
            return try ROCAnalysis(cases).statistics.get()
        }
        let (first, second) = (try group("group1"), try group("group2"))
        let difference = AUROCDifference.unpaired(first, second, method: .delong, level: 0.95).value
        return .object([
            "D": json(difference?.statistic), "df": json(difference?.degreesOfFreedom),
            "p": json(difference?.pValue), "auc1": .number(first.area), "auc2": .number(second.area),
        ])
    }

    private static func edge(_ record: ReferenceRecord) throws -> Evaluation {
        let input = record.inputs[record.params["case"].text ?? ""]
        let cases = try cases(scores: input["score"], labels: input["y"])
        guard cases.scores.allSatisfy(\.isFinite) else {
            return .skipped("pROC gives NaN for infinite scores; we rank them")
        }
        let statistics = try ROCAnalysis(cases).statistics.get()
        let variance = statistics.deLongVariance
        let interval = AUROCInference.interval(
            area: statistics.area, variance: variance ?? -1, method: .wald, level: 0.95)
        // Where the variance is zero we say that there is no interval; pROC prints the area as both of its ends.
        let point = interval.undefined == .noVariance ? statistics.area : nil
        return .value(
            .object([
                "auc": .number(statistics.area), "variance": json(variance),
                "low": json(interval.value?.lower ?? point), "high": json(interval.value?.upper ?? point),
            ]))
    }

    private static func logistic(_ record: ReferenceRecord) throws -> JSON {
        guard let data = record.params["data"].text else { throw Malformed() }
        let analysis = ROCAnalysis(try cases(scores: record.inputs[data], labels: record.inputs["y"]))
        switch record.name {
        case "auroc": return json(analysis.statistics.value?.area)
        case "auprc_average_precision": return json(analysis.averagePrecision.value)
        case "auprc_trapezoid": return json(PrecisionRecall.trapezoid(analysis.curve()).value)
        default:
            guard let limit = record.params["max_fpr"].number else { throw Malformed() }
            return json(analysis.curve().partialArea(falsePositiveRateUpTo: limit).value?.mcclish)
        }
    }
}

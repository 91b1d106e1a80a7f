import Statistics
import Testing

/// Threshold metrics, calibration, several classes and Cohen's kappa. The records of the ROC family in the same files
/// are answered by that family.
extension ReferenceFamily {
    static let classification = ReferenceFamily(
        files: [
            "classification/bc_logistic.json", "classification/edge.json", "classification/wine_multiclass.json",
            "agreement/kappa_edge.json", "agreement/fleiss_diagnoses.json",
        ]
    ) { record in
        switch record.name {
        case "auroc", "auprc_average_precision", "auprc_trapezoid", "auroc_max_fpr":
            return try ROCReference.evaluate(record)
        case "cohen_kappa", "cohen_kappa_ase": return try KappaReference.evaluate(record)
        case "fleiss_kappa", "light_kappa", "krippendorff_alpha":
            return .skipped("agreement comes in a later issue")
        case "edge": return try EdgeReference.evaluate(record)
        case "confusion", "multiclass_metrics", "multiclass_auroc", "multiclass_log_loss", "multiclass_brier_sum",
            "top_k_accuracy":
            return try MulticlassReference.evaluate(record)
        case "ece_top_label" where record.inputs["P"] != .null: return try MulticlassReference.evaluate(record)
        case "threshold_metrics", "proportion_ci95", "likelihood_ratios":
            return try ThresholdReference.evaluate(record)
        default: return try ProbabilityReference.evaluate(record)
        }
    }
}

extension JSON {
    fileprivate init(_ value: Inferred<Double>) { self = value.value.map(JSON.number) ?? .null }
    fileprivate init(_ value: Inferred<Interval>) {
        self = value.value.map { .list([.number($0.lower), .number($0.upper)]) } ?? .null
    }
    fileprivate init(_ value: Int) { self = .number(Double(value)) }
}

extension ReferenceRecord {
    /// The binary cases that the parameters name.
    fileprivate func cases() throws -> BinaryCases {
        let labels = try #require(inputs["y"].integers)
        let name = try #require(params["data"].text)
        let scores = try #require(inputs[name].numbers)
        return try BinaryCases(scores: scores, labels: labels.map(UInt8.init))
    }
}

/// Counts at a threshold.
private enum ThresholdReference {
    static func evaluate(_ record: ReferenceRecord) throws -> Evaluation? {
        let counts = ConfusionCounts(try record.cases(), threshold: try #require(record.params["threshold"].number))
        switch record.name {
        case "threshold_metrics":
            return .value(
                .object([
                    "tp": JSON(counts.tp), "fp": JSON(counts.fp), "tn": JSON(counts.tn), "fn": JSON(counts.fn),
                    "accuracy": JSON(counts.accuracy), "balanced_accuracy": JSON(counts.balancedAccuracy),
                    "f1": JSON(counts.f1), "f2": JSON(counts.f(beta: 2)), "mcc": JSON(counts.matthews),
                    "kappa": JSON(counts.kappa), "jaccard": JSON(counts.jaccard), "youden": JSON(counts.youden),
                ]))
        case "likelihood_ratios":
            return .value(
                .object([
                    "lr_pos": JSON(LikelihoodRatios.positive(counts)),
                    "lr_pos_ci": JSON(LikelihoodRatios.positiveInterval(counts, level: 0.95)),
                    "lr_neg": JSON(LikelihoodRatios.negative(counts)),
                    "lr_neg_ci": JSON(LikelihoodRatios.negativeInterval(counts, level: 0.95)),
                    "dor": JSON(LikelihoodRatios.diagnosticOddsRatio(counts)),
                    "dor_ci": JSON(LikelihoodRatios.diagnosticOddsRatioInterval(counts, level: 0.95)),
                ]))
        default:
            return try proportion(record, counts)
        }
    }

    private static func proportion(_ record: ReferenceRecord, _ counts: ConfusionCounts) throws -> Evaluation? {
        let (successes, trials, estimate): (Int, Int, Inferred<Double>)
        switch record.params["metric"].text {
        case "sensitivity": (successes, trials, estimate) = (counts.tp, counts.positives, counts.sensitivity)
        case "specificity": (successes, trials, estimate) = (counts.tn, counts.negatives, counts.specificity)
        case "ppv": (successes, trials, estimate) = (counts.tp, counts.calledPositive, counts.ppv)
        case "npv": (successes, trials, estimate) = (counts.tn, counts.calledNegative, counts.npv)
        case "accuracy": (successes, trials, estimate) = (counts.tp + counts.tn, counts.total, counts.accuracy)
        default: return nil
        }
        #expect(record.params["k"].integer == successes && record.params["n"].integer == trials)
        return .value(
            .object([
                "estimate": JSON(estimate),
                "wilson": JSON(Wilson.interval(successes: successes, trials: trials, level: 0.95)),
                "clopper_pearson": JSON(ClopperPearson.interval(successes: successes, trials: trials, level: 0.95)),
                "jeffreys": JSON(JeffreysInterval.interval(successes: successes, trials: trials, level: 0.95)),
                "agresti_coull": JSON(AgrestiCoull.interval(successes: successes, trials: trials, level: 0.95)),
            ]))
    }
}

/// Scores of probabilities.
private enum ProbabilityReference {
    static func evaluate(_ record: ReferenceRecord) throws -> Evaluation? {
        let cases = try record.cases()
        switch record.name {
        case "brier": return .value(JSON(BrierScore.score(cases)))
        case "brier_skill":
            let bins = CalibrationBins.of(cases, .equalWidth, bins: 10).value
            let score = try #require(bins?.brier.value)
            return .value(
                JSON(BrierScore.skill(score: score, events: bins?.events ?? 0, count: bins?.count ?? 0)))
        case "log_loss":
            // The file does not name its clip; a certain error counts ln 10¹⁵ in it.
            return .value(JSON(LogLoss.score(cases, clip: 1e-15)))
        case "ece":
            let binning = try #require(
                record.params["scheme"].text.flatMap(CalibrationBins.Binning.init(rawValue:)))
            let bins = CalibrationBins.of(cases, binning, bins: try #require(record.params["bins"].integer))
            return .value(errors(try #require(bins.value)))
        case "ece_top_label":
            let bins = CalibrationBins.topLabel(cases, bins: try #require(record.params["bins"].integer))
            return .value(errors(try #require(bins.value)))
        case "calibration_slope_intercept": return try recalibration(record, cases)
        case "oe_ratio":
            let ratio = try #require(CalibrationBins.of(cases, .equalWidth, bins: 10).value?.observedExpected.value)
            return .value(
                .object([
                    "observed": JSON(ratio.observed), "expected": .number(ratio.expected), "oe": .number(ratio.ratio),
                ]))
        case "spiegelhalter_z":
            let test = SpiegelhalterTest.test(cases)
            return .value(.object(["z": JSON(test.map(\.z)), "p": JSON(test.map(\.pValue))]))
        case "hosmer_lemeshow":
            let groups = try #require(record.params["groups"].integer)
            let bins = try #require(CalibrationBins.of(cases, .equalMass, bins: groups).value)
            let test = HosmerLemeshow.test(bins)
            return .value(
                .object([
                    "chisq": JSON(test.map(\.statistic)), "df": JSON(test.value?.degreesOfFreedom ?? groups - 2),
                    "p": JSON(test.map(\.pValue)),
                ]))
        case "net_benefit":
            let thresholds = try #require(record.value["threshold"].numbers)
            let curve = try #require(NetBenefit.curve(cases, thresholds: thresholds).value)
            return .value(
                .object([
                    "threshold": .list(curve.map { .number($0.threshold) }),
                    "model": .list(curve.map { .number($0.model) }),
                    "treat_all": .list(curve.map { .number($0.treatAll) }),
                    "treat_none": .list(curve.map { _ in .number(0) }),
                ]))
        default: return nil
        }
    }

    private static func recalibration(_ record: ReferenceRecord, _ cases: BinaryCases) throws -> Evaluation? {
        let clip = record.params["clip"].number
        let fit = try #require(LogisticRecalibration.fit(cases, clip: clip).value)
        let large = try #require(CalibrationInTheLarge.fit(cases, clip: clip).value)
        return .value(
            .object([
                "slope": .number(fit.slope), "slope_se": .number(fit.slopeStandardError),
                "intercept": .number(fit.intercept), "intercept_se": .number(fit.interceptStandardError),
                "citl": .number(large.intercept), "citl_se": .number(large.standardError),
            ]))
    }

    static func errors(_ bins: CalibrationBins) -> JSON {
        let errors = bins.calibrationError
        return .object([
            "ece": JSON(errors.map(\.expected)), "mce": JSON(errors.map(\.maximum)),
            "rms_ce": JSON(errors.map(\.rootMeanSquare)),
            "bins": .list(
                bins.occupied.map {
                    .list([JSON($0.index), JSON($0.count), .number($0.meanPredicted), .number($0.eventRate)])
                }),
        ])
    }
}

/// Several exclusive classes.
private enum MulticlassReference {
    static func evaluate(_ record: ReferenceRecord) throws -> Evaluation? {
        let labels = try #require(record.inputs["y"].integers)
        let rows = try #require(record.inputs["P"].list).compactMap(\.numbers)
        let cases = try MulticlassCases(
            labels: labels.map(Int32.init), scores: rows.flatMap { $0 }, classCount: try #require(rows.first?.count))
        let confusion = MulticlassConfusion(cases)
        switch record.name {
        case "confusion": return .value(.list(confusion.table.map { .list($0.map { JSON($0) }) }))
        case "multiclass_metrics":
            var fields = [
                "accuracy": JSON(confusion.accuracy), "balanced_accuracy": JSON(confusion.balancedAccuracy),
                "mcc": JSON(confusion.matthews),
            ]
            for (name, weights) in [
                ("kappa", CohenKappa.Weights.none), ("kappa_linear", .linear), ("kappa_quadratic", .quadratic),
            ] {
                fields[name] = JSON(try #require(confusion.kappa(weights).value).estimate)
            }
            for average in [Metric.Average.macro, .micro, .weighted] {
                fields["f1_\(average)"] = JSON(confusion.average(average, of: \.f1))
                fields["precision_\(average)"] = JSON(confusion.average(average, of: \.ppv))
                fields["recall_\(average)"] = JSON(confusion.average(average, of: \.sensitivity))
            }
            return .value(.object(fields))
        case "multiclass_auroc":
            return .value(
                .object([
                    "ovr_macro": JSON(MulticlassAUROC.oneVersusRest(cases, average: .macro)),
                    "ovr_weighted": JSON(MulticlassAUROC.oneVersusRest(cases, average: .weighted)),
                    "ovo_macro": JSON(MulticlassAUROC.oneVersusOne(cases, average: .macro)),
                    "ovo_weighted": JSON(MulticlassAUROC.oneVersusOne(cases, average: .weighted)),
                ]))
        case "multiclass_log_loss": return .value(JSON(cases.logLoss(clip: LogLoss.machineClip)))
        case "multiclass_brier_sum": return .value(JSON(cases.brier))
        case "ece_top_label":
            let bins = cases.topLabelBins(try #require(record.params["bins"].integer))
            return .value(ProbabilityReference.errors(try #require(bins.value)))
        case "top_k_accuracy":
            let correct = cases.topCorrect(try #require(record.params["k"].integer))
            return .value(JSON(correct.map { Double($0) / Double(cases.count) }))
        default: return nil
        }
    }
}

/// Cohen's kappa; the other numbers of agreement come later.
private enum KappaReference {
    static func evaluate(_ record: ReferenceRecord) throws -> Evaluation? {
        if let name = record.params["case"].text {
            let table = try #require(record.inputs[name].list).compactMap(\.integers)
            let kappa = try #require(CohenKappa.infer(table).value)
            return .value(
                .object([
                    "kappa": JSON(kappa.estimate), "observed": .number(kappa.observed),
                    "expected": .number(kappa.expected), "pabak": .number(kappa.prevalenceAdjusted),
                ]))
        }
        let raters = try #require(record.params["data"].text?.split(separator: " ").last)
        let columns = raters.split(separator: ",").compactMap { Int($0) }
        let ratings = try #require(record.inputs["ratings"].list).compactMap(\.integers)
        let pairs = ratings.map { row in columns.map { row[$0 - 1] } }
        // The peers take the categories that the two raters used.
        let levels = Set(pairs.joined()).sorted()
        var table = levels.map { _ in levels.map { _ in 0 } }
        for pair in pairs {
            let row = try #require(levels.firstIndex(of: pair[0]))
            let column = try #require(levels.firstIndex(of: pair[1]))
            table[row][column] += 1
        }
        let weights = try #require(record.params["weights"].text.flatMap(CohenKappa.Weights.init(rawValue:)))
        let kappa = try #require(CohenKappa.infer(table, weights: weights).value)
        return .value(
            .object([
                "kappa": JSON(kappa.estimate), "z_null": JSON(kappa.z), "p": JSON(kappa.pValue),
                "ase": JSON(kappa.standardError),
            ]))
    }
}

/// What scikit-learn answers to degenerate cases. The file records a peer's behaviour and no recommendation: where it
/// gives a number by convention we give none, and the reason is judged here instead of the number.
private enum EdgeReference {
    private static let differences: [String: [String: Undefined]] = [
        "single_class_pos": [
            "precision_at_.99": .zeroDenominator, "mcc_at_.5": .zeroDenominator,
            "balanced_acc_at_.5": .zeroDenominator, "average_precision": .singleClass,
        ],
        "single_class_neg": [
            "precision_at_.99": .zeroDenominator, "mcc_at_.5": .zeroDenominator,
            "balanced_acc_at_.5": .zeroDenominator, "average_precision": .singleClass,
        ],
        "ties": ["precision_at_.99": .zeroDenominator],
        "all_tied": ["precision_at_.99": .zeroDenominator, "mcc_at_.5": .zeroDenominator],
    ]

    static func evaluate(_ record: ReferenceRecord) throws -> Evaluation? {
        let name = try #require(record.params["case"].text)
        let scores = try #require(record.inputs[name]["p"].numbers)
        let labels = try #require(record.inputs[name]["y"].integers)
        let cases = try BinaryCases(scores: scores, labels: labels.map(UInt8.init))
        let half = ConfusionCounts(cases, threshold: 0.5)
        let ranking = ROCAnalysis(cases)
        let ours: [String: Inferred<Double>] = [
            "roc_auc_score": ranking.statistics.map(\.area), "average_precision": ranking.averagePrecision,
            "brier": BrierScore.score(cases), "log_loss": LogLoss.score(cases, clip: LogLoss.machineClip),
            "f1_at_.5": half.f1, "precision_at_.99": ConfusionCounts(cases, threshold: 0.99).ppv,
            "mcc_at_.5": half.matthews, "balanced_acc_at_.5": half.balancedAccuracy, "kappa_at_.5": half.kappa,
        ]
        var fields: [String: JSON] = [:]
        for (key, expected) in try #require(record.value.fields) {
            let value = try #require(ours[key], "\(key) is not known")
            if let reason = differences[name]?[key], value.undefined != nil {
                #expect(value.undefined == reason, "\(record) \(key)")
                fields[key] = expected
            } else {
                fields[key] = .object(["value": JSON(value), "warning": expected["warning"]])
            }
        }
        return .value(.object(fields))
    }
}

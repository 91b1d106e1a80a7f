public import Statistics

/// The evaluation of a binary classifier from a table with a row for each case: what `concordat score classification`
/// prints.
public enum ClassificationReport {
    /// What is asked.
    public struct Options: Hashable, Sendable {
        /// The column of the reference.
        public var label: String
        /// The column of the score; a higher one is more positive, always.
        public var score: String
        /// The score column of a second model on the same cases; nil for none.
        public var comparedScore: String?
        /// The column that tells patients apart; nil where every case is its own patient.
        public var patient: String?
        /// The label that is positive; nil takes 1 of 0 and 1, and true of false and true.
        public var positive: String?
        /// Operating points; a case is called positive at or above one. Empty takes 0.5 where every score lies in 0...1.
        public var thresholds: [Double] = []
        /// Of the intervals, two-sided.
        public var level = 0.95
        /// Of the area's interval.
        public var intervalMethod = AUROCInference.Method.waldLogit
        /// Specificities at which the sensitivity is wanted.
        public var specificities: [Double] = []
        /// Where given, the partial area from this specificity to 1 is added.
        public var partialFromSpecificity: Double?
        /// Prevalence at which predictive values are restated.
        public var prevalence: Double?
        /// Of probabilities.
        public var calibration = CalibrationMetrics.Options()
        /// The names of the metrics that are wanted; what none of them needs is not computed. Nil for all.
        public var only: Set<String>?
        /// At least 1; no result depends on it.
        public var threads = 1

        public init(label: String, score: String) {
            self.label = label
            self.score = score
        }
    }

    /// The group of the metrics in which a case without a score counts against the model.
    public static let worstCaseGroup = "worst-case"

    /// Reads the table and evaluates it. Rows without a reference are left out and counted; where rows have a reference
    /// but no score, the metrics of the complete cases are followed by those of the worst case.
    public static func metrics(path: String, options: Options) throws(LocalFileError) -> [Metric] {
        let table = try CaseTable(path: path, options: options)
        let labelled = table.labelled
        let complete = try labelled.cases(scores: table.scores, missing: .excluded)
        let isProbability = complete.areProbabilities
        let thresholds = options.thresholds.isEmpty && isProbability ? [0.5] : options.thresholds

        var metrics = labelled.flow(of: complete)
        metrics += discrimination(complete, thresholds: thresholds, options: options)
        if options.wants(CalibrationMetrics.definitions) {
            var calibration = options.calibration
            calibration.level = options.level
            calibration.fitsLogistic = options.wants(calibrationFits)
            calibration.thresholds += thresholds.filter { $0 > 0 && $0 < 1 }
            metrics += CalibrationMetrics.metrics(complete, options: calibration)
        }
        if labelled.missingScore > 0 {
            let worst = try labelled.cases(scores: table.scores, missing: .worstCase)
            metrics += discrimination(worst, thresholds: thresholds, options: options).map { metric in
                var metric = metric
                metric.group = worstCaseGroup
                return metric
            }
        }
        if let compared = table.comparedScores {
            metrics += try difference(labelled, table.scores, compared, options: options)
        }
        guard let only = options.only else { return metrics }
        return metrics.filter { only.contains($0.name) }
    }

    private static let calibrationFits = CalibrationMetrics.definitions.filter { $0.name.hasPrefix("calibration_") }

    private static func discrimination(
        _ cases: BinaryCases, thresholds: [Double], options: Options
    ) -> [Metric] {
        var metrics: [Metric] = []
        if options.wants(ROCAnalysis.definitions + PrecisionRecall.definitions) {
            metrics += ranked(cases, options: options)
        }
        guard options.wants(ConfusionMetrics.definitions) else { return metrics }
        for threshold in thresholds {
            metrics += ConfusionMetrics.metrics(
                cases, threshold: threshold, prevalence: options.prevalence, level: options.level)
        }
        return metrics
    }

    private static func ranked(_ cases: BinaryCases, options: Options) -> [Metric] {
        let analysis = ROCAnalysis(cases, threads: options.threads)
        var metrics = ROCMetrics.metrics(
            analysis, isClustered: cases.patients != nil, method: options.intervalMethod, level: options.level)
        if !options.specificities.isEmpty || options.partialFromSpecificity != nil {
            metrics += ROCMetrics.metrics(
                analysis.curve(), atSpecificities: options.specificities,
                partialFromSpecificity: options.partialFromSpecificity)
        }
        return metrics
    }

    /// The difference of two models on the cases that have both scores.
    private static func difference(
        _ labelled: LabelledCases, _ first: [Double], _ second: [Double], options: Options
    ) throws(LocalFileError) -> [Metric] {
        let both = first.indices.map { second[$0].isNaN ? .nan : first[$0] }
        let others = first.indices.map { first[$0].isNaN ? .nan : second[$0] }
        let cases = try labelled.cases(scores: both, missing: .excluded)
        let compared = try labelled.cases(scores: others, missing: .excluded)
        return ROCMetrics.difference(
            PairedROCStatistics.infer(cases, second: compared.scores, threads: options.threads),
            isClustered: cases.patients != nil, level: options.level, n: cases.scores.count)
    }

    /// What the names stand for.
    public static let definitions: [MetricDefinition] =
        LabelledCases.definitions + ConfusionMetrics.definitions + ROCMetrics.definitions + ROCAnalysis.definitions
        + PrecisionRecall.definitions
        + ConfusionMetrics.definitions
        + CalibrationMetrics.definitions
}

extension ClassificationReport.Options {
    /// Whether a metric of a family is wanted.
    fileprivate func wants(_ family: [MetricDefinition]) -> Bool {
        only.map { only in family.contains { only.contains($0.name) } } ?? true
    }
}

/// The columns of the table that an evaluation reads.
private struct CaseTable {
    let labelled: LabelledCases
    let scores: [Double]
    let comparedScores: [Double]?

    init(path: String, options: ClassificationReport.Options) throws(LocalFileError) {
        var requests: [(name: String, form: ColumnReader.Form)] = [(options.label, .texts), (options.score, .numbers)]
        if let patient = options.patient { requests.append((patient, .texts)) }
        if let compared = options.comparedScore { requests.append((compared, .numbers)) }
        var texts: [ColumnReader.Texts] = []
        var numbers: [[Double]] = []
        for column in try ColumnReader(path: path, threads: options.threads).read(requests) {
            switch column {
            case .texts(let column): texts.append(column)
            case .numbers(let column): numbers.append(column.values)
            case .units: break
            }
        }
        scores = numbers[0]
        comparedScores = numbers.count > 1 ? numbers[1] : nil
        labelled = try LabelledCases(
            labels: texts[0], column: options.label, scores: scores, patients: texts.count > 1 ? texts[1] : nil,
            positive: options.positive)
    }
}

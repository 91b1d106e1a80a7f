public import Statistics
import TextCatalogue

/// The evaluation of a classifier of several exclusive classes: what `concordat score multiclass` prints.
public enum MulticlassReport {
    /// What is asked.
    public struct Options: Hashable, Sendable {
        /// The column of the reference class.
        public var label: String
        /// The columns of the classes' scores, in the order of the classes.
        public var scores: [String]
        /// The label of each score column; nil takes the columns' names where the labels are those, else 0, 1, 2...
        public var classes: [String]?
        public var metrics = MulticlassMetrics.Options()

        public init(label: String, scores: [String]) {
            self.label = label
            self.scores = scores
        }
    }

    /// Reads the table and evaluates it; rows without a label or a score are left out and counted.
    public static func metrics(path: String, options: Options) throws(LocalFileError) -> [Metric] {
        var requests: [(name: String, form: ColumnReader.Form)] = [(options.label, .texts)]
        requests += options.scores.map { ($0, .numbers) }
        var labels = ColumnReader.Texts(codes: [], levels: [], missing: 0)
        var columns: [[Double]] = []
        for column in try ColumnReader(path: path).read(requests) {
            switch column {
            case .texts(let column): labels = column
            case .numbers(let column): columns.append(column.values)
            case .units: break
            }
        }
        let names = try classNames(labels.levels, options: options)
        let classOfLevel = labels.levels.map { level in names.firstIndex(of: level).map { Int32($0) } ?? -1 }
        var kept: [Int32] = []
        var scores: [Double] = []
        kept.reserveCapacity(labels.codes.count)
        scores.reserveCapacity(labels.codes.count * columns.count)
        var missingScore = 0
        for (row, code) in labels.codes.enumerated() where code >= 0 {
            guard columns.allSatisfy({ !$0[row].isNaN }) else {
                missingScore += 1
                continue
            }
            kept.append(classOfLevel[Int(code)])
            for column in columns { scores.append(column[row]) }
        }
        let rows = labels.codes.count
        let flow = [
            Metric("n", value: Double(kept.count)),
            Metric("missing", value: Double(labels.missing), n: rows, variable: "reference"),
            Metric("missing", value: Double(missingScore), n: rows, variable: "score"),
        ]
        do {
            let cases = try MulticlassCases(labels: kept, scores: scores, classCount: columns.count)
            return flow + MulticlassMetrics.metrics(cases, classNames: names, options: options.metrics)
        } catch {
            throw LocalFileError(.classUnknown, .localScoreTwoClasses)
        }
    }

    /// The label of each score column.
    private static func classNames(_ levels: [String], options: Options) throws(LocalFileError) -> [String] {
        let count = options.scores.count
        let numbers = (0..<count).map(String.init)
        let names: [String]
        if let classes = options.classes {
            names = classes
        } else if levels.allSatisfy(options.scores.contains) {
            names = options.scores
        } else {
            names = numbers
        }
        guard names.count == count, Set(names).count == count, Set(options.scores).count == count else {
            throw LocalFileError(.classUnknown, .localScoreClassCount(names: names, columns: options.scores))
        }
        // Labels from 1 on would silently be taken for the classes one further.
        let isShifted = options.classes == nil && names == numbers && !levels.isEmpty && !levels.contains("0")
        let unknown = isShifted ? levels : levels.filter { !names.contains($0) }
        guard unknown.isEmpty else {
            throw LocalFileError(
                .classUnknown, .localScoreClassUnknown(options.label, unknown: unknown, columns: options.scores))
        }
        return names
    }

    /// What the names stand for.
    public static let definitions: [MetricDefinition] =
        MulticlassMetrics.definitions + ConfusionMetrics.definitions + CalibrationMetrics.definitions
        + ROCAnalysis.definitions + LabelledCases.definitions
}

public import MetaAnalysis
public import Statistics
import TextCatalogue

/// A meta-analysis of a table with a row for each site: what `concordat score meta` prints.
public enum MetaReport {
    /// What is asked.
    public struct Options: Hashable, Sendable {
        /// The columns of the estimates and of their variances, on the scale of the synthesis.
        public var estimate: String
        public var variance: String
        /// The column that names the sites, for leave-one-out rows; nil for none.
        public var site: String?
        public var method = BetweenVarianceMethod.restrictedMaximumLikelihood
        public var test = ModelTest.hartungKnappGuarded
        public var level = 0.95

        public init(estimate: String, variance: String) {
            self.estimate = estimate
            self.variance = variance
        }
    }

    /// Reads the table and combines its sites. A row without an estimate or a variance is an error: a site that is left
    /// out silently biases the summary.
    public static func metrics(path: String, options: Options) throws(LocalFileError) -> [Metric] {
        var requests: [(name: String, form: ColumnReader.Form)] = [
            (options.estimate, .numbers), (options.variance, .numbers),
        ]
        if let site = options.site { requests.append((site, .texts)) }
        var numbers: [[Double]] = []
        var sites: [String]?
        for column in try ColumnReader(path: path).read(requests) {
            switch column {
            case .numbers(let column): numbers.append(column.values)
            case .texts(let column):
                sites = column.codes.map { $0 < 0 ? "" : column.levels[Int($0)] }
            case .units: break
            }
        }
        var effects: [SiteEffect] = []
        for (row, (estimate, variance)) in zip(numbers[0], numbers[1]).enumerated() {
            guard estimate.isFinite, variance.isFinite, variance > 0 else {
                throw LocalFileError(.effectUnusable, .localScoreEffectUnusable(path, row: row + 1))
            }
            effects.append(SiteEffect(estimate: estimate, variance: variance))
        }
        return MetaMetrics.metrics(
            effects: effects, method: options.method, test: options.test, level: options.level, sites: sites)
    }

    /// What the names stand for.
    public static let definitions: [MetricDefinition] = MetaMetrics.definitions
}

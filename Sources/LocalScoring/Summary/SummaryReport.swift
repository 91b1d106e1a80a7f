public import Statistics

/// What `concordat score summary` is asked.
public struct SummaryOptions: Hashable, Sendable {
    /// A file that declares variables as a protocol does: a JSON list, or an object with the member `variables`. Declared
    /// quantities are summed exactly in units of their resolution; nil takes every column of the table as it is.
    public var variables: String?
    /// The column by whose values rows are grouped.
    public var by: String?
    /// Between fields; nil takes a tab for `.tsv` and `.tab`, a comma otherwise.
    public var delimiter: Character?
    /// Threads that read; the result does not depend on them.
    public var threads: Int
    /// The quantiles' probabilities in per cent, from 0 to 100.
    public var percents: [Int]
    /// Bins of the histograms; 0 for none.
    public var histogramBins: Int
    /// Two-sided confidence level of the intervals of means.
    public var level: Double

    public init(
        variables: String? = nil, by: String? = nil, delimiter: Character? = nil, threads: Int = 1,
        percents: [Int] = QuantileBounds.usualPercents, histogramBins: Int = 50, level: Double = 0.95
    ) {
        self.variables = variables
        self.by = by
        self.delimiter = delimiter
        self.threads = threads
        self.percents = percents
        self.histogramBins = histogramBins
        self.level = level
    }
}

/// The summary of a table, column by column: a text table (RFC 4180 with a header) or a `.npy` array of one or two axes.
public enum SummaryReport {
    /// The most columns of which histograms are given.
    public static let histogramColumnLimit = 200

    /// Reads the file and gives its metrics: `n`, `missing`, `malformed`, `out_of_range` (of declared quantities), `mean`,
    /// `sd`, `min`, `max`, `quantile` and `count` by column, then the same by group. `min`, `max`, `quantile` and `count`
    /// are for local eyes: no site releases the first two.
    public static func metrics(file: String, options: SummaryOptions = SummaryOptions()) throws -> [Metric] {
        let source = try TableSource(path: file, delimiter: options.delimiter?.asciiValue)
        let declared: [DeclaredVariable]? =
            if let path = options.variables { try DeclaredVariables.read(path: path) } else { nil }
        let plan = try SummaryPlan(source, declared: declared, by: options.by)
        let threads = max(1, min(options.threads, 64))
        let tallies = try SummaryReading.tallies(plan, threads: threads)
        let bins = plan.columns.count <= histogramColumnLimit ? min(max(options.histogramBins, 0), 1000) : 0
        let distributions = try SummaryDistributions(
            tallies, percents: options.percents.filter((0...100).contains), bins: bins, threads: threads)
        return SummaryMetrics(tallies: tallies, distributions: distributions, level: options.level).metrics
    }
}

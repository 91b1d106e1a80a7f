import ArgumentParser
import LocalScoring

struct ScoreSummary: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary",
        abstract: "Counts, means, deviations, quantiles and histograms of a table's columns.",
        discussion: """
            With --variables, quantities are read as decimals and summed exactly in units of their declared resolution, \
            as a site does it. Without, sums are compensated and quantiles may be bounds. Minimum and maximum are for \
            your own eyes: no site releases them.
            """)

    @Argument(help: "A CSV table with a header, or a .npy array of one or two axes.")
    var table: String
    @Option(help: "A JSON file that declares the variables as a study protocol does.")
    var variables: String?
    @Option(help: "The column by whose values rows are grouped.")
    var by: String?
    @Option(help: "Bins of the histograms; 0 for none.")
    var histogram = 0
    @Option(help: "Confidence level of the intervals.")
    var level = 0.95
    @Option(help: "Threads; no number depends on it.")
    var threads = 1
    @OptionGroup var output: ScoreOutput

    func validate() throws {
        try ScoreArguments.check(level: level, threads: threads)
        guard (0...1000).contains(histogram) else { throw ValidationError("--histogram lies from 0 to 1000") }
    }

    func run() throws {
        let options = SummaryOptions(
            variables: variables, by: by, threads: threads, histogramBins: histogram, level: level)
        try output.say(
            SummaryReport.metrics(file: table, options: options), definitions: SummaryReport.definitions)
    }
}

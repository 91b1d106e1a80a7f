import ArgumentParser
import LocalScoring
import Statistics

struct ScoreMulticlass: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "multiclass",
        abstract: "A classifier of several exclusive classes: confusion, averages, AUROC, kappa, calibration.",
        discussion: """
            The labels are the names of the score columns, or 0, 1, 2... in their order, or what --classes says. The \
            class with the highest score is called; of equal ones the first.
            """)

    @Argument(help: "A table with a row for each case.")
    var cases: String
    @Option(help: "The column of the reference class.")
    var label: String
    @Option(help: "The score column of each class, separated by commas.")
    var scores: String
    @Option(help: "The label of each score column, separated by commas.")
    var classes: String?
    @Flag(help: "The classes have an order: add the weighted kappas.")
    var ordered = false
    @Option(help: "Number of bins of the calibration error.")
    var bins = 15
    @Option(name: .customLong("top"), help: "A k for the top-k accuracy. May be given several times.")
    var top: [Int] = [2]
    @Option(help: "Move probabilities into CLIP...1-CLIP for the log loss.")
    var clip: Double?
    @Option(help: "Confidence level of the intervals.")
    var level = 0.95
    @OptionGroup var output: ScoreOutput

    func validate() throws {
        try ScoreArguments.check(level: level)
        guard (1...10_000).contains(bins) else { throw ValidationError("--bins lies from 1 to 10000") }
        guard clip.map({ $0 > 0 && $0 < 0.5 }) ?? true else { throw ValidationError("--clip lies between 0 and 0.5") }
        guard top.allSatisfy({ $0 > 0 }) else { throw ValidationError("--top is at least 1") }
    }

    func run() throws {
        var options = MulticlassReport.Options(label: label, scores: ScoreArguments.list(scores))
        options.classes = classes.map(ScoreArguments.list)
        options.metrics.level = level
        options.metrics.bins = bins
        options.metrics.clip = clip
        options.metrics.topK = top
        options.metrics.areOrdered = ordered
        try output.say(
            MulticlassReport.metrics(path: cases, options: options), definitions: MulticlassReport.definitions)
    }
}

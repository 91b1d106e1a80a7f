public import ArgumentParser
import LocalScoring
public import Statistics

struct ScoreClassification: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classification",
        abstract: "Discrimination, operating points and calibration of a binary classifier.",
        discussion: """
            CASES.csv has a header and a row for each case; a .npy array has the columns c0, c1, ... With --patient, variances and intervals allow for several \
            cases of one patient. Rows with a reference but without a score are reported twice: left out, and counted \
            against the model (group worst-case).
            """)

    @Argument(help: "A table with a row for each case.")
    var cases: String
    @Option(help: "The column of the reference.")
    var label: String
    @Option(help: "The column of the score; a higher one is more positive.")
    var score: String
    @Option(help: "The score column of a second model, to compare the areas on the same cases.")
    var compare: String?
    @Option(help: "The column that tells patients apart, where a patient has several cases.")
    var patient: String?
    @Option(help: "The label that is positive; without it 1 of 0 and 1, or true of false and true.")
    var positive: String?
    @Option(help: "An operating point; at or above it a case is called positive. May be given several times.")
    var threshold: [Double] = []
    @Option(help: "Confidence level of the intervals.")
    var level = 0.95
    @Option(help: "Interval of the AUROC: wald-logit or wald.")
    var interval: AUROCInference.Method = .waldLogit
    @Option(name: .customLong("at-specificity"), help: "A specificity at which the sensitivity is wanted.")
    var specificity: [Double] = []
    @Option(name: .customLong("partial-from-specificity"), help: "Add the partial AUROC from this specificity to 1.")
    var partial: Double?
    @Option(help: "Restate predictive values at this prevalence.")
    var prevalence: Double?
    @Option(help: "Number of calibration bins.")
    var bins = 10
    @Option(
        help: "Calibration bins: equal_width, equal_width_right or equal_mass (tied scores by row).",
        transform: { text in
            guard let binning = CalibrationBins.Binning(rawValue: text),
                [.equalWidth, .equalWidthRight, .equalMass].contains(binning)
            else { throw ValidationError("--binning is equal_width, equal_width_right or equal_mass") }
            return binning
        })
    var binning: CalibrationBins.Binning = .equalWidth
    @Option(
        help:
            "Move probabilities into CLIP...1-CLIP for the log loss (no clip without it) and the logistic fits (1e-12)."
    )
    var clip: Double?
    @Option(help: "Threads; no number depends on it.")
    var threads = 1
    @OptionGroup var output: ScoreOutput

    func validate() throws {
        try ScoreArguments.check(level: level, threads: threads)
        guard specificity.allSatisfy({ (0...1).contains($0) }), partial.map({ $0 >= 0 && $0 < 1 }) ?? true else {
            throw ValidationError("a specificity lies from 0 to 1")
        }
        guard prevalence.map({ $0 > 0 && $0 < 1 }) ?? true else {
            throw ValidationError("--prevalence lies between 0 and 1")
        }
        guard (1...10_000).contains(bins) else { throw ValidationError("--bins lies from 1 to 10000") }
        guard clip.map({ $0 > 0 && $0 < 0.5 }) ?? true else { throw ValidationError("--clip lies between 0 and 0.5") }
        guard threshold.allSatisfy(\.isFinite) else { throw ValidationError("a threshold is a number") }
    }

    func run() throws {
        var options = ClassificationReport.Options(label: label, score: score)
        options.comparedScore = compare
        options.patient = patient
        options.positive = positive
        options.thresholds = threshold
        options.level = level
        options.intervalMethod = interval
        options.specificities = specificity
        options.partialFromSpecificity = partial
        options.prevalence = prevalence
        options.calibration.bins = bins
        options.calibration.binning = binning
        options.calibration.clip = clip
        if let clip { options.calibration.logitClip = clip }
        options.threads = threads
        options.only = try output.names(among: ClassificationReport.definitions)
        try output.say(
            ClassificationReport.metrics(path: cases, options: options),
            definitions: ClassificationReport.definitions)
    }
}

extension AUROCInference.Method: ExpressibleByArgument {}

/// What several score commands check.
enum ScoreArguments {
    static func check(level: Double, threads: Int = 1) throws {
        guard level > 0, level < 1 else { throw ValidationError("--level lies between 0 and 1, such as 0.95") }
        guard (1...256).contains(threads) else { throw ValidationError("--threads lies from 1 to 256") }
    }

    /// The items of a list separated by commas.
    static func list(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { item in
            item.drop(while: { $0 == " " }).reversed().drop(while: { $0 == " " }).reversed().map(String.init).joined()
        }
    }

    /// Numbers separated by commas.
    static func numbers(_ text: String, option: String) throws -> [Double] {
        let items = list(text)
        let numbers = items.compactMap(Double.init)
        guard numbers.count == items.count, numbers.allSatisfy(\.isFinite) else {
            throw ValidationError("\(option) takes numbers separated by commas")
        }
        return numbers
    }
}

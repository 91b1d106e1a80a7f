public import ArgumentParser
import LocalScoring
public import MetaAnalysis

struct ScoreMeta: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meta",
        abstract: "Meta-analysis of estimates with their variances.",
        discussion: """
            SITES.csv has a row for each site, on the scale on which sites are combined (such as the logit of an \
            AUROC). Numbers come on that scale.
            """)

    @Argument(help: "A table with a row for each site.")
    var sites: String
    @Option(help: "The column of the estimates.")
    var estimate: String
    @Option(help: "The column of their variances.")
    var variance: String
    @Option(help: "The column that names the sites; adds the summaries without each of them.")
    var site: String?
    @Option(
        help: "Estimator of the variance between sites: EE (none), DL, PM, REML, ML, HE, HS, SJ or EB.",
        transform: { text in
            guard let method = BetweenVarianceMethod(rawValue: text.uppercased()) else {
                throw ValidationError(
                    "--method is one of \(BetweenVarianceMethod.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return method
        })
    var method: BetweenVarianceMethod = .restrictedMaximumLikelihood
    @Option(help: "Interval: z, t, hksj or hksj-guarded (never narrower than z).")
    var ci: ModelTest = .hartungKnappGuarded
    @Option(help: "Confidence level of the intervals.")
    var level = 0.95
    @OptionGroup var output: ScoreOutput

    func validate() throws { try ScoreArguments.check(level: level) }

    func run() throws {
        var options = MetaReport.Options(estimate: estimate, variance: variance)
        options.site = site
        options.method = method
        options.test = ci
        options.level = level
        try output.say(MetaReport.metrics(path: sites, options: options), definitions: MetaReport.definitions)
    }
}

extension ModelTest: ExpressibleByArgument {}

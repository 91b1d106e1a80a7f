import ArgumentParser

/// Evaluation of local files with the code that the sites run.
struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score local files with the sites' own engine: no server, nothing is sent.",
        discussion: """
            What a vendor runs before submitting a model, and a sceptic to check us. --explain prints the definition, \
            the formula and the source of each number.
            """,
        subcommands: [
            ScoreClassification.self, ScoreMulticlass.self, ScoreSegmentation.self, ScoreMeta.self, ScoreSummary.self,
            ScoreSize.self,
        ])
}

import Foundation

/// The studies' tallies as a document.
struct CoverageReport {
    let parts: [(study: Study, tallies: [[Tally]])]

    /// Below this share a coverage is called short and printed bold.
    private static let short = 0.93

    var markdown: String { ([introduction, overview] + parts.map(Self.section)).joined(separator: "\n\n") }

    private var introduction: String {
        """
        # Coverage of the intervals

        How often the intervals of 95 % hold the truth in simulated data, with the code that the sites and the
        coordinator run. Made by

            swift run --package-path Benchmarks -c release coverage > docs/developer/coverage.md

        which takes about two minutes on one core and gives the same numbers every time. Remarks and tables alike are
        the program's; do not edit them here.

        Each cell of the tables is the coverage in per cent, **bold** below \(Self.percent(Self.short)); in brackets
        how often the truth lay below the lower limit (2.5 when all is right: this is the error of a claim of
        superiority). An interval that a method does not have (undefined) is not counted; where more than 1 % are, the
        share stands behind the cell. The Monte-Carlo standard error is stated with each study.

        ## In short

        - **Proportions.** Wilson and Clopper-Pearson undercover when a patient's cases are alike. Concordat's default
          is the effective-size Wilson interval, at one site and stratified over sites; the binomial variance needs a
          protocol that states one independent case a patient.
        - **AUROC.** DeLong undercovers when a patient's cases share the class; Wald's limits on the area undercover
          in small samples. Concordat's default is Obuchowski's variance with limits on the logit scale, and for two
          models the paired difference with Obuchowski's variance. Weights of inverse variances are biased and never
          the default.
        - **Means.** Student's interval undercovers for clustered cases; the cluster-robust one is the default, and is
          short for heavily skewed values.
        - **Random effects.** z undercovers with few sites that differ, and so does plain Hartung-Knapp with very few
          of unequal size. Concordat's default is the guarded form.
        - **Prediction intervals** undercover in all forms with few sites; they describe and decide nothing.
        """
    }

    // MARK: - Overview

    private var overview: String {
        var lines = [
            "## Overview", "",
            "★ is what Concordat uses by default. The last columns count the settings, and those that are short.", "",
            "| study | method | lowest | median | highest | settings | short |", "|---|---|---|---|---|---|---|",
        ]
        for (study, tallies) in parts {
            for (index, method) in study.methods.enumerated() {
                let coverages = tallies.compactMap { $0[index].coverage }.sorted()
                guard let lowest = coverages.first, let highest = coverages.last else { continue }
                let short = coverages.count { $0 < Self.short }
                let median = coverages[coverages.count / 2]
                lines.append(
                    "| \(index == 0 ? study.title : "") | \(Self.name(method, in: study)) "
                        + "| \(Self.number(lowest)) | \(Self.number(median)) | \(Self.number(highest)) "
                        + "| \(coverages.count) | \(short == 0 ? "" : String(short)) |")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func name(_ method: String, in study: Study) -> String {
        study.standard.contains(method) ? "★ \(method)" : method
    }

    // MARK: - One study

    private static func section(_ study: Study, _ tallies: [[Tally]]) -> String {
        let most = tallies.joined().map(\.error).max() ?? 0
        let count = tallies.first?.first?.count ?? 0
        var lines = [
            "## \(study.title)", "", wrapped(study.design), "",
            "\(count) replicates a setting, Monte-Carlo standard error at most \(number(most, digits: 2)).", "",
            "| setting | " + study.methods.map { name($0, in: study) }.joined(separator: " | ") + " |",
            "|---" + String(repeating: "|---", count: study.methods.count) + "|",
        ]
        for (setting, row) in zip(study.settings, tallies) {
            lines.append("| \(setting.name) | " + row.map(cell).joined(separator: " | ") + " |")
        }
        lines += ["", "Mean width of the defined intervals:", ""]
        lines += ["| method | smallest | largest |", "|---|---|---|"]
        for (index, method) in study.methods.enumerated() {
            let widths = tallies.map { $0[index] }.filter { $0.defined > 0 }.map(\.meanWidth)
            guard let smallest = widths.min(), let largest = widths.max() else { continue }
            lines.append("| \(method) | \(decimal(smallest)) | \(decimal(largest)) |")
        }
        if let remark = study.remark { lines += ["", wrapped(remark)] }
        return lines.joined(separator: "\n")
    }

    /// Breaks a paragraph into lines of at most 120 characters.
    private static func wrapped(_ text: String) -> String {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + word.count < 120 {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func cell(_ tally: Tally) -> String {
        guard let coverage = tally.coverage else { return "none" }
        let text = number(coverage)
        let shown = coverage < short ? "**\(text)**" : text
        let absent = tally.undefinedShare > 0.01 ? " undefined \(percent(tally.undefinedShare))" : ""
        return "\(shown) (\(number(tally.missedBelow)))\(absent)"
    }

    private static func number(_ share: Double, digits: Int = 1) -> String {
        String(format: "%.\(digits)f", 100 * share)
    }
    private static func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }
    private static func decimal(_ value: Double) -> String { String(format: "%.3f", value) }
}

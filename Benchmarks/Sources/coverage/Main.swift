import Foundation

/// Simulates how often the intervals hold the truth, and prints the document.
///
/// `coverage [SHARE]` runs this share of the replicates (default 1), to try things out.
@main
struct Coverage {
    static func main() {
        let share = CommandLine.arguments.dropFirst().first.flatMap(Double.init) ?? 1
        let studies = ProportionStudies.all + AreaStudies.all + MeanStudy.all + MetaStudies.all
        var parts: [(study: Study, tallies: [[Tally]])] = []
        for (index, study) in studies.enumerated() {
            FileHandle.standardError.write(Data("\(study.title)\n".utf8))
            parts.append((study, study.run(seed: UInt64(index + 1), share: share)))
        }
        print(CoverageReport(parts: parts).markdown)
    }
}

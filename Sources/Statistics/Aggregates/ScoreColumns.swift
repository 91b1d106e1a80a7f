/// Checked columns of an evaluation: the scores and the reference, over selected cases.
struct ScoreColumns {
    let runs: CaseRuns
    let one: Int64

    init(
        scores: [Int64], reference: [Int64], patients: [Int32], selection: [Int32], resolution: Resolution
    ) throws(StatisticsError) {
        runs = try CaseRuns(
            patients: patients, selection: selection, columnLengths: [scores.count, reference.count])
        guard let one = resolution.units(1.0), one > 0, one <= Resolution.unitLimit else {
            throw StatisticsError(.malformedGrid, "the score resolution must lie between 1e-14 and 1")
        }
        self.one = one
        for index in selection {
            let score = scores[Int(index)]
            let reference = reference[Int(index)]
            guard !Coded.isValue(score) || (0...one).contains(score) else {
                throw StatisticsError(.unexpectedValue, "a score lies from 0 to 1")
            }
            guard !Coded.isValue(reference) || (0...1).contains(reference) else {
                throw StatisticsError(.unexpectedValue, "a reference is 0 or 1")
            }
        }
    }
}

import Draws
import Statistics

/// How a site's work grows with its cases.
enum Growth {
    static let counts = [10_000, 100_000, 1_000_000]
    private static let cells = [-26, 10, 10, 10, 8, 10]

    private struct Cases {
        let everyCase: [Int32]
        let patients: [Int32]
        let quantity: [Int64]
        let other: [Int64]
        let group: [Int64]
        let score: [Int64]
        let secondScore: [Int64]
        let reference: [Int64]
        let doubles: [Double]
        let seconds: [Double]
        let labels: [UInt8]

        init(_ count: Int, casesAPatient: Int) {
            var draws = Draws(seed: UInt64(count))
            everyCase = (0..<Int32(count)).map { $0 }
            patients = (0..<count).map { Int32($0 / casesAPatient) }
            quantity = (0..<count).map { _ in Int64(draws.integer(0...10_000)) }
            other = (0..<count).map { _ in Int64(draws.integer(0...10_000)) }
            group = (0..<count).map { _ in Int64(draws.integer(0...2)) }
            reference = (0..<count).map { _ in draws.isHit(0.12) ? 1 : 0 }
            let positives = reference
            func scores(_ draws: inout Draws) -> [Int64] {
                positives.map {
                    min(1_000_000, Int64(draws.beta(mean: 0.3 + 0.2 * Double($0), correlation: 0.2) * 1e6))
                }
            }
            score = scores(&draws)
            secondScore = scores(&draws)
            doubles = score.map { Double($0) / 1e6 }
            seconds = secondScore.map { Double($0) / 1e6 }
            labels = reference.map(UInt8.init)
        }
    }

    private static func work(_ cases: Cases) throws -> [(name: String, run: () throws -> Void)] {
        let (hundredth, micro) = (try Resolution("0.01"), try Resolution("0.000001"))
        let (all, patients) = (cases.everyCase, cases.patients)
        let edges = try ScoreGrid(scale: .linear, from: 0, to: 1, steps: 100).edges(resolution: micro)
        let bins = (0...50).map { Int64(200 * $0) }
        let grouping = CategoryColumn(variable: "group", levels: ["a", "b", "c"], codes: cases.group)
        let binary = try BinaryCases(scores: cases.doubles, labels: cases.labels)
        let clustered = try BinaryCases(scores: cases.doubles, labels: cases.labels, patients: patients)
        return [
            (
                "moments",
                {
                    _ = try Moments(
                        variable: "x", column: cases.quantity, range: 0...10_000, patients: patients, selection: all,
                        resolution: hundredth)
                }
            ),
            (
                "moments by group",
                {
                    _ = try Moments(
                        variable: "x", column: cases.quantity, by: grouping, patients: patients, selection: all,
                        resolution: hundredth)
                }
            ),
            (
                "histogram, 50 bins",
                {
                    _ = try Histogram(
                        variable: "x", column: cases.quantity, edges: bins, patients: patients, selection: all,
                        resolution: hundredth)
                }
            ),
            (
                "table",
                {
                    _ = try ContingencyTable(axes: [grouping], patients: patients, selection: all)
                }
            ),
            (
                "co-moments, 2 variables",
                {
                    _ = try CoMoments(
                        variables: [
                            CoMoments.Variable(variable: "x", resolution: hundredth, range: 0...10_000),
                            CoMoments.Variable(variable: "y", resolution: hundredth, range: 0...10_000),
                        ], columns: [cases.quantity, cases.other], patients: patients, selection: all)
                }
            ),
            (
                "confusion",
                {
                    _ = try Confusion(
                        operatingPoint: "op", threshold: 500_000, scores: cases.score, reference: cases.reference,
                        failed: .worstCase, patients: patients, selection: all, resolution: micro)
                }
            ),
            (
                "score steps, 100",
                {
                    _ = try ScoreSteps(
                        edges: edges, scores: cases.score, reference: cases.reference, patients: patients,
                        selection: all, resolution: micro)
                }
            ),
            (
                "rank sample + Obuchowski",
                {
                    let sample = try RankSample(
                        scores: cases.score, reference: cases.reference, patients: patients, selection: all,
                        resolution: micro)
                    guard sample.statistics().value != nil else { throw BenchmarkFailure.noEstimate }
                }
            ),
            (
                "AUROC + DeLong",
                {
                    guard ROCAnalysis(binary).statistics.value != nil else { throw BenchmarkFailure.noEstimate }
                }
            ),
            (
                "AUROC + Obuchowski",
                {
                    guard ROCAnalysis(clustered).statistics.value != nil else { throw BenchmarkFailure.noEstimate }
                }
            ),
            (
                "paired AUROC + DeLong",
                {
                    guard PairedROCStatistics.infer(binary, second: cases.seconds).value != nil else {
                        throw BenchmarkFailure.noEstimate
                    }
                }
            ),
            (
                "calibration, 100 bins",
                {
                    _ = try CalibrationSample(
                        edges: edges, scores: cases.score, reference: cases.reference, patients: patients,
                        selection: all, resolution: micro
                    ).losses
                }
            ),
        ]
    }

    static func time() throws {
        Lines.say(
            "\na site's aggregates by the number of cases, 2 cases a patient, in milliseconds of processor time (best of 3)"
        )
        Lines.row(["aggregate"] + counts.map { "\($0)" } + ["per 10x", "ns a case"], widths: cells)
        let works = try counts.map { try work(Cases($0, casesAPatient: 2)) }
        for index in works[0].indices {
            let times = try works.map { try Timing(repeats: 3, $0[index].run).best }
            Lines.row(
                [works[0][index].name] + times.map(Lines.milliseconds)
                    + [Lines.ratio(times[2] / times[1]), Lines.ratio(times[2] * 1e6 / Double(counts[2]))],
                widths: cells)
        }
    }
}

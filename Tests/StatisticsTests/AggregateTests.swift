import Statistics
import Testing

@Suite("Aggregates against plain loops")
struct AggregateTests {
    private let site: SampleSite
    private let hundredth: Resolution
    private let micro: Resolution

    init() throws {
        var generator = SeededGenerator(seed: 99)
        site = SampleSite(patients: 120, casesAtMost: 5, using: &generator)
        hundredth = try Resolution(SampleSite.hundredth)
        micro = try Resolution(SampleSite.micro)
    }

    /// The values of a column by patient.
    private func byPatient(where holds: (Int) -> Bool) -> [[Int]] {
        var cases: [Int32: [Int]] = [:]
        for index in site.patients.indices where holds(index) { cases[site.patients[index], default: []].append(index) }
        return Array(cases.values)
    }

    @Test("moments by group")
    func moments() throws {
        let range: ClosedRange<Int64> = 0...10_000
        let moments = try Moments(
            variable: "x", column: site.quantity,
            by: CategoryColumn(
                variable: "group", levels: ["a", "b", "c"], codes: site.group), range: range,
            patients: site.patients, selection: site.everyCase, resolution: hundredth)
        #expect(moments.groups.map(\.level) == ["a", "b", "c", "missing"])
        for (level, group) in moments.groups.enumerated() {
            let isIn = { (index: Int) in
                let code = site.group[index]
                return level < 3 ? code == Int64(level) : !(0...2).contains(code)
            }
            let valued = byPatient { isIn($0) && range.contains(site.quantity[$0]) }
            let sums = valued.map { $0.reduce(Int128(0)) { $0 + Int128(site.quantity[$1]) } }
            let squares = valued.map { cases in
                cases.reduce(Int128(0)) { $0 + Int128(site.quantity[$1]) * Int128(site.quantity[$1]) }
            }
            let values = valued.joined().map { site.quantity[$0] }
            #expect(group.n == values.count)
            #expect(group.patients == valued.count)
            #expect(group.sum == sums.reduce(0, +))
            #expect(group.sumSquares == squares.reduce(0, +))
            #expect([group.sumContributions.largest, group.sumContributions.second] == sums.sorted(by: >).prefix(2))
            #expect(
                [group.squareContributions.largest, group.squareContributions.second] == squares.sorted(by: >).prefix(2)
            )
            #expect(group.minimum == values.min())
            #expect(group.maximum == values.max())
            #expect(group.distinct == .many)
            #expect(group.missing == site.quantity.indices.count { isIn($0) && site.quantity[$0] == Coded.missing })
            #expect(group.malformed == site.quantity.indices.count { isIn($0) && site.quantity[$0] == Coded.malformed })
            let outside = byPatient { index in
                let value = site.quantity[index]
                return isIn(index) && (value == Coded.outOfRange || (Coded.isValue(value) && !range.contains(value)))
            }
            #expect(group.outOfRange == outside.joined().count)
            #expect(group.outOfRangePatients == outside.count)
        }
    }

    @Test("distinct values are listed up to five")
    func distinct() throws {
        func distinct(_ values: [Int64]) throws -> DistinctValues? {
            try Moments(
                variable: "x", column: values, patients: values.indices.map(Int32.init),
                selection: values.indices.map(Int32.init), resolution: hundredth
            ).groups.first?.distinct
        }
        #expect(try distinct([]) == .few([]))
        #expect(try distinct([3, 1, 3, 2, 5, 4, 1]) == .few([1, 2, 3, 4, 5]))
        #expect(try distinct([3, 1, 3, 2, 5, 4, 6]) == .many)
    }

    @Test("a histogram's bins are closed below, the last one on both sides, and nothing is clipped")
    func histogram() throws {
        let values: [Int64] = [-1, 0, 9, 10, 19, 20, 30, 31, Coded.missing, Coded.malformed, Coded.outOfRange]
        let histogram = try Histogram(
            variable: "x", column: values, edges: [0, 10, 20, 30], patients: values.indices.map(Int32.init),
            selection: values.indices.map(Int32.init), resolution: hundredth)
        #expect(histogram.cumulative(group: 0) == [0, 2, 4, 6])
        #expect(histogram.cells.cases(inCell: histogram.missingCell(group: 0)) == 1)
        #expect(histogram.cells.cases(inCell: histogram.malformedCell(group: 0)) == 1)
        #expect(histogram.cells.cases(inCell: histogram.outOfRangeCell(group: 0)) == 3)
        for edges in [[0], [0, 0], [1, 0]] as [[Int64]] {
            #expect(throws: StatisticsError(.malformedEdges, "")) {
                try Histogram(
                    variable: "x", column: values, edges: edges, patients: values.indices.map(Int32.init),
                    selection: [], resolution: hundredth)
            }
        }
    }

    @Test("a three-way table is row-major and counts what has no level under missing")
    func table() throws {
        let group = CategoryColumn(variable: "group", levels: ["a", "b", "c"], codes: site.group)
        let second = CategoryColumn(variable: "second", levels: ["0", "1"], codes: site.second)
        let table = try ContingencyTable(
            axes: [second, group, second], patients: site.patients, selection: site.everyCase)
        #expect(table.axes.map(\.levels.count) == [3, 4, 3])
        #expect(table.cells.caseCount == site.patients.count)
        for row in 0..<3 {
            for column in 0..<4 {
                for layer in 0..<3 {
                    let expected = site.patients.indices.count { index in
                        let code = site.group[index]
                        return site.second[index] == Int64(row) && site.second[index] == Int64(layer)
                            && (column < 3 ? code == Int64(column) : !(0...2).contains(code))
                    }
                    #expect(table.cells.cases(inCell: (row * 4 + column) * 3 + layer) == expected)
                }
            }
        }
    }

    @Test("a confusion matrix with its patient totals", arguments: [FailedCases.excluded, .worstCase])
    func confusion(failed: FailedCases) throws {
        let confusion = try Confusion(
            operatingPoint: "op", threshold: 600_000, scores: site.score, reference: site.reference, failed: failed,
            patients: site.patients, selection: site.everyCase, resolution: micro)
        for positive in [true, false] {
            let patients = byPatient { index in
                site.reference[index] == (positive ? 1 : 0)
                    && (failed == .worstCase || site.score[index] != Coded.missing)
            }
            let pairs = patients.map { cases in
                let hits = cases.count { index in
                    site.score[index] != Coded.missing && (site.score[index] >= 600_000) == positive
                }
                return (m: cases.count, h: hits)
            }
            let sums = positive ? confusion.positives : confusion.negatives
            #expect(sums.patients == pairs.count)
            #expect(sums.cases == pairs.reduce(0) { $0 + $1.m })
            #expect(sums.hits == pairs.reduce(0) { $0 + $1.h })
            #expect(sums.m2 == Int128(pairs.reduce(0) { $0 + $1.m * $1.m }))
            #expect(sums.h2 == Int128(pairs.reduce(0) { $0 + $1.h * $1.h }))
            #expect(sums.hm == Int128(pairs.reduce(0) { $0 + $1.h * $1.m }))
        }
        #expect(confusion.positives.hits == confusion.cases(.truePositive))
        #expect(confusion.negatives.hits == confusion.cases(.trueNegative))
        let called = byPatient { index in
            (0...1).contains(site.reference[index])
                && (site.score[index] == Coded.missing
                    ? failed == .worstCase && site.reference[index] == 0 : site.score[index] >= 600_000)
        }
        #expect(confusion.patients(.truePositive, .falsePositive) == called.count)
    }

    @Test("a score at the threshold is called positive")
    func threshold() throws {
        let confusion = try Confusion(
            operatingPoint: "op", threshold: 500_000, scores: [499_999, 500_000], reference: [1, 1], patients: [0, 1],
            selection: [0, 1], resolution: micro)
        #expect(confusion.cases(.falseNegative) == 1)
        #expect(confusion.cases(.truePositive) == 1)
    }

    @Test("score steps count each class below each edge")
    func scoreSteps() throws {
        let edges: [Int64] = [0, 250_000, 500_000, 900_000, 1_000_000]
        let steps = try ScoreSteps(
            edges: edges, scores: site.score, reference: site.reference, patients: site.patients,
            selection: site.everyCase, resolution: micro)
        for positive in [true, false] {
            let scores = site.score.indices.filter { site.reference[$0] == (positive ? 1 : 0) }
                .map { site.score[$0] }.filter(Coded.isValue)
            let expected = edges.map { edge in scores.count { $0 < edge || edge == 1_000_000 } }
            #expect(steps.cumulative(positive: positive) == expected)
        }
        #expect(throws: StatisticsError(.malformedEdges, "")) {
            try ScoreSteps(
                edges: [0, 500_000], scores: [], reference: [], patients: [], selection: [], resolution: micro)
        }
    }

    @Test("a score that is no probability, or a reference that is no class, is refused")
    func unexpected() throws {
        for (score, reference) in [(-1, 0), (1_000_001, 1), (5, 2)] as [(Int64, Int64)] {
            #expect(throws: StatisticsError(.unexpectedValue, "")) {
                try RankSample(
                    scores: [score], reference: [reference], patients: [0], selection: [0], resolution: micro)
            }
        }
    }

    @Test("a flow puts every screened case in one box")
    func flow() throws {
        let boxes = [FlowBox.excluded(reason: "a"), .missingReference, .failed(code: "f"), .analysed]
        let flow = try Flow(boxes: boxes, boxOfCase: site.box, patients: site.patients, selection: site.everyCase)
        #expect(flow.screenedCases == site.patients.count)
        #expect(flow.screenedPatients == 120)
        for box in 0..<4 {
            #expect(flow.cells.patients(inCell: box) == byPatient { site.box[$0] == Int64(box) }.count)
        }
        #expect(throws: StatisticsError(.unexpectedValue, "")) {
            try Flow(boxes: boxes, boxOfCase: [4], patients: [0], selection: [0])
        }
        #expect(throws: StatisticsError(.shapeMismatch, "")) {
            try Flow(boxes: [.analysed, .analysed], boxOfCase: [0], patients: [0], selection: [0])
        }
    }
}

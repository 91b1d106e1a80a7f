import Foundation
@_spi(ReleaseGate) import Statistics
import Testing

/// One value of every released form, as in the golden files.
enum Examples {
    static func answers() throws -> [(file: String, answer: Answer)] {
        [
            ("flow.json", .released(.flow(flow))),
            ("moments.json", .released(.moments(try moments()))),
            ("histogram.json", .released(.histogram(try histogram()))),
            ("table.json", .released(.table(table))),
            ("confusion.json", .released(.confusion(try confusion()))),
            ("score-steps.json", .released(.scoreSteps(try scoreSteps()))),
            ("roc.json", .released(.roc(try roc()))),
            ("confusion-of-a-class.json", .released(.confusion(try confusion(classLabel: "benign")))),
            ("co-moments.json", .released(.coMoments(try coMoments()))),
            ("paired-confusion.json", .released(.pairedConfusion(try pairedConfusion()))),
            ("calibration.json", .released(.calibration(try calibration()))),
            ("paired-roc.json", .released(.pairedROC(try pairedROC()))),
            ("score-sums.json", .released(.scoreSums(try scoreSums()))),
            ("table-with-margins.json", .released(.table(tableWithMargins))),
            ("noisy-counts.json", .released(.noisyCounts(noisyTable))),
            ("not-releasable.json", .withheld),
            ("failed.json", .failed(code: "model-failed")),
        ]
    }

    static var flow: ReleasedFlow {
        ReleasedFlow(boxes: [
            ReleasedFlow.Box(box: .screened, reason: nil, cases: .exact(300), patients: .exact(160)),
            ReleasedFlow.Box(box: .excluded, reason: "too-few-readers", cases: .protected, patients: .protected),
            ReleasedFlow.Box(box: .missingReference, reason: nil, cases: .exact(0), patients: .exact(0)),
            ReleasedFlow.Box(box: .failed, reason: "model-failed", cases: .protected, patients: .protected),
            ReleasedFlow.Box(box: .analysed, reason: nil, cases: .exact(272), patients: .exact(140)),
        ])
    }

    static func moments(withheld: Bool = false) throws -> ReleasedMoments {
        ReleasedMoments(
            variable: "diameter", resolution: try Resolution("0.01"), by: "malignant",
            groups: [
                ReleasedMoments.Group(
                    level: "0", n: .exact(40), patients: .exact(35), missing: .exact(0), malformed: .exact(0),
                    outOfRange: .exact(0), sum: withheld ? nil : WideInteger(40_123),
                    sumSquares: withheld ? nil : WideInteger(123_456_789_012_345_678_901)),
                ReleasedMoments.Group(
                    level: "1", n: .exact(12), patients: .exact(11), missing: .protected, malformed: .exact(0),
                    outOfRange: .protected, sum: nil, sumSquares: nil),
                ReleasedMoments.Group(
                    level: "missing", n: .protected, patients: .protected, missing: .exact(0), malformed: .exact(0),
                    outOfRange: .exact(0), sum: nil, sumSquares: nil),
            ])
    }

    static func histogram() throws -> ReleasedHistogram {
        ReleasedHistogram(
            variable: "diameter", resolution: try Resolution("0.01"), by: nil, edges: [0, 450, 800, 10_000],
            groups: [
                ReleasedHistogram.Group(
                    level: nil, n: .exact(50), lower: [0, 0, 20, 50], upper: [0, 20, 20, 50], missing: .exact(0),
                    malformed: .protected, outOfRange: .exact(11))
            ])
    }

    static var table: ReleasedTable {
        ReleasedTable(
            axes: [
                TableAxis(variable: "manufacturer", levels: ["GE", "missing"]),
                TableAxis(variable: "malignant", levels: ["0", "1", "missing"]),
            ], cells: [.exact(20), .exact(31), .protected, .exact(0), .exact(0), .exact(0)])
    }

    static var tableWithMargins: ReleasedTable {
        ReleasedTable(
            axes: [
                TableAxis(variable: "contrast", levels: ["yes", "no", "missing"]),
                TableAxis(variable: "malignant", levels: ["0", "1"]),
            ], cells: [.exact(20), .protected, .exact(31), .protected, .exact(0), .exact(0)],
            margins: [
                ReleasedTable.Margin(axes: [], cells: [.exact(71)]),
                ReleasedTable.Margin(axes: ["contrast"], cells: [.protected, .protected, .exact(0)]),
                ReleasedTable.Margin(axes: ["malignant"], cells: [.exact(51), .exact(20)]),
            ])
    }

    static func confusion(classLabel: String? = nil) throws -> ReleasedConfusion {
        let sums = try Confusion(
            operatingPoint: "pre-specified", threshold: 500_000, scores: [900_000, 100_000, 700_000, 600_000, 200_000],
            reference: [1, 1, 1, 0, 0], patients: [0, 0, 1, 1, 2], selection: [0, 1, 2, 3, 4],
            resolution: Resolution("0.000001"))
        return ReleasedConfusion(
            operatingPoint: "pre-specified", threshold: "0.5", tp: .exact(2), fp: .exact(1), fn: .exact(1),
            tn: .exact(1), positives: ClusterTotals(sums.positives), negatives: nil, classLabel: classLabel)
    }

    static func scoreSteps() throws -> ReleasedScoreSteps {
        ReleasedScoreSteps(
            resolution: try Resolution("0.000001"), edges: [0, 2473, 500_000, 1_000_000],
            positives: ReleasedScoreSteps.Class(n: .exact(30), lower: [0, 0, 10, 30], upper: [0, 10, 10, 30]),
            negatives: ReleasedScoreSteps.Class(n: .protected, lower: [], upper: []))
    }

    static func roc() throws -> ROCSummary {
        let sample = try RankSample(
            scores: [900_000, 100_000, 700_000, 600_000, 200_000], reference: [1, 1, 1, 0, 0],
            patients: [0, 0, 1, 1, 2], selection: [0, 1, 2, 3, 4], resolution: Resolution("0.000001"))
        return try #require(ROCSummary(sample.statistics().get(), method: .obuchowski))
    }
}

extension Examples {
    /// Seven cases of five patients.
    private static let patients: [Int32] = [0, 0, 1, 1, 2, 3, 4]
    private static let reference: [Int64] = [1, 1, 1, 0, 0, 0, 1]
    private static let scores: [Int64] = [900_000, 100_000, 700_000, 600_000, 200_000, 0, 650_000]
    private static let others: [Int64] = [800_000, 600_000, 700_000, 100_000, 300_000, 650_000, 400_000]

    static func coMoments(withholdingSums: Bool = false) throws -> ReleasedCoMoments {
        let raw = try CoMoments(
            variables: [
                CoMoments.Variable(variable: "diameter", resolution: Resolution("0.01")),
                CoMoments.Variable(variable: "volume", resolution: Resolution("0.001")),
            ],
            columns: [
                [412, 630, 1250, 800, 2211, Coded.missing, 500],
                [40_000, 90_000_001, 700_000_000, 300_000, 9_000_000, 5, Coded.malformed],
            ], patients: patients, selection: [0, 1, 2, 3, 4, 5, 6])
        return ReleasedCoMoments(raw, withholdingSums: withholdingSums)
    }

    static func pairedConfusion() throws -> ReleasedPairedConfusion {
        let micro = try Resolution("0.000001")
        let raw = try JointConfusion(
            first: JointConfusion.Call(operatingPoint: "a@0.5", threshold: 500_000, resolution: micro),
            firstScores: scores,
            second: JointConfusion.Call(operatingPoint: "b@0.35", threshold: 350_000, resolution: micro),
            secondScores: others, reference: reference, patients: patients, selection: [0, 1, 2, 3, 4, 5, 6])
        guard case .pairedConfusion(let whole) = released(.pairedConfusion(raw)) else { throw Undefined.badArgument }
        let negatives = whole.negatives
        return ReleasedPairedConfusion(
            first: whole.first, second: whole.second, positives: whole.positives,
            negatives: ReleasedPairedConfusion.Class(
                both: negatives.both, firstOnly: negatives.firstOnly, secondOnly: negatives.secondOnly,
                neither: negatives.neither, clusters: nil))
    }

    static func calibration() throws -> ReleasedCalibration {
        let raw = try CalibrationSample(
            edges: [0, 250_000, 500_000, 650_000, 1_000_000], scores: scores, reference: reference, patients: patients,
            selection: [0, 1, 2, 3, 4, 5, 6], resolution: Resolution("0.000001"))
        // A fit with numbers that do not depend on the last digit of an iteration.
        let encoded = try JSONEncoder().encode(ReleasedCalibration(raw, cuts: [0, 1, 4]))
        var object = try #require(JSONSerialization.jsonObject(with: encoded) as? [String: Any])
        let covariance = ["interceptVariance": 0.75, "slopeVariance": 0.25, "covariance": -0.125]
        object["recalibration"] =
            ["intercept": 0.5, "slope": 1.25, "independent": covariance, "clustered": covariance] as [String: Any]
        return try JSONDecoder().decode(
            ReleasedCalibration.self, from: JSONSerialization.data(withJSONObject: object))
    }

    static func pairedROC() throws -> PairedROCSummary {
        let micro = try Resolution("0.000001")
        let raw = try PairedRankSample(
            first: PairedRankSample.Model(model: "a", resolution: micro), firstScores: scores,
            second: PairedRankSample.Model(model: "b", resolution: micro), secondScores: others, reference: reference,
            patients: patients, selection: [0, 1, 2, 3, 4, 5, 6])
        return try #require(PairedROCSummary(raw, method: .obuchowski))
    }

    static func scoreSums(withholdingClusters: Bool = false) throws -> ReleasedScoreSums {
        let raw = try ScoreSums(
            score: "dice", definition: "voxel-overlap",
            column: [
                920_000, 880_000, 750_000, ScoreSums.code(reason: 0), 990_000, ScoreSums.code(reason: 1), 610_000,
            ],
            edges: [0, 500_000, 800_000, 1_000_000],
            reasons: [
                ScoreSums.Reason(code: "empty-prediction", rule: .counted(as: 0)),
                ScoreSums.Reason(code: "both-empty", rule: .excluded),
            ], patients: patients, selection: [0, 1, 2, 3, 4, 5, 6], resolution: Resolution("0.000001"))
        return ReleasedScoreSums(
            raw, bounds: (lower: [0, 1, 1, 6], upper: [0, 1, 6, 6]), withholdingClusters: withholdingClusters)
    }
}

@Suite("Released forms as JSON")
struct ReleasedFormTests {
    private func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    private func decode<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    @Test("are the golden files, and read back equal")
    func golden() throws {
        for (file, answer) in try Examples.answers() {
            let text = try encode(answer)
            if ProcessInfo.processInfo.environment["CONCORDAT_WRITE_VECTORS"] != nil {
                let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/Golden")
                try text.write(to: folder.appending(path: file), atomically: true, encoding: .utf8)
            }
            #expect(text == (try vectorText("Golden/\(file)")), "\(file)")
            #expect(try decode(text) == answer, "\(file)")
        }
    }

    @Test(
        "are refused when a number, a bound or a total contradicts another",
        arguments: [
            ("flow.json", #""patients" : 160"#, #""patients" : 301"#),
            ("flow.json", #""cases" : 272"#, #""cases" : -1"#),
            ("flow.json", #""cases" : 272"#, #""cases" : 2147483648"#),
            ("flow.json", #""cases" : 272"#, #""cases" : 2.5"#),
            ("flow.json", #""missing-reference""#, #""analysed""#),
            ("flow.json", #""cell-protected""#, #""not-shown""#),
            ("moments.json", "123456789012345678901", "1"),
            ("moments.json", "123456789012345678901", "0123456789012345678901"),
            ("moments.json", "123456789012345678901", "170141183460469231731687303715884105727"),
            ("moments.json", #""sum" : 40123"#, #""sum" : "40123""#),
            ("moments.json", #""sum" : 40123"#, #""sum" : 9007199254740993"#),
            ("moments.json", #""0.01""#, #""0""#),
            ("histogram.json", #""4.5""#, #""4.50""#),
            ("histogram.json", #""4.5""#, #""4.505""#),
            ("histogram.json", #""8""#, #""4""#),
            ("histogram.json", #""n" : 50"#, #""n" : 51"#),
            ("table.json", #""GE""#, #""missing""#),
            ("table.json", "31,", ""),
            ("table-with-margins.json", "51,", "52,"),
            ("table-with-margins.json", "71", "50"),
            ("table-with-margins.json", #""contrast""#, #""texture""#),
            ("table-with-margins.json", "20,", "19,"),
            ("confusion.json", #""m2" : 5"#, #""m2" : 10"#),
            ("confusion.json", #""m2" : 5"#, #""m2" : 4"#),
            ("confusion.json", #""h2" : 2"#, #""h2" : -2"#),
            ("confusion.json", #""tp" : 2"#, #""tp" : 3"#),
            ("score-steps.json", #""1""#, #""2""#),
            ("roc.json", #""twiceU" : 8"#, #""twiceU" : 13"#),
            ("roc.json", #""twiceU" : 8"#, #""twiceU" : -1"#),
            ("roc.json", #""patients" : 3"#, #""patients" : 5"#),
            ("roc.json", #""positives" : 3"#, #""positives" : 9223372036854775807"#),
            ("roc.json", #""obuchowski""#, #""bootstrap""#),
            ("co-moments.json", "\"498181091780000001\"", "498181091780001"),
            ("co-moments.json", "951855480630", "9518554806300"),
            ("co-moments.json", "7657665,", ""),
            ("co-moments.json", #""volume""#, #""diameter""#),
            ("co-moments.json", #""patients" : 3"#, #""patients" : 6"#),
            ("paired-confusion.json", #""ab" : 4"#, #""ab" : 5"#),
            ("paired-confusion.json", #""b2" : 6"#, #""b2" : 7"#),
            ("paired-confusion.json", #""secondOnly" : 1"#, #""secondOnly" : -1"#),
            ("paired-confusion.json", #""both" : 3"#, #""both" : 9"#),
            ("calibration.json", #""patients" : 5"#, #""patients" : 8"#),
            ("calibration.json", #""0.65""#, #""0.45""#),
            ("calibration.json", "3150000", "3000000"),
            ("calibration.json", #""logLoss" : 4766204512705"#, #""logLoss" : -1"#),
            ("calibration.json", #""squaredErrors" : 1432500000000"#, #""squaredErrors" : 7000000000001"#),
            ("calibration.json", #""covariance" : -0.125"#, #""covariance" : -0.5"#),
            ("paired-roc.json", #""firstTwiceU" : 20"#, #""firstTwiceU" : 25"#),
            ("paired-roc.json", #""patients" : 5"#, #""patients" : 7"#),
            ("paired-roc.json", #""positives" : 4"#, #""positives" : 9223372036854775807"#),
            ("score-sums.json", #""m2" : 10"#, #""m2" : 5"#),
            ("score-sums.json", #""sum" : 4150000"#, #""sum" : 5150000"#),
            ("score-sums.json", #""both-empty""#, #""empty-prediction""#),
            ("score-sums.json", #""n" : 6"#, #""n" : 5"#),
            ("score-sums.json", #""countedAs" : "0""#, #""countedAs" : "0.0""#),
            ("failed.json", #""model-failed""#, #""Model failed""#),
            ("failed.json", #""failed""#, #""excused""#),
        ])
    func refused(file: String, part: String, replacement: String) throws {
        let text = try vectorText("Golden/\(file)")
        try #require(text.contains(part))
        let first = try #require(text.range(of: part))
        let changed = text.replacingCharacters(in: first, with: replacement)
        #expect(throws: (any Error).self) { try decode(changed, as: Answer.self) }
    }

    @Test("integers beyond 2^53 are strings, and only those")
    func wideIntegers() throws {
        for (value, text) in [
            (0, "0"), (-5, "-5"), (1 << 53, "9007199254740992"), ((1 << 53) + 1, "\"9007199254740993\""),
            (-(1 << 53) - 1, "\"-9007199254740993\""), (Int128.min, "\"-170141183460469231731687303715884105728\""),
        ] as [(Int128, String)] {
            let encoded = try #require(String(bytes: JSONEncoder().encode([WideInteger(value)]), encoding: .utf8))
            #expect(encoded == "[\(text)]")
            #expect(try decode(encoded, as: [WideInteger].self) == [WideInteger(value)])
        }
        for text in ["\"1\"", "9007199254740993", "\"+9007199254740993\"", "\"x\"", "1.5", "null"] {
            #expect(throws: (any Error).self) { try decode("[\(text)]", as: [WideInteger].self) }
        }
    }

    @Test("an inference without a value is null beside its reason")
    func undefined() throws {
        let encoded = try encode(Wilson.interval(successes: 0, trials: 0, level: 0.95))
        #expect(encoded == "{\n  \"undefined\" : \"no-cases\",\n  \"value\" : null\n}\n")
        let decoded: Inferred<Interval> = try decode(encoded)
        #expect(decoded == .undefined(.noCases))
        let value = Wilson.interval(successes: 3, trials: 10, level: 0.95)
        #expect(try decode(encode(value)) == value)
    }
}

@Suite("Pooling released forms")
struct PoolingTests {
    @Test("a withheld part makes the sum absent and marks it as partial")
    func partial() throws {
        let moments = try Examples.moments()
        let pooled = try Pooled.sum([.moments(moments), nil, .moments(moments)])
        #expect(pooled.value == nil)
        #expect(pooled.isPartial)
        #expect(pooled.contributing == 2 && pooled.of == 3)
        let counts = Pooled.sum([.exact(3), .protected, .exact(4)])
        #expect(counts.value == nil)
        #expect(counts.contributing == 2 && counts.of == 3)
        #expect(Pooled.sum([.exact(3), .exact(4)]).value == 7)
    }

    @Test("a withheld number stays withheld, never zero, whatever it is added to")
    func withheldNumbers() throws {
        let withheld = try Examples.moments(withheld: true)
        let merged = try Examples.moments().merged(with: withheld)
        #expect(merged.groups[0].sum == nil)
        #expect(merged.groups[0].n == .exact(80))
        #expect(merged.groups[1].missing == .protected)
        let coMoments = try Examples.coMoments().merged(with: Examples.coMoments(withholdingSums: true))
        #expect(coMoments.sums == nil && coMoments.products == nil)
        #expect(coMoments.n == .exact(10))
        let pair = try Examples.pairedConfusion().merged(with: Examples.pairedConfusion())
        #expect(pair.negatives.clusters == nil)
        #expect(pair.positives.clusters?.m2.value == 12)
        let scores = try Examples.scoreSums().merged(with: Examples.scoreSums(withholdingClusters: true))
        #expect(scores.clusters == nil)
        #expect(scores.sum?.value == 8_300_000)
        #expect(scores.undefined.map(\.cases) == [.exact(2), .exact(2)])
        let table = try Examples.table.merged(with: Examples.table)
        #expect(table.cells == [.exact(40), .exact(62), .protected, .exact(0), .exact(0), .exact(0)])
        #expect(table.margins.isEmpty)
        let confusion = try Examples.confusion().merged(with: Examples.confusion())
        #expect(confusion.negatives == nil)
        #expect(confusion.positives?.m2.value == 10)
        let steps = try Examples.scoreSteps().merged(with: Examples.scoreSteps())
        #expect(steps.negatives.n == .protected)
        #expect(steps.negatives.lower.isEmpty)
    }

    @Test("margins add up with those that follow from another site's cells")
    func margins() throws {
        let partly = Examples.tableWithMargins
        let whole = ReleasedTable(axes: partly.axes, cells: (1...6).map { .exact($0) })
        for merged in [try partly.merged(with: whole), try whole.merged(with: partly)] {
            #expect(merged.cells == [.exact(21), .protected, .exact(34), .protected, .exact(5), .exact(6)])
            #expect(merged.margin(on: []) == [.exact(92)])
            #expect(merged.margin(on: [0]) == [.protected, .protected, .exact(11)])
            #expect(merged.margin(on: [1]) == [.exact(60), .exact(32)])
            let decoded: ReleasedTable = try JSONDecoder().decode(
                ReleasedTable.self, from: JSONEncoder().encode(merged))
            #expect(decoded == merged)
        }
        // A release from before there were margins says nothing of them.
        let old = ReleasedTable(axes: partly.axes, cells: partly.cells)
        #expect(old.margin(on: [1]) == [.exact(51), .protected])
        #expect(try old.merged(with: partly).margin(on: []) == [.protected])
        #expect(whole.margin(on: [1]) == [.exact(9), .exact(12)])
    }

    @Test("bounds of sites that merged different bins add up edge by edge")
    func bounds() throws {
        let fine = ReleasedHistogram(
            variable: "diameter", resolution: try Resolution("0.01"), by: nil, edges: [0, 450, 800, 10_000],
            groups: [
                ReleasedHistogram.Group(
                    level: nil, n: .exact(60), lower: [0, 15, 15, 60], upper: [0, 15, 60, 60], missing: .exact(0),
                    malformed: .exact(0), outOfRange: .exact(0))
            ])
        let merged = try fine.merged(with: Examples.histogram())
        #expect(merged.groups[0].lower == [0, 15, 35, 110])
        #expect(merged.groups[0].upper == [0, 35, 80, 110])
        #expect(try fine.merged(with: Examples.histogram()) == Examples.histogram().merged(with: fine))
    }

    @Test("what differs in kind or shape, and a ROC summary, does not add up")
    func refused() throws {
        let roc = ReleasedAggregate.roc(try Examples.roc())
        #expect(throws: StatisticsError(.notPoolable, "")) { try roc.merged(with: roc) }
        let pair = ReleasedAggregate.pairedROC(try Examples.pairedROC())
        #expect(throws: StatisticsError(.notPoolable, "")) { try pair.merged(with: pair) }
        let aggregates = try Examples.answers().compactMap(\.answer.aggregate)
        for (row, left) in aggregates.enumerated() {
            for (column, right) in aggregates.enumerated() where row != column {
                #expect(throws: StatisticsError(.shapeMismatch, "")) { try left.merged(with: right) }
            }
        }
    }

    @Test("counts the numbers that leave, after merging of bins")
    func numberCount() throws {
        #expect(
            try Examples.answers().compactMap(\.answer.aggregate?.numberCount)
                == [10, 21, 5, 6, 12, 3, 7, 12, 10, 22, 17, 11, 12, 12, 6])
    }
}

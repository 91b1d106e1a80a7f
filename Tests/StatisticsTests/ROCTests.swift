@_spi(ReleaseGate) import Statistics
import Testing

@Suite("Area under the ROC curve")
struct ROCTests {
    private let micro = Result { try Resolution("0.000001") }

    private func sample(_ scores: [Int64], _ labels: [Int64], patients: [Int32]? = nil) throws -> RankSample {
        try RankSample(
            scores: scores, reference: labels, patients: patients ?? scores.indices.map(Int32.init),
            selection: scores.indices.map(Int32.init), resolution: micro.get())
    }

    @Test("area, DeLong variance and intervals agree with pROC on aSAH", arguments: ["s100b", "ndka", "wfns"])
    func asah(marker: String) throws {
        let file = try referenceFile("classification/roc_asah.json")
        let labels = try #require(file.inputs?["outcome"]?.numbers).map(Int64.init)
        // Any increasing map keeps the ranks: hundredths of a million-step probability.
        let scores = try #require(file.inputs?[marker]?.numbers).map { Int64(($0 * 100).rounded()) }
        let statistics = try sample(scores, labels).statistics().get()
        var checked = 0
        for record in file.expected where record.params["marker"].text == marker {
            switch (record.name, record.params["method"].text) {
            case ("auc", nil):
                #expect(agree(statistics.area, try #require(record.value.number)))
            case ("auc_variance", "delong"):
                #expect(agree(statistics.deLongVariance, try #require(record.value.number)))
            case ("auc_ci95", let method?), ("auc_ci", let method?):
                let summary = try #require(ROCSummary(statistics, method: .delong))
                let interval = try AUROCInference.interval(
                    summary, method: method == "delong-logit" ? .waldLogit : .wald,
                    level: record.params["conf"].number ?? .nan
                ).get()
                #expect(agree(interval.lower, try #require(record.value["low"].number)))
                #expect(agree(interval.upper, try #require(record.value["high"].number)))
            default: continue
            }
            checked += 1
        }
        #expect(checked == 5)
        // One case a patient: the clustered variance is DeLong's.
        #expect(agree(statistics.obuchowskiVariance, try #require(statistics.deLongVariance), relative: 1e-15))
    }

    @Test("edge cases agree with pROC")
    func edges() throws {
        let file = try referenceFile("classification/roc_edge.json")
        var checked = 0
        for record in file.records("auc_var_ci") {
            guard let name = record.params["case"].text, let input = file.inputs?[name],
                let labels = input["y"].numbers, let scores = input["score"].numbers, scores.count == labels.count,
                let area = record.value["auc"].number
            else { continue }
            let statistics = try sample(scores.map { Int64($0 * 10) }, labels.map(Int64.init)).statistics().get()
            #expect(agree(statistics.area, area))
            if let variance = record.value["variance"].number {
                #expect(agree(statistics.deLongVariance, variance))
            } else {
                #expect(statistics.deLongVariance == nil)
            }
            checked += 1
        }
        #expect(checked == 5)
    }

    private struct Clustered: Decodable {
        struct Case: Decodable {
            struct Expected: Decodable {
                let positives, negatives, positivePatients, negativePatients, patients, twiceU: Int
                let obuchowski, delong: Double
            }
            let patients: [Int32]
            let scores, labels: [Int64]
            let expected: Expected
        }
        let roc: [Case]
    }

    @Test("Obuchowski's variance agrees with exact fractions of the published formula")
    func clustered() throws {
        let cases = try vectorFile("clustered.json", as: Clustered.self).roc
        #expect(cases.count == 5)
        for item in cases {
            let statistics = try sample(item.scores, item.labels, patients: item.patients).statistics().get()
            #expect(statistics.positives == item.expected.positives)
            #expect(statistics.negatives == item.expected.negatives)
            #expect(statistics.positivePatients == item.expected.positivePatients)
            #expect(statistics.negativePatients == item.expected.negativePatients)
            #expect(statistics.patients == item.expected.patients)
            #expect(statistics.twiceU == Int128(item.expected.twiceU))
            #expect(agree(statistics.obuchowskiVariance, item.expected.obuchowski, relative: 1e-14))
            #expect(agree(statistics.deLongVariance, item.expected.delong, relative: 1e-14))
        }
        // The clusters matter in these samples.
        #expect(cases.contains { $0.expected.obuchowski > 1.1 * $0.expected.delong })
    }

    @Test("without both classes, or with one patient of a class, there is no value")
    func undefined() throws {
        #expect(try sample([], []).statistics() == .undefined(.noCases))
        #expect(try sample([1, 2], [1, 1]).statistics() == .undefined(.singleClass))
        let onePatient = try sample([1, 2, 3], [1, 1, 0], patients: [0, 0, 1]).statistics().get()
        #expect(onePatient.obuchowskiVariance == nil)
        #expect(ROCSummary(onePatient, method: .obuchowski) == nil)
        #expect(
            AUROCInference.interval(area: 1, variance: 0.1, method: .waldLogit, level: 0.95)
                == .undefined(.onBoundary))
        #expect(
            AUROCInference.interval(area: 0.5, variance: 0, method: .wald, level: 0.95) == .undefined(.noVariance))
        #expect(
            AUROCInference.interval(area: 0.5, variance: 0.1, method: .wald, level: 1) == .undefined(.badArgument))
    }

    @Test("the largest tie counts all cases of a score")
    func ties() throws {
        #expect(try sample([3, 3, 1, 3, 2, 2], [0, 1, 0, 1, 1, 0], patients: [0, 0, 0, 1, 2, 3]).largestTie == 3)
        #expect(try sample([], []).largestTie == 0)
    }

    @Test("the worst case scores a failed positive 0 and a failed negative 1")
    func worstCase() throws {
        let worst = try RankSample(
            scores: [Coded.missing, 600_000, Coded.missing, 400_000], reference: [1, 1, 0, 0], failed: .worstCase,
            patients: [0, 1, 2, 3], selection: [0, 1, 2, 3], resolution: micro.get())
        #expect(
            try worst.statistics().get() == sample([0, 600_000, 1_000_000, 400_000], [1, 1, 0, 0]).statistics().get())
    }
}

import Statistics
import Testing

@Suite("ROC analysis of local cases")
struct ROCAnalysisTests {
    @Test("area, DeLong's variance and average precision are those of their definitions", arguments: 0..<36)
    func definitions(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let count = [7, 40, 173][seed % 3]
        let random = RandomCases(
            count, kind: seed % RandomCases.kinds, prevalence: [0.1, 0.5, 0.9][seed / 3 % 3], using: &generator)
        let slow = SlowROC(random.scores, random.labels)
        let analysis = ROCAnalysis(try BinaryCases(scores: random.scores, labels: random.labels))
        let statistics = try analysis.statistics.get()
        #expect(agree(statistics.area, slow.area, relative: 1e-14))
        #expect(agree(try analysis.averagePrecision.get(), slow.averagePrecision, relative: 1e-14))
        #expect(statistics.positives == slow.positives.count)
        if statistics.positives > 1, statistics.negatives > 1 {
            #expect(agree(statistics.deLongVariance, SlowROC.deLong(slow, slow), relative: 1e-12, absolute: 1e-18))
        } else {
            #expect(statistics.deLongVariance == nil)
        }
        #expect(statistics.obuchowskiVariance == statistics.deLongVariance)
        #expect(PrecisionRecall.averagePrecision(analysis.curve()) == analysis.averagePrecision)
    }

    @Test("order and threads do not show in any bit", arguments: 0..<RandomCases.kinds, [1, 2])
    func orderAndThreads(kind: Int, threads: Int) throws {
        var generator = SeededGenerator(seed: UInt64(kind))
        let random = RandomCases(135_000, kind: kind, prevalence: 0.3, using: &generator)
        let plain = ROCAnalysis(try BinaryCases(scores: random.scores, labels: random.labels))
        let order = random.scores.indices.shuffled(using: &generator)
        let shuffled = try BinaryCases(
            scores: order.map { random.scores[$0] }, labels: order.map { random.labels[$0] },
            patients: order.map { random.patients[$0] })
        let clustered = ROCAnalysis(shuffled, threads: threads)
        let again = ROCAnalysis(
            try BinaryCases(scores: random.scores, labels: random.labels, patients: random.patients))
        #expect(clustered.statistics == again.statistics)
        #expect(clustered.averagePrecision == plain.averagePrecision)
        #expect(clustered.curve() == plain.curve())
        let unclustered = ROCAnalysis(
            try BinaryCases(scores: shuffled.scores, labels: shuffled.labels), threads: threads)
        #expect(unclustered.statistics == plain.statistics)
        #expect(unclustered.averagePrecision == plain.averagePrecision)
        // The curve is that of a plain sort.
        let sorted = Set(random.scores.map { $0 + 0 }).sorted(by: >)
        #expect(plain.curve().points.dropFirst().map(\.threshold) == sorted)
    }

    @Test("a rank sample of the same scores gives the same bits", arguments: 0..<6)
    func rankSample(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed) + 70)
        let random = RandomCases(5000, kind: 1, prevalence: 0.2, using: &generator)
        let patients = seed % 2 == 0 ? random.patients : random.scores.indices.map(Int32.init)
        let sample = try RankSample(
            scores: random.scores.map { Int64($0 * 8) }, reference: random.labels.map(Int64.init), patients: patients,
            selection: patients.indices.map(Int32.init), resolution: Resolution("0.01"))
        let cases = try BinaryCases(scores: random.scores, labels: random.labels, patients: patients)
        #expect(sample.statistics() == ROCAnalysis(cases).statistics)
    }

    @Test("a score that ranks backwards stays below one half")
    func neverFlipped() throws {
        let cases = try BinaryCases(scores: [0.9, 0.8, 0.7, 0.3, 0.2, 0.1], labels: [0, 0, 0, 1, 1, 1])
        let statistics = try ROCAnalysis(cases).statistics.get()
        #expect(statistics.area == 0)
        #expect(statistics.deLongVariance == 0)
        let almost = try BinaryCases(scores: [0.9, 0.8, 0.1, 0.3], labels: [0, 0, 0, 1])
        #expect(try ROCAnalysis(almost).statistics.get().area == 1.0 / 3)
    }

    @Test("infinite scores are ranked, and the two zeros are one score")
    func extremes() throws {
        let infinite = try BinaryCases(scores: [-.infinity, 0, 1, .infinity], labels: [0, 0, 1, 1])
        #expect(try ROCAnalysis(infinite).statistics.get().area == 1)
        let zeros = try BinaryCases(scores: [0, -0.0, -0.0, 0], labels: [0, 1, 0, 1])
        #expect(try ROCAnalysis(zeros).statistics.get().area == 0.5)
        #expect(ROCAnalysis(zeros).curve().count == 2)
        let smallest = Double.leastNonzeroMagnitude
        let tiny = try BinaryCases(scores: [-smallest, 0, smallest, .greatestFiniteMagnitude], labels: [0, 0, 1, 1])
        #expect(try ROCAnalysis(tiny).statistics.get().area == 1)
    }

    @Test("without cases, or of one class, there is no area")
    func undefined() throws {
        let none = ROCAnalysis(try BinaryCases(scores: [], labels: []))
        #expect(none.statistics == .undefined(.noCases))
        #expect(none.averagePrecision == .undefined(.noCases))
        #expect(none.curve().count == 1)
        let noPositives = ROCAnalysis(try BinaryCases(scores: [0.2, 0.6], labels: [0, 0], patients: [0, 0]))
        #expect(noPositives.statistics == .undefined(.singleClass))
        #expect(noPositives.averagePrecision == .undefined(.singleClass))
        let noNegatives = ROCAnalysis(try BinaryCases(scores: [0.2, 0.6], labels: [1, 1]))
        #expect(noNegatives.statistics == .undefined(.singleClass))
        #expect(noNegatives.averagePrecision == .value(1))
        #expect(noNegatives.curve().youdenBest().undefined == .singleClass)
        #expect(noNegatives.curve().partialArea(specificity: 0.9...1) == .undefined(.singleClass))
    }

    @Test("one positive has an area but no variance; all tied has one half with none")
    func degenerate() throws {
        let one = try ROCAnalysis(BinaryCases(scores: [1, 2, 3, 4, 3.5], labels: [0, 0, 0, 0, 1])).statistics.get()
        #expect(one.area == 0.75)
        #expect(one.deLongVariance == nil)
        let tied = try ROCAnalysis(BinaryCases(scores: [5, 5, 5, 5], labels: [0, 0, 1, 1])).statistics.get()
        #expect(tied.area == 0.5)
        #expect(tied.deLongVariance == 0)
    }

    @Test("Hanley and McNeil's variance is that of their formula")
    func hanleyMcNeil() throws {
        let area = 0.893
        let (q1, q2) = (area / (2 - area), 2 * area * area / (1 + area))
        let expected =
            (area * (1 - area) + 50 * (q1 - area * area) + 57 * (q2 - area * area)) / (51 * 58)
        let variance = try HanleyMcNeil.variance(area: area, positives: 51, negatives: 58).get()
        #expect(agree(variance, expected, relative: 1e-12))
        // Their example: a standard error of about 0.032.
        #expect(abs(variance.squareRoot() - 0.032) < 0.001)
        #expect(HanleyMcNeil.variance(area: 0.5, positives: 0, negatives: 3) == .undefined(.singleClass))
        #expect(HanleyMcNeil.variance(area: 1.5, positives: 2, negatives: 3) == .undefined(.badArgument))
    }

    @Test("every metric of the family is explained once")
    func definitionNames() {
        let definitions = ROCAnalysis.definitions + PrecisionRecall.definitions
        let names = definitions.map { "\($0.name) \($0.definition ?? "")" }
        #expect(Set(names).count == names.count)
        for name in [
            "auroc", "auroc_variance", "auprc", "partial_auc", "sensitivity_at_specificity",
            "specificity_at_sensitivity", "youden_best", "auroc_difference",
        ] {
            #expect(definitions.contains { $0.name == name })
        }
    }
}

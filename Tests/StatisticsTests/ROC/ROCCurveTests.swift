import Statistics
import Testing

@Suite("Points and parts of the ROC curve")
struct ROCCurveTests {
    private func curve(_ scores: [Double], _ labels: [UInt8]) throws -> ROCCurve {
        ROCAnalysis(try BinaryCases(scores: scores, labels: labels)).curve()
    }

    @Test("points collapse ties and start where nothing is called positive")
    func points() throws {
        let curve = try curve([3, 1, 3, 2, 1], [1, 0, 0, 1, 0])
        #expect(curve.points.map(\.threshold) == [nil, 3, 2, 1])
        #expect(curve.points.map(\.truePositives) == [0, 1, 2, 2])
        #expect(curve.points.map(\.falsePositives) == [0, 1, 1, 3])
        #expect(curve.sensitivity(curve[1]) == .value(0.5))
        #expect(curve.specificity(curve[1]) == .value(2.0 / 3))
    }

    @Test("every point with the highest Youden index is listed")
    func youden() throws {
        let curve = try curve([5, 4, 3, 2, 1, 0], [1, 0, 1, 0, 1, 0])
        let best = try curve.youdenBest().get()
        #expect(agree(best.index, 1.0 / 3))
        #expect(best.points.map(\.threshold) == [5, 3, 1])
        // Below the diagonal nothing beats calling nothing or everything positive.
        let backwards = try self.curve([1, 2, 3, 4], [1, 1, 0, 0])
        #expect(try backwards.youdenBest().get().index == 0)
        #expect(try backwards.youdenBest().get().points.map(\.threshold) == [nil, 1])
    }

    @Test("a demand that a threshold meets exactly is met, and others are read as named")
    func operatingPoints() throws {
        // Specificities 1, 1, 0.9, 0.9, 0.6, 0 at sensitivities 0, 0.25, 0.25, 0.5, 0.75, 1.
        let scores: [Double] = [9, 8, 7, 6, 6, 6, 6, 1, 1, 1, 1, 1, 1, 1]
        let labels: [UInt8] = [1, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        let curve = try curve(scores, labels)
        #expect(curve.sensitivity(atSpecificity: 0.9, reading: .step) == .value(0.5))
        #expect(curve.sensitivity(atSpecificity: 0.9, reading: .linear) == .value(0.5))
        #expect(curve.sensitivity(atSpecificity: 0.75, reading: .step) == .value(0.5))
        #expect(agree(curve.sensitivity(atSpecificity: 0.75, reading: .linear).value, 0.625))
        #expect(curve.sensitivity(atSpecificity: 0, reading: .step) == .value(1))
        #expect(curve.sensitivity(atSpecificity: 1, reading: .linear) == .value(0.25))
        #expect(curve.specificity(atSensitivity: 0.5, reading: .step) == .value(0.9))
        #expect(curve.specificity(atSensitivity: 0.6, reading: .step) == .value(0.6))
        #expect(agree(curve.specificity(atSensitivity: 0.6, reading: .linear).value, 0.78))
        #expect(curve.specificity(atSensitivity: 0, reading: .linear) == .value(1))
        #expect(curve.specificity(atSensitivity: 1, reading: .linear) == .value(0))
        #expect(curve.sensitivity(atSpecificity: 1.1, reading: .step) == .undefined(.badArgument))
        #expect(curve.specificity(atSensitivity: -0.1, reading: .step) == .undefined(.badArgument))
    }

    @Test("whole ranges give the whole area, and parts add up", arguments: 0..<12)
    func partialAreas(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let random = RandomCases(300, kind: seed % 2, prevalence: 0.3, using: &generator)
        let analysis = ROCAnalysis(try BinaryCases(scores: random.scores, labels: random.labels))
        let (curve, area) = (analysis.curve(), try analysis.statistics.get().area)
        let whole = try curve.partialArea(specificity: 0...1).get()
        #expect(agree(whole.raw, area, relative: 1e-14))
        #expect(agree(whole.mcclish, area, relative: 1e-14))
        #expect(agree(try curve.partialArea(sensitivity: 0...1).get().raw, area, relative: 1e-14))
        let cut = Double.random(in: 0.1..<0.9, using: &generator)
        let low = try curve.partialArea(specificity: 0...cut).get().raw
        let high = try curve.partialArea(specificity: cut...1).get().raw
        #expect(agree(low + high, area, relative: 1e-14))
        #expect(agree(try curve.partialArea(falsePositiveRateUpTo: 1 - cut).get().raw, high, relative: 1e-13))
        #expect(curve.partialArea(specificity: cut...cut) == .undefined(.badArgument))
        #expect(curve.partialArea(falsePositiveRateUpTo: 0) == .undefined(.badArgument))
    }

    @Test("McClish's area is one half for chance and one for a perfect score")
    func mcclish() throws {
        let chance = try curve([1, 1, 1, 1], [0, 1, 0, 1])
        #expect(agree(try chance.partialArea(specificity: 0.8...0.9).get().mcclish, 0.5))
        #expect(agree(try chance.partialArea(sensitivity: 0.3...0.9).get().mcclish, 0.5))
        let perfect = try curve([1, 2, 3, 4], [0, 0, 1, 1])
        #expect(agree(try perfect.partialArea(specificity: 0.8...0.9).get().mcclish, 1))
        #expect(agree(try perfect.partialArea(falsePositiveRateUpTo: 0.1).get().mcclish, 1))
        let backwards = try curve([4, 3, 2, 1], [0, 0, 1, 1])
        #expect(try backwards.partialArea(falsePositiveRateUpTo: 0.1).get().mcclish < 0.5)
    }
}

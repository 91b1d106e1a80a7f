@_spi(ReleaseGate) import Statistics
import Testing

@Suite("Precision and recall")
struct PrecisionRecallTests {
    private func curve(_ scores: [Double], _ labels: [UInt8]) throws -> ROCCurve {
        ROCAnalysis(try BinaryCases(scores: scores, labels: labels)).curve()
    }

    @Test("tied scores share one threshold, in any order of the cases")
    func ties() throws {
        let (scores, labels): ([Double], [UInt8]) = ([0.5, 0.5, 0.5, 0.7, 0.2, 0.2], [0, 1, 0, 1, 1, 0])
        let expected = (1.0 + 0.5 + 0.5) / 3
        for order in [[0, 1, 2, 3, 4, 5], [1, 0, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0]] {
            let curve = try curve(order.map { scores[$0] }, order.map { labels[$0] })
            #expect(agree(try PrecisionRecall.averagePrecision(curve).get(), expected, relative: 1e-15))
        }
    }

    @Test("an uninformative score has the prevalence")
    func chance() throws {
        let curve = try curve([3, 3, 3, 3, 3], [0, 1, 0, 0, 0])
        #expect(PrecisionRecall.averagePrecision(curve) == .value(0.2))
        // The straight line from (0, 1) makes it look better.
        #expect(PrecisionRecall.trapezoid(curve) == .value(0.6))
    }

    @Test("precision at a recall is the best of the thresholds that reach it")
    func precisionAtRecall() throws {
        let curve = try curve([6, 5, 4, 3, 2, 1], [0, 1, 1, 0, 1, 0])
        #expect(PrecisionRecall.precision(curve, atRecall: 0.3) == .value(2.0 / 3))
        #expect(PrecisionRecall.precision(curve, atRecall: 1) == .value(0.6))
        #expect(PrecisionRecall.precision(curve, atRecall: 0) == .value(2.0 / 3))
        #expect(PrecisionRecall.precision(curve, atRecall: 1.1) == .undefined(.badArgument))
    }

    @Test("the logit interval is that of Boyd, Eng and Page")
    func interval() throws {
        // logit 0.8 = ln 4; half width 1.96 / sqrt(50 · 0.16).
        let interval = try PrecisionRecall.interval(averagePrecision: 0.8, positives: 50, level: 0.95).get()
        #expect(agree(interval.lower, 0.66673, relative: 1e-4))
        #expect(agree(interval.upper, 0.88890, relative: 1e-4))
        #expect(
            PrecisionRecall.interval(averagePrecision: 1, positives: 50, level: 0.95) == .undefined(.onBoundary))
        #expect(
            PrecisionRecall.interval(averagePrecision: 0.5, positives: 0, level: 0.95) == .undefined(.singleClass))
    }
}

@Suite("Performance from released score steps")
struct ScoreStepPerformanceTests {
    private static let edges: [Int64] = [0, 10, 25, 50, 90, 100]

    private func steps(_ units: [Int64], _ labels: [UInt8], slack: Int = 0) throws -> ReleasedScoreSteps {
        let part = { (label: UInt8) in
            let own = zip(units, labels).filter { $0.1 == label }.map(\.0)
            let below = Self.edges.map { edge in edge == 100 ? own.count : own.count { $0 < edge } }
            let inner = { (count: Int, index: Int) in index == 0 || index == Self.edges.count - 1 ? 0 : count }
            return ReleasedScoreSteps.Class(
                n: .exact(own.count),
                lower: below.enumerated().map { max(0, $1 - inner(slack, $0)) },
                upper: below.enumerated().map { min(own.count, $1 + inner(slack, $0)) })
        }
        return ReleasedScoreSteps(
            resolution: try Resolution("0.01"), edges: Self.edges, positives: part(1), negatives: part(0))
    }

    private func random(_ seed: Int) -> (units: [Int64], labels: [UInt8]) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var (units, labels): ([Int64], [UInt8]) = ([], [])
        for index in 0..<Int.random(in: 4...60, using: &generator) {
            let isPositive = index == 0 || (index > 1 && Bool.random(using: &generator))
            labels.append(isPositive ? 1 : 0)
            units.append(Int64.random(in: isPositive ? 20...100 : 0...85, using: &generator))
        }
        return (units, labels)
    }

    @Test("the truth lies within the bounds, whatever the release holds back", arguments: 0..<60)
    func truth(seed: Int) throws {
        let (units, labels) = random(seed)
        let slack = seed % 3
        let bounds = try ScoreStepPerformance.infer(steps(units, labels, slack: slack)).get()
        let cases = try BinaryCases(scores: units.map { Double($0) / 100 }, labels: labels)
        let analysis = ROCAnalysis(cases)
        let curve = analysis.curve()
        let tolerance = 1e-12
        let contains = { (range: ClosedRange<Double>, value: Double) in
            range.lowerBound - tolerance <= value && value <= range.upperBound + tolerance
        }
        #expect(contains(try bounds.averagePrecision().get(), try analysis.averagePrecision.get()))
        for range in [0.0...1, 0.9...1, 0.35...0.8] {
            let area = try curve.partialArea(specificity: range).get().raw
            #expect(contains(try bounds.partialArea(specificity: range).get(), area))
        }
        let (m, n) = (Double(curve.positives), Double(curve.negatives))
        for (edge, threshold) in Self.edges.enumerated().dropLast() {
            let called = units.indices.filter { units[$0] >= threshold }
            let right = Double(called.count { labels[$0] == 1 })
            let wrong = Double(called.count) - right
            let sensitivity = try bounds.sensitivity(atEdge: edge).get()
            let specificity = try bounds.specificity(atEdge: edge).get()
            #expect(contains(sensitivity, right / m))
            #expect(contains(specificity, 1 - wrong / n))
            if slack == 0 {
                #expect(sensitivity.lowerBound == sensitivity.upperBound)
                #expect(specificity.lowerBound == specificity.upperBound)
            }
            let odds = Double(threshold) / (100 - Double(threshold))
            #expect(contains(try bounds.netBenefit(atEdge: edge).get(), (right - wrong * odds) / (m + n)))
            if right + wrong > 0 {
                #expect(contains(try bounds.precision(atEdge: edge).get(), right / (right + wrong)))
            }
        }
    }

    @Test("with exact counts both bounds are reached by some cases", arguments: 0..<20)
    func reached(seed: Int) throws {
        let (units, labels) = random(seed)
        let bounds = try ScoreStepPerformance.infer(steps(units, labels)).get()
        // Within each step positives at its top in one score, negatives at its bottom; or apart and the other way round.
        var (best, worst): ([Double], [Double]) = ([], [])
        for (index, unit) in units.enumerated() {
            let step = Double(Self.edges.dropFirst().dropLast().count { unit >= $0 })
            let apart = Double(index) / 1000
            best.append(labels[index] == 1 ? step + 0.9 : step)
            worst.append(labels[index] == 1 ? step + 0.1 + apart : step + 0.9)
        }
        let high = ROCAnalysis(try BinaryCases(scores: best, labels: labels))
        let low = ROCAnalysis(try BinaryCases(scores: worst, labels: labels))
        let precision = try bounds.averagePrecision().get()
        #expect(agree(precision.upperBound, try high.averagePrecision.get(), relative: 1e-12))
        #expect(agree(precision.lowerBound, try low.averagePrecision.get(), relative: 1e-12))
        for range in [0.0...1, 0.8...1, 0.3...0.6] {
            let area = try bounds.partialArea(specificity: range).get()
            #expect(agree(area.upperBound, try high.curve().partialArea(specificity: range).get().raw, relative: 1e-12))
            #expect(
                agree(
                    area.lowerBound, try low.curve().partialArea(specificity: range).get().raw, relative: 1e-12,
                    absolute: 1e-14))
        }
    }

    @Test("withheld classes and edges that are none have no value")
    func undefined() throws {
        let withheld = ReleasedScoreSteps(
            resolution: try Resolution("0.01"), edges: Self.edges,
            positives: ReleasedScoreSteps.Class(n: .protected, lower: [], upper: []),
            negatives: try steps([1, 2], [0, 0]).negatives)
        #expect(ScoreStepPerformance.infer(withheld) == .undefined(.withheld))
        let bounds = try ScoreStepPerformance.infer(steps([1, 2], [0, 0])).get()
        #expect(bounds.sensitivity(atEdge: 0) == .undefined(.singleClass))
        #expect(bounds.specificity(atEdge: 9) == .undefined(.badArgument))
        #expect(bounds.averagePrecision() == .undefined(.singleClass))
        #expect(bounds.netBenefit(atEdge: Self.edges.count - 1) == .undefined(.zeroDenominator))
        #expect(bounds.precision(atEdge: Self.edges.count - 1) == .undefined(.zeroDenominator))
        #expect(bounds.partialArea(specificity: 0.5...1) == .undefined(.singleClass))
    }
}

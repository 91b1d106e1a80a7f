import Testing

@testable import Privacy

@Suite struct `Noisy counts` {
    private static let scales = ["0.2", "0.5", "1", "3", "12.5", "80"]

    @Test(arguments: NoiseMechanism.allCases, scales)
    func `an interval holds the true count as often as it says, and the next narrower does not`(
        _ mechanism: NoiseMechanism, _ text: String
    ) throws {
        let noise = try NoiseScale(mechanism, scale: Fraction(text))
        let scale = noise.scale
        let distribution: any NoiseDistribution =
            switch mechanism {
            case .gaussian: try DiscreteGaussian(sigmaSquared: scale.multiplied(by: scale))
            case .laplace: try DiscreteLaplace(scale: scale)
            }
        for confidence in [0.5, 0.8, 0.95, 0.99, 0.999_999] {
            let q = try noise.halfWidth(confidence: confidence)
            // The interval holds 40 for the draws from -q to q and no others, so that their probabilities are its chance.
            for (draw, isHeld) in [(-q - 1, false), (-q, true), (0, true), (q, true), (q + 1, false)] {
                let interval = try NoisyCount(value: 40 + draw, noise: noise).interval(confidence: confidence)
                #expect(interval.contains(40) == isHeld)
            }
            let covered = (-q...q).reduce(0) { $0 + distribution.probability($1) }
            #expect(covered >= confidence)
            let narrower = covered - 2 * distribution.probability(q)
            if q > 0 { #expect(narrower < confidence) }
        }
    }

    @Test func `the halves of known distributions are as tables have them`() throws {
        // The normal quantile 1.96 at σ = 1000, and 20 · ln 20 of the Laplace.
        #expect(try NoiseScale(.gaussian, scale: Fraction("1000")).halfWidth(confidence: 0.95) == 1_960)
        #expect(try NoiseScale(.laplace, scale: Fraction("20")).halfWidth(confidence: 0.95) == 60)
        #expect(try NoiseScale(.gaussian, scale: Fraction("1000000")).halfWidth(confidence: 0.95) == 1_959_964)
        #expect(try NoiseScale(.gaussian, scale: Fraction("0.01")).halfWidth(confidence: 0.999_999) == 0)
    }

    @Test func `a count's interval is not below zero`() throws {
        let noise = try NoiseScale(.gaussian, scale: Fraction("10"))
        #expect(try NoisyCount(value: 5, noise: noise).countInterval(confidence: 0.95) == 0...25)
        #expect(try NoisyCount(value: -50, noise: noise).countInterval(confidence: 0.95) == 0...0)
        #expect(try NoisyCount(value: 50, noise: noise).interval(confidence: 0.95) == 30...70)
        let extreme = try NoisyCount(value: .max, noise: noise).interval(confidence: 0.95)
        #expect(extreme.upperBound == .max)
    }

    @Test func `a confidence outside of 0 to 1 is refused`() throws {
        let noise = try NoiseScale(.gaussian, scale: .one)
        for confidence in [0, 1, -1, 2, .nan] {
            #expect(throws: PrivacyError(.beyondLimits, "")) { try noise.halfWidth(confidence: confidence) }
        }
    }

    @Test func `what leaves says value, mechanism and scale`() throws {
        let count = NoisyCount(value: -3, noise: try NoiseScale(.laplace, scale: Fraction("1/3")))
        #expect(try encoded(count) == #"{"mechanism":"discrete-laplace","scale":"1/3","value":"-3"}"#)
        #expect(try decoded(encoded(count)) == count)
        for value in ["03", "+3", "3.0", "", "9223372036854775808", "-0"] {
            let text = #"{"mechanism":"discrete-laplace","scale":"1","value":"\#(value)"}"#
            #expect(throws: (any Error).self) { try decoded(text, as: NoisyCount.self) }
        }
    }
}

@Suite struct `Stored noise` {
    private func plan(cells: Int = 4) throws -> NoisePlan {
        let bound = try ContributionBound(mostCases: 2)
        return try NoisePlan(
            [
                .init(answer: "table", cells: cells, sensitivity: .cases(bound)),
                .init(answer: "sum", cells: 1, sensitivity: .sums(bound, range: 0...1_000)),
            ], within: PrivacyCost(roundingUp: Fraction("0.05")), mechanism: .gaussian)
    }

    private func record(seed: UInt64 = 1, basis: String = "b1") throws -> NoiseRecord {
        var generator = SeededGenerator(seed: seed)
        return try NoiseRecord(release: "r1", basis: basis, plan: plan(), using: &generator)
    }

    @Test func `each cell has its own draw of its answer's scale`() throws {
        var generator = SeededGenerator(seed: 19)
        let record = try NoiseRecord(release: "r", basis: "b", plan: plan(cells: 20_000), using: &generator)
        let noisy = try record.noisy([Int64](repeating: 100, count: 20_000), answer: "table", basis: "b")
        let scale = try #require(noisy.first).noise.scale
        let gaussian = try DiscreteGaussian(sigmaSquared: scale.multiplied(by: scale))
        #expect(!FitTest(noisy.map { $0.value - 100 }, of: gaussian).isRejected)
        // The generator went on: another record from it has other noise.
        let next = try NoiseRecord(release: "r", basis: "b", plan: plan(cells: 20_000), using: &generator)
        #expect(next != record)
    }

    /// The attack: ask again and again and take the mean. With a fresh draw each time the mean finds the count.
    @Test func `asking a thousand times gives one answer`() throws {
        let truth: [Int64] = [7, 0, 12, 3]
        let text = try encoded(record())
        var answers: Set<[NoisyCount]> = []
        for _ in 0..<1_000 {
            let restarted: NoiseRecord = try decoded(text)
            answers.insert(try restarted.noisy(truth, answer: "table", basis: "b1"))
        }
        #expect(answers.count == 1)
        // The naive gate, which draws anew.
        var sums = [Double](repeating: 0, count: 4)
        for seed in 0..<1_000 as Range<UInt64> {
            let noisy = try record(seed: seed).noisy(truth, answer: "table", basis: "b1")
            for (index, count) in noisy.enumerated() { sums[index] += Double(count.value) / 1_000 }
        }
        #expect(zip(sums, truth).allSatisfy { abs($0 - Double($1)) < 1.2 })
    }

    /// The attack: one patient more, the same release asked again. The same noise would cancel and show the patient.
    @Test func `stored noise is not added to other values`() throws {
        let record = try record()
        #expect(throws: PrivacyError(.otherValues, "")) {
            try record.noisy([8, 0, 12, 3], answer: "table", basis: "b2")
        }
        #expect(throws: PrivacyError(.otherValues, "")) { try record.noisy([7, 0, 12], answer: "table", basis: "b1") }
        #expect(throws: PrivacyError(.otherValues, "")) {
            try record.noisy([7, 0, 12, 3], answer: "other", basis: "b1")
        }
    }

    @Test func `the draws are in no text that a log could hold`() throws {
        let record = try record()
        let draws = try record.noisy([0, 0, 0, 0], answer: "table", basis: "b1").map { String($0.value) }
        var dumped = ""
        dump(record, to: &dumped)
        dump(record.answers, to: &dumped)
        for text in ["\(record)", String(reflecting: record), "\(record.answers)", dumped] {
            #expect(!text.contains(draws.joined(separator: ", ")))
            #expect(!text.contains("draws"))
        }
        #expect("\(record)" == "noise of r1")
    }

    @Test func `a sum that would overflow is refused`() throws {
        let record = try record()
        let noise = try record.noisy([0], answer: "sum", basis: "b1")[0].value
        #expect(noise != 0)
        #expect(throws: PrivacyError(.beyondLimits, "")) {
            try record.noisy([noise > 0 ? .max : .min], answer: "sum", basis: "b1")
        }
    }

    @Test func `a stored form that does not hold together is refused`() throws {
        let good = try encoded(record())
        #expect(try decoded(good) == record())
        let answer = #"{"answer":"a","draws":["1"],"mechanism":"discrete-gaussian","scale":"1"}"#
        #expect(throws: Never.self) {
            try decoded(#"{"answers":[\#(answer)],"basis":"b","release":"r"}"#, as: NoiseRecord.self)
        }
        for text in [
            #"{"answers":[],"basis":"b","release":"r"}"#,
            #"{"answers":[\#(answer),\#(answer)],"basis":"b","release":"r"}"#,
            #"{"answers":[\#(answer)],"basis":"","release":"r"}"#,
            #"{"answers":[\#(answer)],"basis":"b","release":"r","again":true}"#,
            #"{"answers":[\#(answer)],"release":"r"}"#,
            #"{"answers":[\#(answer.replacing("[\"1\"]", with: "[]"))],"basis":"b","release":"r"}"#,
            #"{"answers":[\#(answer.replacing("\"1\"]", with: "\"01\"]"))],"basis":"b","release":"r"}"#,
        ] { #expect(throws: (any Error).self) { try decoded(text, as: NoiseRecord.self) } }
    }

    @Test func `no noise is drawn from a stuck source`() throws {
        let plan = try plan()
        var generator = StuckGenerator(word: 0)
        #expect(throws: PrivacyError(.brokenRandomSource, "")) {
            try NoiseRecord(release: "r", basis: "b", plan: plan, using: &generator)
        }
    }
}

import Testing

@testable import Privacy

@Suite struct `Noise plans` {
    private func cost(_ rho: String) throws -> PrivacyCost { try PrivacyCost(roundingUp: Fraction(rho)) }

    private func request(_ name: String, m: Int = 1, weight: UInt64 = 1) throws -> NoisePlan.Request {
        try NoisePlan.Request(
            answer: name, cells: 5, sensitivity: .cases(ContributionBound(mostCases: m)), weight: weight)
    }

    @Test func `round budgets have round scales`() throws {
        let one = try Sensitivity.cases(ContributionBound(mostCases: 1))
        let three = try Sensitivity.cases(ContributionBound(mostCases: 3))
        for (rho, sensitivity, scale) in [
            ("0.005", one, "10"), ("0.5", one, "1"), ("0.00000005", one, "3162.28"), ("0.5", three, "3"),
            ("1", one, "0.707107"), ("0.125", three, "6"),
        ] {
            for mechanism in NoiseMechanism.allCases {
                let noise = try NoiseScale.least(mechanism, for: sensitivity, within: cost(rho))
                #expect(noise.scale.description == scale)
                #expect(try noise.cost(for: sensitivity) <= cost(rho))
            }
        }
    }

    @Test func `a scale is the least of six digits that its share covers`() throws {
        var generator = SeededGenerator(seed: 18)
        for _ in 0..<300 {
            let m = Int.random(in: 1...10_000, using: &generator)
            let units = UInt64.random(in: 1...63, using: &generator)
            let budget = try PrivacyCost(units: 1 + UInt64.random(in: 0..<1 << min(units, 45), using: &generator))
            let mechanism = try #require(NoiseMechanism.allCases.randomElement(using: &generator))
            let sensitivity = try Sensitivity.cases(ContributionBound(mostCases: m))
            guard let noise = try? NoiseScale.least(mechanism, for: sensitivity, within: budget) else {
                // m / √(2 rho) is beyond 2³¹.
                #expect(Double(m) / (2 * budget.rho.value).squareRoot() > 0.999 * 0x1p31)
                continue
            }
            #expect(try noise.cost(for: sensitivity) <= budget)
            let ideal = Double(m) / (2 * budget.rho.value).squareRoot()
            #expect(noise.scale.value <= ideal * (1 + 1.01e-5) + 1e-9)
            // The cost is rounded up to a unit, so that a scale may be that much above the ideal, and not below.
            #expect(noise.scale.value >= ideal * (1 - 1e-15))
        }
    }

    @Test func `the shares of a plan stay within its budget, by weight`() throws {
        let requests = try (1...7).map { try request("a\($0)", m: $0, weight: UInt64($0)) }
        for mechanism in NoiseMechanism.allCases {
            let plan = try NoisePlan(requests, within: cost("0.1"), mechanism: mechanism)
            #expect(plan.cost <= (try cost("0.1")))
            #expect(plan.cost >= (try cost("0.09999")))
            for (share, request) in zip(plan.shares, requests) {
                #expect(share.cells == 5)
                #expect(share.noise.mechanism == mechanism)
                #expect(agree(share.cost.rho.value, 0.1 * Double(request.weight) / 28, relative: 1e-4))
                #expect(share.cost == (try share.noise.cost(for: request.sensitivity)))
            }
        }
        let even = try NoisePlan([request("a"), request("b"), request("c")], within: cost("0.1"), mechanism: .gaussian)
        #expect(Set(even.shares.map(\.noise)).count == 1)
    }

    @Test func `two thousand answers never cost more than was given`() throws {
        let requests = try (0..<2_000).map { index in try request("a\(index)", m: 1 + index % 7) }
        let budget = try cost("0.333333333333")
        let plan = try NoisePlan(requests, within: budget, mechanism: .gaussian)
        #expect(plan.cost <= budget)
    }

    @Test func `no answers, equal names, no budget and too small a share are refused`() throws {
        #expect(throws: PrivacyError(.malformedRecord, "")) {
            try NoisePlan([], within: cost("1"), mechanism: .gaussian)
        }
        #expect(throws: PrivacyError(.malformedRecord, "")) {
            try NoisePlan([request("a"), request("a")], within: cost("1"), mechanism: .gaussian)
        }
        #expect(throws: PrivacyError(.beyondLimits, "")) {
            try NoisePlan([request("a")], within: .zero, mechanism: .gaussian)
        }
        #expect(throws: PrivacyError(.beyondLimits, "")) {
            try NoisePlan([request("a"), request("b")], within: PrivacyCost(units: 1), mechanism: .gaussian)
        }
        let bound = try ContributionBound(mostCases: 1)
        for (cells, weight) in [(0, 1), (100_001, 1), (1, 0), (1, 1_000_001)] as [(Int, UInt64)] {
            #expect(throws: PrivacyError(.beyondLimits, "")) {
                try NoisePlan.Request(answer: "a", cells: cells, sensitivity: .cases(bound), weight: weight)
            }
        }
    }

    @Test func `a scale is stored exactly and strictly`() throws {
        let noise = try NoiseScale(.gaussian, scale: Fraction("0.707107"))
        #expect(try encoded(noise) == #"{"mechanism":"discrete-gaussian","scale":"0.707107"}"#)
        #expect(try decoded(encoded(noise)) == noise)
        for text in [
            #"{"mechanism":"gaussian","scale":"1"}"#, #"{"mechanism":"discrete-gaussian","scale":"0"}"#,
            #"{"mechanism":"discrete-gaussian","scale":"1.0"}"#, #"{"mechanism":"discrete-gaussian"}"#,
            #"{"mechanism":"discrete-gaussian","scale":"1","seed":"7"}"#,
            #"{"mechanism":"discrete-laplace","scale":"2147483649"}"#,
        ] { #expect(throws: (any Error).self) { try decoded(text, as: NoiseScale.self) } }
    }
}

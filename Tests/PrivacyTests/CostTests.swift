import Testing

@testable import Privacy

@Suite struct `Privacy costs` {
    private func cost(_ rho: String) throws -> PrivacyCost { try PrivacyCost(roundingUp: Fraction(rho)) }

    @Test func `a cost is rounded up to the next unit and never down`() throws {
        #expect(try cost("0.5").units == 500_000_000_000)
        #expect(try cost("1/3").units == 333_333_333_334)
        #expect(try cost("1/18446744073709551615").units == 1)
        #expect(try cost("0").units == 0)
        #expect(try PrivacyCost.gaussian(l2Squared: 9, scale: Fraction("6")).description == "0.125")
        #expect(try PrivacyCost.gaussian(l2Squared: 1, scale: Fraction("1/3")).description == "4.5")
        #expect(try PrivacyCost.gaussian(l2Squared: 1, scale: Fraction("3")).units == 55_555_555_556)
        #expect(try PrivacyCost.laplace(l1: 3, scale: Fraction("6")).description == "0.125")
        #expect(try PrivacyCost.pure(epsilon: Fraction("0.5")).description == "0.125")
        #expect(try PrivacyCost.pure(epsilon: .zero) == .zero)
    }

    /// A rounded-down unit a question would add up to a free question in the end.
    @Test func `the sum of a million costs is not below the cost of the million`() throws {
        let one = try PrivacyCost.gaussian(l2Squared: 1, scale: Fraction("700"))
        var sum = PrivacyCost.zero
        for _ in 0..<1_000_000 { sum = try sum.adding(one) }
        #expect(sum >= (try cost("1000000/980000")))
    }

    @Test func `random scales cost what exact arithmetic says, rounded up`() throws {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<2_000 {
            let n = UInt64.random(in: 1..<1 << 20, using: &generator)
            let d = UInt64.random(in: 1..<1 << 10, using: &generator)
            let l2 = UInt64.random(in: 1..<1 << 12, using: &generator)
            guard let cost = try? PrivacyCost.gaussian(l2Squared: l2, scale: Fraction(n, d)) else {
                // Above the limit: l2 d² / 2n² > 10⁶.
                #expect(UInt128(l2 * d * d) > 2_000_000 * UInt128(n * n))
                continue
            }
            let asked = UInt128(l2 * d * d) * UInt128(PrivacyCost.unitsPerRho)
            let given = UInt128(cost.units) * UInt128(2 * n * n)
            #expect(given >= asked && given - asked < UInt128(2 * n * n))
        }
    }

    @Test func `no noise and costs beyond the limit are refused`() throws {
        let refused = PrivacyError(.beyondLimits, "")
        #expect(throws: refused) { try PrivacyCost.gaussian(l2Squared: 1, scale: .zero) }
        #expect(throws: refused) { try PrivacyCost.gaussian(l2Squared: .max, scale: Fraction(1, .max)) }
        #expect(throws: refused) { try PrivacyCost.laplace(l1: .max, scale: .one) }
        #expect(throws: refused) { try PrivacyCost(units: PrivacyCost.largestUnits + 1) }
        let largest = try PrivacyCost(units: PrivacyCost.largestUnits)
        #expect(throws: refused) { try largest.adding(PrivacyCost(units: 1)) }
    }

    @Test func `a cost is stored as its exact decimal`() throws {
        #expect(try encoded(cost("1/3")) == "\"0.333333333334\"")
        #expect(try decoded("\"0.333333333334\"") == cost("1/3"))
        #expect(throws: PrivacyError.self) { try decoded("\"0.3333333333334\"", as: PrivacyCost.self) }
        #expect(throws: PrivacyError.self) { try decoded("\"1/3\"", as: PrivacyCost.self) }
        #expect(throws: PrivacyError.self) { try decoded("\"0.50\"", as: PrivacyCost.self) }
        #expect(throws: PrivacyError.self) { try decoded("\"-1\"", as: PrivacyCost.self) }
        #expect(throws: (any Error).self) { try decoded("0.5", as: PrivacyCost.self) }
    }
}

@Suite struct `Conversion to epsilon and delta` {
    struct File: Decodable {
        struct Conversion: Decodable {
            let rho, delta: String
            let epsilon: Double
        }
        struct Budget: Decodable {
            let epsilon, delta: String
            let rho: Double
        }
        struct Delta: Decodable {
            let rho, epsilon: String
            let delta: Double
        }
        let conversions: [Conversion]
        let budgets: [Budget]
        let deltas: [Delta]
    }

    @Test func `epsilon is the exact infimum, a little above and never below`() throws {
        let file: File = try vectorFile("mpmath.json")
        #expect(file.conversions.count == 55)
        for item in file.conversions {
            let cost = try PrivacyCost(roundingUp: Fraction(item.rho))
            let epsilon = try cost.epsilon(delta: Fraction(item.delta))
            #expect(epsilon >= item.epsilon, "rho \(item.rho), delta \(item.delta)")
            #expect(epsilon <= item.epsilon * (1 + 1e-10) + 1e-12, "rho \(item.rho), delta \(item.delta)")
        }
    }

    @Test func `the rho that is allowed is the exact supremum, a little below and never above`() throws {
        let file: File = try vectorFile("mpmath.json")
        #expect(file.budgets.count == 36)
        for item in file.budgets {
            let allowed = try PrivacyCost.allowed(epsilon: Fraction(item.epsilon), delta: Fraction(item.delta))
            #expect(allowed.rho.value <= item.rho)
            #expect(allowed.rho.value >= item.rho * (1 - 1e-10) - 1e-12, "\(item)")
            // And back: what is allowed does not exceed the wish.
            #expect(try allowed.epsilon(delta: Fraction(item.delta)) <= Fraction(item.epsilon).value * (1 + 1e-10))
        }
    }

    @Test func `delta is the exact infimum, a little above and never below`() throws {
        let file: File = try vectorFile("mpmath.json")
        #expect(file.deltas.count == 6)
        for item in file.deltas {
            let cost = try PrivacyCost(roundingUp: Fraction(item.rho))
            let delta = cost.delta(epsilon: try Fraction(item.epsilon))
            #expect(delta >= item.delta)
            #expect(delta <= item.delta * (1 + 1e-9), "\(item) \(delta)")
        }
    }

    @Test func `nothing spent is nothing given away`() throws {
        #expect(try PrivacyCost.zero.epsilon(delta: Fraction("0.000001")) == 0)
        #expect(PrivacyCost.zero.delta(epsilon: .one) == 0)
    }

    @Test func `an impossible delta or epsilon is refused`() throws {
        let cost = try PrivacyCost(units: 1)
        for delta in ["0", "1", "2"] {
            #expect(throws: PrivacyError(.beyondLimits, "")) { try cost.epsilon(delta: Fraction(delta)) }
            #expect(throws: PrivacyError(.beyondLimits, "")) {
                try PrivacyCost.allowed(epsilon: .one, delta: Fraction(delta))
            }
        }
        for epsilon in ["0", "1001"] {
            #expect(throws: PrivacyError(.beyondLimits, "")) {
                try PrivacyCost.allowed(epsilon: Fraction(epsilon), delta: Fraction("0.000001"))
            }
        }
    }
}

import Testing
import TextCatalogue

@testable import Privacy

@Suite struct `The privacy budget of a dataset` {
    private func cost(_ rho: String) throws -> PrivacyCost { try PrivacyCost(roundingUp: Fraction(rho)) }

    private func budget(_ rho: String, charges: [PrivacyBudget.Charge] = []) throws -> PrivacyBudget {
        try PrivacyBudget(dataset: "lung", total: .rho(cost(rho)), charges: charges)
    }

    @Test func `charges of all sponsors draw on the one budget`() throws {
        var budget = try budget("0.5")
        try budget.spend(cost("0.2"), release: "r1", sponsor: "north")
        try budget.spend(cost("0.3"), release: "r2", sponsor: "south")
        #expect(budget.remaining == .zero)
        #expect(try budget.spent(by: "north") == cost("0.2"))
        let before = budget
        #expect(throws: PrivacyError(.budgetSpent, "")) {
            try budget.spend(PrivacyCost(units: 1), release: "r3", sponsor: "west")
        }
        #expect(budget == before)
    }

    /// A retry that charged again would not be caught by its cost; one that did not charge would draw noise for free.
    @Test func `a release is charged once, whatever it would cost the second time`() throws {
        var budget = try budget("1")
        try budget.spend(cost("0.1"), release: "r1", sponsor: "north")
        let before = budget
        for (rho, sponsor) in [("0.1", "north"), ("0", "north"), ("0.1", "south"), ("5", "north")] {
            #expect(throws: PrivacyError(.alreadyCharged, "")) {
                try budget.spend(cost(rho), release: "r1", sponsor: sponsor)
            }
        }
        #expect(budget == before)
    }

    @Test func `what is spent never falls and never exceeds the total`() throws {
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<50 {
            var budget = try budget("0.7")
            var (last, refusals) = (PrivacyCost.zero, 0)
            for index in 0..<60 {
                let units = UInt64.random(in: 0...60_000_000_000, using: &generator)
                let left = budget.remaining
                do {
                    try budget.spend(PrivacyCost(units: units), release: "r\(index)", sponsor: "s\(index % 3)")
                    #expect(units <= left.units)
                    #expect(budget.spent.units == last.units + units)
                } catch {
                    #expect(error == PrivacyError(.budgetSpent, ""))
                    #expect(units > left.units)
                    #expect(budget.spent == last)
                    refusals += 1
                }
                #expect(budget.spent >= last)
                #expect(budget.spent <= budget.allowance)
                #expect(budget.spent.units + budget.remaining.units == budget.allowance.units)
                last = budget.spent
            }
            #expect(refusals > 0)
            let again: PrivacyBudget = try decoded(encoded(budget))
            #expect(again == budget)
        }
    }

    @Test func `a total in epsilon and delta allows what the conversion says`() throws {
        let total = PrivacyTarget.approximate(epsilon: try Fraction("1"), delta: try Fraction("0.000001"))
        var budget = try PrivacyBudget(dataset: "lung", total: total)
        try budget.spend(budget.allowance, release: "all", sponsor: "north")
        #expect(try budget.spent.epsilon(delta: Fraction("0.000001")) <= 1 + 1e-10)
        #expect(try budget.spent.epsilon(delta: Fraction("0.000001")) > 0.999_999_99)
    }

    @Test func `a total lowered below what was spent leaves nothing`() throws {
        let charge = try PrivacyBudget.Charge(release: "r1", sponsor: "north", cost: cost("0.5"))
        var lowered = try budget("0.2", charges: [charge])
        #expect(lowered.remaining == .zero)
        #expect(lowered.spent == charge.cost)
        #expect(throws: PrivacyError(.budgetSpent, "")) {
            try lowered.spend(PrivacyCost(units: 1), release: "r2", sponsor: "north")
        }
    }

    @Test func `its stored form is exact`() throws {
        var budget = try budget("0.5")
        try budget.spend(cost("1/3"), release: "r1", sponsor: "north")
        #expect(
            try encoded(budget) == #"{"charges":[{"release":"r1","rho":"0.333333333334","sponsor":"north"}],"#
                + #""dataset":"lung","total":{"rho":"0.5"}}"#)
    }

    @Test(arguments: [
        // The sum is never read, also not one that is lower.
        #"{"charges":[],"dataset":"lung","total":{"rho":"0.5"},"spent":"0"}"#,
        // A charge twice, with a member more, without a cost, with a cost below zero.
        #"{"charges":[{"release":"a","rho":"0.1","sponsor":"n"},{"release":"a","rho":"0.1","sponsor":"n"}],"dataset":"lung","total":{"rho":"0.5"}}"#,
        #"{"charges":[{"release":"a","rho":"0.1","sponsor":"n","refund":"0.1"}],"dataset":"lung","total":{"rho":"0.5"}}"#,
        #"{"charges":[{"release":"a","sponsor":"n"}],"dataset":"lung","total":{"rho":"0.5"}}"#,
        #"{"charges":[{"release":"a","rho":"-0.1","sponsor":"n"}],"dataset":"lung","total":{"rho":"0.5"}}"#,
        // No charges at all, no name, two totals, half a total, an impossible total.
        #"{"dataset":"lung","total":{"rho":"0.5"}}"#, #"{"charges":[],"dataset":"","total":{"rho":"0.5"}}"#,
        #"{"charges":[],"dataset":"lung","total":{"rho":"0.5","epsilon":"1","delta":"0.1"}}"#,
        #"{"charges":[],"dataset":"lung","total":{"epsilon":"1"}}"#,
        #"{"charges":[],"dataset":"lung","total":{"epsilon":"1","delta":"1"}}"#,
    ]) func `a stored form that does not hold together is refused`(_ text: String) {
        #expect(throws: (any Error).self) { try decoded(text, as: PrivacyBudget.self) }
    }

    @Test(arguments: ["", "a b", "ü", String(repeating: "x", count: 257), "a\n"])
    func `a name that is not plain is refused`(_ name: String) throws {
        var budget = try budget("0.5")
        #expect(throws: PrivacyError(.malformedName, "")) {
            try budget.spend(cost("0.1"), release: name, sponsor: "north")
        }
        #expect(throws: PrivacyError(.malformedName, "")) { try budget.spend(cost("0.1"), release: "r", sponsor: name) }
        #expect(budget.charges.isEmpty)
    }
}

@Suite struct `Privacy errors` {
    @Test func `every reason has a code and a sentence in both languages`() {
        var codes: Set<String> = []
        for reason in PrivacyError.Reason.allCases {
            let error = PrivacyError(reason, "detail")
            codes.insert(error.code)
            #expect(error.phrase.text(in: .english).count > 20)
            #expect(error.phrase.text(in: .chinese).unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
        }
        #expect(codes.count == PrivacyError.Reason.allCases.count)
    }
}

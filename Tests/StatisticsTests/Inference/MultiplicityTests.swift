import Statistics
import Testing

@Suite("Adjusted p values")
struct MultiplicityTests {
    private let p = [0.04, 0.01, 0.03, 0.5, 0.01]

    @Test("Holm and Benjamini-Hochberg agree with R, ties included")
    func reference() throws {
        let holm = try AdjustedPValues.holm(p).get()
        for (value, expected) in zip(holm, [0.09, 0.05, 0.09, 0.5, 0.05]) { #expect(agree(value, expected)) }
        let rate = try AdjustedPValues.benjaminiHochberg(p).get()
        for (value, expected) in zip(rate, [0.05, 0.025, 0.05, 0.5, 0.025]) { #expect(agree(value, expected)) }
    }

    @Test("a fixed sequence stops at the first hypothesis that is not rejected")
    func fixedSequence() {
        #expect(AdjustedPValues.fixedSequence(p) == .value([0.04, 0.04, 0.04, 0.5, 0.5]))
    }

    @Test("nothing exceeds one, one hypothesis is not adjusted, and a p value is a probability")
    func edges() {
        #expect(AdjustedPValues.bonferroni([0.6, 0.1]) == .value([1, 0.2]))
        #expect(AdjustedPValues.holm([0.9, 0.8]) == .value([1, 1]))
        #expect(AdjustedPValues.holm([0.03]) == .value([0.03]))
        #expect(AdjustedPValues.benjaminiHochberg([]) == .value([]))
        #expect(AdjustedPValues.holm([0.1, .nan]) == .undefined(.badArgument))
        #expect(AdjustedPValues.fixedSequence([-0.1]) == .undefined(.badArgument))
        #expect(AdjustedPValues.bonferroni([1.1]) == .undefined(.badArgument))
        #expect(AdjustedPValues.benjaminiHochberg([2]) == .undefined(.badArgument))
    }
}

import Foundation
import Testing

@testable import Privacy

@Suite struct `Random bits` {
    /// The deviate of a count of events of one probability.
    private func deviate(_ count: Int, of trials: Int, probability: Double) -> Double {
        let mean = Double(trials) * probability
        return (Double(count) - mean) / (mean * (1 - probability)).squareRoot()
    }

    @Test(arguments: [1, 2, 3, 5, 6, 7, 63, 64, 65, 100] as [UInt64])
    func `uniform numbers fall equally often on all outcomes`(_ bound: UInt64) throws {
        var bits = RandomBits(SeededGenerator(seed: bound))
        let trials = 40_000
        var counts = [Int](repeating: 0, count: Int(bound))
        for _ in 0..<trials { counts[Int(try bits.uniform(below: bound))] += 1 }
        guard bound > 1 else { return }
        for count in counts { #expect(abs(deviate(count, of: trials, probability: 1 / Double(bound))) < 4.5) }
    }

    /// Words modulo this bound would fall into the lower half twice as often as into the upper.
    @Test func `a bound of three quarters of the range has no modulo bias`() throws {
        let bound: UInt64 = 3 << 62
        var bits = RandomBits(SeededGenerator(seed: 8))
        var generator = SeededGenerator(seed: 9)
        let trials = 20_000
        var (low, naive) = (0, 0)
        for _ in 0..<trials {
            low += try bits.uniform(below: bound) < 1 << 62 ? 1 : 0
            naive += generator.next() % bound < 1 << 62 ? 1 : 0
        }
        #expect(abs(deviate(low, of: trials, probability: 1.0 / 3)) < 4.5)
        #expect(abs(deviate(naive, of: trials, probability: 1.0 / 3)) > 4.5)
    }

    @Test(arguments: [(0, 1), (1, 2), (1, 3), (2, 3), (999, 1000), (1, 1000), (123_456_789, 987_654_321)])
    func `an event has the probability of its ratio`(_ numerator: Int, _ denominator: Int) throws {
        var bits = RandomBits(SeededGenerator(seed: 10))
        let trials = 20_000
        var count = 0
        // Scaled to 250 bits: the same ratio, in the range that the Gaussian uses.
        let scale: UInt128 = 1 << 127
        for _ in 0..<trials {
            let top = WideInteger256(UInt128(numerator) << 88, times: scale)
            let bottom = WideInteger256(UInt128(denominator) << 88, times: scale)
            count += try bits.event(top, over: bottom) ? 1 : 0
        }
        let probability = Double(numerator) / Double(denominator)
        #expect(probability == 0 ? count == 0 : abs(deviate(count, of: trials, probability: probability)) < 4.5)
    }

    @Test(arguments: [(0, 1), (1, 100), (1, 3), (1, 1), (4, 3), (2, 1), (7, 2), (300_001, 100_000), (5, 1)])
    func `a decay has the probability of the exponential`(_ numerator: Int, _ denominator: Int) throws {
        var bits = RandomBits(SeededGenerator(seed: 11))
        let trials = 60_000
        var count = 0
        for _ in 0..<trials {
            let event = try bits.decay(WideInteger256(UInt128(numerator)), over: WideInteger256(UInt128(denominator)))
            count += event ? 1 : 0
        }
        let probability = exp(-Double(numerator) / Double(denominator))
        #expect(probability == 1 ? count == trials : abs(deviate(count, of: trials, probability: probability)) < 4.5)
    }

    /// All words equal: no noise at all, or a loop without an end. Neither may pass for noise.
    @Test(arguments: [0, UInt64.max]) func `a stuck random source is refused`(_ word: UInt64) throws {
        let gaussian = try DiscreteGaussian(sigmaSquared: Fraction(whole: 10_000))
        var bits = RandomBits(StuckGenerator(word: word))
        let broken = PrivacyError(.brokenRandomSource, "")
        #expect(throws: broken) { try gaussian.draw(from: &bits) }
    }

    @Test func `a word whose bits are never below the bound is refused`() throws {
        var bits = RandomBits(StuckGenerator(word: .max))
        #expect(throws: PrivacyError(.brokenRandomSource, "")) { try bits.uniform(below: 5) }
    }

    @Test func `wide numbers subtract, double and divide as numbers do`() throws {
        let top = WideInteger256(.max, times: .max)  // 2²⁵⁶ - 2¹²⁹ + 1
        #expect(top.low == 1)
        #expect(top.high == UInt128.max - 1)
        #expect((top - WideInteger256(2)).low == .max)
        #expect((top - WideInteger256(2)).high == UInt128.max - 2)
        #expect(WideInteger256(1 << 127).doubled == WideInteger256(1 << 64, times: 1 << 64))
        #expect(WideInteger256(.max, times: 10).dividedRoundingUp(by: 10) == .max)
        #expect(WideInteger256(.max, times: 10).dividedRoundingUp(by: 9) == nil)
        #expect(WideInteger256(7).dividedRoundingUp(by: 2) == 4)
        #expect(WideInteger256(8).dividedRoundingUp(by: 2) == 4)
        #expect(WideInteger256(1).dividedRoundingUp(by: 0) == nil)
        #expect(WideInteger256(1 << 64, times: 1 << 64) > WideInteger256(.max))
    }
}

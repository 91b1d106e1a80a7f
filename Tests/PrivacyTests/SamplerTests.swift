import Foundation
import Testing

@testable import Privacy

/// Draws against the exact probabilities; and samplers with one flaw each, which the same test must reject.
@Suite struct `Draws` {
    private static let size = 60_000

    private func draws(_ size: Int = size, _ draw: () throws -> Int64) rethrows -> [Int64] {
        try (0..<size).map { _ in try draw() }
    }

    /// σ²: from nearly no noise to the widest, and ratios that no Double holds.
    @Test(arguments: [
        "0.05", "1/3", "1", "10", "123456789/987654321", "40000", "1000000000000/7", "18446744073709551615",
    ])
    func `discrete Gaussian draws follow the exact probabilities`(_ text: String) throws {
        let gaussian = try DiscreteGaussian(sigmaSquared: Fraction(text))
        var bits = RandomBits(SeededGenerator(seed: 20_26))
        let sample = try draws { try gaussian.draw(from: &bits) }
        let fit = FitTest(sample, of: gaussian)
        #expect(!fit.isRejected, "\(fit)")
    }

    @Test(arguments: ["1/3", "1", "7/2", "100", "987654321/123456789", "4398046511104"])
    func `discrete Laplace draws follow the exact probabilities`(_ text: String) throws {
        let laplace = try DiscreteLaplace(scale: Fraction(text))
        var bits = RandomBits(SeededGenerator(seed: 17))
        let sample = try draws(100_000) { try laplace.draw(from: &bits) }
        let fit = FitTest(sample, of: laplace)
        #expect(!fit.isRejected, "\(fit)")
    }

    @Test(arguments: ["10", "1000000000000/7"])
    func `a Gaussian that is 2 % too wide or too narrow is rejected`(_ text: String) throws {
        let gaussian = try DiscreteGaussian(sigmaSquared: Fraction(text))
        for factor in ["1.0404", "0.9604"] {
            let other = try DiscreteGaussian(sigmaSquared: Fraction(text).multiplied(by: Fraction(factor)))
            var bits = RandomBits(SeededGenerator(seed: 1))
            let sample = try draws { try other.draw(from: &bits) }
            #expect(FitTest(sample, of: gaussian).isRejected)
        }
    }

    @Test(arguments: ["1", "987654321/123456789"])
    func `a Laplace that is 2 % too wide or too narrow is rejected`(_ text: String) throws {
        let laplace = try DiscreteLaplace(scale: Fraction(text))
        for factor in ["1.02", "0.98"] {
            let other = try DiscreteLaplace(scale: Fraction(text).multiplied(by: Fraction(factor)))
            var bits = RandomBits(SeededGenerator(seed: 2))
            let sample = try draws(100_000) { try other.draw(from: &bits) }
            #expect(FitTest(sample, of: laplace).isRejected)
        }
    }

    @Test(arguments: [(1.0, FloatingPointRoundingRule.toNearestOrEven), (2.0, .toNearestOrEven), (20.0, .down)])
    func `a rounded continuous Gaussian is rejected`(_ sigma: Double, _ rule: FloatingPointRoundingRule) throws {
        let gaussian = try DiscreteGaussian(sigmaSquared: Fraction(whole: UInt64(sigma * sigma)))
        var generator = SeededGenerator(seed: 3)
        let sample = draws(150_000) {
            let radius = (-2 * log(Double.random(in: 0x1p-53..<1, using: &generator))).squareRoot()
            let angle = 2 * Double.pi * Double.random(in: 0..<1, using: &generator)
            return Int64((sigma * radius * cos(angle)).rounded(rule))
        }
        #expect(FitTest(sample, of: gaussian).isRejected)
    }

    @Test func `a Laplace that keeps the negative zero is rejected`() throws {
        let laplace = try DiscreteLaplace(scale: Fraction(whole: 5))
        var generator = SeededGenerator(seed: 4)
        func sample(keepingNegativeZero: Bool) -> [Int64] {
            draws {
                while true {
                    let magnitude = Int64((-5 * log(Double.random(in: 0x1p-53..<1, using: &generator))).rounded(.down))
                    let isNegative = Bool.random(using: &generator)
                    if magnitude > 0 || !isNegative || keepingNegativeZero {
                        return isNegative ? -magnitude : magnitude
                    }
                }
            }
        }
        #expect(FitTest(sample(keepingNegativeZero: true), of: laplace).isRejected)
        // The flaw is found, not the way of drawing.
        #expect(!FitTest(sample(keepingNegativeZero: false), of: laplace).isRejected)
    }

    @Test func `draws of one sign are rejected`() throws {
        let gaussian = try DiscreteGaussian(sigmaSquared: Fraction(whole: 100))
        var bits = RandomBits(SeededGenerator(seed: 5))
        let sample = try draws { abs(try gaussian.draw(from: &bits)) }
        #expect(FitTest(sample, of: gaussian).isRejected)
    }

    @Test func `noise of a hundredth draws zero and nothing else`() throws {
        let gaussian = try DiscreteGaussian(sigmaSquared: Fraction("0.0001"))
        var bits = RandomBits(SeededGenerator(seed: 6))
        #expect(try draws(1_000) { try gaussian.draw(from: &bits) }.allSatisfy { $0 == 0 })
    }

    @Test func `the widest denominators and numerators are drawn from without overflow`() throws {
        for (n, d) in [(UInt64.max, 1), (1, UInt64.max), (UInt64.max, UInt64.max - 1), (1 << 63, (1 << 63) - 1)] {
            let gaussian = try DiscreteGaussian(sigmaSquared: Fraction(n, d))
            var bits = RandomBits(SeededGenerator(seed: n &+ d))
            let sample = try draws(2_000) { try gaussian.draw(from: &bits) }
            #expect(!FitTest(sample, of: gaussian).isRejected)
        }
    }

    @Test func `the same seed draws the same noise and another seed other noise`() throws {
        let gaussian = try DiscreteGaussian(sigmaSquared: Fraction(whole: 10_000))
        func sample(_ seed: UInt64) throws -> [Int64] {
            var bits = RandomBits(SeededGenerator(seed: seed))
            return try draws(50) { try gaussian.draw(from: &bits) }
        }
        #expect(try sample(1) == sample(1))
        #expect(try sample(1) != sample(2))
    }

    @Test func `scales of zero and beyond the limits are refused`() throws {
        let refused = PrivacyError(.beyondLimits, "")
        #expect(throws: refused) { try DiscreteGaussian(sigmaSquared: .zero) }
        #expect(throws: refused) { try DiscreteLaplace(scale: .zero) }
        #expect(throws: refused) { try DiscreteLaplace(scale: Fraction(whole: DiscreteLaplace.largestScale + 1)) }
        #expect(throws: Never.self) { try DiscreteLaplace(scale: Fraction(whole: DiscreteLaplace.largestScale)) }
    }
}

internal import Foundation

/// Random variates in a stream that a seed determines.
public struct Draws: Sendable {
    private var generator: SeededGenerator
    /// The second variate of the last polar pair.
    private var spare: Double?

    public init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// Between 0 and 1, neither of them.
    public mutating func uniform() -> Double { (Double(generator.next() >> 11) + 0.5) * 0x1p-53 }

    /// A whole number of a range, each equally often.
    public mutating func integer(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    /// True with a probability.
    public mutating func isHit(_ probability: Double) -> Bool { uniform() < probability }

    /// Of the standard normal distribution. Marsaglia and Bray 1964, SIAM Review 6:260, the polar method.
    public mutating func normal() -> Double {
        if let spare {
            self.spare = nil
            return spare
        }
        while true {
            let (x, y) = (2 * uniform() - 1, 2 * uniform() - 1)
            let square = x * x + y * y
            guard square < 1, square > 0 else { continue }
            let scale = (-2 * log(square) / square).squareRoot()
            spare = y * scale
            return x * scale
        }
    }

    /// Of the gamma distribution with scale 1. Marsaglia and Tsang 2000, ACM Trans Math Softw 26:363.
    public mutating func gamma(shape: Double) -> Double {
        guard shape >= 1 else { return gamma(shape: shape + 1) * pow(uniform(), 1 / shape) }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let cube = root * root * root
            if log(uniform()) < 0.5 * x * x + d - d * cube + d * log(cube) { return d * cube }
        }
    }

    /// Of the beta distribution with a mean and an intraclass correlation: cases of one patient that share it have this
    /// correlation. A correlation of 0 gives the mean.
    public mutating func beta(mean: Double, correlation: Double) -> Double {
        guard correlation > 0 else { return mean }
        let size = 1 / correlation - 1
        let first = gamma(shape: mean * size)
        let second = gamma(shape: (1 - mean) * size)
        return first + second > 0 ? first / (first + second) : mean
    }
}

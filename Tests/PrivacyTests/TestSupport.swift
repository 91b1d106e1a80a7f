import Foundation
import Privacy

/// A small generator with a seed (SplitMix64), so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// A generator that is stuck at one word.
struct StuckGenerator: RandomNumberGenerator {
    let word: UInt64
    mutating func next() -> UInt64 { word }
}

/// A vector file of a known form.
func vectorFile<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")
    return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appending(path: name)))
}

/// True when two numbers agree to a relative tolerance.
func agree(_ value: Double, _ expected: Double, relative: Double) -> Bool {
    value == expected || abs(value - expected) <= relative * abs(expected)
}

/// Writes and reads a value; keys sorted, so that equal values have equal bytes.
func encoded(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

func decoded<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
}

/// What both distributions know about themselves.
protocol NoiseDistribution {
    func probability(_ x: Int64) -> Double
    func upperTail(_ x: Int64) -> Double
    var variance: Double { get }
}
extension DiscreteGaussian: NoiseDistribution {}
extension DiscreteLaplace: NoiseDistribution {}

/// Whether draws are of a distribution: a chi-squared statistic over bins of equal probability, the mean and the second
/// moment. Each as a standard normal deviate, so that above 4.5 a right sampler fails once in 150,000 seeds.
struct FitTest {
    let shape: Double
    let mean: Double
    let spread: Double

    static let limit = 4.5
    var isRejected: Bool { max(abs(shape), abs(mean), abs(spread)) > Self.limit || shape.isNaN }

    init(_ draws: [Int64], of distribution: some NoiseDistribution, bins: Int = 32) {
        let size = Double(draws.count)
        let reach = Int64(16 * distribution.variance.squareRoot()) + 16
        // Upper ends of the bins: the least x with P(X ≤ x) ≥ j / bins, each once.
        var ends: [Int64] = []
        for j in 1..<bins {
            let tail = 1 - Double(j) / Double(bins)
            var (low, high) = (-reach, reach)
            while high - low > 1 {
                let middle = low + (high - low) / 2
                if distribution.upperTail(middle) <= tail { high = middle } else { low = middle }
            }
            if ends.last != high { ends.append(high) }
        }
        var observed = [Double](repeating: 0, count: ends.count + 1)
        for draw in draws {
            var (low, high) = (0, ends.count)
            while low < high {
                let middle = (low + high) / 2
                if ends[middle] < draw { low = middle + 1 } else { high = middle }
            }
            observed[low] += 1
        }
        let tails = [1] + ends.map { distribution.upperTail($0) } + [0]
        var (statistic, freedom) = (0.0, -1.0)
        for (index, count) in observed.enumerated() {
            let expected = (tails[index] - tails[index + 1]) * size
            guard expected >= 5 else {
                // So rare that fifty of them are never seen.
                if count > 50 { statistic = .infinity }
                continue
            }
            statistic += (count - expected) * (count - expected) / expected
            freedom += 1
        }
        // Wilson and Hilferty 1931.
        let k = max(freedom, 1)
        shape =
            freedom < 1 && statistic.isFinite
            ? 0 : (cbrt(statistic / k) - (1 - 2 / (9 * k))) / (2 / (9 * k)).squareRoot()
        let values = draws.map(Double.init)
        let squares = values.map { $0 * $0 }
        let square = squares.reduce(0, +) / size
        let error = (squares.reduce(0) { $0 + ($1 - square) * ($1 - square) } / (size * size)).squareRoot()
        mean = square == 0 ? 0 : values.reduce(0, +) / size / (square / size).squareRoot()
        spread = error == 0 ? 0 : (square - distribution.variance) / error
    }
}

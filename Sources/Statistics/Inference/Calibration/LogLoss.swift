internal import Foundation

/// The logarithmic score, −Σ [y ln p + (1 − y) ln(1 − p)] / n in nats, 0 or above; the lower the better. I. J. Good
/// (1952), "Rational decisions", J R Stat Soc B 14:107-114.
public enum LogLoss {
    /// The clip that scikit-learn applies to Doubles, 2⁻⁵².
    public static let machineClip = 0x1p-52

    /// The score of cases.
    ///
    /// Without a clip a certain error (p = 0 for an event, 1 for none) has an infinite loss: `not-finite`. With a clip
    /// c probabilities are first moved into c...1 − c; the score then depends on c, so that it is to be told with it.
    /// `no-cases`; `not-probabilities` when a score lies outside 0...1, `bad-argument` when the clip lies outside 0 < c < ½.
    public static func score(_ cases: BinaryCases, clip: Double? = nil) -> Inferred<Double> {
        if let clip, !(clip > 0 && clip < 0.5) { return .undefined(.badArgument) }
        guard !cases.scores.isEmpty else { return .undefined(.noCases) }
        guard cases.areProbabilities else { return .undefined(.notProbabilities) }
        let (lower, upper) = (clip ?? 0, 1 - (clip ?? 0))
        let sum = cases.scores.withUnsafeBufferPointer { scores in
            cases.labels.withUnsafeBufferPointer { labels in
                var sum = Compensated()
                let whole = scores.count & ~3
                for index in stride(from: 0, to: whole, by: 4) {
                    let score = SIMD4(scores[index], scores[index + 1], scores[index + 2], scores[index + 3])
                    let label = SIMD4(labels[index], labels[index + 1], labels[index + 2], labels[index + 3])
                    var moved = score
                    moved.replace(with: lower, where: moved .< lower)
                    moved.replace(with: upper, where: moved .> upper)
                    // y = 1: p; y = 0: 1 − p.
                    let isEvent = SIMD4<Double>(label) .== 1
                    let x = (1 - moved).replacing(with: moved, where: isEvent)
                    let product = (x[0] * x[1]) * (x[2] * x[3])
                    // One logarithm for four cases where it is large beside the product's rounding.
                    if product < 0.5 && product > 1e-290 {
                        sum.add(-log(product))
                    } else {
                        for lane in 0..<4 { sum.add(loss(moved[lane], label[lane])) }
                    }
                }
                for index in whole..<scores.count {
                    sum.add(loss(min(max(scores[index], lower), upper), labels[index]))
                }
                return sum.value
            }
        }
        guard sum.isFinite else { return .undefined(.notFinite) }
        return .value(sum / Double(cases.scores.count))
    }

    /// −ln p of an event, −ln(1 − p) of none. The difference 1 − p is rounded; what it lost is put back to first order,
    /// so that a small p keeps its digits, as ln(1 + x) would.
    @inline(__always)
    private static func loss(_ p: Double, _ label: UInt8) -> Double {
        let isEvent = label == 1
        let x = isEvent ? p : 1 - p
        let lost = isEvent ? 0 : (1 - x) - p
        return x > 0 ? -log(x) - lost / x : .infinity
    }
}

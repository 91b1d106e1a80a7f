/// Spiegelhalter's test of calibration: z = Σ(y − p)(1 − 2p) / √(Σ(1 − 2p)² p(1 − p)), standard normal when the
/// probabilities are right. D. J. Spiegelhalter (1986), "Probabilistic prediction in patient management and clinical
/// trials", Stat Med 5:421-433.
public struct SpiegelhalterTest: Hashable, Sendable {
    public let z: Double
    /// Two-sided.
    public let pValue: Double

    /// The test of independent cases. `no-cases`; `not-probabilities` when a score lies outside 0...1; `no-variance` when
    /// every probability is 0, ½ or 1.
    public static func test(_ cases: BinaryCases) -> Inferred<SpiegelhalterTest> {
        guard !cases.scores.isEmpty else { return .undefined(.noCases) }
        guard cases.areProbabilities else { return .undefined(.notProbabilities) }
        var numerator = CompensatedLanes()
        var variance = CompensatedLanes()
        cases.scores.withUnsafeBufferPointer { scores in
            cases.labels.withUnsafeBufferPointer { labels in
                let whole = scores.count & ~3
                for index in stride(from: 0, to: whole, by: 4) {
                    let score = SIMD4(scores[index], scores[index + 1], scores[index + 2], scores[index + 3])
                    let label = SIMD4(labels[index], labels[index + 1], labels[index + 2], labels[index + 3])
                    let lean = 1 - 2 * score
                    numerator.add((SIMD4<Double>(label) - score) * lean)
                    variance.add(lean * lean * score * (1 - score))
                }
                for index in whole..<scores.count {
                    let score = scores[index]
                    let lean = 1 - 2 * score
                    numerator.add((Double(labels[index]) - score) * lean)
                    variance.add(lean * lean * score * (1 - score))
                }
            }
        }
        let total = variance.value
        guard total > 0 else { return .undefined(.noVariance) }
        let z = numerator.value / total.squareRoot()
        return .value(SpiegelhalterTest(z: z, pValue: 2 * NormalDistribution.upperTail(abs(z))))
    }
}

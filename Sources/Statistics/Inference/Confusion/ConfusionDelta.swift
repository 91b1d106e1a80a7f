internal import Foundation

/// The delta method for a function of the four counts that depends on their proportions only.
///
/// With the function's gradient g over the counts, the variance is Σ c·g² for independent cases (a multinomial sample:
/// Y. M. M. Bishop, S. E. Fienberg and P. W. Holland 1975, Discrete Multivariate Analysis, section 14.6; the term of
/// the mean vanishes, because the function does not change when all counts grow alike), and G/(G−1) Σ (g·cᵢ)² over the
/// G patients with counts cᵢ for clustered ones (the linearised variance of Binder 1983, Int Stat Rev 51:279-292), then
/// with t of G − 1 degrees of freedom in place of z.
struct ConfusionDelta {
    let counts: ConfusionCounts
    let clusters: ConfusionClusters?
    let level: Double
    /// The quantile of the two-sided level.
    let critical: Double

    init(_ counts: ConfusionCounts, clusters: ConfusionClusters?, level: Double) throws(Undefined) {
        guard let probability = Interval.upperProbability(level) else { throw .badArgument }
        let critical: Double?
        if let clusters {
            guard clusters.patients > 1 else { throw .tooFewClusters }
            critical = StudentTDistribution(degreesOfFreedom: Double(clusters.patients - 1))?.quantile(probability)
        } else {
            critical = NormalDistribution.quantile(probability)
        }
        guard let critical else { throw .badArgument }
        self.counts = counts
        self.clusters = clusters
        self.level = level
        self.critical = critical
    }

    /// The variance; the gradient is by ``Confusion/Cell``.
    func variance(_ gradient: SIMD4<Double>) -> Double {
        guard let clusters else {
            let cells = SIMD4(Double(counts.tp), Double(counts.fp), Double(counts.fn), Double(counts.tn))
            return (cells * gradient * gradient).sum()
        }
        var sum = 0.0
        for row in 0..<4 {
            for column in 0..<4 {
                sum += gradient[row] * gradient[column] * Double(clusters.products[4 * row + column])
            }
        }
        let patients = Double(clusters.patients)
        return max(sum, 0) * patients / (patients - 1)
    }

    /// estimate ± critical · standard error, clipped to the range of the quantity.
    func interval(_ estimate: Double, gradient: SIMD4<Double>, within range: ClosedRange<Double>) -> Inferred<Interval>
    {
        let variance = variance(gradient)
        guard variance > 0 else { return .undefined(.onBoundary) }
        let half = critical * variance.squareRoot()
        return .value(
            Interval(
                lower: max(estimate - half, range.lowerBound), upper: min(estimate + half, range.upperBound),
                level: level))
    }

    /// The interval of a positive quantity on the log scale; the gradient is that of the logarithm.
    func logInterval(_ estimate: Double, gradient: SIMD4<Double>) -> Inferred<Interval> {
        let factor = exp(critical * variance(gradient).squareRoot())
        guard estimate > 0, factor.isFinite, (estimate * factor).isFinite else { return .undefined(.onBoundary) }
        return .value(Interval(lower: estimate / factor, upper: estimate * factor, level: level))
    }
}

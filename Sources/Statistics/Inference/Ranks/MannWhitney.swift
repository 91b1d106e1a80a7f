/// The Mann-Whitney test (Wilcoxon's rank sum test) of two independent samples: normal approximation with the variance
/// corrected for ties.
///
/// U counts the pairs in which the first value is larger, ties one half; z = (U − n₁n₂/2 ∓ c)/√variance with the
/// continuity correction c = ½ towards zero when asked for, and variance n₁n₂/12 · (n + 1 − Σ(t³ − t)/(n(n − 1))). H.
/// B. Mann and D. R. Whitney (1947), Ann Math Stat 18:50-60; M. Hollander, D. A. Wolfe and E. Chicken, Nonparametric
/// Statistical Methods, 3rd ed. (2014), section 4.1.
public struct MannWhitney: Codable, Hashable, Sendable {
    /// U, R's W.
    public let statistic: Double
    /// U/(n₁n₂): the probability that a value of the first sample exceeds one of the second, ties one half; the AUROC.
    public let probability: Double
    /// U less its mean over its standard deviation.
    public let z: Double
    /// Two-sided.
    public let pValue: Double

    /// `no-cases` when a sample is empty, `no-variance` when all values are the same, `not-finite`.
    public static func test(_ first: [Double], _ second: [Double], corrected: Bool) -> Inferred<MannWhitney> {
        guard !first.isEmpty, !second.isEmpty else { return .undefined(.noCases) }
        guard let ranks = Ranks(first + second) else { return .undefined(.notFinite) }
        let (n1, n2) = (Int128(first.count), Int128(second.count))
        let n = n1 + n2
        // 2U = 2R − n₁(n₁ + 1).
        let doubled = ranks.doubled[..<first.count].reduce(Int128(0)) { $0 + Int128($1) } - n1 * (n1 + 1)
        let spread = n * (n * n - 1) - ranks.tieCubes
        guard spread > 0 else { return .undefined(.noVariance) }
        let pairs = Double(n1 * n2)
        let variance = pairs / 12 * (Double(spread) / Double(n * (n - 1)))
        let excess = doubled - n1 * n2
        let distance = Double(excess.magnitude) / 2
        let reduced = corrected && excess != 0 ? distance - 0.5 : distance
        let z = reduced / variance.squareRoot() * (excess < 0 ? -1 : 1)
        return .value(
            MannWhitney(
                statistic: Double(doubled) / 2, probability: Double(doubled) / (2 * pairs), z: z,
                pValue: min(1, 2 * NormalDistribution.upperTail(abs(z)))))
    }
}

/// The Kruskal-Wallis test that several independent samples come from one distribution, corrected for ties: `H =
/// (12/(n(n + 1)) · Σ Rᵢ²/nᵢ − 3(n + 1)) / (1 − Σ(t³ − t)/(n³ − n))`. W. H. Kruskal and W. A. Wallis (1952), "Use of
/// ranks in one-criterion variance analysis", JASA 47:583-621.
public struct KruskalWallis: Codable, Hashable, Sendable {
    /// H.
    public let statistic: Double
    /// Samples with values, less one.
    public let degreesOfFreedom: Int
    /// P(chi-squared above the statistic).
    public let pValue: Double

    /// Samples without values are left out. `no-cases` without values, `too-few-cases` for one sample, `no-variance`
    /// when all values are the same, `not-finite`.
    public static func test(_ samples: [[Double]]) -> Inferred<KruskalWallis> {
        let samples = samples.filter { !$0.isEmpty }
        guard !samples.isEmpty else { return .undefined(.noCases) }
        guard samples.count > 1 else { return .undefined(.tooFewCases) }
        guard let ranks = Ranks(Array(samples.joined())) else { return .undefined(.notFinite) }
        let n = Int128(ranks.doubled.count)
        let spread = n * (n * n - 1) - ranks.tieCubes
        guard spread > 0 else { return .undefined(.noVariance) }
        // Σ nᵢ(R̄ᵢ − R̄)² with 2Rᵢ − nᵢ(n + 1) exact: no difference of large squares.
        var (start, sum) = (0, DoubleDouble.zero)
        for sample in samples {
            let size = Int128(sample.count)
            let total = ranks.doubled[start..<start + sample.count].reduce(Int128(0)) { $0 + Int128($1) }
            let deviation = DoubleDouble(integer: total - size * (n + 1))
            sum = sum + deviation * deviation / Double(sample.count)
            start += sample.count
        }
        // 12/(n(n+1)) · (sum/4) over spread/(n³ − n).
        let statistic = (sum * 3 * Double(n - 1) / DoubleDouble(integer: spread)).value
        let degrees = samples.count - 1
        guard let distribution = ChiSquaredDistribution(degreesOfFreedom: Double(degrees)) else {
            return .undefined(.tooFewCases)
        }
        return .value(
            KruskalWallis(
                statistic: statistic, degreesOfFreedom: degrees, pValue: distribution.upperTail(statistic)))
    }
}

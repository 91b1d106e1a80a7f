/// One-way analysis of variance: whether the means of several independent groups with a common variance differ. R. A.
/// Fisher (1925), Statistical Methods for Research Workers, chapter 7.
public struct OneWayANOVA: Codable, Hashable, Sendable {
    /// k − 1 of the k groups with values.
    public let betweenDegrees: Int
    /// N − k.
    public let withinDegrees: Int
    /// Σ nᵢ(x̄ᵢ − x̄)².
    public let betweenSquares: Double
    /// Σᵢ Σ(x − x̄ᵢ)².
    public let withinSquares: Double
    /// The mean square between over the mean square within.
    public let statistic: Double
    /// P(F above the statistic).
    public let pValue: Double

    /// The mean square between groups.
    public var betweenMeanSquare: Double { betweenSquares / Double(betweenDegrees) }
    /// The mean square within groups.
    public var withinMeanSquare: Double { withinSquares / Double(withinDegrees) }
    /// The share of the squares between groups, η² or R².
    public var determination: Double { betweenSquares / (betweenSquares + withinSquares) }
    /// √ of the mean square within.
    public var residualStandardDeviation: Double { withinMeanSquare.squareRoot() }

    /// The analysis of groups; one without values is left out. `no-cases` without values, `too-few-cases` for fewer
    /// than two groups or no more values than groups, `no-variance` when no group varies.
    public static func infer(_ groups: [SampleMoments]) -> Inferred<OneWayANOVA> {
        let groups = groups.filter { $0.n > 0 }
        guard !groups.isEmpty else { return .undefined(.noCases) }
        let total = groups.reduce(0) { $0 + $1.n }
        let (between, within) = (groups.count - 1, total - groups.count)
        guard between > 0, within > 0 else { return .undefined(.tooFewCases) }
        let mean = grandMean(groups)
        var (outer, inner) = (DoubleDouble.zero, DoubleDouble.zero)
        for group in groups {
            let distance = group.exactMean - mean
            outer = outer + distance * distance * Double(group.n)
            inner = inner + group.deviations
        }
        guard inner.value > 0 else { return .undefined(.noVariance) }
        let ratio = (outer / Double(between) / (inner / Double(within))).value
        guard ratio.isFinite,
            let distribution = FDistribution(numerator: Double(between), denominator: Double(within))
        else { return .undefined(.notFinite) }
        return .value(
            OneWayANOVA(
                betweenDegrees: between, withinDegrees: within, betweenSquares: outer.value,
                withinSquares: inner.value, statistic: ratio, pValue: distribution.upperTail(ratio)))
    }

    /// The analysis of the groups of a released aggregate; `withheld` when a number or sum is. The level
    /// ``CategoryColumn/missingLevel`` is left out.
    public static func infer(_ moments: ReleasedMoments) -> Inferred<OneWayANOVA> {
        var groups: [SampleMoments] = []
        for group in moments.groups where group.level != CategoryColumn.missingLevel {
            switch SampleMoments.released(group, resolution: moments.resolution) {
            case .value(let sample): groups.append(sample)
            case .undefined(let reason): return .undefined(reason)
            }
        }
        return infer(groups)
    }

    /// The mean of all values, about the first group's so that an offset costs no digits.
    private static func grandMean(_ groups: [SampleMoments]) -> DoubleDouble {
        let origin = groups[0].exactMean
        var (sum, size) = (DoubleDouble.zero, 0.0)
        for group in groups {
            sum = sum + (group.exactMean - origin) * Double(group.n)
            size += Double(group.n)
        }
        return origin + sum / size
    }
}

/// Welch's analysis of variance of group means without a common variance. B. L. Welch (1951), "On the comparison of
/// several mean values: an alternative approach", Biometrika 38:330-336.
public struct WelchANOVA: Codable, Hashable, Sendable {
    /// Σ wᵢ(x̄ᵢ − x̃)²/(k − 1) over 1 + 2(k − 2)Λ, wᵢ = nᵢ/sᵢ², x̃ the weighted mean and
    /// Λ = Σ (1 − wᵢ/Σw)²/(nᵢ − 1) / (k² − 1).
    public let statistic: Double
    /// k − 1.
    public let numeratorDegrees: Double
    /// 1/(3Λ).
    public let denominatorDegrees: Double
    /// P(F above the statistic).
    public let pValue: Double

    /// `no-cases` without values, `too-few-cases` for fewer than two groups or a group with fewer than two values,
    /// `no-variance` when a group does not vary. Groups without values are left out.
    public static func infer(_ groups: [SampleMoments]) -> Inferred<WelchANOVA> {
        let groups = groups.filter { $0.n > 0 }
        guard let first = groups.first else { return .undefined(.noCases) }
        guard groups.count > 1, groups.allSatisfy({ $0.n > 1 }) else { return .undefined(.tooFewCases) }
        guard groups.allSatisfy({ $0.deviations.value > 0 }) else { return .undefined(.noVariance) }
        let weights = groups.map { (Double($0.n) * Double($0.n - 1)) / $0.deviations.value }
        let means = groups.map { ($0.exactMean - first.exactMean).value }
        let total = weights.reduce(0, +)
        let center = zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 } / total
        let spread = zip(weights, means).reduce(0) { $0 + $1.0 * ($1.1 - center) * ($1.1 - center) }
        let count = Double(groups.count)
        let lambda =
            zip(weights, groups).reduce(0) { sum, pair in
                let share = 1 - pair.0 / total
                return sum + share * share / Double(pair.1.n - 1)
            } / (count * count - 1)
        let statistic = spread / (count - 1) / (1 + 2 * (count - 2) * lambda)
        guard statistic.isFinite, let distribution = FDistribution(numerator: count - 1, denominator: 1 / (3 * lambda))
        else { return .undefined(.notFinite) }
        return .value(
            WelchANOVA(
                statistic: statistic, numeratorDegrees: count - 1, denominatorDegrees: 1 / (3 * lambda),
                pValue: distribution.upperTail(statistic)))
    }
}

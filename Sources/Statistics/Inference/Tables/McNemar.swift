/// McNemar's test of a change between paired yes/no results: only the pairs that differ count. Q. McNemar (1947), "Note
/// on the sampling error of the difference between correlated proportions or percentages", Psychometrika 12:153-157.
public struct McNemar: Codable, Hashable, Sendable {
    /// (b − c)²/(b + c), or (|b − c| − 1)²/(b + c) with the correction of A. L. Edwards (1948), Psychometrika
    /// 13:185-187.
    public let statistic: Double
    /// P(chi-squared with one degree of freedom above the statistic).
    public let pValue: Double

    /// The test of the numbers of pairs in which only the first, and only the second, is positive; `no-cases` when no
    /// pair differs (also when a continuity correction leaves nothing to divide), `bad-argument` for negative counts.
    public static func test(firstOnly b: Int, secondOnly c: Int, corrected: Bool) -> Inferred<McNemar> {
        guard b >= 0, c >= 0, b < CaseColumns.caseLimit, c < CaseColumns.caseLimit else {
            return .undefined(.badArgument)
        }
        guard b + c > 0, let distribution = ChiSquaredDistribution(degreesOfFreedom: 1) else {
            return .undefined(.noCases)
        }
        let distance = Double(max(0, abs(b - c) - (corrected ? 1 : 0)))
        let statistic = distance / Double(b + c) * distance
        return .value(McNemar(statistic: statistic, pValue: distribution.upperTail(statistic)))
    }

    /// The test of released counts; `withheld` when one is.
    public static func test(firstOnly: Count, secondOnly: Count, corrected: Bool) -> Inferred<McNemar> {
        guard let b = firstOnly.exact, let c = secondOnly.exact else { return .undefined(.withheld) }
        return test(firstOnly: b, secondOnly: c, corrected: corrected)
    }

    /// The exact two-sided p value, twice the smaller binomial tail at ½: min(1, 2 P(B ≤ min(b, c))). `no-cases` when
    /// no pair differs.
    public static func exactPValue(firstOnly b: Int, secondOnly c: Int) -> Inferred<Double> {
        guard b >= 0, c >= 0, b < CaseColumns.caseLimit, c < CaseColumns.caseLimit else {
            return .undefined(.badArgument)
        }
        guard b + c > 0 else { return .undefined(.noCases) }
        // P(B ≤ k) of n at ½ is I_½(n − k, k + 1).
        let (small, large) = (min(b, c), max(b, c))
        guard small < large, let beta = BetaDistribution(a: Double(large), b: Double(small + 1)) else {
            return .value(1)
        }
        return .value(min(1, 2 * beta.cdf(0.5)))
    }
}

/// Bowker's test of symmetry of a square table, McNemar's for several categories: Σᵢ<ⱼ (nᵢⱼ − nⱼᵢ)²/(nᵢⱼ + nⱼᵢ) over
/// the pairs of cells that are not both zero, with a degree of freedom each. A. H. Bowker (1948), "A test for symmetry
/// in contingency tables", JASA 43:572-574.
public struct Bowker: Codable, Hashable, Sendable {
    /// The chi-squared statistic.
    public let statistic: Double
    /// Pairs of cells that are not both zero.
    public let degreesOfFreedom: Int
    /// P(chi-squared above the statistic).
    public let pValue: Double

    /// `bad-argument` for a table that is not square, `no-cases` when no pair differs.
    public static func test(_ counts: [[Int]]) -> Inferred<Bowker> {
        guard counts.count > 1,
            counts.allSatisfy({
                $0.count == counts.count && $0.allSatisfy { (0..<CaseColumns.caseLimit).contains($0) }
            })
        else { return .undefined(.badArgument) }
        var (statistic, degrees) = (0.0, 0)
        for i in counts.indices {
            for j in (i + 1)..<counts.count where counts[i][j] + counts[j][i] > 0 {
                let distance = Double(counts[i][j] - counts[j][i])
                statistic += distance / Double(counts[i][j] + counts[j][i]) * distance
                degrees += 1
            }
        }
        guard degrees > 0, let distribution = ChiSquaredDistribution(degreesOfFreedom: Double(degrees)) else {
            return .undefined(.noCases)
        }
        return .value(
            Bowker(statistic: statistic, degreesOfFreedom: degrees, pValue: distribution.upperTail(statistic)))
    }
}

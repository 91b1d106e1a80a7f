/// The two-sample Kolmogorov-Smirnov distance D = sup |F₁(x) − F₂(x)| of the empirical distributions. N. V. Smirnov
/// (1939), Bull Math Univ Moscou 2:3-14.
public struct KolmogorovSmirnov: Codable, Hashable, Sendable {
    /// D, from 0 to 1.
    public let distance: Double
    /// n₁ and n₂.
    public let sizes: [Int]
    /// P(D at least as large) from the limit distribution at D √(n₁n₂/(n₁ + n₂)); conservative with ties.
    public let asymptoticPValue: Double
    /// P(D at least as large) over all ways to divide the values seen, given their ties; nil where n₁n₂ exceeds
    /// ``exactLimit``.
    public let exactPValue: Double?

    /// The largest n₁n₂ for which the exact p value is computed.
    public static let exactLimit = 4_000_000

    /// The distance of values; `no-cases` when a sample is empty, `not-finite`, `bad-argument` from 2³¹ values on.
    public static func test(_ first: [Double], _ second: [Double]) -> Inferred<KolmogorovSmirnov> {
        guard !first.isEmpty, !second.isEmpty else { return .undefined(.noCases) }
        guard first.allSatisfy(\.isFinite), second.allSatisfy(\.isFinite) else { return .undefined(.notFinite) }
        let (m, n) = (first.count, second.count)
        guard m < CaseColumns.caseLimit, n < CaseColumns.caseLimit else { return .undefined(.badArgument) }
        let (x, y) = (first.sorted(), second.sorted())
        var (i, j, largest) = (0, 0, 0)
        // Whether k values end a group of equal ones.
        var ends = [Bool](repeating: false, count: m + n + 1)
        while i < m || j < n {
            let value = min(i < m ? x[i] : .infinity, j < n ? y[j] : .infinity)
            while i < m, x[i] == value { i += 1 }
            while j < n, y[j] == value { j += 1 }
            largest = max(largest, abs(i * n - j * m))
            ends[i + j] = true
        }
        let distance = Double(largest) / (Double(m) * Double(n))
        let scale = (Double(m) * (Double(n) / Double(m + n))).squareRoot()
        let isSmall = m <= exactLimit / n
        return .value(
            KolmogorovSmirnov(
                distance: distance, sizes: [m, n],
                asymptoticPValue: KolmogorovDistribution.upperTail(distance * scale),
                exactPValue: isSmall ? exact(m: m, n: n, largest: largest, ends: ends) : nil))
    }

    /// The share of the paths from (0, 0) to (m, n) that leave |i·n − j·m| < largest at some end of a group of ties: by
    /// steps from what they came from, all terms positive. G. Schröer and D. Trenkler (1995), "Exact and randomization
    /// distributions of Kolmogorov-Smirnov tests two or three samples", Comput Stat Data Anal 20:185-202.
    private static func exact(m: Int, n: Int, largest: Int, ends: [Bool]) -> Double {
        guard largest > 0 else { return 1 }
        var row = [Double](repeating: 0, count: n + 1)
        for i in 0...m {
            for j in 0...n {
                if ends[i + j], abs(i * n - j * m) >= largest {
                    row[j] = 1
                } else {
                    let fromX = i > 0 ? row[j] * Double(i) : 0
                    let fromY = j > 0 ? row[j - 1] * Double(j) : 0
                    row[j] = i + j > 0 ? (fromX + fromY) / Double(i + j) : 0
                }
            }
        }
        return min(1, row[n])
    }
}

/// What released cumulative counts of two groups say of their Kolmogorov-Smirnov distance: it lies between these
/// bounds.
///
/// The lower bound is the largest certain difference at a protocol edge; the upper one allows every case within a bin
/// to lie at either end. Both are about the cases within the outer edges.
public struct KolmogorovSmirnovBounds: Codable, Hashable, Sendable {
    /// D is at least this.
    public let lower: Double
    /// D is at most this.
    public let upper: Double
    /// The edge of the lower bound, a decimal text.
    public let edge: String

    /// The bounds of two groups at common edges; `withheld`, `no-cases` when a group is empty, `bad-argument` for
    /// counts that do not fit the edges.
    public static func infer(
        _ first: ReleasedHistogram.Group, _ second: ReleasedHistogram.Group, edges: [String]
    ) -> Inferred<KolmogorovSmirnovBounds> {
        guard let n1 = first.n.exact, let n2 = second.n.exact else { return .undefined(.withheld) }
        guard edges.count > 1,
            [first.lower, first.upper, second.lower, second.upper].allSatisfy({ $0.count == edges.count })
        else { return .undefined(.badArgument) }
        guard n1 > 0, n2 > 0 else { return .undefined(.noCases) }
        // a/n₁ − b/n₂ over the common denominator, exact.
        let gap = { (a: Int, b: Int) in Int128(a) * Int128(n2) - Int128(b) * Int128(n1) }
        var (lower, place) = (Int128(0), 0)
        for index in edges.indices {
            let certain = max(
                gap(first.lower[index], second.upper[index]), -gap(first.upper[index], second.lower[index]))
            if certain > lower { (lower, place) = (certain, index) }
        }
        var upper = lower
        for index in 1..<edges.count {
            upper = max(
                upper, gap(first.upper[index], second.lower[index - 1]),
                -gap(first.lower[index - 1], second.upper[index]))
        }
        let denominator = Double(Int128(n1) * Int128(n2))
        return .value(
            KolmogorovSmirnovBounds(
                lower: Double(lower) / denominator, upper: min(1, Double(upper) / denominator), edge: edges[place]))
    }
}

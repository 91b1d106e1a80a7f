internal import Foundation

/// Kendall's τ_b, the rank correlation from concordant and discordant pairs, adjusted for ties: `τ_b = S / √((n₀ −
/// n₁)(n₀ − n₂))` with S concordant minus discordant pairs, n₀ = n(n − 1)/2 and n₁, n₂ the pairs tied in each variable.
/// M. G. Kendall (1945), "The treatment of ties in ranking problems", Biometrika 33:239-251. Pairs are counted by
/// merging (W. R. Knight 1966, JASA 61:436-439), in n log n.
public struct KendallTau: Codable, Hashable, Sendable {
    /// From −1 to 1.
    public let estimate: Double
    /// S.
    public let statistic: Int
    /// S over its standard deviation given the ties.
    public let z: Double
    /// Two-sided, from the normal approximation with the variance of S given the ties.
    public let pValue: Double
    /// Two-sided, from all n! orders; nil with ties or beyond ``exactLimit`` pairs.
    public let exactPValue: Double?

    /// The most pairs (x, y) for which the exact p value is computed.
    public static let exactLimit = 200

    /// `no-cases`, `too-few-cases` below two pairs, `no-variance` when a variable does not vary, `not-finite`,
    /// `bad-argument` for lists of different lengths.
    /// - Parameter corrected: takes one from |S| in z, as a continuity correction.
    public static func infer(_ x: [Double], _ y: [Double], corrected: Bool = false) -> Inferred<KendallTau> {
        guard x.count == y.count, x.count < CaseColumns.caseLimit else { return .undefined(.badArgument) }
        guard x.count > 1 else { return .undefined(x.isEmpty ? .noCases : .tooFewCases) }
        guard let first = Ranks(x), let second = Ranks(y) else { return .undefined(.notFinite) }
        let (a, b) = (first.doubled, second.doubled)
        let order = a.indices.sorted { (a[$0], b[$0]) < (a[$1], b[$1]) }
        let pairs = { (size: Int) in size * (size - 1) / 2 }
        var (jointTies, run) = (0, 1)
        for (previous, next) in zip(order, order.dropFirst()) {
            if a[previous] == a[next], b[previous] == b[next] {
                run += 1
            } else {
                jointTies += pairs(run)
                run = 1
            }
        }
        jointTies += pairs(run)
        var sequence = order.map { b[$0] }
        let discordant = inversions(&sequence)
        let all = pairs(x.count)
        let tied1 = first.ties.reduce(0) { $0 + pairs($1) }
        let tied2 = second.ties.reduce(0) { $0 + pairs($1) }
        guard tied1 < all, tied2 < all else { return .undefined(.noVariance) }
        let statistic = all - tied1 - tied2 + jointTies - 2 * discordant
        let variance = variance(Double(x.count), first.ties.map(Double.init), second.ties.map(Double.init))
        let distance = Double(max(0, abs(statistic) - (corrected ? 1 : 0)))
        let z = distance / variance.squareRoot() * (statistic < 0 ? -1 : 1)
        // One square root of the exact product, so that a perfect order is exactly one.
        let scale = DoubleDouble(integer: Int128(all - tied1) * Int128(all - tied2)).squareRoot()
        let estimate = (DoubleDouble(integer: Int128(statistic)) / scale).value
        let isUntied = tied1 == 0 && tied2 == 0
        return .value(
            KendallTau(
                estimate: estimate, statistic: statistic, z: z,
                pValue: min(1, 2 * NormalDistribution.upperTail(abs(z))),
                exactPValue: isUntied && x.count <= exactLimit ? exact(n: x.count, statistic: statistic) : nil))
    }

    /// Var(S) given the ties (Kendall, Rank Correlation Methods, 4th ed., chapter 5).
    private static func variance(_ n: Double, _ ties1: [Double], _ ties2: [Double]) -> Double {
        let cubic = { (ties: [Double]) in ties.reduce(0) { $0 + $1 * ($1 - 1) * (2 * $1 + 5) } }
        let square = { (ties: [Double]) in ties.reduce(0) { $0 + $1 * ($1 - 1) } }
        let triple = { (ties: [Double]) in ties.reduce(0) { $0 + $1 * ($1 - 1) * ($1 - 2) } }
        let main = (n * (n - 1) * (2 * n + 5) - cubic(ties1) - cubic(ties2)) / 18
        let pairs = square(ties1) * square(ties2) / (2 * n * (n - 1))
        let triples = n > 2 ? triple(ties1) * triple(ties2) / (9 * n * (n - 1) * (n - 2)) : 0
        return main + pairs + triples
    }

    /// Sorts and counts the pairs that were out of order.
    private static func inversions(_ values: inout [Int]) -> Int {
        var (count, width) = (0, 1)
        var other = values
        while width < values.count {
            var start = 0
            while start < values.count {
                let (middle, end) = (min(start + width, values.count), min(start + 2 * width, values.count))
                var (left, right) = (start, middle)
                for place in start..<end {
                    if left < middle, right >= end || values[left] <= values[right] {
                        other[place] = values[left]
                        left += 1
                    } else {
                        other[place] = values[right]
                        right += 1
                        count += middle - left
                    }
                }
                start = end
            }
            swap(&values, &other)
            width *= 2
        }
        return count
    }

    /// P(|S| at least as large) over all orders: the numbers of inversions have the generating function
    /// Π (1 + q + … + q^(i−1))/i, whose coefficients are built up as probabilities.
    private static func exact(n: Int, statistic: Int) -> Double {
        let all = n * (n - 1) / 2
        // |S| ≥ s is at most (all − s)/2 inversions, or at least that many fewer than all.
        let most = (all - abs(statistic)) / 2
        guard statistic != 0 else { return 1 }
        var probabilities = [1.0]
        for i in 2...max(2, n) where n > 1 {
            let length = min(most, i * (i - 1) / 2) + 1
            var next = [Double](repeating: 0, count: length)
            var window = NeumaierSum()
            for k in 0..<length {
                if k < probabilities.count { window.add(probabilities[k]) }
                if k >= i, k - i < probabilities.count { window.add(-probabilities[k - i]) }
                next[k] = max(0, window.double) / Double(i)
            }
            probabilities = next
        }
        return min(1, 2 * NeumaierSum(probabilities.prefix(most + 1)).double)
    }
}

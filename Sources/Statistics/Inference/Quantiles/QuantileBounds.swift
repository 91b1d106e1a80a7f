/// What released cumulative counts say of a quantile: it lies from one protocol edge to another.
///
/// The bounds hold for each of the nine sample quantiles of Hyndman and Fan (1996), "Sample quantiles in statistical
/// packages", Am Stat 50:361-365: all lie between the order statistics of rank ⌊np⌋ and ⌈np⌉ + 1 (within 1...n). They
/// are about the cases within the outer edges.
public struct QuantileBounds: Codable, Hashable, Sendable {
    /// The percentages that reports ask for.
    public static let usualPercents = [5, 25, 50, 75, 95]

    /// The quantile's probability in per cent, from 0 to 100.
    public let percent: Int
    /// The quantile is at least this edge, a decimal text.
    public let lower: String
    /// The quantile is below this edge (or at it, where it is the last), a decimal text.
    public let upper: String

    /// The bounds of a released group; `withheld` when its number is, `no-cases` when it is zero.
    public static func infer(
        _ group: ReleasedHistogram.Group, edges: [String], percents: [Int] = usualPercents
    ) -> Inferred<[QuantileBounds]> {
        guard let n = group.n.exact else { return .undefined(.withheld) }
        guard n > 0 else { return .undefined(.noCases) }
        guard percents.allSatisfy((0...100).contains), group.lower.count == edges.count,
            group.upper.count == edges.count
        else { return .undefined(.badArgument) }
        var bounds: [QuantileBounds] = []
        for percent in percents {
            let product = n * percent
            let first = max(1, product / 100)
            let last = min(n, (product + 99) / 100 + 1)
            guard let lower = group.upper.lastIndex(where: { $0 < first }),
                let upper = group.lower.firstIndex(where: { $0 >= last })
            else { return .undefined(.badArgument) }
            bounds.append(QuantileBounds(percent: percent, lower: edges[lower], upper: edges[upper]))
        }
        return .value(bounds)
    }
}

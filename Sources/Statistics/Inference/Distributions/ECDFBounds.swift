/// What released cumulative counts say of the empirical distribution at a protocol edge: the share of the cases below
/// it (of those within the outer edges) lies between these bounds; they are equal where the count is exact.
public struct ECDFBounds: Codable, Hashable, Sendable {
    /// A decimal text.
    public let edge: String
    /// The share is at least this, from 0 to 1.
    public let lower: Double
    /// The share is at most this, from 0 to 1.
    public let upper: Double

    /// The bounds at every edge; `withheld`, `no-cases`, `bad-argument` for counts that do not fit the edges.
    public static func infer(_ group: ReleasedHistogram.Group, edges: [String]) -> Inferred<[ECDFBounds]> {
        guard let n = group.n.exact else { return .undefined(.withheld) }
        guard group.lower.count == edges.count, group.upper.count == edges.count else {
            return .undefined(.badArgument)
        }
        guard n > 0 else { return .undefined(.noCases) }
        return .value(
            edges.indices.map { index in
                ECDFBounds(
                    edge: edges[index], lower: Double(group.lower[index]) / Double(n),
                    upper: Double(group.upper[index]) / Double(n))
            })
    }
}

internal import Foundation

/// The protocol's grid of score steps, the one definition of its edges.
///
/// The points are `from + (to - from) · i / steps` for `i` from 0 to `steps`; on the logit scale each point `x` becomes
/// the probability `1 / (1 + exp(-x))`, in Double. Each is rounded to the score resolution (exact binary value, nearest,
/// ties to even) and clamped to 0 and 1; 0 and 1 themselves are always edges, so that every probability is covered;
/// points that round to the same units count once. Sites publish the edges with the steps, so that a site that rounded
/// differently would be seen, not summed.
public struct ScoreGrid: Codable, Hashable, Sendable {
    /// The scale on which the points are equally spaced.
    public enum Scale: String, Codable, Hashable, Sendable, CaseIterable {
        case linear, logit
    }

    /// The most steps of a grid.
    public static let stepLimit = 1000

    public let scale: Scale
    /// The first point, on the scale: a probability, or a log odds from -40 to 40.
    public let from: Double
    /// The last point, above `from`.
    public let to: Double
    /// The number of steps between them, from 1 to ``stepLimit``.
    public let steps: Int

    /// Checks the limits; `malformed-grid` otherwise.
    public init(scale: Scale, from: Double, to: Double, steps: Int) throws(StatisticsError) {
        let range: ClosedRange<Double> = scale == .linear ? 0...1 : -40...40
        guard range.contains(from), range.contains(to), from < to, (1...Self.stepLimit).contains(steps) else {
            throw StatisticsError(
                .malformedGrid,
                "from < to within \(range.lowerBound)...\(range.upperBound) and 1...\(Self.stepLimit) steps")
        }
        self.scale = scale
        self.from = from
        self.to = to
        self.steps = steps
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            scale: container.decode(Scale.self, forKey: .scale),
            from: container.decode(Double.self, forKey: .from),
            to: container.decode(Double.self, forKey: .to),
            steps: container.decode(Int.self, forKey: .steps))
    }

    /// The ascending distinct edges in units of the score resolution, 0 and 1 included.
    public func edges(resolution: Resolution) throws(StatisticsError) -> [Int64] {
        guard let one = resolution.units(1.0), one > 0 else {
            throw StatisticsError(.malformedGrid, "the score resolution must be at most 1")
        }
        var edges: Set<Int64> = [0, one]
        for index in 0...steps {
            let point = from + (to - from) * (Double(index) / Double(steps))
            let score = scale == .linear ? point : 1 / (1 + exp(-point))
            if let units = resolution.units(score) { edges.insert(min(max(units, 0), one)) }
        }
        return edges.sorted()
    }
}

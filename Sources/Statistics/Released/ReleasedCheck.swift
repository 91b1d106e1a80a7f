/// The checks that every released form makes of what it was decoded from: a release comes from another party, and the
/// integer arithmetic above relies on these bounds.
enum ReleasedCheck {
    /// The most entries of a list in a released form.
    static let listLimit = 10_000

    static func require(_ condition: Bool, _ detail: String) throws(StatisticsError) {
        guard condition else { throw StatisticsError(.unexpectedValue, detail) }
    }

    static func count(_ counts: Count...) throws(StatisticsError) { try all(counts) }

    static func all(_ counts: [Count]) throws(StatisticsError) {
        for case .exact(let number) in counts {
            try require(number >= 0 && number < CaseColumns.caseLimit, "a count lies below 2^31")
        }
    }

    /// Edges are canonical texts of strictly ascending multiples of the resolution.
    static func edges(_ edges: [String], resolution: Resolution) throws(StatisticsError) {
        try require((2...listLimit).contains(edges.count), "from 2 to \(listLimit) edges")
        var previous: Int64?
        for text in edges {
            guard let units = resolution.units(decimal: text), resolution.text(units) == text else {
                throw StatisticsError(.malformedEdges, "an edge is the canonical text of a multiple of the resolution")
            }
            guard previous.map({ $0 < units }) ?? true else {
                throw StatisticsError(.malformedEdges, "edges ascend strictly")
            }
            previous = units
        }
    }

    /// Cumulative bounds: as many as edges, not decreasing, lower at most upper, from 0 to n, and exact at both ends.
    /// Empty when the number is withheld.
    static func bounds(lower: [Int], upper: [Int], n: Count, edges: Int) throws(StatisticsError) {
        guard case .exact(let total) = n else {
            return try require(lower.isEmpty && upper.isEmpty, "no bounds beside a withheld number")
        }
        try require(lower.count == edges && upper.count == edges, "one bound an edge")
        try require(lower.first == 0 && upper.first == 0, "no case below the first edge")
        try require(lower.last == total && upper.last == total, "all cases below the last edge")
        for bounds in [lower, upper] {
            try require(zip(bounds, bounds.dropFirst()).allSatisfy { $0 <= $1 }, "cumulative counts do not decrease")
        }
        try require(zip(lower, upper).allSatisfy { $0 <= $1 }, "a lower bound is at most the upper bound")
    }

    static func label(_ text: String?) throws(StatisticsError) {
        try require((text?.utf8.count ?? 0) <= 200, "a label has at most 200 bytes")
    }
}

import Statistics

/// One count that an answer would publish.
struct JointStatement {
    /// The cases that are counted.
    enum Place: Hashable {
        /// Screened cases by flow box.
        case boxes([Int])
        /// Described cases.
        case described(Region)
    }

    /// Where in the answer the count stands.
    enum Part: Hashable {
        /// - Parameter axes: the axes of the margin, a bit each; all of them for the table itself.
        case cell(Int, axes: Int)
        case total(group: Int)
        /// Cases of a group below an edge.
        case below(edge: Int, group: Int)
        /// Missing, malformed, out of range.
        case outside(Int, group: Int)
        case screened
        case box(Int)
        /// Published with all of the answer or not at all.
        case whole
    }

    /// What is given up first when an answer cannot be protected as it is: from below.
    enum Tier: Int, Comparable, CaseIterable {
        case subgroup, table, histogram, moments, flow, performance

        static func < (left: Tier, right: Tier) -> Bool { left.rawValue < right.rawValue }

        /// How dear its cases are.
        var weight: Int { 1 << (5 * rawValue) }
    }

    let part: Part
    let place: Place
    /// The count as the aggregate has it.
    let value: Int
}

/// A count that is withheld, or a small group that nobody asked for.
struct JointRequirement {
    /// Nil for a group.
    let item: Int?
    let place: JointStatement.Place
    let value: Int
    /// How wide the attacker's interval must stay.
    let width: Int
}

/// An answer as a table over the axes that it shares with others.
struct JointView {
    let item: Int
    let tier: JointStatement.Tier
    let axes: Set<Int>
    let statements: [JointStatement]
    /// Whether it is a candidate for the release; of the others only the small groups matter.
    var isProposed: Bool

    /// The sets of levels that it tells apart on an axis.
    func sets(on axis: Int) -> [[Int]] {
        statements.compactMap { statement in
            guard case .described(let region) = statement.place else { return nil }
            return region.levels[axis]
        }
    }
}

internal import Foundation

/// What a release said of the cases of a snapshot, and how closely it must not be known what it withheld: kept at the
/// site for the releases to come of the same snapshot (rule 4). It stands for single cases, so it never leaves the site;
/// it is `Codable` for the site's own store only, in the transaction that keeps the release.
///
/// It holds the levels of each case on the axes that the release cut, no values and no scores, so that nothing has to be
/// read or scored again.
public struct EarlierStatements: Codable, Hashable, Sendable {
    /// The most bytes of cases' levels that are kept. Beyond, ``isUsable`` is false.
    public static let byteLimit = 16 << 20

    /// How many screened cases the snapshot has. Statements of another number are of another snapshot.
    public let caseCount: Int
    /// Nil where the release could not be described: then nothing can be shown to be safe beside it.
    let content: Content?

    init(caseCount: Int, content: Content?) {
        self.caseCount = caseCount
        self.content = content
    }

    /// The same without what could be compared: for a store that cannot hold it.
    public var withoutContent: EarlierStatements { EarlierStatements(caseCount: caseCount, content: nil) }

    /// False where a later release of the snapshot gets nothing but what was given before.
    public var isUsable: Bool { content != nil }
}

extension EarlierStatements {
    /// An axis as finely as one release cut it.
    struct Axis: Codable, Hashable, Sendable {
        enum Kind: Codable, Hashable, Sendable {
            /// - Parameter count: with the level of what is missing, the last.
            case category(count: Int)
            /// Intervals between the cuts, then missing, malformed, out of range.
            case quantity(lower: Int64, upper: Int64, cuts: [Int64])
            /// Intervals between the cuts, then the failed cases by code. A case without a score has no level.
            case score(one: Int64, cuts: [Int64], failed: [String])
        }

        /// The variable; of a score the model's digest.
        let name: String
        let kind: Kind

        var isScore: Bool { if case .score = kind { true } else { false } }

        /// The axis of a scale or a category; of a score its intervals.
        var levels: AxisLevels {
            switch kind {
            case .category(let count): AxisLevels(category: name, count: count)
            case .quantity(let lower, let upper, let cuts):
                AxisLevels(quantity: name, range: lower...upper, cuts: Set(cuts))
            case .score(let one, let cuts, _):
                AxisLevels(scoreUpTo: one, cuts: Set(cuts), hasFailed: false)
            }
        }

        /// The level of the first kind of failed cases of a score.
        var firstFailed: Int { levels.orderedCount }
    }

    /// Some of the screened cases: those of the boxes, on the named axes only the given levels.
    struct Place: Codable, Hashable, Sendable {
        struct Restriction: Codable, Hashable, Sendable {
            let axis: Int
            /// Ascending.
            let levels: [Int]
        }

        /// Ascending.
        let boxes: [Int]
        /// By axis, ascending.
        let restrictions: [Restriction]
    }

    /// A count of cases.
    struct Statement: Codable, Hashable, Sendable {
        let place: Place
        let value: Int
        /// Nil: it was published. Else how wide the attacker's interval must stay.
        let requiredWidth: Int?
    }

    struct Content: Codable, Hashable, Sendable {
        var axes: [Axis]
        /// The axes of the cohort's criteria, which decide the box; they cut where the criteria do.
        var criteria: [Int]
        /// By the levels of those axes, the last running fastest: the box, failed cases as analysed ones.
        var boxOfLevels: [Int]
        var analysed: Int
        /// The boxes of failed cases, in the order of the score's levels.
        var failed: [Int]
        /// The combinations of levels that occur, -1 for no level.
        var tuples: [[Int]]
        /// The combination of each screened case, four bytes each, little-endian.
        var tupleOfCase: Data
        var statements: [Statement]

        var places: [Int] {
            stride(from: 0, to: tupleOfCase.count, by: 4).map { start in
                (0..<4).reduce(0) { $0 | Int(tupleOfCase[tupleOfCase.startIndex + start + $1]) << (8 * $1) }
            }
        }

        var published: [Statement] { statements.filter { $0.requiredWidth == nil } }

        /// Whether it is about the same cohort, cut in the same way.
        func hasForm(of other: Content) -> Bool {
            axes == other.axes && criteria == other.criteria && boxOfLevels == other.boxOfLevels
                && analysed == other.analysed && failed == other.failed && tuples == other.tuples
                && tupleOfCase == other.tupleOfCase
        }
    }
}

extension EarlierStatements {
    private enum CodingKeys: String, CodingKey { case caseCount, content }

    /// - Throws: `DecodingError` for what no release left: a damaged store must not be taken for an empty one.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let caseCount = try container.decode(Int.self, forKey: .caseCount)
        let content = try container.decodeIfPresent(Content.self, forKey: .content)
        guard caseCount >= 0, content?.isSound(caseCount: caseCount) ?? true else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: container.codingPath, debugDescription: "statements of no release"))
        }
        self.init(caseCount: caseCount, content: content)
    }
}

extension EarlierStatements.Content {
    /// Whether every number that points into a list does.
    fileprivate func isSound(caseCount: Int) -> Bool {
        let areScales = axes.allSatisfy { axis in
            switch axis.kind {
            case .category(let count): count >= 1
            case .quantity(let lower, let upper, let cuts):
                lower <= upper && upper < .max && cuts.allSatisfy { $0 > lower && $0 <= upper }
            case .score(let one, _, _): one > 0
            }
        }
        guard areScales, criteria.allSatisfy(axes.indices.contains), tupleOfCase.count == 4 * caseCount,
            tuples.allSatisfy({ $0.count == axes.count }), places.allSatisfy(tuples.indices.contains)
        else { return false }
        let combinations = criteria.reduce(1.0) { $0 * Double(axes[$1].levels.count) }
        return combinations == Double(boxOfLevels.count)
            && statements.allSatisfy { statement in
                statement.place.restrictions.allSatisfy { axes.indices.contains($0.axis) }
            }
    }
}

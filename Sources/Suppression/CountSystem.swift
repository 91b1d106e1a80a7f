/// What a release says about counts, as an attacker would write it down: unknown whole numbers, what always holds between
/// them, and the sums of them that are published or withheld.
///
/// Unknowns are the smallest cells that the release's tables are made of. Each is a count of cases, not negative. A
/// margin, a total, a cumulative count is a statement over several of them.
public struct CountSystem: Hashable, Sendable {
    /// The true value of each unknown, 0 or more. Nobody outside of the site knows it unless a statement says it.
    public var unknowns: [Int]
    /// What holds whatever is published.
    public var links: [Link]
    /// What could be published.
    public var statements: [Statement]

    public init(unknowns: [Int] = [], links: [Link] = [], statements: [Statement] = []) {
        self.unknowns = unknowns
        self.links = links
        self.statements = statements
    }

    /// The true value of a statement.
    public func value(of statement: Statement) -> Int {
        statement.unknowns.reduce(0) { $0 + unknowns[Int($1)] }
    }
}

/// Two sums of unknowns that are equal by what they mean: two tables of the same cases share a margin.
public struct Link: Hashable, Sendable {
    /// Indices into `CountSystem.unknowns`, ascending, each once.
    public var left: [Int32]
    public var right: [Int32]

    public init(left: [Int32], right: [Int32]) {
        self.left = left
        self.right = right
    }
}

/// One count that could be published: the sum of some unknowns.
public struct Statement: Hashable, Sendable {
    public enum Role: Hashable, Sendable {
        /// Is published, whatever follows.
        case fixed
        /// Is published unless it would give away what is withheld.
        case open
        /// May not be published, nor become known within `requiredWidth`.
        case sensitive
    }

    /// Indices into `CountSystem.unknowns`, ascending, each once.
    public var unknowns: [Int32]
    public var role: Role
    /// How wide the attacker's interval for the count must stay when it is withheld: upper less lower bound, 1 or more.
    public var requiredWidth: Int
    /// What is lost when it is withheld, 0 or more: its count, as a rule.
    public var loss: Int
    /// Statements of one bundle are published together or not at all; nil for one that stands alone.
    public var bundle: Int32?

    public init(
        unknowns: [Int32], role: Role = .open, requiredWidth: Int, loss: Int, bundle: Int32? = nil
    ) {
        self.unknowns = unknowns
        self.role = role
        self.requiredWidth = requiredWidth
        self.loss = loss
        self.bundle = bundle
    }
}

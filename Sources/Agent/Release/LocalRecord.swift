public import Disclosure

/// The site's own record of a release: never sent.
public struct LocalRecord: Codable, Hashable, Sendable {
    /// What a release adds to the ledger of everything that ever left.
    public struct LedgerEntry: Codable, Hashable, Sendable {
        /// Rows that this release adds: one a released number.
        public let rows: Int
        /// Rows that were there before.
        public let earlier: Int

        public init(rows: Int, earlier: Int) {
            self.rows = rows
            self.earlier = earlier
        }

        enum CodingKeys: String, CodingKey {
            case rows, earlier
        }
    }

    /// What was withheld and by which rule.
    public let withheld: [LocalDecision]
    /// How many numbers the release holds.
    public let numbers: Int
    /// The policy that decided; the release binds its digest.
    public let policy: DisclosurePolicy
    /// Nil where no ledger is kept.
    public let ledger: LedgerEntry?

    init(withheld: [LocalDecision], numbers: Int, policy: DisclosurePolicy, ledger: LedgerEntry? = nil) {
        self.withheld = withheld
        self.numbers = numbers
        self.policy = policy
        self.ledger = ledger
    }

    enum CodingKeys: String, CodingKey {
        case withheld, numbers, policy, ledger
    }
}

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

    /// The noise of a release, and what it takes of the dataset's budget. Costs are rho of zCDP, decimals.
    public struct NoiseEntry: Codable, Hashable, Sendable {
        /// The noise in one answer, or in all subgroups of it by one variable.
        public struct Answer: Codable, Hashable, Sendable {
            public let name: String
            /// σ of the discrete Gaussian, b of the discrete Laplace.
            public let scale: String
            /// At least 95 % of all draws lie within ± this.
            public let halfWidth: Int

            enum CodingKeys: String, CodingKey {
                case name, scale, halfWidth
            }
        }

        public let mechanism: String
        /// Of the whole release.
        public let epsilon: String
        /// Nil for the discrete Laplace.
        public let delta: String?
        /// At most so many cases of one patient count.
        public let casesPerPatient: Int
        public let cost: String
        /// What was spent before.
        public let spent: String
        /// What the site allows in all; nil when it has set no budget.
        public let allowance: String?
        public let answers: [Answer]

        enum CodingKeys: String, CodingKey {
            case mechanism, epsilon, delta, casesPerPatient, cost, spent, allowance, answers
        }
    }

    /// What was withheld and by which rule.
    public let withheld: [LocalDecision]
    /// How many numbers the release holds.
    public let numbers: Int
    /// The policy that decided; the release binds its digest.
    public let policy: DisclosurePolicy
    /// Nil where no ledger is kept, as for a release with noise.
    public let ledger: LedgerEntry?
    /// Nil for a release without noise.
    public let noise: NoiseEntry?

    init(
        withheld: [LocalDecision], numbers: Int, policy: DisclosurePolicy, ledger: LedgerEntry? = nil,
        noise: NoiseEntry? = nil
    ) {
        self.withheld = withheld
        self.numbers = numbers
        self.policy = policy
        self.ledger = ledger
        self.noise = noise
    }

    enum CodingKeys: String, CodingKey {
        case withheld, numbers, policy, ledger, noise
    }
}

/// The one privacy budget of a dataset: all releases to all sponsors draw on it, because sponsors may put what they got
/// together. A value: the caller stores it, with the charge, in the transaction that stores the release, and before
/// anything is sent.
///
/// It only grows: there is no way to take a charge back, also when the release is later declined or fails, since noise
/// that was drawn may have been seen.
public struct PrivacyBudget: Hashable, Sendable {
    /// One charge.
    public struct Charge: Hashable, Sendable {
        /// The release, once in a dataset.
        public let release: String
        public let sponsor: String
        public let cost: PrivacyCost

        /// `malformed-name` unless both names are 1 to 256 visible ASCII characters.
        public init(release: String, sponsor: String, cost: PrivacyCost) throws(PrivacyError) {
            try PlainName.check(release, sponsor)
            self.release = release
            self.sponsor = sponsor
            self.cost = cost
        }
    }

    public let dataset: String
    /// What the site allows in all.
    public let total: PrivacyTarget
    /// The same as rho.
    public let allowance: PrivacyCost
    /// In the order in which they were made.
    public private(set) var charges: [Charge]
    /// The sum of all charges.
    public private(set) var spent: PrivacyCost
    private var releases: Set<String>

    /// A budget with what was charged so far. Charges above the total are kept, as after a site lowered it: then nothing
    /// is left.
    public init(dataset: String, total: PrivacyTarget, charges: [Charge] = []) throws(PrivacyError) {
        try PlainName.check(dataset)
        self.dataset = dataset
        self.total = total
        allowance = try total.allowance()
        self.charges = charges
        releases = Set(charges.map(\.release))
        guard releases.count == charges.count else { throw PrivacyError(.malformedRecord, "a release is charged once") }
        var spent = PrivacyCost.zero
        for charge in charges { spent = try spent.adding(charge.cost) }
        self.spent = spent
    }

    /// What is left; zero when more was spent than a lowered total allows.
    public var remaining: PrivacyCost {
        (try? PrivacyCost(units: allowance.units - min(spent.units, allowance.units))) ?? .zero
    }

    /// What one sponsor's releases cost.
    public func spent(by sponsor: String) throws(PrivacyError) -> PrivacyCost {
        var sum = PrivacyCost.zero
        for charge in charges where charge.sponsor == sponsor { sum = try sum.adding(charge.cost) }
        return sum
    }

    /// Charges a release, or changes nothing and throws: `privacy-already-charged` for a release that was charged, whatever
    /// its cost; `privacy-budget-spent` when what remains does not cover it.
    public mutating func spend(_ cost: PrivacyCost, release: String, sponsor: String) throws(PrivacyError) {
        let charge = try Charge(release: release, sponsor: sponsor, cost: cost)
        guard !releases.contains(release) else { throw PrivacyError(.alreadyCharged, "a release is charged once") }
        guard cost <= remaining else {
            throw PrivacyError(.budgetSpent, "the dataset's budget does not cover the release")
        }
        spent = try spent.adding(cost)
        charges.append(charge)
        releases.insert(release)
    }
}

extension PrivacyBudget.Charge: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case release, sponsor
        case cost = "rho"
    }

    public init(from decoder: any Decoder) throws {
        try OnlyKeys.check(decoder, CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            release: container.decode(String.self, forKey: .release),
            sponsor: container.decode(String.self, forKey: .sponsor),
            cost: container.decode(PrivacyCost.self, forKey: .cost))
    }
}

extension PrivacyBudget: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case dataset, total, charges }

    /// Sums are made again from the charges, never read.
    public init(from decoder: any Decoder) throws {
        try OnlyKeys.check(decoder, CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            dataset: container.decode(String.self, forKey: .dataset),
            total: container.decode(PrivacyTarget.self, forKey: .total),
            charges: container.decode([Charge].self, forKey: .charges))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(dataset, forKey: .dataset)
        try container.encode(total, forKey: .total)
        try container.encode(charges, forKey: .charges)
    }
}

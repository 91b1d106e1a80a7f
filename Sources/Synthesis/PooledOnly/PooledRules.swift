/// When a number over sites may be shown to somebody who may not see each site's: rule 19 of the release gate.
///
/// The sites are the respondents of a magnitude table. A number is shown when enough sites are in it, none of them holds
/// nearly all of it, and no site can work out another one's part by taking away its own (Hundepool et al. 2012,
/// Statistical Disclosure Control, section 4.2: minimum frequency, (n,k) dominance and p % rule; the same rules are in
/// tau-ARGUS). What passes is closed under addition: where the parts of a sum pass, the sum does.
public struct PooledRules: Codable, Hashable, Sendable {
    /// The fewest sites in a number, at least 3: of two, each would know the other's.
    public let minimumSites: Int
    /// The (n,k) rule with n = 1, in per cent: the largest part of one site, 1...99.
    public let largestShare: Int
    /// The p % rule, in per cent of the largest part: what all but the two largest sites hold together, 1...100.
    public let remainder: Int
    /// What a count must be, or must leave when one site takes away its own, unless it is 0: the protocol's
    /// `minimumCell`.
    public let minimumCell: Int

    enum CodingKeys: String, CodingKey { case minimumSites, largestShare, remainder, minimumCell }

    /// Values out of range are moved to the nearest that is allowed.
    ///
    /// - Parameter largestShare: at 85 % the total overstates the largest part by 17.6 % at least.
    /// - Parameter remainder: 10 % is the value of the gate's rule 5 and of ACRO.
    public init(minimumSites: Int = 3, largestShare: Int = 85, remainder: Int = 10, minimumCell: Int) {
        self.minimumSites = max(3, minimumSites)
        self.largestShare = min(99, max(1, largestShare))
        self.remainder = min(100, max(1, remainder))
        self.minimumCell = max(1, minimumCell)
    }

    /// Whether the sum of these parts, one a site, may be shown; by their absolute values.
    ///
    /// With x the parts in descending order and X their sum: x1 <= k % of X, and X - x1 - x2 >= p % of x1.
    public func allows(_ parts: [Int128]) -> Bool {
        guard parts.count >= minimumSites else { return false }
        let sizes = parts.map { Self.magnitude($0) }.sorted(by: >)
        let total = sizes.reduce(0, +)
        guard total > 0 else { return true }
        let rest = total - sizes[0] - sizes[1]
        return sizes[0] * 100 <= total * Double(largestShare) && rest * 100 >= sizes[0] * Double(remainder)
    }

    /// Whether the sum of these counts, one a site, may be shown.
    public func allows(counts: [Int]) -> Bool {
        allows(counts.map { Int128($0) }) && leavesEnough(counts)
    }

    /// Whether the sum is 0 or large enough, also for a site that takes away its own.
    public func leavesEnough(_ counts: [Int]) -> Bool {
        let total = counts.reduce(0, +)
        return ([0] + counts).allSatisfy { total == $0 || total - $0 >= minimumCell }
    }

    /// What a bound is rounded to so that it says little of a quantity of at most this size: the least of `minimumCell`,
    /// twice, four times, ... that reaches it.
    func step(reaching size: Int) -> Int {
        var step = minimumCell
        while step < size { step *= 2 }
        return step
    }

    /// Whole numbers up to 2^53 are exact; beyond, a share in the sixteenth decimal decides nothing.
    private static func magnitude(_ value: Int128) -> Double { Double(value.magnitude) }
}

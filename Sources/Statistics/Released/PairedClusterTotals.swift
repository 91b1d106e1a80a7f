/// Released patient totals of one reference class for two calls of the same cases: over the patients with `m` > 0 cases
/// of the class, of which `a` were called correctly by the first and `b` by the second. Σm, Σa and Σb are the counts
/// beside them.
public struct PairedClusterTotals: Hashable, Sendable {
    /// Patients with at least one case of the class.
    public let patients: Int
    /// Σm².
    public let m2: WideInteger
    /// Σa².
    public let a2: WideInteger
    /// Σb².
    public let b2: WideInteger
    /// Σa·b.
    public let ab: WideInteger
    /// Σa·m.
    public let am: WideInteger
    /// Σb·m.
    public let bm: WideInteger

    @_spi(ReleaseGate)
    public init(_ sums: PairedClusterSums) {
        self.init(
            patients: sums.patients, m2: WideInteger(sums.m2), a2: WideInteger(sums.a2), b2: WideInteger(sums.b2),
            ab: WideInteger(sums.ab), am: WideInteger(sums.am), bm: WideInteger(sums.bm))
    }

    private init(
        patients: Int, m2: WideInteger, a2: WideInteger, b2: WideInteger, ab: WideInteger, am: WideInteger,
        bm: WideInteger
    ) {
        self.patients = patients
        self.m2 = m2
        self.a2 = a2
        self.b2 = b2
        self.ab = ab
        self.am = am
        self.bm = bm
    }

    /// The totals of one of the calls alone.
    public func single(second: Bool) -> ClusterTotals {
        ClusterTotals(patients: patients, m2: m2, h2: second ? b2 : a2, hm: second ? bm : am)
    }

    /// Checks the totals against the class's cases Σm and the two calls' correct ones Σa and Σb, where those are released.
    func check(cases: Int?, first: Int?, second: Int?) throws(StatisticsError) {
        try single(second: false).check(cases: cases, hits: first)
        try single(second: true).check(cases: cases, hits: second)
        try ReleasedCheck.require(
            ab.value >= 0 && ab <= am && ab <= bm && 2 * ab.value <= a2.value + b2.value,
            "products agree with squares")
    }

    static func add(_ left: PairedClusterTotals?, _ right: PairedClusterTotals?) -> PairedClusterTotals? {
        guard let left, let right else { return nil }
        return PairedClusterTotals(
            patients: left.patients + right.patients, m2: left.m2 + right.m2, a2: left.a2 + right.a2,
            b2: left.b2 + right.b2, ab: left.ab + right.ab, am: left.am + right.am, bm: left.bm + right.bm)
    }
}

extension PairedClusterTotals: Codable {
    private enum CodingKeys: String, CodingKey { case patients, m2, a2, b2, ab, am, bm }
}

/// Released patient totals of one reference class at an operating point: over the patients with `m` > 0 cases of the
/// class, of which `h` were called correctly, the sums of m², h² and h·m. Σm and Σh are the counts beside them.
public struct ClusterTotals: Hashable, Sendable {
    /// Patients with at least one case of the class.
    public let patients: Int
    /// Σm².
    public let m2: WideInteger
    /// Σh².
    public let h2: WideInteger
    /// Σh·m.
    public let hm: WideInteger

    @_spi(ReleaseGate)
    public init(_ sums: ClusterSums) {
        self.init(
            patients: sums.patients, m2: WideInteger(sums.m2), h2: WideInteger(sums.h2), hm: WideInteger(sums.hm))
    }

    init(patients: Int, m2: WideInteger, h2: WideInteger, hm: WideInteger) {
        self.patients = patients
        self.m2 = m2
        self.h2 = h2
        self.hm = hm
    }

    /// Checks the totals against the class's cases Σm and hits Σh, where those are released.
    func check(cases: Int?, hits: Int?) throws(StatisticsError) {
        try ReleasedCheck.require(patients >= 0 && patients < CaseColumns.caseLimit, "a count lies below 2^31")
        let limit = Int128(CaseColumns.caseLimit) * Int128(CaseColumns.caseLimit)
        try ReleasedCheck.require(
            0 <= h2.value && h2 <= hm && hm <= m2 && m2.value < limit, "h at most m for every patient")
        guard let cases, let hits else { return }
        let (m, h, g) = (Int128(cases), Int128(hits), Int128(patients))
        // Sums of squares of g natural numbers lie between the sum, the square of the sum, and the mean's (Cauchy).
        try ReleasedCheck.require(
            g <= m && m <= m2.value && m2.value <= m * m && g * m2.value >= m * m && h <= h2.value && h2.value <= h * h
                && g * h2.value >= h * h && hm.value >= h && hm.value <= h * m,
            "patient totals agree with the counts")
    }

    static func + (left: ClusterTotals, right: ClusterTotals) -> ClusterTotals {
        ClusterTotals(
            patients: left.patients + right.patients, m2: WideInteger(left.m2.value + right.m2.value),
            h2: WideInteger(left.h2.value + right.h2.value), hm: WideInteger(left.hm.value + right.hm.value))
    }
}

extension ClusterTotals: Codable {
    private enum CodingKeys: String, CodingKey { case patients, m2, h2, hm }
}

/// How much one patient, added or removed, can change an answer: a vector of whole numbers.
///
/// The vector is all cells that are published together *before* any rule merged or withheld some: what is published may
/// not depend on the exact counts in any other way than through the noise.
public struct Sensitivity: Hashable, Sendable {
    /// The most that the absolute changes of all cells add up to.
    public let l1: UInt64
    /// The most that the squared changes of all cells add up to.
    public let l2Squared: UInt64

    /// `privacy-beyond-limits` unless 1 ≤ l1 < 2³², which keeps the squares within 64 bits.
    private init(l1: UInt64, largest: UInt64, cells: UInt64) throws(PrivacyError) {
        guard l1 >= 1, l1 < 1 << 32 else {
            throw PrivacyError(.beyondLimits, "one patient changes an answer by 1 to 2^32 - 1 units")
        }
        self.l1 = l1
        l2Squared = largest * largest * cells
    }

    /// Counts of cases in cells of which each case falls into one: a table, a histogram, a confusion matrix, the boxes of a
    /// flow. One patient moves at most m cases: L1 = m; all may be in one cell: L2 = m.
    public static func cases(_ bound: ContributionBound) throws(PrivacyError) -> Sensitivity {
        let m = UInt64(bound.mostCases)
        return try Sensitivity(l1: m, largest: m, cells: 1)
    }

    /// Counts of *patients* in `cells` cells; a patient counts once in each cell where they have a case. One patient
    /// changes at most min(m, cells) cells by one each.
    public static func patients(_ bound: ContributionBound, cells: Int) throws(PrivacyError) -> Sensitivity {
        let touched = UInt64(min(bound.mostCases, max(cells, 0)))
        return try Sensitivity(l1: touched, largest: 1, cells: touched)
    }

    /// Sums of values over cases in disjoint groups, in units of the declared resolution. Each value is clamped to the
    /// declared range first; a case without a value adds 0. One patient changes them by m · max(|a|, |b|) in all.
    /// - Parameter range: the declared range in units of the resolution.
    public static func sums(_ bound: ContributionBound, range: ClosedRange<Int64>) throws(PrivacyError) -> Sensitivity {
        let reach = max(range.lowerBound.magnitude, range.upperBound.magnitude)
        let (product, overflows) = UInt64(bound.mostCases).multipliedReportingOverflow(by: reach)
        return try Sensitivity(l1: overflows ? .max : product, largest: overflows ? .max : product, cells: 1)
    }
}

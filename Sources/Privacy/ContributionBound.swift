/// The most cases of one patient that count in a noisy answer. Without it one patient with a hundred lesions would change
/// a count by a hundred, and the noise would have to hide that.
///
/// How aggregates are made on at most m cases a patient: ``selection(of:patients:priorities:)`` cuts the cohort's
/// selection, and everything else is computed from what it returns as from any selection. Which cases stay depends on the
/// patient's own cases and the site's key alone. So a patient more or less leaves every other patient's cases as they
/// are, and the answer changes by at most m cases: the proof of ``Sensitivity`` needs nothing else.
public struct ContributionBound: Hashable, Sendable, Codable {
    /// m, from 1 to 10,000.
    public let mostCases: Int

    /// `privacy-beyond-limits` outside of 1...10,000.
    public init(mostCases: Int) throws(PrivacyError) {
        guard (1...10_000).contains(mostCases) else {
            throw PrivacyError(.beyondLimits, "from 1 to 10000 cases of one patient count")
        }
        self.mostCases = mostCases
    }

    /// The cases that count: of each patient with more than m cases the m with the smallest priorities.
    ///
    /// - Parameters:
    ///   - selection: the cohort's cases, ascending indices into both lists.
    ///   - patients: the patient of each case, not decreasing.
    ///   - priorities: a keyed digest of each case's identifier (HMAC under the site's secret, first 64 bits), so that
    ///     nobody who names cases can choose which count. Equal ones are taken in the order of the cases.
    /// - Returns: ascending indices, at most m a patient. A larger m returns all of a smaller one's.
    public func selection(of selection: [Int32], patients: [Int32], priorities: [UInt64]) throws(PrivacyError)
        -> [Int32]
    {
        guard patients.count == priorities.count, selection.first.map({ $0 >= 0 }) ?? true,
            selection.last.map({ Int($0) < patients.count }) ?? true,
            zip(selection, selection.dropFirst()).allSatisfy({ $0 < $1 }),
            zip(selection, selection.dropFirst()).allSatisfy({ patients[Int($0)] <= patients[Int($1)] })
        else { throw PrivacyError(.malformedRecord, "cases are sorted by patient, each with a priority") }
        var kept: [Int32] = []
        kept.reserveCapacity(selection.count)
        var start = 0
        while start < selection.count {
            var end = start + 1
            while end < selection.count, patients[Int(selection[end])] == patients[Int(selection[start])] { end += 1 }
            let run = selection[start..<end]
            if run.count <= mostCases {
                kept += run
            } else {
                let ordered = run.sorted { (priorities[Int($0)], $0) < (priorities[Int($1)], $1) }
                kept += ordered.prefix(mostCases).sorted()
            }
            start = end
        }
        return kept
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        try self.init(mostCases: container.decode(Int.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(mostCases)
    }
}

/// Every analysed case's quantised score, class and patient, from which the area under the ROC curve and its variance
/// follow. Raw, and never released; only its ``ROCStatistics`` may be.
///
/// Patients are kept as the sorted list of their cases, and the patients in sorted order, so that the same patients give
/// an equal value whatever the order or partition they came in.
public struct RankSample: Hashable, Sendable {
    /// The most cases, 2³⁰: the bound under which the variances' sums are proven to be exact (see ``ROCStatistics``).
    public static let caseLimit = 1 << 30

    /// One case: its score in units and its class.
    public struct RankedCase: Hashable, Sendable {
        public let score: Int64
        public let isPositive: Bool
    }

    public let resolution: Resolution
    /// The cases of patients with one case, as keys, ascending.
    let singles: [Int64]
    /// The ascending keys of each other patient, in lexicographic order.
    let clusters: [[Int64]]

    /// Takes the selected cases. Cases without a reference are left out; cases without a score are treated as `failed`
    /// says.
    /// - Parameters:
    ///   - scores: units from 0 to 1, or reserved codes, one a case.
    ///   - reference: see ``ReferenceClass``, or reserved codes.
    ///   - patients: the patient of each case, not decreasing.
    ///   - selection: the analysed cases, ascending.
    public init(
        scores: [Int64], reference: [Int64], failed: FailedCases = .excluded, patients: [Int32], selection: [Int32],
        resolution: Resolution
    ) throws(StatisticsError) {
        let columns = try ScoreColumns(
            scores: scores, reference: reference, patients: patients, selection: selection, resolution: resolution)
        let one = columns.one
        var singles: [Int64] = []
        var clusters: [[Int64]] = []
        let key = { (index: Int) -> Int64? in
            let truth = reference[index]
            guard Coded.isValue(truth), let score = failed.scored(scores[index], reference: truth, one: one) else {
                return nil
            }
            return score << 1 | truth
        }
        columns.runs.forEachPatient { index in
            if let key = key(index) { singles.append(key) }
        } several: { run in
            let keys = run.compactMap { key(Int($0)) }
            if keys.count == 1 {
                singles.append(keys[0])
            } else if !keys.isEmpty {
                clusters.append(keys.sorted())
            }
        }
        singles = RadixSort.sorted(singles)
        clusters.sort { $0.lexicographicallyPrecedes($1) }
        try self.init(resolution: resolution, singles: singles, clusters: clusters)
    }

    private init(resolution: Resolution, singles: [Int64], clusters: [[Int64]]) throws(StatisticsError) {
        self.resolution = resolution
        self.singles = singles
        self.clusters = clusters
        guard caseCount <= Self.caseLimit else {
            throw StatisticsError(.tooManyCases, "at most \(Self.caseLimit) cases in a rank sample")
        }
    }

    private init(emptyAt resolution: Resolution) {
        self.resolution = resolution
        singles = []
        clusters = []
    }

    static func isPositive(_ key: Int64) -> Bool { key & 1 == 1 }
    static func score(_ key: Int64) -> Int64 { key >> 1 }

    /// The number of cases.
    public var caseCount: Int { clusters.reduce(singles.count) { $0 + $1.count } }

    /// The number of patients.
    public var patientCount: Int { singles.count + clusters.count }

    /// The cases, patient by patient, in canonical order.
    public var patients: [[RankedCase]] {
        (singles.map { [$0] } + clusters).map { keys in
            keys.map { RankedCase(score: Self.score($0), isPositive: Self.isPositive($0)) }
        }
    }

    /// The number of cases of the largest group with one score.
    public var largestTie: Int {
        let scores = (singles + clusters.joined()).map(Self.score).sorted()
        var largest = 0
        var start = 0
        for index in scores.indices {
            if scores[index] != scores[start] { start = index }
            largest = max(largest, index - start + 1)
        }
        return largest
    }

    public var empty: RankSample { RankSample(emptyAt: resolution) }

    /// The sample of both sides' patients.
    public func merged(with other: RankSample) throws(StatisticsError) -> RankSample {
        guard resolution == other.resolution else {
            throw StatisticsError(.shapeMismatch, "different score resolutions")
        }
        return try RankSample(
            resolution: resolution,
            singles: Self.merge(singles, other.singles, by: <),
            clusters: Self.merge(clusters, other.clusters) { $0.lexicographicallyPrecedes($1) })
    }

    private static func merge<Element>(
        _ left: [Element], _ right: [Element], by precedes: (Element, Element) -> Bool
    ) -> [Element] {
        var merged: [Element] = []
        merged.reserveCapacity(left.count + right.count)
        var (leftIndex, rightIndex) = (0, 0)
        while leftIndex < left.count, rightIndex < right.count {
            if precedes(right[rightIndex], left[leftIndex]) {
                merged.append(right[rightIndex])
                rightIndex += 1
            } else {
                merged.append(left[leftIndex])
                leftIndex += 1
            }
        }
        merged.append(contentsOf: left[leftIndex...])
        merged.append(contentsOf: right[rightIndex...])
        return merged
    }
}

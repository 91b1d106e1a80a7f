/// Local cases, ranked once: the area under the ROC curve with its variances, average precision and the curve.
///
/// A higher score is more positive, always. With `threads` above 1 the ranking is shared among so many threads; no result
/// depends on their number or on the order of the cases, to the last bit. Time is linear in the cases; memory is 8 bytes a
/// case beside the cases themselves, and 40 more while clustered ones are ranked.
public struct ROCAnalysis: Sendable {
    /// The area and its variances; undefined `no-cases` or `single-class` when there are no pairs. The clustered variance
    /// is DeLong's where the cases name no patients.
    public let statistics: Inferred<ROCStatistics>
    /// Average precision, see ``PrecisionRecall/averagePrecision(_:)``; undefined `no-cases`, or `single-class` without
    /// positives.
    public let averagePrecision: Inferred<Double>
    private let table: RankTable<PlainRank>

    /// Ranks cases.
    public init(_ cases: BinaryCases, threads: Int = 1) {
        let sums: PlacementSums
        (table, sums, statistics) = cases.scores.withUnsafeBufferPointer { scores in
            cases.labels.withUnsafeBufferPointer { labels in
                let source = ScoreSource(scores: scores, labels: labels)
                guard let patients = cases.patients else { return Self.unclustered(source, threads: threads) }
                return Self.clustered(source, patients: patients, patientCount: cases.patientCount, threads: threads)
            }
        }
        averagePrecision =
            if cases.scores.isEmpty {
                .undefined(.noCases)
            } else if table.positives == 0 {
                .undefined(.singleClass)
            } else {
                .value(sums.averagePrecision(positives: table.positives))
            }
    }

    /// The points of the curve.
    public func curve() -> ROCCurve { ROCCurve(table) }

    private typealias Ranked = (RankTable<PlainRank>, PlacementSums, Inferred<ROCStatistics>)

    private static func unclustered(_ source: ScoreSource, threads: Int) -> Ranked {
        let table = RankTable<PlainRank>(source, threads: threads)
        let sums = table.sums(threads: threads, sink: NoPlacements())
        let (m, n) = (table.positives, table.negatives)
        return (table, sums, missing(m, n).map { .undefined($0) } ?? .value(ROCStatistics(sums, m: m, n: n)))
    }

    private static func clustered(
        _ source: ScoreSource, patients: [Int32], patientCount: Int, threads: Int
    ) -> Ranked {
        let ranks = RankTable<CaseRank>(source, threads: threads)
        let ranking = CaseRanking(ranks, threads: threads)
        let plain = ranks.elements.lazy.map { PlainRank(key: $0.key, index: 0) }
        let table = RankTable(
            sortedPositives: plain[..<ranks.positives], sortedNegatives: plain[ranks.positives...])
        if let missing = missing(ranks.positives, ranks.negatives) {
            return (table, ranking.sums, .undefined(missing))
        }
        let statistics = ROCStatistics(ranking, patients: patients, count: patientCount) { source.label($0) == 1 }
        return (table, ranking.sums, .value(statistics))
    }

    private static func missing(_ positives: Int, _ negatives: Int) -> Undefined? {
        if positives == 0 && negatives == 0 { return .noCases }
        return positives == 0 || negatives == 0 ? .singleClass : nil
    }
}

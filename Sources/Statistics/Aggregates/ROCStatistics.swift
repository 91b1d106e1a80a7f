/// The empirical area under the ROC curve with its variances. Raw until the gate releases it. A higher score is more
/// positive, always: an area below ½ stays below ½.
///
/// With m positives and n negatives, the doubled placement of a positive with score s is
/// `X = 2·#(negatives below s) + #(negatives equal to s)`, that of a negative `Y = 2·#(positives above s) +
/// #(positives equal to s)`; both are integers, their sums are equal to `twiceU`, and the area is
/// θ = twiceU / (2mn). With the totals Xᵢ, Yᵢ over patient i's mᵢ positives and nᵢ negatives, the patient's deviations
///
///     aᵢ = m·Xᵢ − mᵢ·twiceU   (2mn times Σ V₁₀ − mᵢθ)
///     bᵢ = n·Yᵢ − nᵢ·twiceU   (2mn times Σ V₀₁ − nᵢθ)
///
/// are integers too, and with I patients, of whom I₁₀ have a positive and I₀₁ a negative,
///
///     var(θ) = [ I₁₀/(I₁₀−1) · Σaᵢ²/m² + I₀₁/(I₀₁−1) · Σbᵢ²/n² + 2·I/(I−1) · Σaᵢbᵢ/(mn) ] / (2mn)²
///
/// which is S₁₀/m + S₀₁/n + 2·S₁₁/(mn) of Obuchowski (1997), "Nonparametric analysis of clustered ROC curve data",
/// Biometrics 53:567-578, with S₁₀ = I₁₀/((I₁₀−1)m)·Σ(Xᵢ−mᵢθ)², S₀₁ likewise and
/// S₁₁ = I/(I−1)·Σ(Xᵢ−mᵢθ)(Yᵢ−nᵢθ). DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44:837-845, is the same with
/// every case as its own patient. All sums are exact integers, up to 2³⁰ cases (the bounds are proven at
/// ``PlacementSums`` and ``ClusterDeviations``), so that the result is the same to the last bit for any order and
/// partition.
public struct ROCStatistics: Hashable, Sendable {
    /// Positive cases, m.
    public let positives: Int
    /// Negative cases, n.
    public let negatives: Int
    /// Patients with at least one positive case, I₁₀.
    public let positivePatients: Int
    /// Patients with at least one negative case, I₀₁.
    public let negativePatients: Int
    /// Patients, I.
    public let patients: Int
    /// Twice the Mann-Whitney statistic: 2 for each pair in the right order, 1 for each tie.
    public let twiceU: Int128
    /// Obuchowski's variance for clustered cases; nil with fewer than two patients of a class.
    public let obuchowskiVariance: Double?
    /// DeLong's variance, for one case a patient; nil with fewer than two cases of a class.
    public let deLongVariance: Double?

    /// The area, from 0 to 1, rounded once.
    public var area: Double { ExactRatio.double(twiceU, over: 2 * UInt128(positives) * UInt128(negatives)) }
}

extension ROCStatistics {
    /// The statistics of m positives and n negatives, at least one each, where every case is a patient.
    init(_ sums: PlacementSums, m: Int, n: Int) {
        let variance = CaseDeviations(sums, m: m, n: n).covariance(m: m, n: n)
        self.init(
            positives: m, negatives: n, positivePatients: m, negativePatients: n, patients: m + n,
            twiceU: Int128(sums.twiceU), obuchowskiVariance: variance, deLongVariance: variance)
    }

    /// The statistics of clustered cases.
    init(_ sums: PlacementSums, m: Int, n: Int, clusters: ClusterCounts, deviations: ClusterDeviations) {
        self.init(
            positives: m, negatives: n, positivePatients: clusters.positivePatients,
            negativePatients: clusters.negativePatients, patients: clusters.patients, twiceU: Int128(sums.twiceU),
            obuchowskiVariance: deviations.covariance(counts: clusters, m: m, n: n),
            deLongVariance: CaseDeviations(sums, m: m, n: n).covariance(m: m, n: n))
    }

    /// The statistics of ranked cases, at least one of each class; patients are numbered from 0 to `count` − 1.
    init(_ ranking: CaseRanking, patients: [Int32], count: Int, isPositive: (Int) -> Bool) {
        let (m, n) = (ranking.positives, ranking.negatives)
        let counts = ClusterCounts(patients: patients, count: count, isPositive: isPositive)
        let placements = ranking.clusters(patients: patients, count: count, isPositive: isPositive)
        self.init(
            ranking.sums, m: m, n: n, clusters: counts,
            deviations: ClusterDeviations(placements, placements, counts: counts, m: m, n: n))
    }
}

extension RankSample {
    /// The rank statistics; undefined `no-cases` or `single-class` when there are no pairs.
    public func statistics() -> Inferred<ROCStatistics> {
        clusters.isEmpty ? unclustered() : clustered()
    }

    /// The singles are sorted already.
    private func unclustered() -> Inferred<ROCStatistics> {
        guard !singles.isEmpty else { return .undefined(.noCases) }
        var (positives, negatives): ([PlainRank], [PlainRank]) = ([], [])
        negatives.reserveCapacity(singles.count)
        for key in singles {
            let rank = PlainRank(key: RankKey.of(Self.score(key)), index: 0)
            if Self.isPositive(key) { positives.append(rank) } else { negatives.append(rank) }
        }
        let table = RankTable(sortedPositives: positives, sortedNegatives: negatives)
        guard table.positives > 0, table.negatives > 0 else { return .undefined(.singleClass) }
        return .value(ROCStatistics(table.sums(sink: NoPlacements()), m: table.positives, n: table.negatives))
    }

    private func clustered() -> Inferred<ROCStatistics> {
        var cases = FlatCases(capacity: caseCount)
        for key in singles {
            cases.add(key)
            cases.patient += 1
        }
        for keys in clusters {
            for key in keys { cases.add(key) }
            cases.patient += 1
        }
        let ranking = cases.units.withUnsafeBufferPointer { units in
            cases.isPositive.withUnsafeBufferPointer { isPositive in
                CaseRanking(UnitSource(units: units, isPositive: isPositive), threads: 1)
            }
        }
        guard ranking.positives > 0, ranking.negatives > 0 else { return .undefined(.singleClass) }
        let isPositive = cases.isPositive
        return .value(
            ROCStatistics(ranking, patients: cases.patients, count: patientCount) { isPositive[$0] })
    }
}

/// The cases of all patients as columns.
private struct FlatCases {
    var units: [Int64] = []
    var isPositive: [Bool] = []
    var patients: [Int32] = []
    /// The patient whose cases are added.
    var patient: Int32 = 0

    init(capacity: Int) {
        units.reserveCapacity(capacity)
        isPositive.reserveCapacity(capacity)
        patients.reserveCapacity(capacity)
    }

    mutating func add(_ key: Int64) {
        units.append(RankSample.score(key))
        isPositive.append(RankSample.isPositive(key))
        patients.append(patient)
    }
}

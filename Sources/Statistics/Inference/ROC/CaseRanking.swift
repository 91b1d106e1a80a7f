/// Each case's doubled placement with their sums, for variances over patients and for pairs of scores.
struct CaseRanking: Sendable {
    /// One a case, in the order of the cases.
    let placements: [UInt32]
    let sums: PlacementSums
    let positives: Int
    let negatives: Int

    init(_ source: some RankSource, threads: Int) {
        self.init(RankTable<CaseRank>(source, threads: threads), threads: threads)
    }

    /// Takes the ranks of 0..<n, each once.
    init(_ table: RankTable<CaseRank>, threads: Int) {
        positives = table.positives
        negatives = table.negatives
        var sums = PlacementSums()
        placements = Array(unsafeUninitializedCapacity: table.elements.count) { placements, count in
            if let start = placements.baseAddress {
                sums = table.sums(threads: threads, sink: CasePlacements(placements: start))
            }
            count = table.elements.count
        }
        self.sums = sums
    }

    /// The placements summed by patient.
    func clusters(patients: [Int32], count: Int, isPositive: (Int) -> Bool) -> ClusterPlacements {
        ClusterPlacements(
            placements, twiceU: sums.twiceU, patients: patients, count: count, isPositive: isPositive)
    }
}

/// DeLong's sums of products of deviations in one ROC curve with those in another or the same, exact: m·ΣXX′ − ΣX·ΣX′
/// over the positives, n·ΣYY′ − ΣY·ΣY′ over the negatives. Both are at most (2mn)² ≤ 2¹¹⁸ in magnitude.
struct CaseDeviations: Hashable, Sendable {
    let positive: Int128
    let negative: Int128

    /// Those of one curve.
    init(_ sums: PlacementSums, m: Int, n: Int) {
        let square = Int128(sums.twiceU) * Int128(sums.twiceU)
        positive = Int128(m) * Int128(sums.positiveSquares) - square
        negative = Int128(n) * Int128(sums.negativeSquares) - square
    }

    /// Those of one curve with another of the same cases.
    init(_ first: CaseRanking, _ second: CaseRanking, isPositive: (Int) -> Bool) {
        var (positive, negative) = (UInt128(0), UInt128(0))
        for index in first.placements.indices {
            let product = UInt64(first.placements[index]) &* UInt64(second.placements[index])
            if isPositive(index) { positive &+= UInt128(product) } else { negative &+= UInt128(product) }
        }
        let square = Int128(first.sums.twiceU) * Int128(second.sums.twiceU)
        self.positive = Int128(first.positives) * Int128(positive) - square
        self.negative = Int128(first.negatives) * Int128(negative) - square
    }

    private init(positive: Int128, negative: Int128) {
        self.positive = positive
        self.negative = negative
    }

    /// The deviations of the difference of two areas, from those of each and of both.
    static func ofDifference(_ first: CaseDeviations, _ second: CaseDeviations, both: CaseDeviations) -> CaseDeviations
    {
        CaseDeviations(
            positive: first.positive + second.positive - 2 * both.positive,
            negative: first.negative + second.negative - 2 * both.negative)
    }

    /// DeLong's variance or covariance of the areas, [ D₁₀/(m−1) + D₀₁/(n−1) ] / (2mn)² as one quotient of integers; nil
    /// with fewer than two cases of a class.
    func covariance(m: Int, n: Int) -> Double? {
        guard m > 1, n > 1 else { return nil }
        let pairs = ExactInteger(2 * Int128(m) * Int128(n))
        let (fewerPositives, fewerNegatives) = (ExactInteger(m - 1), ExactInteger(n - 1))
        let numerator = ExactInteger(positive) * fewerNegatives + ExactInteger(negative) * fewerPositives
        return (numerator.doubleDouble / (fewerPositives * fewerNegatives * pairs * pairs).doubleDouble).value
    }
}

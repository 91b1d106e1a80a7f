/// The areas under the ROC curves of two scores of the same cases, with their variances and covariance. Raw until the
/// gate releases it.
///
/// In the terms of ``ROCStatistics``, with a prime for the second score, the covariance is
///
///     cov(θ, θ′) = [ I₁₀/(I₁₀−1) · Σaᵢa′ᵢ/m² + I₀₁/(I₀₁−1) · Σbᵢb′ᵢ/n²
///                    + I/(I−1) · Σ(aᵢb′ᵢ + a′ᵢbᵢ)/(mn) ] / (2mn)²
///
/// (Obuchowski 1997, Biometrics 53:567-578, section 3), and with every case as its own patient that of DeLong, DeLong and
/// Clarke-Pearson (1988), Biometrics 44:837-845. The variance of the difference is taken from the deviations' own
/// differences, so that nothing cancels when the scores agree. All sums are exact integers for up to 2³⁰ cases: the result
/// is the same to the last bit for any order of the cases and any numbering of the patients.
public struct PairedROCStatistics: Hashable, Sendable {
    /// The first score's area and variances.
    public let first: ROCStatistics
    /// The second score's area and variances.
    public let second: ROCStatistics
    /// DeLong's covariance of the areas, for one case a patient; nil with fewer than two cases of a class.
    public let deLongCovariance: Double?
    /// DeLong's variance of the difference of the areas; nil with fewer than two cases of a class.
    public let deLongDifferenceVariance: Double?
    /// Obuchowski's covariance of the areas, for clustered cases; nil with fewer than two patients of a class.
    public let obuchowskiCovariance: Double?
    /// Obuchowski's variance of the difference of the areas; nil with fewer than two patients of a class.
    public let obuchowskiDifferenceVariance: Double?

    /// The first area minus the second, rounded once.
    public var difference: Double {
        let pairs = 2 * UInt128(first.positives) * UInt128(first.negatives)
        return ExactRatio.double(first.twiceU - second.twiceU, over: pairs)
    }

    /// The statistics of two scores in units of one resolution each; higher is more positive in both.
    /// - Parameters:
    ///   - first: the first score, one a case.
    ///   - second: the second score, one a case.
    ///   - isPositive: the class, one a case.
    ///   - patients: the patient of each case, in any order, from 0 to the number of cases − 1, where numbers may be left
    ///     out; nil where every case is a patient.
    /// - Returns: undefined `no-cases` or `single-class` when there are no pairs, `bad-argument` for columns that differ
    ///   in length, a patient outside its range or more than 2³⁰ cases.
    public static func infer(
        first: [Int64], second: [Int64], isPositive: [Bool], patients: [Int32]? = nil, threads: Int = 1
    ) -> Inferred<PairedROCStatistics> {
        guard first.count == isPositive.count, second.count == isPositive.count else {
            return .undefined(.badArgument)
        }
        return isPositive.withUnsafeBufferPointer { labels in
            first.withUnsafeBufferPointer { first in
                second.withUnsafeBufferPointer { second in
                    infer(
                        UnitSource(units: first, isPositive: labels), UnitSource(units: second, isPositive: labels),
                        patients: patients, threads: threads)
                }
            }
        }
    }

    /// The statistics of local cases and of another score of the same cases; `bad-argument` for a second score of
    /// another length or with a NaN.
    public static func infer(_ cases: BinaryCases, second: [Double], threads: Int = 1) -> Inferred<PairedROCStatistics>
    {
        guard second.count == cases.scores.count, !second.contains(where: \.isNaN) else {
            return .undefined(.badArgument)
        }
        return cases.labels.withUnsafeBufferPointer { labels in
            cases.scores.withUnsafeBufferPointer { first in
                second.withUnsafeBufferPointer { second in
                    infer(
                        ScoreSource(scores: first, labels: labels), ScoreSource(scores: second, labels: labels),
                        patients: cases.patients, threads: threads)
                }
            }
        }
    }

    private static func infer(
        _ first: some RankSource, _ second: some RankSource, patients: [Int32]?, threads: Int
    ) -> Inferred<PairedROCStatistics> {
        let count = first.count
        let isInRange = patients.map { $0.count == count && $0.allSatisfy { $0 >= 0 && $0 < count } } ?? true
        guard isInRange, count <= BinaryCases.caseLimit else { return .undefined(.badArgument) }
        guard count > 0 else { return .undefined(.noCases) }
        let one = CaseRanking(first, threads: threads)
        let (m, n) = (one.positives, one.negatives)
        guard m > 0, n > 0 else { return .undefined(.singleClass) }
        let two = CaseRanking(second, threads: threads)
        let isPositive = { (index: Int) in first.label(index) == 1 }

        let both = CaseDeviations(one, two, isPositive: isPositive)
        let difference = CaseDeviations.ofDifference(
            CaseDeviations(one.sums, m: m, n: n), CaseDeviations(two.sums, m: m, n: n), both: both)
        let covariance = both.covariance(m: m, n: n)
        let differenceVariance = difference.covariance(m: m, n: n)
        guard let patients else {
            return .value(
                PairedROCStatistics(
                    first: ROCStatistics(one.sums, m: m, n: n), second: ROCStatistics(two.sums, m: m, n: n),
                    deLongCovariance: covariance, deLongDifferenceVariance: differenceVariance,
                    obuchowskiCovariance: covariance, obuchowskiDifferenceVariance: differenceVariance))
        }

        let patientCount = Int(patients.max() ?? -1) + 1
        let counts = ClusterCounts(patients: patients, count: patientCount, isPositive: isPositive)
        let ones = one.clusters(patients: patients, count: patientCount, isPositive: isPositive)
        let twos = two.clusters(patients: patients, count: patientCount, isPositive: isPositive)
        let clusterOne = ClusterDeviations(ones, ones, counts: counts, m: m, n: n)
        let clusterTwo = ClusterDeviations(twos, twos, counts: counts, m: m, n: n)
        let clusterBoth = ClusterDeviations(ones, twos, counts: counts, m: m, n: n)
        let between = ClusterDeviations.ofDifference(clusterOne, clusterTwo, both: clusterBoth)
        return .value(
            PairedROCStatistics(
                first: ROCStatistics(one.sums, m: m, n: n, clusters: counts, deviations: clusterOne),
                second: ROCStatistics(two.sums, m: m, n: n, clusters: counts, deviations: clusterTwo),
                deLongCovariance: covariance, deLongDifferenceVariance: differenceVariance,
                obuchowskiCovariance: clusterBoth.covariance(counts: counts, m: m, n: n),
                obuchowskiDifferenceVariance: between.covariance(counts: counts, m: m, n: n)))
    }
}

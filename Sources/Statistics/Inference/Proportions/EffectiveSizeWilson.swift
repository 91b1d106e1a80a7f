/// Wilson's interval for a proportion of cases clustered in patients, at the effective sample size.
///
/// With G patients, m cases and h hits each, M = Σm, H = Σh and p = H/M, the between-patient variance of the ratio is
/// `var(p) = G/(G−1) · Σ(h − p·m)² / M²` (Cochran, Sampling Techniques, 3rd ed., section 3.12), the effective size is
/// `p(1−p) / var(p)`, at most M, and the limits are Wilson's with that size and with t of G − 1 degrees of freedom in place of z
/// (Korn and Graubard 1998, Survey Methodology 24:193-201; Dean and Pagano 2015, J Surv Stat Methodol 3:484-503).
/// Where the variance is zero, as at p = 0 and p = 1, the effective size is M²/Σm², that of perfect correlation within
/// patients and the smallest that cluster sizes allow. Patients who happen to differ less than chance would have it do not
/// count for more cases than they have: without that cap the interval is as narrow as luck makes it (see
/// `docs/developer/coverage.md`).
public struct EffectiveSizeWilson: Codable, Hashable, Sendable {
    /// H/M.
    public let estimate: Double
    /// The estimate's variance over patients; zero where the effective size is that of perfect correlation.
    public let variance: Double
    /// The effective number of independent cases.
    public let effectiveSize: Double
    /// G − 1.
    public let degreesOfFreedom: Int
    /// Of the proportion, from 0 to 1.
    public let interval: Interval

    /// The inference from released counts and totals of one class; `withheld` when one is, `no-cases` without cases of
    /// the class, `too-few-clusters` with fewer than two patients, `bad-argument` for a level outside (0, 1).
    public static func infer(
        hits: Count, misses: Count, totals: ClusterTotals?, level: Double
    ) -> Inferred<EffectiveSizeWilson> {
        guard let hits = hits.exact, let misses = misses.exact, let totals else { return .undefined(.withheld) }
        guard let upperProbability = Interval.upperProbability(level) else { return .undefined(.badArgument) }
        guard (try? totals.check(cases: hits + misses, hits: hits)) != nil else { return .undefined(.badArgument) }
        guard hits + misses > 0 else { return .undefined(.noCases) }
        let patients = totals.patients
        guard patients > 1,
            let critical = StudentTDistribution(degreesOfFreedom: Double(patients - 1))?.quantile(upperProbability)
        else { return .undefined(.tooFewClusters) }
        // Σ(M·h − H·m)² exactly; M and H are below 2³¹ and the totals below 2⁶², so that every term fits 128 bits.
        let (cases, correct) = (Int128(hits + misses), Int128(hits))
        let deviations =
            cases * cases * totals.h2.value - 2 * cases * correct * totals.hm.value
            + correct * correct * totals.m2.value
        guard deviations >= 0 else { return .undefined(.badArgument) }
        let size = Double(cases)
        let p = Double(hits) / size
        let q = Double(misses) / size
        let correction = Double(patients) / Double(patients - 1)
        let variance = correction * Double(deviations) / (size * size) / (size * size)
        let effectiveSize =
            deviations == 0 ? size * size / Double(totals.m2.value) : min(size, p * q / variance)
        return .value(
            EffectiveSizeWilson(
                estimate: p, variance: variance, effectiveSize: effectiveSize, degreesOfFreedom: patients - 1,
                interval: Wilson.interval(
                    proportion: p, complement: q, size: effectiveSize, critical: critical, level: level)))
    }
}

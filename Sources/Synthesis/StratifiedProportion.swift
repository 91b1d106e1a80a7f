public import Statistics

/// A proportion over sites (sensitivity or specificity at an operating point): all hits over all cases, with the
/// variance of the ratio estimator within each site (Cochran 1977, Sampling Techniques, section 11.8, clusters = patients).
public struct StratifiedProportion: Hashable, Sendable {
    public let hits: Int
    public let cases: Int
    public let patients: Int
    public let estimate: Double
    public let variance: Double
    public let interval: Metric.Interval

    /// One site's hits and cases of a class with the totals over its patients.
    public struct Stratum: Hashable, Sendable {
        public let hits: Int
        public let cases: Int
        public let clusters: ClusterTotals

        public init(hits: Int, cases: Int, clusters: ClusterTotals) {
            self.hits = hits
            self.cases = cases
            self.clusters = clusters
        }
    }

    /// - Returns: nil without cases, or with fewer than two patients at every site.
    public init?(_ strata: [Stratum], level: Double) {
        let strata = strata.filter { $0.cases > 0 }
        let cases = strata.reduce(0) { $0 + $1.cases }
        let hits = strata.reduce(0) { $0 + $1.hits }
        let patients = strata.reduce(0) { $0 + $1.clusters.patients }
        let degrees = strata.reduce(0) { $0 + max(0, $1.clusters.patients - 1) }
        guard cases > 0,
            let critical = StudentTDistribution(degreesOfFreedom: Double(degrees))?.quantile(1 - (1 - level) / 2)
        else { return nil }
        let size = Double(cases)
        let variance = strata.reduce(0) { $0 + Self.residual($1) } / (size * size)

        self.hits = hits
        self.cases = cases
        self.patients = patients
        self.estimate = Double(hits) / size
        self.variance = variance
        let complement = Double(cases - hits) / size
        // Where no spread is seen, cases of one patient count as one: the smallest size that they can stand for.
        let squares = strata.reduce(0.0) { $0 + Double($1.clusters.m2.value) }
        let effectiveSize = variance > 0 ? estimate * complement / variance : size * size / squares
        let bounds = Wilson.interval(
            proportion: estimate, complement: complement, size: effectiveSize, critical: critical, level: level)
        interval = Metric.Interval(bounds, method: "wilson-effective-size")
    }

    /// G/(G-1) times the sum over patients of (h - p m)^2, from exact totals.
    private static func residual(_ stratum: Stratum) -> Double {
        let patients = stratum.clusters.patients
        guard patients > 1 else { return 0 }
        let (cases, hits) = (Int128(stratum.cases), Int128(stratum.hits))
        let (m2, h2, hm) = (stratum.clusters.m2.value, stratum.clusters.h2.value, stratum.clusters.hm.value)
        let deviations = cases * cases * h2 - 2 * cases * hits * hm + hits * hits * m2
        let size = Double(stratum.cases)
        return Double(patients) / Double(patients - 1) * Double(max(0, deviations)) / (size * size)
    }
}

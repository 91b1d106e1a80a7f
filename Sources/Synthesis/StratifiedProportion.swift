public import Statistics
import StudyProtocol

/// A proportion over sites (sensitivity or specificity at an operating point): all hits over all cases, with the
/// variance of the ratio estimator within each site (Cochran 1977, Sampling Techniques, section 11.8, clusters = patients).
public struct StratifiedProportion: Hashable, Sendable {
    public let hits: Int
    public let cases: Int
    public let patients: Int
    public let estimate: Double
    public let variance: Double
    /// The number of independent cases that has this variance: what Wilson's limits are made with.
    public let effectiveSize: Double
    /// Of Student's t, patients less sites; nil for independent cases, where the normal distribution is used.
    public let degreesOfFreedom: Int?
    /// The part of each stratum in the order given; they add up to 1.
    public let shares: [Double]
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

    /// How sites and the patients within them are put together.
    public struct Method: Hashable, Sendable {
        /// Every site counts the same, rather than every case.
        public let hasEqualSites: Bool
        /// The cases are independent (a binomial variance), rather than clustered in patients.
        public let isBinomial: Bool

        /// Every case counts the same, cases are clustered in patients.
        public static let clusteredCases = Method(hasEqualSites: false, isBinomial: false)

        public init(hasEqualSites: Bool, isBinomial: Bool) {
            self.hasEqualSites = hasEqualSites
            self.isBinomial = isBinomial
        }

        init(_ endpoint: Endpoint) {
            self.init(hasEqualSites: endpoint.weights == .equal, isBinomial: endpoint.variance == .binomial)
        }
    }

    /// - Returns: nil without cases; for clustered cases also with fewer than two patients at every site.
    public init?(_ strata: [Stratum], method: Method = .clusteredCases, level: Double) {
        let filled = strata.filter { $0.cases > 0 }
        let cases = filled.reduce(0) { $0 + $1.cases }
        let hits = filled.reduce(0) { $0 + $1.hits }
        let patients = filled.reduce(0) { $0 + $1.clusters.patients }
        let degrees = filled.reduce(0) { $0 + max(0, $1.clusters.patients - 1) }
        let probability = 1 - (1 - level) / 2
        let quantile =
            method.isBinomial
            ? NormalDistribution.quantile(probability)
            : StudentTDistribution(degreesOfFreedom: Double(degrees))?.quantile(probability)
        guard cases > 0, let critical = quantile else { return nil }
        let size = Double(cases)
        let share = { (stratum: Stratum) -> Double in
            stratum.cases == 0 ? 0 : method.hasEqualSites ? 1 / Double(filled.count) : Double(stratum.cases) / size
        }

        self.hits = hits
        self.cases = cases
        self.patients = patients
        shares = strata.map(share)
        // Of cases the sums are whole numbers, and divided once.
        estimate =
            method.hasEqualSites
            ? filled.reduce(0) { $0 + share($1) * Double($1.hits) / Double($1.cases) } : Double(hits) / size
        let complement =
            method.hasEqualSites
            ? filled.reduce(0) { $0 + share($1) * Double($1.cases - $1.hits) / Double($1.cases) }
            : Double(cases - hits) / size
        variance = filled.reduce(0) { $0 + share($1) * share($1) * Self.variance($1, method) }
        // The size at which a proportion's variance is that of independent cases. Where no spread is seen, cases of one
        // patient count as one: the smallest size that they can stand for.
        let fewest = 1 / filled.reduce(0) { $0 + share($1) * share($1) / Self.smallestSize($1, method) }
        effectiveSize =
            variance > 0 && !method.isBinomial ? min(size, estimate * complement / variance) : fewest
        degreesOfFreedom = method.isBinomial ? nil : degrees
        let bounds = Wilson.interval(
            proportion: estimate, complement: complement, size: effectiveSize, critical: critical, level: level)
        interval = Metric.Interval(bounds, method: method.isBinomial ? "wilson" : "wilson-effective-size")
    }

    /// (p - bound)/√(bound (1 - bound)/effective size): the score statistic whose inversion Wilson's limits are.
    ///
    /// - Parameter bound: between 0 and 1, both excluded.
    public func scoreStatistic(at bound: Double) -> Double {
        (estimate - bound) / (bound * (1 - bound) / effectiveSize).squareRoot()
    }

    private static func variance(_ stratum: Stratum, _ method: Method) -> Double {
        let size = Double(stratum.cases)
        if method.isBinomial {
            return Double(stratum.hits) * Double(stratum.cases - stratum.hits) / (size * size * size)
        }
        return residual(stratum) / (size * size)
    }

    private static func smallestSize(_ stratum: Stratum, _ method: Method) -> Double {
        let size = Double(stratum.cases)
        return method.isBinomial ? size : size * size / Double(stratum.clusters.m2.value)
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

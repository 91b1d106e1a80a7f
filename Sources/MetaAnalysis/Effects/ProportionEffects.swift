internal import Foundation
public import Statistics

/// Events among cases of one group.
public struct EventCounts: Hashable, Sendable {
    public let events: Int
    public let cases: Int

    /// Nil unless 0 ≤ events ≤ cases.
    public init?(events: Int, cases: Int) {
        guard events >= 0, events <= cases else { return nil }
        self.events = events
        self.cases = cases
    }
}

/// Proportions on the scales on which they are synthesised, with their variances.
public enum ProportionMeasure: String, Hashable, Sendable, CaseIterable {
    /// p, variance p(1 − p)/n.
    case proportion
    /// ln p, variance 1/x − 1/n.
    case logProportion = "log-proportion"
    /// ln(x / (n − x)), variance 1/x + 1/(n − x).
    case logit
    /// asin √p, variance 1/(4n) (Bartlett 1936, J R Stat Soc Suppl 3:68).
    case arcsine
    /// ½(asin √(x/(n+1)) + asin √((x+1)/(n+1))), variance 1/(4n + 2) (Freeman and Tukey 1950, Ann Math Stat 21:607).
    /// Its way back hangs on a sample size, see ``FreemanTukey``.
    case freemanTukey = "freeman-tukey"

    /// Half a case where a cell is empty; the arcsines need none.
    public var usualCorrection: CellCorrection {
        switch self {
        case .proportion, .logProportion, .logit: .halfWhereEmpty
        case .arcsine, .freemanTukey: .none
        }
    }

    /// The effects of the groups; `no-cases` for an empty group, `on-boundary` for a logarithm of zero or infinity,
    /// `no-variance` where the variance is zero.
    /// - Parameter correction: added to events and to non-events; nil for ``usualCorrection``.
    public func effects(of groups: [EventCounts], correction: CellCorrection? = nil) -> [Inferred<SiteEffect>] {
        let cells = (correction ?? usualCorrection).applied(to: groups.map { [$0.events, $0.cases - $0.events] })
        return zip(groups, cells).map { group, cells in
            group.cases > 0 ? effect(cells[0], cells[1]) : .undefined(.noCases)
        }
    }

    private func effect(_ x: Double, _ m: Double) -> Inferred<SiteEffect> {
        let n = x + m
        let (estimate, variance): (Double, Double)
        switch self {
        case .proportion:
            (estimate, variance) = (x / n, x / n * (m / n) / n)
        case .logProportion:
            guard x > 0 else { return .undefined(.onBoundary) }
            (estimate, variance) = (log(x / n), m / (x * n))
        case .logit:
            guard x > 0, m > 0 else { return .undefined(.onBoundary) }
            (estimate, variance) = (log(x / m), n / (x * m))
        case .arcsine:
            (estimate, variance) = (atan2(x.squareRoot(), m.squareRoot()), 1 / (4 * n))
        case .freemanTukey:
            (estimate, variance) = (FreemanTukey.transformed(events: x, cases: n), 1 / (4 * n + 2))
        }
        guard variance > 0 else { return .undefined(.noVariance) }
        return .value(SiteEffect(estimate: estimate, variance: variance))
    }
}

/// Freeman and Tukey's double arcsine and Miller's way back.
///
/// A warning: the way back of a *summary* needs one sample size for groups that have several, and the result can hang on
/// the choice up to absurdity (Schwarzer, Chemaitelly, Abu-Raddad and Rücker 2019, Res Synth Methods 10:476). The logit
/// with the exact binomial likelihood (``BinomialRandomEffects``) has no such trouble.
public enum FreemanTukey {
    /// ½(asin √(x/(n+1)) + asin √((x+1)/(n+1))), x events among n > 0 cases.
    public static func transformed(events x: Double, cases n: Double) -> Double {
        // asin √(a/(a+b)) as atan2(√a, √b), which keeps its digits near the ends.
        let first = atan2(x.squareRoot(), (n + 1 - x).squareRoot())
        return (first + atan2((x + 1).squareRoot(), (n - x).squareRoot())) / 2
    }

    /// The proportion that has the transform y among n cases (Miller 1978, Am Stat 32:138); 0 or 1 beyond the transforms
    /// of no event and of events only. A summary takes for n the harmonic mean of the groups' sizes.
    public static func original(_ y: Double, cases n: Double) -> Double {
        guard y > transformed(events: 0, cases: n) else { return 0 }
        guard y < transformed(events: n, cases: n) else { return 1 }
        let sine = sin(2 * y)
        let inner = sine + (sine - 1 / sine) / n
        let root = max(0, (1 - inner) * (1 + inner)).squareRoot()
        return cos(2 * y) < 0 ? (1 + root) / 2 : (1 - root) / 2
    }

    /// The limits of an interval, taken back.
    public static func original(_ interval: Interval, cases n: Double) -> Interval {
        Interval(
            lower: original(interval.lower, cases: n), upper: original(interval.upper, cases: n), level: interval.level)
    }

    /// The harmonic mean of the groups' sizes; nil without groups or with an empty one.
    public static func harmonicMean(_ sizes: [Int]) -> Double? {
        guard !sizes.isEmpty, sizes.allSatisfy({ $0 > 0 }) else { return nil }
        return Double(sizes.count) / sizes.reduce(0) { $0 + 1 / Double($1) }
    }
}

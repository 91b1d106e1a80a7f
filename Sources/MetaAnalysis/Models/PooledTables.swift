internal import Foundation
public import Statistics

/// A common effect of 2×2 tables, one a study, on the scale of its measure and with the heterogeneity of the studies about
/// it: the fixed-effect syntheses that need no correction of empty cells.
public struct PooledTables: Hashable, Sendable {
    /// The log odds ratio, log risk ratio or risk difference.
    public let estimate: Double
    public let standardError: Double
    /// Cochran's Q of the studies' own effects about the estimate.
    public let q: Double
    /// The number of studies with an effect, less one.
    public let degreesOfFreedom: Int
    /// P(chi-squared above Q) when the studies share one effect.
    public let qPValue: Double
    /// max(0, (Q − df)/Q), 0…1.
    public let i2: Double

    private init(estimate: Double, standardError: Double, q: Double, studies: Int) {
        self.estimate = estimate
        self.standardError = standardError
        let degrees = max(0, studies - 1)
        self.q = degrees > 0 ? q : 0
        degreesOfFreedom = degrees
        qPValue = ChiSquaredDistribution(degreesOfFreedom: Double(degrees))?.upperTail(q) ?? 1
        i2 = degrees > 0 && q > 0 ? max(0, (q - Double(degrees)) / q) : 0
    }

    /// estimate ± z·se; `bad-argument` for a level outside (0, 1).
    public func interval(level: Double = 0.95) -> Inferred<Interval> {
        Inferred { () throws(Undefined) in
            let reach = try Critical.value(level: level, degreesOfFreedom: nil) * standardError
            return Interval(lower: estimate - reach, upper: estimate + reach, level: level)
        }
    }

    /// The common effect of Mantel and Haenszel, see ``MantelHaenszel``; for the risk difference with Sato's variance. Q is of
    /// the studies' own effects, half a case added where a cell is empty, with weights 1/v; a study without events (or with
    /// nothing else) has none.
    ///
    /// Undefined: the reasons of ``MantelHaenszel``.
    public static func mantelHaenszel(_ studies: [TwoByTwo], measure: TwoArmMeasure) -> Inferred<PooledTables> {
        Inferred { () throws(Undefined) in
            let (estimate, error): (Double, Double)
            switch measure {
            case .logOddsRatio:
                let ratio = try MantelHaenszel.oddsRatio(studies, level: 0.95).get()
                (estimate, error) = (log(ratio.estimate), ratio.logStandardError)
            case .logRiskRatio:
                let ratio = try MantelHaenszel.riskRatio(studies, level: 0.95).get()
                (estimate, error) = (log(ratio.estimate), ratio.logStandardError)
            case .riskDifference:
                let difference = try MantelHaenszel.riskDifference(studies, variance: .sato, level: 0.95).get()
                let reach = difference.interval.upper - difference.interval.lower
                (estimate, error) = (
                    difference.estimate, reach / (2 * (try Critical.value(level: 0.95, degreesOfFreedom: nil)))
                )
            }
            let informative = studies.filter { $0.a + $0.c > 0 && $0.b + $0.d > 0 }
            let effects = measure.effects(of: informative).compactMap(\.value)
            let q = effects.reduce(0) { sum, effect in
                let deviation = effect.estimate - estimate
                return sum + deviation * deviation / effect.variance
            }
            return PooledTables(estimate: estimate, standardError: error, q: q, studies: effects.count)
        }
    }

    /// Peto's common log odds ratio, see ``PetoOddsRatio``, with Q = Σ(d − Vμ)²/V over the deviations d = a − E and the
    /// hypergeometric variances V. Good for rare events, small effects and arms of like size; biased otherwise.
    ///
    /// Undefined: the reasons of ``PetoOddsRatio``.
    public static func peto(_ studies: [TwoByTwo]) -> Inferred<PooledTables> {
        Inferred { () throws(Undefined) in
            let ratio = try PetoOddsRatio.infer(studies, level: 0.95).get()
            let estimate = log(ratio.estimate)
            var (q, informative) = (0.0, 0)
            for study in studies {
                let (a, b, c, d) = (Double(study.a), Double(study.b), Double(study.c), Double(study.d))
                let n = a + b + c + d
                guard n > 1 else { continue }
                let variance = (a + b) / n * ((c + d) / n) * (a + c) * ((b + d) / (n - 1))
                guard variance > 0 else { continue }
                informative += 1
                // a − E is (ad − bc)/n.
                let rest = (a * d - b * c) / n - variance * estimate
                q += rest * rest / variance
            }
            return PooledTables(
                estimate: estimate, standardError: ratio.logStandardError, q: q, studies: informative)
        }
    }
}

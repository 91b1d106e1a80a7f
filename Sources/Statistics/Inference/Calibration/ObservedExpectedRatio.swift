internal import Foundation

/// Observed over expected events, Σy / Σp: above 1 the predictions are too low on the whole.
public struct ObservedExpectedRatio: Hashable, Sendable {
    /// Σy.
    public let observed: Int
    /// Σp.
    public let expected: Double
    /// Cases, n.
    public let count: Int

    /// Takes sums; `no-cases` without cases, `zero-denominator` when nothing is expected.
    public static func of(observed: Int, expected: Double, count: Int) -> Inferred<ObservedExpectedRatio> {
        guard count > 0 else { return .undefined(.noCases) }
        guard expected > 0, expected.isFinite else { return .undefined(.zeroDenominator) }
        return .value(ObservedExpectedRatio(observed: observed, expected: expected, count: count))
    }

    /// The ratio.
    public var ratio: Double { Double(observed) / expected }

    /// The interval on the log scale, standard error √((1 − ȳ)/Σy), the expected number taken as known. T. P. A. Debray
    /// et al. (2017), "A guide to systematic review and meta-analysis of prediction model performance", BMJ 356:i6460,
    /// appendix. `on-boundary` without an event or with nothing else.
    public func interval(level: Double) -> Inferred<Interval> {
        guard let critical = Interval.upperProbability(level).flatMap(NormalDistribution.quantile) else {
            return .undefined(.badArgument)
        }
        guard observed > 0, observed < count else { return .undefined(.onBoundary) }
        let error = (Double(count - observed) / Double(count) / Double(observed)).squareRoot()
        let factor = exp(critical * error)
        return .value(Interval(lower: ratio / factor, upper: ratio * factor, level: level))
    }
}

extension CalibrationBins {
    /// The ratio over all bins.
    public var observedExpected: Inferred<ObservedExpectedRatio> {
        ObservedExpectedRatio.of(observed: events, expected: expected, count: count)
    }
}

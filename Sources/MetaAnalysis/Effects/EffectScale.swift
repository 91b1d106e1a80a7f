internal import Foundation
public import Statistics

/// The scale on which estimates are synthesised, with its way back. On the right scale an estimate is nearly normal and
/// its variance does not hang on its value.
public enum EffectScale: String, Hashable, Sendable, CaseIterable {
    /// As it is.
    case raw
    /// ln x, for ratios and counts, x > 0.
    case log
    /// ln(p / (1 − p)), for proportions and areas, 0 < p < 1.
    case logit
    /// asin √p, for proportions, 0 ≤ p ≤ 1 (Bartlett 1936, J R Stat Soc Suppl 3:68).
    case arcsine
    /// ½ ln((1 + r) / (1 − r)), for correlations, −1 < r < 1 (Fisher 1921, Metron 1:3).
    case fisherZ = "fisher-z"

    /// The value on this scale.
    ///
    /// Undefined: `on-boundary` where it is infinite, `bad-argument` outside the range.
    public func transformed(_ x: Double) -> Inferred<Double> {
        switch self {
        case .raw: return x.isFinite ? .value(x) : .undefined(.badArgument)
        case .log:
            guard x > 0 else { return .undefined(x == 0 ? .onBoundary : .badArgument) }
            return x.isFinite ? .value(Foundation.log(x)) : .undefined(.badArgument)
        case .logit:
            guard x > 0, x < 1 else { return .undefined(x == 0 || x == 1 ? .onBoundary : .badArgument) }
            return .value(Foundation.log(x) - log1p(-x))
        case .arcsine:
            guard x >= 0, x <= 1 else { return .undefined(.badArgument) }
            return .value(asin(x.squareRoot()))
        case .fisherZ:
            guard x > -1, x < 1 else { return .undefined(abs(x) == 1 ? .onBoundary : .badArgument) }
            return .value(atanh(x))
        }
    }

    /// The value that has `y` on this scale. Arcsines outside 0…π/2, which limits can be, are cut to 0 and 1.
    public func original(_ y: Double) -> Double {
        switch self {
        case .raw: return y
        case .log: return exp(y)
        case .logit: return 1 / (1 + exp(-y))
        case .arcsine:
            let sine = sin(min(max(y, 0), Double.pi / 2))
            return sine * sine
        case .fisherZ: return tanh(y)
        }
    }

    /// The limits of an interval, taken back.
    public func original(_ interval: Interval) -> Interval {
        Interval(lower: original(interval.lower), upper: original(interval.upper), level: interval.level)
    }

    /// An estimate with its variance, taken to this scale: the variance by the delta method, times the squared slope.
    ///
    /// Undefined: `on-boundary`, `bad-argument` as ``transformed(_:)``; `no-variance` when the variance is not positive.
    public func effect(estimate: Double, variance: Double) -> Inferred<SiteEffect> {
        guard variance > 0, variance.isFinite else { return .undefined(.noVariance) }
        let slope: Double
        switch self {
        case .raw: slope = 1
        case .log: slope = 1 / estimate
        case .logit: slope = 1 / (estimate * (1 - estimate))
        case .arcsine:
            guard estimate > 0, estimate < 1 else { return .undefined(.onBoundary) }
            slope = 0.5 / (estimate * (1 - estimate)).squareRoot()
        case .fisherZ: slope = 1 / ((1 - estimate) * (1 + estimate))
        }
        return transformed(estimate).map { SiteEffect(estimate: $0, variance: variance * slope * slope) }
    }
}

/// Correlations on Fisher's scale.
public enum CorrelationEffect {
    /// z = atanh r with variance 1 / (n − 3) (Fisher 1921, Metron 1:3). Undefined: `too-few-cases` below four cases,
    /// `on-boundary` at ±1, `bad-argument` outside.
    public static func fisherZ(correlation: Double, cases: Int) -> Inferred<SiteEffect> {
        guard cases > 3 else { return .undefined(.tooFewCases) }
        return EffectScale.fisherZ.transformed(correlation).map {
            SiteEffect(estimate: $0, variance: 1 / Double(cases - 3))
        }
    }
}

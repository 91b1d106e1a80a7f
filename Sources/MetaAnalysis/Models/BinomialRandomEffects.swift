internal import Foundation
public import Statistics

/// A random-effects meta-analysis of proportions with the exact binomial likelihood: logit pᵢ ~ N(μ, τ²), xᵢ ~ Bin(nᵢ, pᵢ)
/// (Stijnen, Hamza and Özdemir 2010, Stat Med 29:3046). No correction of empty cells. By maximum likelihood; the
/// standard error is from the observed information of μ and τ.
public struct BinomialRandomEffects: Hashable, Sendable {
    /// μ, a logit.
    public let estimate: Double
    public let standardError: Double
    /// Between groups, of the logits.
    public let tau2: Double
    public let logLikelihood: Double
    /// Number of groups.
    public let count: Int

    /// The proportion at μ: of a group in the middle, not the average over groups.
    public var proportion: Double { EffectScale.logit.original(estimate) }

    /// The interval of the proportion, from the logit with the normal distribution; `bad-argument` for the level.
    public func interval(level: Double = 0.95) -> Inferred<Interval> {
        Inferred { () throws(Undefined) in
            let reach = try Critical.value(level: level, degreesOfFreedom: nil) * standardError
            return EffectScale.logit.original(Interval(lower: estimate - reach, upper: estimate + reach, level: level))
        }
    }

    /// Undefined: `too-few-sites` below two groups, `no-cases` for an empty one, `on-boundary` when there are no events or
    /// nothing but events, `not-converged`, `bad-argument` for the points.
    public static func fit(
        _ groups: [EventCounts], integral: RandomEffectsIntegral = .adaptiveGaussHermite(points: 7)
    ) -> Inferred<BinomialRandomEffects> {
        Inferred { () throws(Undefined) in
            guard groups.count > 1 else { throw .tooFewSites }
            guard groups.allSatisfy({ $0.cases > 0 }) else { throw .noCases }
            let (events, cases) = groups.reduce((0, 0)) { ($0.0 + $1.events, $0.1 + $1.cases) }
            guard events > 0, events < cases else { throw .onBoundary }
            let rule = try integral.rule()
            let data = groups.map { Binomial(events: $0.events, nonEvents: $0.cases - $0.events) }
            let effects = ProportionMeasure.logit.effects(of: groups).compactMap(\.value)
            let start = try RandomEffects.fit(effects, method: .maximumLikelihood).get()
            let found = Maximum.find(from: [start.estimate, max(start.tau2, 0.05).squareRoot()]) { parameters in
                var sum = Jet(0)
                for group in data {
                    guard let part = contribution(group, parameters[0], parameters[1], rule) else { return nil }
                    sum += part
                }
                return sum
            }
            guard let found else { throw .notConverged }
            let information = found.curvature.map { $0.map { -$0 } }
            // With τ at zero the information about it can be flat: then of μ alone.
            guard let variance = SymmetricMatrix.inverse(information)?[0][0] ?? positiveInverse(information[0][0])
            else {
                throw .notConverged
            }
            return BinomialRandomEffects(
                estimate: found.point[0], standardError: variance.squareRoot(), tau2: found.point[1] * found.point[1],
                logLikelihood: found.value, count: groups.count)
        }
    }

    private static func positiveInverse(_ x: Double) -> Double? { x > 0 ? 1 / x : nil }

    /// ln ∫ Bin(x; n, μ + τb) φ(b) db about the mode, as ``BinomialBivariate`` in one dimension.
    private static func contribution(_ group: Binomial, _ mean: Jet, _ scale: Jet, _ rule: GaussHermite) -> Jet? {
        var mode = 0.0
        var isSettled = false
        var height = exponent(group, mean.value, scale.value, mode)
        for _ in 0..<200 {
            let step = newtonStep(group, mean.value, scale.value, mode)
            var share = 1.0
            var nextHeight = exponent(group, mean.value, scale.value, mode + step)
            while nextHeight < height - 1e-12 * abs(height), share > 1e-6 {
                share /= 2
                nextHeight = exponent(group, mean.value, scale.value, mode + share * step)
            }
            mode += share * step
            height = nextHeight
            if abs(step) <= 1e-13 * (1 + abs(mode)) {
                isSettled = true
                break
            }
        }
        guard isSettled, height.isFinite else { return nil }
        var b = Jet(mode)
        for _ in 0..<2 { b += newtonStep(group, mean, scale, b) }
        let top = exponent(group, mean, scale, b)
        let information = Jet(1) + group.derivatives(mean + scale * b).information * scale * scale
        let laplace = Jet(group.logCoefficient) + top - Jet(0.5) * information.logarithm()
        guard rule.nodes.count > 1 else { return laplace }
        let spread = Jet(1) / information.squareRoot()
        var sum = Jet(0)
        for (node, weight) in zip(rule.nodes, rule.weights) {
            let there = exponent(group, mean, scale, b + Jet(node) * spread) - top
            sum += Jet(weight) * (there + Jet(0.5 * node * node)).exponential()
        }
        return laplace + sum.logarithm()
    }

    private static func exponent<S: Scalar>(_ group: Binomial, _ mean: S, _ scale: S, _ b: S) -> S {
        group.logLikelihood(mean + scale * b) - S(0.5) * b * b
    }

    private static func newtonStep<S: Scalar>(_ group: Binomial, _ mean: S, _ scale: S, _ b: S) -> S {
        let (first, information) = group.derivatives(mean + scale * b)
        return (scale * first - b) / (S(1) + information * scale * scale)
    }
}

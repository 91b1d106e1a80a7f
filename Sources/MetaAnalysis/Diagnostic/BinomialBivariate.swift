internal import Foundation
public import Statistics

/// How the random effects of a site are integrated out.
public enum RandomEffectsIntegral: Hashable, Sendable {
    /// Laplace's approximation about the mode, as lme4's glmer with `nAGQ = 1`.
    case laplace
    /// Adaptive Gauss-Hermite quadrature about the mode with so many points a dimension (Pinheiro and Bates 1995, J Comput
    /// Graph Stat 4:12); one point is Laplace's approximation. More exact than it for small sites.
    case adaptiveGaussHermite(points: Int)

    /// `bad-argument` outside 1...50 points.
    func rule() throws(Undefined) -> GaussHermite {
        let points =
            switch self {
            case .laplace: 1
            case .adaptiveGaussHermite(let points): points
            }
        guard let rule = GaussHermite(points: points) else { throw .badArgument }
        return rule
    }
}

/// The bivariate model with the exact binomial likelihood (Chu and Cole 2006, J Clin Epidemiol 59:1331; Hamza, van
/// Houwelingen and Stijnen 2008, J Clin Epidemiol 61:41): no correction of empty cells, no normal approximation within
/// sites. By maximum likelihood; standard errors from the observed information of all five parameters.
public enum BinomialBivariate {
    /// Undefined: `too-few-sites` below ``BivariateSummary/minimumSites``; `no-cases` for a site without positives or
    /// negatives; `on-boundary` when all sites together have an empty cell; `not-converged`; `bad-argument` for the points.
    public static func fit(
        _ sites: [DiagnosticCounts], integral: RandomEffectsIntegral = .laplace
    ) -> Inferred<BivariateSummary> {
        Inferred { () throws(Undefined) in
            try Reitsma.check(sites)
            let totals = (0..<4).map { cell in sites.reduce(0) { $0 + $1.cells[cell] } }
            guard totals.allSatisfy({ $0 > 0 }) else { throw .onBoundary }
            let rule = try integral.rule()
            let likelihood = BivariateLikelihood(sites: sites, rule: rule)
            let start = try Reitsma.fit(sites, method: .maximumLikelihood).get()
            var best: Maximum?
            for correlation in [start.between.correlation.value ?? 0, 0] {
                let rho = min(max(correlation, -0.9), 0.9)
                let a = max(start.between.sensitivity, 0.02).squareRoot()
                let b = max(start.between.falsePositiveRate, 0.02).squareRoot()
                let point = [
                    start.logitSensitivity, start.logitFalsePositiveRate, a, b * rho, b * (1 - rho * rho).squareRoot(),
                ]
                let found = Maximum.find(from: point) { likelihood.value($0) }
                if let found, found.value > (best?.value ?? -.infinity) + 1e-9 { best = found }
            }
            guard let best else { throw .notConverged }
            let information = best.curvature.map { $0.map { -$0 } }
            // With a variance between sites at zero the information about it is flat: then of the means alone.
            guard
                let inverse = SymmetricMatrix.inverse(information)
                    ?? SymmetricMatrix.inverse(information[..<2].map { Array($0[..<2]) })
            else { throw .notConverged }
            return BivariateSummary(
                logitSensitivity: best.point[0], logitFalsePositiveRate: best.point[1],
                covariance: Covariance2(
                    sensitivity: inverse[0][0], joint: inverse[0][1], falsePositiveRate: inverse[1][1]),
                between: Triangle(Array(best.point[2...])).covariance, logLikelihood: best.value,
                count: sites.count)
        }
    }
}

/// A binomial observation with its log coefficient.
struct Binomial {
    let events: Double
    let cases: Double
    let logCoefficient: Double

    init(events: Int, nonEvents: Int) {
        self.events = Double(events)
        cases = Double(events + nonEvents)
        logCoefficient = lgamma(cases + 1) - lgamma(self.events + 1) - lgamma(Double(nonEvents) + 1)
    }

    /// x η − n ln(1 + e^η).
    func logLikelihood<S: Scalar>(_ logit: S) -> S { S(events) * logit - S(cases) * logit.softplus() }

    /// The first derivative and minus the second.
    func derivatives<S: Scalar>(_ logit: S) -> (first: S, information: S) {
        let p = logit.logistic()
        return (S(events) - S(cases) * p, S(cases) * p * (S(1) - p))
    }
}

/// ln L(μ, L) = Σ ln ∫ binomials(μ + Lb) φ(b) db with two independent standard normal effects b a site.
private struct BivariateLikelihood {
    let sites: [(Binomial, Binomial)]
    let rule: GaussHermite

    init(sites: [DiagnosticCounts], rule: GaussHermite) {
        self.sites = sites.map {
            (
                Binomial(events: $0.truePositives, nonEvents: $0.falseNegatives),
                Binomial(events: $0.falsePositives, nonEvents: $0.trueNegatives)
            )
        }
        self.rule = rule
    }

    func value(_ parameters: [Jet]) -> Jet? {
        var sum = Jet(0)
        for site in sites {
            guard let part = contribution(site, parameters) else { return nil }
            sum += part
        }
        return sum
    }

    private func contribution(_ site: (Binomial, Binomial), _ parameters: [Jet]) -> Jet? {
        // The mode by Newton's method in plain numbers; then two steps with jets, after which its derivatives up to the
        // second are exact, each step doubling the order that is.
        let plain = parameters.map(\.value)
        var mode = (0.0, 0.0)
        var isSettled = false
        var height = Self.exponent(site, plain, mode)
        for _ in 0..<200 {
            let step = Self.newtonStep(site, plain, mode)
            var share = 1.0
            var next = (mode.0 + step.0, mode.1 + step.1)
            var nextHeight = Self.exponent(site, plain, next)
            while nextHeight < height - 1e-12 * abs(height), share > 1e-6 {
                share /= 2
                next = (mode.0 + share * step.0, mode.1 + share * step.1)
                nextHeight = Self.exponent(site, plain, next)
            }
            mode = next
            height = nextHeight
            if abs(step.0) + abs(step.1) <= 1e-13 * (1 + abs(mode.0) + abs(mode.1)) {
                isSettled = true
                break
            }
        }
        guard isSettled, height.isFinite else { return nil }
        var b = (Jet(mode.0), Jet(mode.1))
        for _ in 0..<2 {
            let step = Self.newtonStep(site, parameters, b)
            b = (b.0 + step.0, b.1 + step.1)
        }
        let top = Self.exponent(site, parameters, b)
        let h = Self.information(site, parameters, b)
        let determinant = h.0 * h.2 - h.1 * h.1
        let constant = Jet(site.0.logCoefficient + site.1.logCoefficient)
        let laplace = constant + top - Jet(0.5) * determinant.logarithm()
        guard rule.nodes.count > 1 else { return laplace }
        // b̂ + R z with R Rᵀ = H⁻¹: R the inverse transpose of H's triangle (p 0; q r).
        let p = h.0.squareRoot()
        let q = h.1 / p
        let r = (h.2 - q * q).squareRoot()
        var sum = Jet(0)
        for (z2, w2) in zip(rule.nodes, rule.weights) {
            let second = Jet(z2) / r
            for (z1, w1) in zip(rule.nodes, rule.weights) {
                let first = (Jet(z1) - q * second) / p
                let exponent = Self.exponent(site, parameters, (b.0 + first, b.1 + second)) - top
                let density = Jet(0.5 * (z1 * z1 + z2 * z2))
                sum += Jet(w1 * w2) * (exponent + density).exponential()
            }
        }
        return laplace + sum.logarithm()
    }

    private static func logits<S: Scalar>(_ parameters: [S], _ b: (S, S)) -> (S, S) {
        (parameters[0] + parameters[2] * b.0, parameters[1] + parameters[3] * b.0 + parameters[4] * b.1)
    }

    /// ln of the binomials (but for their coefficients) and of exp(−b²/2).
    private static func exponent<S: Scalar>(_ site: (Binomial, Binomial), _ parameters: [S], _ b: (S, S)) -> S {
        let eta = logits(parameters, b)
        let data = site.0.logLikelihood(eta.0) + site.1.logLikelihood(eta.1)
        return data - S(0.5) * (b.0 * b.0 + b.1 * b.1)
    }

    /// I + LᵀWL as (11, 12, 22).
    private static func information<S: Scalar>(
        _ site: (Binomial, Binomial), _ parameters: [S], _ b: (S, S)
    ) -> (S, S, S) {
        let eta = logits(parameters, b)
        let (w1, w2) = (site.0.derivatives(eta.0).information, site.1.derivatives(eta.1).information)
        let (l1, l21, l2) = (parameters[2], parameters[3], parameters[4])
        return (S(1) + w1 * l1 * l1 + w2 * l21 * l21, w2 * l21 * l2, S(1) + w2 * l2 * l2)
    }

    private static func newtonStep<S: Scalar>(
        _ site: (Binomial, Binomial), _ parameters: [S], _ b: (S, S)
    ) -> (S, S) {
        let eta = logits(parameters, b)
        let (d1, d2) = (site.0.derivatives(eta.0).first, site.1.derivatives(eta.1).first)
        let g1 = parameters[2] * d1 + parameters[3] * d2 - b.0
        let g2 = parameters[4] * d2 - b.1
        let h = information(site, parameters, b)
        let determinant = h.0 * h.2 - h.1 * h.1
        return ((h.2 * g1 - h.1 * g2) / determinant, (h.0 * g2 - h.1 * g1) / determinant)
    }
}

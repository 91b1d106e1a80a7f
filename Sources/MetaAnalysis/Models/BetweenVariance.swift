internal import Foundation
import Statistics

/// How τ², the variance between sites, is estimated; always truncated at zero.
///
/// With P = W − WX(XᵀWX)⁻¹XᵀW for weights W, p coefficients and k sites. The iterated ones are solved to the last bits;
/// metafor's default stops at 1e-5 (`control=list(threshold=...)` tightens it).
public enum BetweenVarianceMethod: String, Hashable, Sendable, CaseIterable {
    /// No variance between sites: the equal-effects ("fixed effect") model.
    case equalEffects = "EE"
    /// DerSimonian and Laird 1986, Control Clin Trials 7:177: (Q − (k − p)) / tr P with weights 1/v.
    case dersimonianLaird = "DL"
    /// Paule and Mandel 1982, J Res Natl Bur Stand 87:377: the τ² at which Q with weights 1/(v + τ²) is k − p.
    case pauleMandel = "PM"
    /// Restricted maximum likelihood: Viechtbauer 2005, J Educ Behav Stat 30:261; the highest maximum over τ² ≥ 0.
    case restrictedMaximumLikelihood = "REML"
    /// Maximum likelihood: Hardy and Thompson 1996, Stat Med 15:619; the highest maximum over τ² ≥ 0.
    case maximumLikelihood = "ML"
    /// Hedges 1985 (Hedges and Olkin, Statistical Methods for Meta-Analysis, 9.3): (Σr² − tr PV)/(k − p), unweighted.
    case hedges = "HE"
    /// Hunter and Schmidt 1990, Methods of Meta-Analysis: (Q − k)/Σw with weights 1/v; biased downward.
    case hunterSchmidt = "HS"
    /// Sidik and Jonkman 2005, Appl Stat 54:367: τ₀² Q(τ₀²)/(k − p) with τ₀² = Σ(y − ȳ)²/k; never zero.
    case sidikJonkman = "SJ"
    /// Empirical Bayes: Morris 1983, J Am Stat Assoc 78:47; the same root as ``pauleMandel`` (Viechtbauer et al. 2015,
    /// Psychol Methods 20:360).
    case empiricalBayes = "EB"
}

/// An estimate of τ² with its large-sample standard error.
struct BetweenVariance {
    let value: Double
    /// Undefined for ``BetweenVarianceMethod/equalEffects`` and when there are no more sites than coefficients.
    let standardError: Inferred<Double>

    /// - Parameter y, v: estimates and positive variances, at least as many as the design has columns.
    init(y: [Double], v: [Double], design: Design, method: BetweenVarianceMethod) throws(Undefined) {
        let (k, p) = (y.count, design.columns)
        let degrees = Double(k - p)
        guard method != .equalEffects, k > p else {
            value = 0
            standardError = .undefined(method == .equalEffects ? .noVariance : .tooFewSites)
            return
        }
        let problem = BetweenVarianceProblem(y: y, v: v, design: design)
        let fixed = try problem.fit(0)
        switch method {
        case .equalEffects:
            value = 0
            standardError = .undefined(.noVariance)
        case .dersimonianLaird:
            let traces = fixed.traces
            value = max(0, (fixed.residualSumOfSquares - degrees) / traces.first)
            let variance = 2 * degrees + 4 * value * traces.first + 2 * value * value * traces.second
            standardError = .value(variance.squareRoot() / traces.first)
        case .hunterSchmidt:
            let total = fixed.weights.reduce(0, +)
            let traces = fixed.traces
            value = max(0, (fixed.residualSumOfSquares - Double(k)) / total)
            let variance = 2 * degrees + 4 * value * traces.first + 2 * value * value * traces.second
            standardError = .value(variance.squareRoot() / total)
        case .hedges:
            let plain = try problem.unweighted()
            let traces = problem.varianceTraces(plain)
            value = max(0, (plain.residualSumOfSquares - traces.pv) / degrees)
            let variance = 2 * traces.pvpv + 4 * value * traces.pv + 2 * value * value * degrees
            standardError = .value(variance.squareRoot() / degrees)
        case .sidikJonkman:
            let start = try problem.spread()
            guard start > 0 else {
                value = 0
                standardError = .value(0)
                return
            }
            let fit = try problem.fit(start)
            value = start * fit.residualSumOfSquares / degrees
            let traces = problem.varianceTraces(fit)
            let variance = 2 * traces.pvpv + 4 * value * traces.pvp + 2 * value * value * fit.traces.second
            standardError = .value(start * variance.squareRoot() / degrees)
        case .pauleMandel, .empiricalBayes:
            value = try problem.generalizedQ(equals: degrees)
            let total = try problem.fit(value).weights.reduce(0, +)
            standardError = .value((2 * Double(k * k) / degrees).squareRoot() / total)
        case .maximumLikelihood:
            value = try problem.highestMaximum(restricted: false)
            let squares = try problem.fit(value).weights.reduce(0) { $0 + $1 * $1 }
            standardError = .value((2 / squares).squareRoot())
        case .restrictedMaximumLikelihood:
            value = try problem.highestMaximum(restricted: true)
            standardError = .value((2 / (try problem.fit(value).traces.second)).squareRoot())
        }
        guard value.isFinite else { throw .notFinite }
    }
}

/// The functions of τ² that the estimators and the Q-profile share.
struct BetweenVarianceProblem {
    let y: [Double]
    let v: [Double]
    let design: Design

    /// The fit with weights 1/(v + τ²); `collinear` for dependent covariates.
    func fit(_ tau2: Double) throws(Undefined) -> WeightedFit {
        guard let fit = WeightedFit(y: y, weights: v.map { 1 / ($0 + tau2) }, design: design) else {
            throw .collinear
        }
        return fit
    }

    func unweighted() throws(Undefined) -> WeightedFit {
        guard let fit = WeightedFit(y: y, weights: v.map { _ in 1 }, design: design) else { throw .collinear }
        return fit
    }

    /// Σ(y − ȳ)²/k.
    func spread() throws(Undefined) -> Double {
        let means = Design(covariates: [], rows: y.count)
        guard let fit = WeightedFit(y: y, weights: v.map { _ in 1 }, design: means) else { throw .tooFewSites }
        return fit.residualSumOfSquares / Double(y.count)
    }

    /// tr PV, tr PVPV and tr PVP for the P of a fit and the variances V.
    func varianceTraces(_ fit: WeightedFit) -> (pv: Double, pvpv: Double, pvp: Double) {
        var (pv, pvpv, pvp) = (0.0, 0.0, 0.0)
        for i in v.indices {
            pv += fit.projection(i, i) * v[i]
            for j in v.indices {
                let square = fit.projection(i, j) * fit.projection(i, j)
                pvpv += square * v[i] * v[j]
                pvp += square * v[j]
            }
        }
        return (pv, pvpv, pvp)
    }

    /// A guess at the size of τ², > 0.
    private var scale: Double {
        let middle = (y.min() ?? 0) + ((y.max() ?? 0) - (y.min() ?? 0)) / 2
        let reach = y.reduce(0) { max($0, abs($1 - middle)) }
        return max(reach * reach, (v.min() ?? 1) * 1e-3)
    }

    /// The τ² at which Q with weights 1/(v + τ²) has a value; 0 when it is smaller everywhere.
    func generalizedQ(equals target: Double) throws(Undefined) -> Double {
        _ = try fit(0)
        let excess = { (tau2: Double) in
            (WeightedFit(y: y, weights: v.map { 1 / ($0 + tau2) }, design: design)?.residualSumOfSquares ?? 0) - target
        }
        let atZero = excess(0)
        guard atZero > 0 else { return 0 }
        guard let root = Root.ofDecreasing(excess, valueAtZero: atZero, scale: scale) else { throw .notFinite }
        return root
    }

    /// The log-likelihood at τ², restricted or not.
    func logLikelihood(_ tau2: Double, restricted: Bool) throws(Undefined) -> Double {
        let fit = try fit(tau2)
        let (k, p) = (Double(y.count), Double(design.columns))
        let spread = v.reduce(0) { $0 + log($1 + tau2) }
        let common = -0.5 * (spread + fit.residualSumOfSquares)
        guard restricted else { return common - 0.5 * k * log(2 * Double.pi) }
        // Harville's form, with ½ ln det XᵀX: it does not change when a covariate is rescaled.
        guard let information = design.logDeterminant else { throw .collinear }
        return common - 0.5 * (k - p) * log(2 * Double.pi) + 0.5 * information - 0.5 * fit.logDeterminant
    }

    /// Twice the derivative of the log-likelihood by τ².
    private func score(_ tau2: Double, restricted: Bool) -> Double {
        guard let fit = WeightedFit(y: y, weights: v.map { 1 / ($0 + tau2) }, design: design) else { return 0 }
        let quadratic = zip(fit.weights, fit.residuals).reduce(0) { $0 + $1.0 * $1.1 * ($1.0 * $1.1) }
        return quadratic - (restricted ? fit.firstTrace : fit.weights.reduce(0, +))
    }

    /// The τ² ≥ 0 with the highest likelihood. The likelihood can have several maxima, so every change of the score's sign
    /// on a fine grid of τ² is followed to its root, and zero is compared with them.
    func highestMaximum(restricted: Bool) throws(Undefined) -> Double {
        _ = try fit(0)
        let derivative = { (tau2: Double) in score(tau2, restricted: restricted) }
        // Beyond the squared range of the estimates the likelihood only falls.
        let top = 8 * scale
        let bottom = min(top, v.min() ?? top) * 1e-9
        let steps = 96
        let ratio = pow(top / bottom, 1 / Double(steps))
        var maxima: [Double] = []
        var (previous, previousScore) = (0.0, derivative(0))
        if previousScore <= 0 { maxima.append(0) }
        for step in 0...steps {
            let point = step == steps ? top : bottom * pow(ratio, Double(step))
            let value = derivative(point)
            if previousScore > 0, value <= 0 {
                maxima.append(
                    Root.find(
                        derivative, low: previous, valueAtLow: previousScore, high: point, valueAtHigh: value))
            }
            (previous, previousScore) = (point, value)
        }
        if previousScore > 0 {
            let shifted = { (x: Double) in derivative(previous + x) }
            guard let root = Root.ofDecreasing(shifted, valueAtZero: previousScore, scale: top) else {
                throw .notConverged
            }
            maxima.append(previous + root)
        }
        var best = (tau2: 0.0, height: -Double.infinity)
        for tau2 in maxima {
            let height = try logLikelihood(tau2, restricted: restricted)
            if height > best.height { best = (tau2, height) }
        }
        return best.tau2
    }
}

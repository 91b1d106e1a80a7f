internal import Foundation

/// The intervals of what follows from the four counts: one method each for independent cases and one for cases
/// clustered in patients. All take an optional ``ConfusionClusters``.
public enum ConfusionIntervals {
    /// The interval of F1 from Wilson's of the Jaccard index, to which F1 = 2J/(1 + J) is tied: given tp + fp + fn, tp
    /// is binomial. The "Wilson indirect" method of K. F. Y. Lam, V. Gopal and J. Qian (2023), "Confidence intervals
    /// for the F1 score: a comparison of four methods", arXiv:2309.14621, the one of the four that keeps its coverage
    /// in small samples. With clusters Wilson's is that at the effective size (``EffectiveSizeWilson``).
    public static func f1(
        _ counts: ConfusionCounts, clusters: ConfusionClusters? = nil, level: Double
    ) -> Inferred<Interval> {
        jaccard(counts, clusters: clusters, level: level).map {
            Interval(
                lower: 2 * $0.lower / (1 + $0.lower), upper: 2 * $0.upper / (1 + $0.upper), level: $0.level)
        }
    }

    /// Wilson's interval of the Jaccard index, given tp + fp + fn; at the effective size with clusters.
    public static func jaccard(
        _ counts: ConfusionCounts, clusters: ConfusionClusters? = nil, level: Double
    ) -> Inferred<Interval> {
        if let clusters {
            return clusters.proportion(
                hits: [.truePositive], misses: [.falsePositive, .falseNegative], level: level
            ).map(\.interval)
        }
        return Wilson.interval(successes: counts.tp, trials: counts.tp + counts.fp + counts.fn, level: level)
    }

    /// The delta-method interval of F-beta. K. Takahashi, K. Yamamoto, A. Kuchiba and T. Koyama (2022), "Confidence
    /// interval for micro-averaged F1 and macro-averaged F1 scores", Appl Intell 52:4961-4972: for F1 the variance is
    /// 4 tp (fp+fn)(tp+fp+fn) / (2tp+fp+fn)⁴. Clipped to 0...1; `on-boundary` at 0 and 1.
    public static func fDelta(
        _ counts: ConfusionCounts, beta: Double = 1, clusters: ConfusionClusters? = nil, level: Double
    ) -> Inferred<Interval> {
        delta(counts.f(beta: beta), counts, clusters, level) { delta, estimate in
            let square = beta * beta
            let hits = (1 + square) * Double(counts.tp)
            let errors = square * Double(counts.fn) + Double(counts.fp)
            let scale = (hits + errors) * (hits + errors)
            return delta.interval(
                estimate,
                gradient: SIMD4((1 + square) * errors / scale, -hits / scale, -square * hits / scale, 0),
                within: 0...1)
        }
    }

    /// The interval of the Matthews correlation coefficient: the delta method on Fisher's z scale, artanh ± critical ·
    /// SE/(1 − MCC²). The variance is that of the fourfold correlation (Bishop, Fienberg and Holland 1975, section
    /// 11.3.4); the transform as J. Itaya et al. (2025), "Asymptotic properties of Matthews correlation coefficient",
    /// Stat Med 44. `on-boundary` at −1 and 1.
    public static func matthews(
        _ counts: ConfusionCounts, clusters: ConfusionClusters? = nil, level: Double
    ) -> Inferred<Interval> {
        delta(counts.matthews, counts, clusters, level) { delta, estimate in
            guard abs(estimate) < 1 else { return .undefined(.onBoundary) }
            let root = counts.marginProduct.squareRoot()
            let half = estimate / 2
            let (positives, negatives) = (half / Double(counts.positives), half / Double(counts.negatives))
            let (called, cleared) = (half / Double(counts.calledPositive), half / Double(counts.calledNegative))
            let gradient = SIMD4(
                Double(counts.tn) / root - positives - called, -Double(counts.fn) / root - negatives - called,
                -Double(counts.fp) / root - positives - cleared, Double(counts.tp) / root - negatives - cleared)
            let width = delta.critical * delta.variance(gradient).squareRoot() / (1 - estimate * estimate)
            let center = atanh(estimate)
            return .value(Interval(lower: tanh(center - width), upper: tanh(center + width), level: level))
        }
    }

    /// The interval of Cohen's kappa, estimate ± critical · ASE (J. L. Fleiss, J. Cohen and B. S. Everitt 1969, Psychol
    /// Bull 72:323-327; for a 2×2 table the same as the delta method), clipped to −1...1.
    public static func kappa(
        _ counts: ConfusionCounts, clusters: ConfusionClusters? = nil, level: Double
    ) -> Inferred<Interval> {
        delta(counts.kappa, counts, clusters, level) { delta, estimate in
            let (positives, negatives) = (Double(counts.positives), Double(counts.negatives))
            let (called, cleared) = (Double(counts.calledPositive), Double(counts.calledNegative))
            let chance = called * negatives + positives * cleared
            let numerators = SIMD4(Double(counts.tn), -Double(counts.fn), -Double(counts.fp), Double(counts.tp)) * 2
            let denominators = SIMD4(
                negatives + cleared, negatives + called, cleared + positives, called + positives)
            return delta.interval(estimate, gradient: (numerators - denominators * estimate) / chance, within: -1...1)
        }
    }

    /// The interval of the balanced accuracy: half of Youden's, moved.
    public static func balancedAccuracy(
        _ counts: ConfusionCounts, clusters: ConfusionClusters? = nil, level: Double
    ) -> Inferred<Interval> {
        youden(counts, clusters: clusters, level: level).map {
            Interval(lower: (1 + $0.lower) / 2, upper: (1 + $0.upper) / 2, level: level)
        }
    }

    /// The interval of Youden's index. Independent cases: Newcombe's square-and-add of the two Wilson intervals
    /// (R. G. Newcombe 1998, Stat Med 17:873-890, method 10; G. Shan 2015, PLoS ONE 10:e0131220). Clustered cases: the
    /// delta method over patients, because one patient's cases of both classes go together.
    public static func youden(
        _ counts: ConfusionCounts, clusters: ConfusionClusters? = nil, level: Double
    ) -> Inferred<Interval> {
        delta(counts.youden, counts, clusters, level) { delta, estimate in
            let (positives, negatives) = (Double(counts.positives), Double(counts.negatives))
            guard clusters == nil else {
                let gradient = SIMD4(
                    Double(counts.fn) / positives / positives, -Double(counts.tn) / negatives / negatives,
                    -Double(counts.tp) / positives / positives, Double(counts.fp) / negatives / negatives)
                return delta.interval(estimate, gradient: gradient, within: -1...1)
            }
            let rates = [(counts.tp, counts.positives), (counts.tn, counts.negatives)]
            var (below, above) = (0.0, 0.0)
            for (hits, cases) in rates {
                guard let wilson = Wilson.interval(successes: hits, trials: cases, level: level).value else {
                    return .undefined(.zeroDenominator)
                }
                let rate = Double(hits) / Double(cases)
                below += (rate - wilson.lower) * (rate - wilson.lower)
                above += (wilson.upper - rate) * (wilson.upper - rate)
            }
            return .value(
                Interval(lower: estimate - below.squareRoot(), upper: estimate + above.squareRoot(), level: level))
        }
    }

    private static func delta(
        _ estimate: Inferred<Double>, _ counts: ConfusionCounts, _ clusters: ConfusionClusters?, _ level: Double,
        interval: (ConfusionDelta, Double) -> Inferred<Interval>
    ) -> Inferred<Interval> {
        do throws(Undefined) {
            return interval(try ConfusionDelta(counts, clusters: clusters, level: level), try estimate.get())
        } catch {
            return .undefined(error)
        }
    }
}

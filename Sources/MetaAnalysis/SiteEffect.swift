/// One site's (or study's) estimate on the scale of the synthesis, with its within-site variance.
public struct SiteEffect: Hashable, Sendable {
    public let estimate: Double
    /// The within-site variance, > 0. A variance of zero would give the site all the weight; models refuse it.
    public let variance: Double

    public init(estimate: Double, variance: Double) {
        self.estimate = estimate
        self.variance = variance
    }

    /// Whether a model can take it: finite, with a positive finite variance whose inverse is finite as well.
    var isUsable: Bool {
        estimate.isFinite && variance > 0 && variance.isFinite && (1 / variance).isFinite
    }
}

/// The variance of an area under the ROC curve from the area and the numbers of cases alone, for areas that were
/// published without their cases and for planning. J. A. Hanley and B. J. McNeil (1982), "The meaning and use of the area
/// under a receiver operating characteristic (ROC) curve", Radiology 143:29-36, formula 2.
public enum HanleyMcNeil {
    /// var(θ) = [ θ(1−θ) + (m−1)(Q₁−θ²) + (n−1)(Q₂−θ²) ] / (mn) with Q₁ = θ/(2−θ) and Q₂ = 2θ²/(1+θ), where
    /// Q₁ − θ² = θ(1−θ)²/(2−θ) and Q₂ − θ² = θ²(1−θ)/(1+θ) do not cancel.
    /// - Parameters:
    ///   - area: θ, from 0 to 1; `bad-argument` outside.
    ///   - positives: m; `single-class` when either is zero.
    ///   - negatives: n.
    public static func variance(area: Double, positives: Int, negatives: Int) -> Inferred<Double> {
        guard (0...1).contains(area), positives >= 0, negatives >= 0 else { return .undefined(.badArgument) }
        guard positives > 0, negatives > 0 else { return .undefined(.singleClass) }
        let complement = 1 - area
        let (m, n) = (Double(positives), Double(negatives))
        let twoPositives = area * complement * complement / (2 - area)
        let twoNegatives = area * area * complement / (1 + area)
        return .value((area * complement + (m - 1) * twoPositives + (n - 1) * twoNegatives) / (m * n))
    }
}

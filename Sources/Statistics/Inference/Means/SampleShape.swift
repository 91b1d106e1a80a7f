/// Skewness and excess kurtosis of a sample from its central moments mₖ = Σ(x − x̄)ᵏ/n, without small-sample
/// correction: g₁ = m₃/m₂^(3/2) and g₂ = m₄/m₂² − 3. D. N. Joanes and C. A. Gill (1998), "Comparing measures of sample
/// skewness and kurtosis", J R Stat Soc D 47:183-189 (their g₁ and g₂, type 1 of R's e1071).
public struct SampleShape: Codable, Hashable, Sendable {
    /// g₁; zero for a symmetric sample.
    public let skewness: Double
    /// g₂; zero for the normal distribution, −2 at the least.
    public let excessKurtosis: Double

    /// `no-cases` without values, `no-variance` when all are the same, `not-finite` when one is not finite.
    public static func infer(_ values: [Double]) -> Inferred<SampleShape> {
        guard let moments = SampleMoments(values) else { return .undefined(.notFinite) }
        guard moments.n > 0 else { return .undefined(.noCases) }
        guard moments.deviations.value > 0 else { return .undefined(.noVariance) }
        let size = Double(moments.n)
        let scale = (moments.deviations / size).squareRoot()
        var (third, fourth) = (DoubleDouble.zero, DoubleDouble.zero)
        for value in values {
            let z = (-moments.exactMean + value) / scale
            let square = z * z
            third = third + square * z
            fourth = fourth + square * square
        }
        return .value(
            SampleShape(skewness: (third / size).value, excessKurtosis: (fourth / size + -3).value))
    }
}

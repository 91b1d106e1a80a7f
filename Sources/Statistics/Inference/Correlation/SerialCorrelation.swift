/// The lag-1 autocorrelation of a series, Σ(xᵢ − x̄)(xᵢ₊₁ − x̄)/Σ(xᵢ − x̄)². G. E. P. Box, G. M. Jenkins and G. C.
/// Reinsel, Time Series Analysis, 3rd ed. (1994), section 2.1.5; the definition of NIST's StRD.
public enum SerialCorrelation {
    /// From units of a declared resolution, exact until the last division; `no-cases`, `too-few-cases` below two
    /// values, `no-variance`, `bad-argument` for units beyond ``Resolution/unitLimit``.
    public static func lag1(units: [Int64]) -> Inferred<Double> {
        guard units.count > 1 else { return .undefined(units.isEmpty ? .noCases : .tooFewCases) }
        guard units.count < CaseColumns.caseLimit, units.allSatisfy({ $0.magnitude <= UInt64(Resolution.unitLimit) })
        else { return .undefined(.badArgument) }
        let sum = units.reduce(Int128(0)) { $0 + Int128($1) }
        let size = Int128(units.count)
        // n·x − Σx is n times the deviation, exact.
        let deviations = units.map { DoubleDouble(integer: size * Int128($0) - sum) }
        return lag1(deviations)
    }

    /// From values without a declared resolution; also `not-finite`.
    public static func lag1(_ values: [Double]) -> Inferred<Double> {
        guard values.count > 1 else { return .undefined(values.isEmpty ? .noCases : .tooFewCases) }
        guard let moments = SampleMoments(values) else { return .undefined(.notFinite) }
        return lag1(values.map { -moments.exactMean + $0 })
    }

    private static func lag1(_ deviations: [DoubleDouble]) -> Inferred<Double> {
        let squares = deviations.reduce(DoubleDouble.zero) { $0 + $1 * $1 }
        guard squares.value > 0 else { return .undefined(.noVariance) }
        let products = zip(deviations, deviations.dropFirst()).reduce(DoubleDouble.zero) { $0 + $1.0 * $1.1 }
        return .value((products / squares).value)
    }
}

/// The number, mean and sum of squared deviations of one sample: what every method on means and variances needs.
///
/// From exact sums nothing cancels, since n·Σx² − (Σx)² is formed in integers; from values they are compensated. Mean
/// and squares are held to 106 bits, so that differences of means far from zero keep their digits.
public struct SampleMoments: Hashable, Sendable {
    /// The number of values.
    public let n: Int
    /// The mean; zero without values.
    let exactMean: DoubleDouble
    /// Σ(x − mean)².
    let deviations: DoubleDouble

    /// From Σx and Σx² in units of a resolution. Nil when no values have these sums.
    public init?(n: Int, sum: Int128, sumSquares: Int128, resolution: Resolution) {
        guard n >= 0, n > 0 || (sum == 0 && sumSquares == 0),
            let difference = WideDifference(n: n, sumSquares: sumSquares, sum: sum)
        else { return nil }
        self.n = n
        let unit = resolution.exactUnit
        guard n > 0 else {
            (exactMean, deviations) = (.zero, .zero)
            return
        }
        let (whole, rest) = sum.quotientAndRemainder(dividingBy: Int128(n))
        exactMean = (DoubleDouble(integer: whole) + DoubleDouble(Double(rest)) / Double(n)) * unit
        let squares = ExactInteger(magnitude: (difference.high, difference.low)).doubleDouble
        deviations = squares / Double(n) * unit * unit
    }

    /// From values without a declared resolution. Nil when a value is not finite.
    public init?(_ values: some Sequence<Double>) { self.init(CompensatedMoments(values)) }

    /// From compensated sums. Nil when they are not finite.
    public init?(_ moments: CompensatedMoments) {
        guard moments.isFinite else { return nil }
        n = moments.count
        exactMean = moments.exactMean
        deviations = moments.exactDeviations
    }

    /// Of a released group; `withheld` when its number or sums are.
    public static func released(
        _ group: ReleasedMoments.Group, resolution: Resolution
    ) -> Inferred<SampleMoments> {
        guard let n = group.n.exact, let sum = group.sum, let squares = group.sumSquares else {
            return .undefined(.withheld)
        }
        guard
            let moments = SampleMoments(n: n, sum: sum.value, sumSquares: squares.value, resolution: resolution)
        else { return .undefined(.badArgument) }
        return .value(moments)
    }

    /// The mean; `no-cases` without values.
    public var mean: Inferred<Double> { n > 0 ? .value(exactMean.value) : .undefined(.noCases) }
    /// Σ(x − mean)², zero without values.
    public var sumOfSquaredDeviations: Double { deviations.value }
    /// Over n − 1; `no-cases`, `too-few-cases` below two.
    public var variance: Inferred<Double> {
        guard n > 1 else { return .undefined(n == 0 ? .noCases : .tooFewCases) }
        return .value((deviations / Double(n - 1)).value)
    }
    /// √variance.
    public var standardDeviation: Inferred<Double> {
        guard n > 1 else { return .undefined(n == 0 ? .noCases : .tooFewCases) }
        return .value((deviations / Double(n - 1)).squareRoot().value)
    }
}

extension Resolution {
    /// One unit to 106 bits.
    var exactUnit: DoubleDouble {
        let power = DoubleDouble(Double(PowersOfTen.at(abs(exponent))))
        let scale = DoubleDouble(Double(coefficient))
        return exponent < 0 ? scale / power : scale * power
    }
}

extension ExactInteger {
    /// A 256-bit magnitude.
    init(magnitude: (high: UInt128, low: UInt128)) {
        // 2¹²⁷ · 2 in two factors, since 2¹²⁸ does not fit.
        let half = ExactInteger(Int128(1) << 64)
        self =
            (ExactInteger(Int128(magnitude.high >> 64)) * half
                + ExactInteger(Int128(magnitude.high & UInt128(UInt64.max)))) * half * half
            + ExactInteger(Int128(magnitude.low >> 64)) * half
            + ExactInteger(Int128(magnitude.low & UInt128(UInt64.max)))
    }
}

/// Number, sum and sum of squares of whole units of a resolution, with the mean and the standard deviation that follow:
/// for local data the same numbers that ``MomentsInference`` takes from a released group.
public struct DecimalMoments: Hashable, Sendable {
    /// Cases with a value.
    public let n: Int
    /// Σx in units.
    public let sum: Int128
    /// Σx² in squared units.
    public let sumSquares: Int128
    public let resolution: Resolution

    /// Takes the sums of at most 2³¹ values within 2⁴⁷ units of zero.
    public init(n: Int, sum: Int128, sumSquares: Int128, resolution: Resolution) {
        self.n = n
        self.sum = sum
        self.sumSquares = sumSquares
        self.resolution = resolution
    }

    /// Σx / n, rounded once; `no-cases` without values.
    public var mean: Inferred<Double> {
        n > 0 ? .value(resolution.mean(total: sum, count: n)) : .undefined(.noCases)
    }

    /// √((nΣx² − (Σx)²) / (n(n − 1))), the numerator an exact integer; `too-few-cases` below two values.
    public var standardDeviation: Inferred<Double> {
        guard n > 1 else { return .undefined(n == 0 ? .noCases : .tooFewCases) }
        guard let difference = WideDifference(n: n, sumSquares: sumSquares, sum: sum) else {
            return .undefined(.badArgument)
        }
        let size = Double(n)
        return .value((difference.doubleValue / (size * (size - 1))).squareRoot() * resolution.unit)
    }
}

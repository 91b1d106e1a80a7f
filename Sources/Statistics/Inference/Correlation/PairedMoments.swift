/// Number, means and sums of squares and products about the means of pairs (x, y): what correlation, covariance and
/// simple regression need. From exact sums nothing cancels; from values they are compensated.
public struct PairedMoments: Hashable, Sendable {
    /// The number of pairs.
    public let n: Int
    let meanX: DoubleDouble
    let meanY: DoubleDouble
    /// Σ(x − x̄)².
    let squaresX: DoubleDouble
    /// Σ(y − ȳ)².
    let squaresY: DoubleDouble
    /// Σ(x − x̄)(y − ȳ).
    let products: DoubleDouble
    /// squaresX · squaresY − products², never negative; zero when the pairs lie on a line.
    let determinant: DoubleDouble

    /// From sums in units of resolutions (of 1 where they are nil). Nil when no pairs have these sums.
    public init?(
        n: Int, sumX: Int128, sumY: Int128, sumXX: Int128, sumYY: Int128, sumXY: Int128,
        resolutionX: Resolution? = nil, resolutionY: Resolution? = nil
    ) {
        guard n >= 0 else { return nil }
        let (size, x, y) = (ExactInteger(n), ExactInteger(sumX), ExactInteger(sumY))
        // n² times each sum about the means.
        let squaresX = size * ExactInteger(sumXX) - x * x
        let squaresY = size * ExactInteger(sumYY) - y * y
        let products = size * ExactInteger(sumXY) - x * y
        let determinant = squaresX * squaresY - products * products
        guard squaresX.sign >= 0, squaresY.sign >= 0, determinant.sign >= 0, n > 0 || (x.isZero && y.isZero) else {
            return nil
        }
        self.n = n
        let divisor = Double(max(n, 1))
        let unitX = resolutionX?.exactUnit ?? DoubleDouble(1.0)
        let unitY = resolutionY?.exactUnit ?? DoubleDouble(1.0)
        meanX = x.doubleDouble / divisor * unitX
        meanY = y.doubleDouble / divisor * unitY
        self.squaresX = squaresX.doubleDouble / divisor * unitX * unitX
        self.squaresY = squaresY.doubleDouble / divisor * unitY * unitY
        self.products = products.doubleDouble / divisor * unitX * unitY
        self.determinant = determinant.doubleDouble / divisor / divisor * unitX * unitX * unitY * unitY
    }

    /// From values without a declared resolution. Nil for lists of different lengths or a value that is not finite.
    public init?(_ x: [Double], _ y: [Double]) {
        guard x.count == y.count, let first = SampleMoments(x), let second = SampleMoments(y) else { return nil }
        n = x.count
        (meanX, meanY) = (first.exactMean, second.exactMean)
        (squaresX, squaresY) = (first.deviations, second.deviations)
        let (centerX, centerY) = (meanX, meanY)
        products = zip(x, y).reduce(DoubleDouble.zero) { sum, pair in
            sum + (-centerX + pair.0) * (-centerY + pair.1)
        }
        let difference = squaresX * squaresY - products * products
        determinant = difference.value > 0 ? difference : .zero
        guard products.isFinite, determinant.isFinite else { return nil }
    }

    /// Over n − 1, in the product of the units; `no-cases`, `too-few-cases` below two.
    public var covariance: Inferred<Double> {
        guard n > 1 else { return .undefined(n == 0 ? .noCases : .tooFewCases) }
        return .value((products / Double(n - 1)).value)
    }
}

/// Number, sum, sum of squared deviations from the mean, smallest and largest of Doubles that have no declared
/// resolution. Mergeable; the result depends on order and partition in its last bit only.
///
/// Each value x updates the sum T of the n before it and the sum of squares S as `S += (n·x − T)² / (n(n + 1))`, and
/// two parts merge as `S = S₁ + S₂ + (n₂T₁ − n₁T₂)² / (n₁n₂(n₁ + n₂))` (E. A. Youngs and E. M. Cramer 1971, "Some
/// results relevant to choice of sum and sum-of-product algorithms", Technometrics 13:657-665; T. F. Chan, G. H. Golub
/// and R. J. LeVeque 1983, "Algorithms for computing the sample variance", Am Stat 37:242-247). Only squares are added,
/// and T and S are held to 106 bits, so that mean and standard deviation are those of the Doubles given to within about
/// one unit in the last place, at any offset. Magnitudes of the values and of their differences are from about 1e-140
/// to 1e150; beyond, squares underflow or overflow.
public struct CompensatedMoments: Hashable, Sendable {
    /// The number of values.
    public private(set) var count = 0
    private var total = DoubleDouble.zero
    private var squares = DoubleDouble.zero
    private var smallest = Double.infinity
    private var largest = -Double.infinity

    /// No values.
    public init() {}

    /// The moments of all values.
    public init(_ values: some Sequence<Double>) {
        for value in values { add(value) }
    }

    /// Adds one finite value. One that is not finite leaves every result but the count undefined, `not-finite`.
    public mutating func add(_ value: Double) {
        if count > 0 {
            let size = Double(count)
            let deviation = DoubleDouble.product(size, value) - total
            squares = squares + deviation * deviation / (DoubleDouble.product(size, size) + size)
        }
        count += 1
        total = total + value
        smallest = min(smallest, value)
        largest = max(largest, value)
    }

    /// Adds finite values.
    public mutating func add(_ values: UnsafeBufferPointer<Double>) {
        for value in values { add(value) }
    }

    /// Adds the values of another part.
    public mutating func merge(_ other: CompensatedMoments) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let (left, right) = (Double(count), Double(other.count))
        let deviation = total * right - other.total * left
        let weight = DoubleDouble.product(left, right) * (left + right)
        squares = squares + other.squares + deviation * deviation / weight
        count += other.count
        total = total + other.total
        smallest = min(smallest, other.smallest)
        largest = max(largest, other.largest)
    }

    /// The sum; `not-finite` when a value was not or the sum overflows.
    public var sum: Inferred<Double> { defined(total.value, atLeast: 0) }
    /// The mean; `no-cases` without values.
    public var mean: Inferred<Double> { defined(exactMean.value, atLeast: 1) }
    /// Σ(x − mean)²; `no-cases` without values.
    public var sumOfSquaredDeviations: Inferred<Double> { defined(squares.value, atLeast: 1) }
    /// Of the sample, over n − 1; `no-cases`, `too-few-cases` below two.
    public var variance: Inferred<Double> { defined((squares / Double(max(count - 1, 1))).value, atLeast: 2) }
    /// Of the sample, over n − 1; `no-cases`, `too-few-cases` below two.
    public var standardDeviation: Inferred<Double> {
        defined((squares / Double(max(count - 1, 1))).squareRoot().value, atLeast: 2)
    }
    /// The smallest value; `no-cases` without values.
    public var minimum: Inferred<Double> { defined(smallest, atLeast: 1) }
    /// The largest value; `no-cases` without values.
    public var maximum: Inferred<Double> { defined(largest, atLeast: 1) }

    /// The mean to 106 bits; of no meaning without values.
    var exactMean: DoubleDouble { total / Double(max(count, 1)) }
    /// Σ(x − mean)² to 106 bits.
    var exactDeviations: DoubleDouble { squares }
    /// Whether every value and sum is finite.
    var isFinite: Bool { total.isFinite && squares.isFinite }

    private func defined(_ value: Double, atLeast size: Int) -> Inferred<Double> {
        guard count >= size else { return .undefined(count == 0 ? .noCases : .tooFewCases) }
        // A sum that is not finite poisons all: TwoSum of an infinity is NaN.
        return isFinite && value.isFinite ? .value(value) : .undefined(.notFinite)
    }
}

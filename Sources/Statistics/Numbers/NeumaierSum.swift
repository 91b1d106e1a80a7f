/// A sum of Doubles with a running correction, the method named `neumaier` in reports.
///
/// The error is one rounding of the result and about n·2⁻¹⁰⁶·Σ|x|, where a naive sum has n·2⁻⁵³·Σ|x|. A. Neumaier
/// (1974), "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", Z angew Math Mech 54:39-51 (the
/// improved Kahan-Babuška sum).
public struct NeumaierSum: Hashable, Sendable {
    private var sum = 0.0
    private var correction = 0.0

    /// Zero.
    public init() {}

    /// The compensated sum of all values.
    public init(_ values: some Sequence<Double>) {
        for value in values { add(value) }
    }

    /// Adds one value.
    @inline(__always)
    public mutating func add(_ value: Double) {
        let next = sum + value
        correction += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
        sum = next
    }

    /// Adds another sum with its correction.
    public mutating func merge(_ other: NeumaierSum) {
        add(other.sum)
        correction += other.correction
    }

    /// The sum; `not-finite` when a value or a partial sum was not.
    public var value: Inferred<Double> { double.isFinite ? .value(double) : .undefined(.notFinite) }

    /// The sum, not finite when a value or a partial sum was not.
    var double: Double { sum + correction }
}

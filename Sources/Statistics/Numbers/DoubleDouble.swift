/// An unevaluated sum of two Doubles with about 106 bits: what a correction needs so that the result is right to the
/// last bit of a Double. T. J. Dekker (1971), "A floating-point technique for extending the available precision", Numer
/// Math 18:224-242; Y. Hida, X. S. Li and D. H. Bailey (2001), "Algorithms for quad-double precision arithmetic".
struct DoubleDouble: Hashable, Sendable {
    /// The nearest Double.
    let high: Double
    /// The rest, at most half a unit in the last place of `high`.
    let low: Double

    static let zero = DoubleDouble(0.0)

    @inline(__always)
    init(_ value: Double) {
        high = value
        low = 0
    }

    @inline(__always)
    private init(high: Double, low: Double) {
        self.high = high
        self.low = low
    }

    /// Integers of up to 106 bits exactly.
    init(integer value: Int128) {
        let high = Double(value)
        guard let whole = Int128(exactly: high) else {
            // Only the rounding up to 2¹²⁷ itself is outside Int128.
            self.init(high)
            return
        }
        self = DoubleDouble.normalized(high, Double(value - whole))
    }

    @inline(__always)
    var value: Double { high }
    @inline(__always)
    var isFinite: Bool { high.isFinite && low.isFinite }

    /// a + b exactly (Knuth's two-sum).
    @inline(__always)
    static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
        let sum = a + b
        let part = sum - a
        return DoubleDouble(high: sum, low: (a - (sum - part)) + (b - part))
    }

    /// a · b exactly, unless the product underflows.
    @inline(__always)
    static func product(_ a: Double, _ b: Double) -> DoubleDouble {
        let product = a * b
        return DoubleDouble(high: product, low: (-product).addingProduct(a, b))
    }

    /// a + b for |a| ≥ |b|, normalised.
    @inline(__always)
    static func normalized(_ a: Double, _ b: Double) -> DoubleDouble {
        let sum = a + b
        return DoubleDouble(high: sum, low: b - (sum - a))
    }

    @inline(__always)
    static func + (left: DoubleDouble, right: DoubleDouble) -> DoubleDouble {
        let high = sum(left.high, right.high)
        let low = sum(left.low, right.low)
        let middle = normalized(high.high, high.low + low.high)
        return normalized(middle.high, middle.low + low.low)
    }

    @inline(__always)
    static func + (left: DoubleDouble, right: Double) -> DoubleDouble {
        let high = sum(left.high, right)
        return normalized(high.high, high.low + left.low)
    }

    @inline(__always)
    static prefix func - (value: DoubleDouble) -> DoubleDouble { DoubleDouble(high: -value.high, low: -value.low) }

    @inline(__always)
    static func - (left: DoubleDouble, right: DoubleDouble) -> DoubleDouble { left + (-right) }

    @inline(__always)
    static func * (left: DoubleDouble, right: DoubleDouble) -> DoubleDouble {
        let product = product(left.high, right.high)
        return normalized(product.high, product.low + (left.high * right.low + left.low * right.high))
    }

    @inline(__always)
    static func * (left: DoubleDouble, right: Double) -> DoubleDouble {
        let product = product(left.high, right)
        return normalized(product.high, product.low + left.low * right)
    }

    /// The quotient; the divisor is not zero.
    @inline(__always)
    static func / (left: DoubleDouble, right: DoubleDouble) -> DoubleDouble {
        let first = left.high / right.high
        let rest = left - right * first
        let second = rest.high / right.high
        let third = (rest - right * second).high / right.high
        return normalized(first, second) + third
    }

    @inline(__always)
    static func / (left: DoubleDouble, right: Double) -> DoubleDouble { left / DoubleDouble(right) }

    /// The square root of a number that is not negative.
    func squareRoot() -> DoubleDouble {
        guard high > 0 else { return .zero }
        let root = high.squareRoot()
        let rest = self - DoubleDouble.product(root, root)
        return DoubleDouble.normalized(root, rest.high / (2 * root))
    }
}

internal import Foundation

/// A number that the likelihoods compute with: a Double, or a ``Jet`` that carries derivatives along.
protocol Scalar {
    init(_ constant: Double)
    var value: Double { get }
    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    static func * (left: Self, right: Self) -> Self
    static func / (left: Self, right: Self) -> Self
    func squareRoot() -> Self
    func logarithm() -> Self
    func exponential() -> Self
    /// ln(1 + eˣ), without overflow.
    func softplus() -> Self
    /// 1 / (1 + e⁻ˣ).
    func logistic() -> Self
}

extension Scalar {
    static func += (left: inout Self, right: Self) { left = left + right }
    static func -= (left: inout Self, right: Self) { left = left - right }
}

extension Double: Scalar {
    var value: Double { self }
    func logarithm() -> Double { log(self) }
    func exponential() -> Double { exp(self) }
    func softplus() -> Double { max(self, 0) + log1p(exp(-abs(self))) }
    func logistic() -> Double { 1 / (1 + exp(-self)) }
}

/// A value with its first and second derivatives in up to five parameters, carried exactly through every operation
/// (forward automatic differentiation; Griewank and Walther 2008, Evaluating Derivatives, 2nd ed., chapter 13).
struct Jet: Scalar {
    static let capacity = 5

    let value: Double
    /// The first derivatives.
    let gradient: SIMD8<Double>
    /// The second derivatives, the upper triangle by rows: 00 01 02 03 04 11 12 … 44.
    let curvature: SIMD16<Double>

    init(value: Double, gradient: SIMD8<Double>, curvature: SIMD16<Double>) {
        self.value = value
        self.gradient = gradient
        self.curvature = curvature
    }

    init(_ constant: Double) {
        self.init(value: constant, gradient: .zero, curvature: .zero)
    }

    /// A parameter: its derivative by itself is one.
    init(_ value: Double, parameter index: Int) {
        var gradient = SIMD8<Double>.zero
        gradient[index] = 1
        self.init(value: value, gradient: gradient, curvature: .zero)
    }

    /// The second derivative by two parameters.
    func curvature(_ i: Int, _ j: Int) -> Double {
        let (row, column) = (min(i, j), max(i, j))
        return curvature[row * Self.capacity - row * (row - 1) / 2 + column - row]
    }

    /// aᵢbⱼ + aⱼbᵢ in the order of ``curvature``.
    private static func symmetricProduct(_ a: SIMD8<Double>, _ b: SIMD8<Double>) -> SIMD16<Double> {
        rows(a) * columns(b) + columns(a) * rows(b)
    }

    private static func rows(_ a: SIMD8<Double>) -> SIMD16<Double> {
        let (p, q, r, s, t) = (a[0], a[1], a[2], a[3], a[4])
        return SIMD16(p, p, p, p, p, q, q, q, q, r, r, r, s, s, t, 0)
    }

    private static func columns(_ a: SIMD8<Double>) -> SIMD16<Double> {
        let (p, q, r, s, t) = (a[0], a[1], a[2], a[3], a[4])
        return SIMD16(p, q, r, s, t, q, r, s, t, r, s, t, s, t, t, 0)
    }

    /// f(self) for a function with this value and these derivatives here.
    private func chain(_ image: Double, first: Double, second: Double) -> Jet {
        let squares = Self.rows(gradient) * Self.columns(gradient)
        return Jet(value: image, gradient: first * gradient, curvature: first * curvature + second * squares)
    }

    static func + (left: Jet, right: Jet) -> Jet {
        Jet(
            value: left.value + right.value, gradient: left.gradient + right.gradient,
            curvature: left.curvature + right.curvature)
    }

    static func - (left: Jet, right: Jet) -> Jet {
        Jet(
            value: left.value - right.value, gradient: left.gradient - right.gradient,
            curvature: left.curvature - right.curvature)
    }

    static func * (left: Jet, right: Jet) -> Jet {
        let crossed = symmetricProduct(left.gradient, right.gradient)
        let curvature = left.value * right.curvature + right.value * left.curvature + crossed
        return Jet(
            value: left.value * right.value, gradient: left.value * right.gradient + right.value * left.gradient,
            curvature: curvature)
    }

    static func / (left: Jet, right: Jet) -> Jet {
        let inverse = 1 / right.value
        let square = inverse * inverse
        return left * right.chain(inverse, first: -square, second: 2 * square * inverse)
    }

    func squareRoot() -> Jet {
        let root = value.squareRoot()
        return chain(root, first: 0.5 / root, second: -0.25 / (root * value))
    }

    func logarithm() -> Jet { chain(log(value), first: 1 / value, second: -1 / (value * value)) }

    func exponential() -> Jet {
        let image = exp(value)
        return chain(image, first: image, second: image)
    }

    func softplus() -> Jet {
        let p = value.logistic()
        return chain(value.softplus(), first: p, second: p * (-value).logistic())
    }

    func logistic() -> Jet {
        let (p, q) = (value.logistic(), (-value).logistic())
        return chain(p, first: p * q, second: p * q * (q - p))
    }
}

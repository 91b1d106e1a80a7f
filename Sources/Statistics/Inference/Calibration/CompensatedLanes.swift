/// A compensated sum of Doubles in four lanes: Neumaier's, with the rounding error of each addition found exactly
/// (Knuth's two-sum, without a branch), so that the compiler can use vectors. A. Neumaier (1974), Z Angew Math Mech
/// 54:39-51.
struct CompensatedLanes {
    private var sum = SIMD4<Double>.zero
    private var error = SIMD4<Double>.zero

    /// Adds four numbers.
    @inline(__always)
    mutating func add(_ value: SIMD4<Double>) {
        let total = sum + value
        let part = total - sum
        error += (sum - (total - part)) + (value - part)
        sum = total
    }

    /// Adds one number, to the first lane.
    @inline(__always)
    mutating func add(_ value: Double) { add(SIMD4(value, 0, 0, 0)) }

    /// The sum.
    var value: Double {
        var whole = Compensated()
        for lane in 0..<4 { whole.add(sum[lane]) }
        return whole.value + error.sum()
    }
}

/// A compensated sum of Doubles: see ``CompensatedLanes``.
struct Compensated: Hashable {
    private var sum = 0.0
    private var error = 0.0

    @inline(__always)
    mutating func add(_ value: Double) {
        let total = sum + value
        let part = total - sum
        error += (sum - (total - part)) + (value - part)
        sum = total
    }

    var value: Double { sum + error }
}

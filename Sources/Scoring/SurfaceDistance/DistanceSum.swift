/// A sum of distances in a fixed-point number that holds each of them to the last bit: it does not depend on their order.
struct DistanceSum: Hashable {
    private var units: UInt128 = 0

    /// Adds a distance so many times.
    /// - Parameter unit: the exponent of `DistanceRange`; the fixed point lies 52 bits below it.
    @inline(__always)
    mutating func add(_ distance: Double, count: UInt64, unit: Int) {
        guard distance > 0, distance < .infinity else { return }
        let significand = UInt128(distance.significandBitPattern | 1 << 52) &* UInt128(count)
        let shift = Int(distance.exponent) - unit
        units &+= shift >= 0 ? significand &<< UInt128(shift) : significand >> UInt128(-shift)
    }

    mutating func add(_ other: DistanceSum) { units &+= other.units }

    /// The sum (mm).
    func value(unit: Int) -> Double {
        Double(sign: .plus, exponent: unit - 52, significand: Double(units))
    }
}

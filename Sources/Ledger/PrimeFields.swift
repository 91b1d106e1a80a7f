/// Whole numbers modulo the Mersenne prime 2^31 - 1.
enum SmallField {
    static let prime: UInt64 = 0x7FFF_FFFF

    /// Of anything below 2^62 + 2^31.
    @inline(__always)
    static func reduced(_ value: UInt64) -> UInt32 {
        let folded = (value & prime) &+ (value >> 31)
        let again = (folded & prime) &+ (folded >> 31)
        return UInt32(truncatingIfNeeded: again >= prime ? again &- prime : again)
    }

    @inline(__always)
    static func product(_ left: UInt32, _ right: UInt32) -> UInt32 { reduced(UInt64(left) &* UInt64(right)) }

    /// left - factor * right.
    @inline(__always)
    static func difference(_ left: UInt32, _ factor: UInt32, _ right: UInt32) -> UInt32 {
        reduced(UInt64(left) &+ (prime &- UInt64(factor)) &* UInt64(right))
    }

    /// Of anything but 0 (whose inverse is given as 0).
    static func inverse(_ value: UInt32) -> UInt32 {
        var (result, power, exponent): (UInt32, UInt32, UInt64) = (1, value, prime - 2)
        while exponent > 0 {
            if exponent & 1 == 1 { result = product(result, power) }
            power = product(power, power)
            exponent >>= 1
        }
        return result
    }
}

/// Whole numbers modulo the Mersenne prime 2^61 - 1.
enum LargeField {
    static let prime: UInt64 = 0x1FFF_FFFF_FFFF_FFFF

    @inline(__always)
    static func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (high, low) = left.multipliedFullWidth(by: right)
        // Both below 2^61: the product is high * 2^64 + low = (high * 8 + low / 2^61) * 2^61 + low % 2^61.
        return sum(low & prime, high << 3 | low >> 61)
    }

    @inline(__always)
    static func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let total = left &+ right
        return total >= prime ? total &- prime : total
    }

    @inline(__always)
    static func negative(_ value: UInt64) -> UInt64 { value == 0 ? 0 : prime &- value }

    /// target + factor * source, entry by entry.
    static func add(_ source: [UInt64], times factor: UInt64, to target: inout [UInt64]) {
        for place in target.indices where source[place] != 0 {
            target[place] = sum(target[place], product(source[place], factor))
        }
    }

    static func inverse(_ value: UInt64) -> UInt64 {
        var (result, power, exponent): (UInt64, UInt64, UInt64) = (1, value, prime - 2)
        while exponent > 0 {
            if exponent & 1 == 1 { result = product(result, power) }
            power = product(power, power)
            exponent >>= 1
        }
        return result
    }

    /// The fraction that a residue stands for, when its numerator and denominator are below 2^30: then there is one at
    /// most. Half of Euclid's algorithm. Source: Wang, Guy and Davenport 1982, SIGSAM Bulletin 16:2.
    static func fraction(_ residue: UInt64) -> (numerator: Int64, denominator: Int64)? {
        let bound: UInt64 = 1 << 30
        var (older, newer) = (prime, residue)
        var (olderFactor, newerFactor): (Int64, Int64) = (0, 1)
        while newer >= bound {
            let quotient = older / newer
            (older, newer) = (newer, older - quotient * newer)
            let (product, overflows) = Int64(quotient).multipliedReportingOverflow(by: newerFactor)
            guard !overflows else { return nil }
            (olderFactor, newerFactor) = (newerFactor, olderFactor - product)
        }
        guard newerFactor != 0, newerFactor.magnitude < bound else { return nil }
        let sign: Int64 = newerFactor < 0 ? -1 : 1
        return (sign * Int64(newer), sign * newerFactor)
    }
}

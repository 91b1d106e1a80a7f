/// Number, sum and sum of squares about a shift, smallest and largest of one block of values, NaN left out: sums of at
/// most a thousand terms, in eight lanes, whose order is always the same. The sum is compensated (Knuth's two-sum).
struct BlockMoments {
    var count = 0
    /// Σ(x − shift), and what was rounded away from it.
    var sum = 0.0
    var rest = 0.0
    /// Σ(x − shift)².
    var squares = 0.0
    var minimum = Double.infinity
    var maximum = -Double.infinity
    /// Whether every value is whole and below 2⁵¹ in magnitude.
    var isWhole = true

    /// - Parameters:
    ///   - values: readable and writable up to the next multiple of eight, which is filled with NaN.
    init(_ values: UnsafeMutablePointer<Double>, count rows: Int, shift: Double) {
        let padded = (rows + 7) & ~7
        for index in rows..<padded { values[index] = .nan }
        let raw = UnsafeRawPointer(values)
        let shifts = SIMD4(repeating: shift)
        let ones = SIMD4(repeating: 1.0)
        let round = SIMD4(repeating: 0x1.8p52)
        var (sumA, sumB) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        var (restA, restB) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        var (squaresA, squaresB) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        var counts = SIMD4<Double>.zero
        var smallest = SIMD4(repeating: Double.infinity)
        var largest = SIMD4(repeating: -Double.infinity)
        var broken = SIMD4<Double>.zero
        var offset = 0
        while offset < padded * 8 {
            let a = raw.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
            let b = raw.loadUnaligned(fromByteOffset: offset &+ 32, as: SIMD4<Double>.self)
            let (isA, isB) = (a .== a, b .== b)
            let deviationA = SIMD4<Double>.zero.replacing(with: a - shifts, where: isA)
            let deviationB = SIMD4<Double>.zero.replacing(with: b - shifts, where: isB)
            let (nextA, nextB) = (sumA + deviationA, sumB + deviationB)
            let (partA, partB) = (nextA - sumA, nextB - sumB)
            restA += (sumA - (nextA - partA)) + (deviationA - partA)
            restB += (sumB - (nextB - partB)) + (deviationB - partB)
            (sumA, sumB) = (nextA, nextB)
            squaresA += deviationA * deviationA
            squaresB += deviationB * deviationB
            counts += SIMD4<Double>.zero.replacing(with: ones, where: isA)
            counts += SIMD4<Double>.zero.replacing(with: ones, where: isB)
            smallest.replace(with: a, where: a .< smallest)
            smallest.replace(with: b, where: b .< smallest)
            largest.replace(with: a, where: a .> largest)
            largest.replace(with: b, where: b .> largest)
            // Adding and taking away 1.5 · 2⁵² rounds to a whole number; NaN differs from itself, but not by less or more.
            let (wholeA, wholeB) = ((a + round) - round, (b + round) - round)
            broken.replace(with: ones, where: (wholeA .< a) .| (wholeA .> a))
            broken.replace(with: ones, where: (wholeB .< b) .| (wholeB .> b))
            offset &+= 64
        }
        count = Int(counts.sum())
        for lane in 0..<4 {
            add(sumA[lane])
            add(sumB[lane])
        }
        rest += (restA + restB).sum()
        squares = (squaresA + squaresB).sum()
        minimum = smallest.min()
        maximum = largest.max()
        isWhole = broken.max() == 0 && minimum > -0x1p51 && maximum < 0x1p51
    }

    /// Adds one term to the compensated sum.
    @inline(__always)
    private mutating func add(_ term: Double) {
        let next = sum + term
        let part = next - sum
        rest += (sum - (next - part)) + (term - part)
        sum = next
    }

    /// The sums of the values at some rows.
    init(_ values: UnsafePointer<Double>, rows: UnsafeBufferPointer<UInt16>, shift: Double) {
        var missing = 0
        for row in rows {
            let value = values[Int(row)]
            let deviation = value == value ? value - shift : 0
            missing &+= value == value ? 0 : 1
            add(deviation)
            squares += deviation * deviation
        }
        count = rows.count - missing
    }
}

/// Moments of Doubles without a declared resolution. The values of a block are summed about a shift, the blocks without
/// any rounding, so that the result does not depend on which thread read which block.
struct ShiftedMoments {
    let shift: Double
    private(set) var count = 0
    private var sum = ExactSum()
    private var squares = ExactSum()

    init(shift: Double) { self.shift = shift }

    mutating func add(_ block: BlockMoments) {
        guard block.count > 0 else { return }
        count += block.count
        sum.add(block.sum)
        sum.add(block.rest)
        squares.add(block.squares)
    }

    mutating func merge(_ other: ShiftedMoments) {
        count += other.count
        sum.merge(other.sum)
        squares.merge(other.squares)
    }

    /// shift + Σ(x − shift) / n; not finite when a value or a sum is not.
    var mean: Double {
        let total = sum.value
        let size = Double(count)
        let quotient = total.high / size
        // The rest of the division and the low part of the sum matter where shift and quotient cancel.
        let remainder = total.high.addingProduct(-quotient, size) + total.low
        let whole = shift + quotient
        let part = whole - shift
        let error = (shift - (whole - part)) + (quotient - part)
        return whole + (error + remainder / size)
    }

    /// Σ(x − mean)² = Σ(x − shift)² − (Σ(x − shift))² / n, to twice the precision of a Double before the difference.
    var squaredDeviations: Double {
        let total = sum.value
        let square = squares.value
        let size = Double(count)
        let product = total.high * total.high
        let productRest = (-product).addingProduct(total.high, total.high) + 2 * total.high * total.low
        let quotient = product / size
        let quotientRest = (product.addingProduct(-quotient, size) + productRest) / size
        guard sum.isFinite, squares.isFinite, quotient.isFinite else { return .nan }
        return max(0, (square.high - quotient) + (square.low - quotientRest))
    }
}

/// Sums of rows of some blocks, for every patient.
///
/// Some patients at a time, through all blocks: their sums stay near the processor.
enum RowSums {
    private static let stretch = 1 << 14

    /// For which of up to 64 combinations the sum of the rows is odd.
    /// - Parameters:
    ///   - blocks: each with, of each of its bits, in which combinations the row is.
    ///   - sums: one a patient of any block; added to.
    static func addParities(_ blocks: [(block: ColumnBlock, weights: [UInt64])], to sums: inout [UInt64]) {
        add(
            blocks, zero: 0, to: &sums, adding: { $0 ^= $1 },
            value: { plane, word, weights in plane == 0 ? parity(word, weights) : 0 })
    }

    /// The sum of the rows with coefficients, whose product with every multiplicity is below 2^48 or so.
    /// - Parameters:
    ///   - blocks: each with the coefficients of its bits.
    ///   - sums: one a patient of any block; added to.
    static func addMultiples(_ blocks: [(block: ColumnBlock, weights: [Int64])], to sums: inout [Int64]) {
        add(
            blocks, zero: 0, to: &sums, adding: { $0 &+= $1 },
            value: { plane, word, coefficients in multiple(word, coefficients) << Int64(plane) })
    }

    @inline(__always)
    private static func add<Sum>(
        _ blocks: [(block: ColumnBlock, weights: [Sum])], zero: Sum, to sums: inout [Sum],
        adding: (inout Sum, Sum) -> Void, value: (_ plane: Int, _ word: UInt64, _ weights: [Sum]) -> Sum
    ) {
        let tables = blocks.map { block, weights in
            block.table(zero: zero, adding: adding) { value($0, $1, weights) }
        }
        sums.withUnsafeMutableBufferPointer { sums in
            for start in stride(from: 0, to: sums.count, by: stretch) {
                let patients = start..<min(start + stretch, sums.count)
                for (index, (block, weights)) in blocks.enumerated() {
                    block.accumulate(sums, patients: patients, table: tables[index], adding: adding) {
                        value($0, $1, weights)
                    }
                }
            }
        }
    }

    @inline(__always) private static func parity(_ word: UInt64, _ weights: [UInt64]) -> UInt64 {
        var (rest, sum) = (word, UInt64(0))
        while rest != 0 {
            sum ^= weights[rest.trailingZeroBitCount]
            rest &= rest - 1
        }
        return sum
    }

    @inline(__always) private static func multiple(_ word: UInt64, _ coefficients: [Int64]) -> Int64 {
        var (rest, sum) = (word, Int64(0))
        while rest != 0 {
            sum &+= coefficients[rest.trailingZeroBitCount]
            rest &= rest - 1
        }
        return sum
    }
}

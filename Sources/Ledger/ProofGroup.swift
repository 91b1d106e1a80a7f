/// One set of patients on which the rows are independent modulo 2: the square matrix of the rows over the set, factored.
///
/// Some rows may have no pivot: then the combinations that are zero on the set (modulo 2) are known, by the patients for
/// whom they are odd, and each and every sum of them is odd for `t` patients. A combination of less than `t` patients is
/// zero on one set at least, and there is none.
///
/// Position `k` is a row with a patient of the set, its pivot, such that `combos * rows = reduced` with `combos` unit lower
/// triangular and `reduced`, over the pivots, unit upper triangular. Both grow by appending. Positions come in blocks of 8;
/// one may be empty. No pivot lies where a combination of `kernel` is odd. A solve for 64 rows at once handles 8 positions by a table of 256 words (Arlazarov, Dinic, Kronrod,
/// Faradzev 1970, "the four Russians").
struct ProofGroup: Sendable {
    /// What one batch of rows added.
    struct Part: Sendable, Hashable {
        /// The pivots; `UInt32.max` for an empty position. A multiple of 8 of them.
        var pivots: [UInt32]
        /// Of each block of 8 positions: byte `j` holds, of its position `s` in bit `s`, the entry of `combos` in column `j`,
        /// for all `j` up to the end of the block.
        var combos: [UInt8]
        /// Of each position `k`: byte `b` holds in bit `s` the entry of `reduced` in row `8 b + s` and column `k`, for all
        /// `b` up to `k / 8`; rows from `k` on are 0.
        var reduced: [UInt8]
        /// Of each row without a pivot: the patients for whom the combination that is zero on the set is odd, ascending.
        var kernel: [[UInt32]] = []
    }

    private(set) var parts: [Part] = []
    private(set) var positionCount = 0
    private(set) var kernel: [[UInt32]] = []
    /// All patients of the kernel.
    private(set) var kernelPatients: Set<UInt32> = []

    static let noPatient = UInt32.max

    /// The bytes of a part of some positions behind others, as (combos, reduced).
    static func sizes(positions: Int, behind start: Int) -> (combos: Int, reduced: Int) {
        var (combos, reduced) = (0, 0)
        for block in start / 8..<(start + positions) / 8 {
            combos += 8 * (block + 1)
            reduced += 8 * (block + 1)
        }
        return (combos, reduced)
    }

    mutating func append(_ part: Part) {
        parts.append(part)
        positionCount += part.pivots.count
        kernel += part.kernel
        for patients in part.kernel { kernelPatients.formUnion(patients) }
    }

    /// All sums of 8 words: entry `v` is the sum of those whose bit is in `v`.
    @inline(__always)
    private static func fill(_ table: UnsafeMutableBufferPointer<UInt64>, at base: Int, with words: (Int) -> UInt64) {
        table[base] = 0
        for bit in 0..<8 {
            let (size, word) = (1 << bit, words(bit))
            for place in 0..<size { table[base + size + place] = table[base + place] ^ word }
        }
    }

    /// The combination of the rows of the group that equals each new row on all pivots: word `j` says for which of the new
    /// rows row `j` is in it.
    func combination(of batch: RowBatch) -> [UInt64] {
        var solved = [UInt64](repeating: 0, count: positionCount)
        var tables = [UInt64](repeating: 0, count: positionCount / 8 * 256)
        var result = [UInt64](repeating: 0, count: positionCount)
        tables.withUnsafeMutableBufferPointer { tables in
            solved.withUnsafeMutableBufferPointer { solved in
                result.withUnsafeMutableBufferPointer { result in
                    var position = 0
                    for part in parts {
                        let start = position
                        part.reduced.withUnsafeBufferPointer { reduced in
                            var place = 0
                            for pivot in part.pivots {
                                let block = position / 8
                                if pivot != Self.noPatient {
                                    var word = batch.parity(Int(pivot))
                                    for before in 0..<block {
                                        word ^= tables[before * 256 + Int(reduced[place + before])]
                                    }
                                    let last = reduced[place + block]
                                    for bit in 0..<(position % 8) where last >> UInt8(bit) & 1 == 1 {
                                        word ^= solved[8 * block + bit]
                                    }
                                    solved[position] = word
                                }
                                place += block + 1
                                position += 1
                                if position % 8 == 0 {
                                    Self.fill(tables, at: block * 256) { solved[8 * block + $0] }
                                }
                            }
                        }
                        part.combos.withUnsafeBufferPointer { combos in
                            var place = 0
                            for block in start / 8..<position / 8 {
                                for column in 0..<8 * (block + 1) {
                                    result[column] ^= tables[block * 256 + Int(combos[place + column])]
                                }
                                place += 8 * (block + 1)
                            }
                        }
                    }
                }
            }
        }
        return result
    }

    /// What is left of each new row, over the patients of a pool, after a combination: word `i` of column `i`.
    func residuals(of combination: [UInt64], over pool: PatientPool) -> [UInt64] {
        let count = pool.count
        var result = pool.own
        var table = [UInt64](repeating: 0, count: 256)
        result.withUnsafeMutableBufferPointer { result in
            table.withUnsafeMutableBufferPointer { table in
                pool.bytes.withUnsafeBufferPointer { bytes in
                    combination.withUnsafeBufferPointer { combination in
                        for block in 0..<positionCount / 8 {
                            Self.fill(table, at: 0) { combination[8 * block + $0] }
                            let start = block * count
                            for index in 0..<count { result[index] ^= table[Int(bytes[start + index])] }
                        }
                    }
                }
            }
        }
        return result
    }

    /// The entries of all reduced rows over up to 64 columns: word `i` of row `i`, bit `m` of column `m`.
    func reducedRows(over columns: [[UInt8]]) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: positionCount)
        for (bit, column) in columns.enumerated() {
            for position in 0..<positionCount where column[position / 8] >> UInt8(position % 8) & 1 == 1 {
                words[position] |= 1 << UInt64(bit)
            }
        }
        var result = [UInt64](repeating: 0, count: positionCount)
        var buckets = [UInt64](repeating: 0, count: 256)
        var block = 0
        for part in parts {
            var place = 0
            for _ in 0..<part.pivots.count / 8 {
                let end = 8 * (block + 1)
                buckets.withUnsafeMutableBufferPointer { buckets in
                    for index in 0..<256 { buckets[index] = 0 }
                    part.combos.withUnsafeBufferPointer { combos in
                        words.withUnsafeBufferPointer { words in
                            for column in 0..<end { buckets[Int(combos[place + column])] ^= words[column] }
                        }
                    }
                    for bit in 0..<8 {
                        for value in 0..<256 where value >> bit & 1 == 1 { result[8 * block + bit] ^= buckets[value] }
                    }
                }
                place += end
                block += 1
            }
        }
        return result
    }
}

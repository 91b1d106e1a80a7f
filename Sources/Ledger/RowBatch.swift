/// Up to 64 rows, turned so that a word holds what all of them say of one patient.
struct RowBatch {
    static let capacity = 64

    let rows: [PatientRow]
    /// Of each plane, one word a patient: bit `i` is the plane's bit of row `i`.
    let planes: [[UInt64]]

    var patientCount: Int { planes.first?.count ?? 0 }

    init(_ rows: [PatientRow]) {
        self.rows = rows
        let words = rows.reduce(0) { max($0, $1.wordCount) }
        let planeCount = max(1, rows.reduce(0) { max($0, $1.planes.count) })
        planes = (0..<planeCount).map { plane in
            var columns = [UInt64](repeating: 0, count: 64 * words)
            var block = [UInt64](repeating: 0, count: 64)
            for word in 0..<words {
                var any: UInt64 = 0
                for row in rows.indices {
                    block[row] = rows[row].word(word, plane: plane)
                    any |= block[row]
                }
                guard any != 0 else { continue }
                for row in rows.count..<64 { block[row] = 0 }
                Self.transpose(&block)
                for place in 0..<64 { columns[64 * word + place] = block[place] }
            }
            return columns
        }
    }

    /// A matrix of 64 by 64 bits. Source: Warren, Hacker's Delight, 2nd ed., section 7-3.
    static func transpose(_ block: inout [UInt64]) {
        var mask: UInt64 = 0x0000_0000_FFFF_FFFF
        var width = 32
        while width != 0 {
            var place = 0
            while place < 64 {
                let swap = ((block[place] >> UInt64(width)) ^ block[place + width]) & mask
                block[place] ^= swap << UInt64(width)
                block[place + width] ^= swap
                place = (place + width + 1) & ~width
            }
            width /= 2
            mask ^= mask << UInt64(width)
        }
    }

    /// The word of a patient whose bits are odd multiplicities.
    @inline(__always)
    func parity(_ patient: Int) -> UInt64 { patient < planes[0].count ? planes[0][patient] : 0 }
}

/// The four voxel rows that meet along a row of corners.
struct CornerRow {
    /// Rows (z - 1, y - 1), (z - 1, y), (z, y - 1), (z, y).
    let rows: (UnsafePointer<UInt64>, UnsafePointer<UInt64>, UnsafePointer<UInt64>, UnsafePointer<UInt64>)
    let wordsPerRow: Int

    /// The occupancy of the voxels around 64 corners: for each of the four rows the voxels at x - 1 and at x.
    struct Neighbours {
        let b00, a00, b01, a01, b10, a10, b11, a11: UInt64

        /// The corners whose voxels are neither all set nor all clear.
        var surface: UInt64 {
            let any = (b00 | a00 | b01 | a01) | (b10 | a10 | b11 | a11)
            let all = (b00 & a00 & b01 & a01) & (b10 & a10 & b11 & a11)
            return any & ~all
        }

        /// The neighbour code of one of the corners.
        @inline(__always)
        func code(at bit: UInt64) -> Int {
            let low = (b00 >> bit & 1) << 7 | (a00 >> bit & 1) << 6 | (b01 >> bit & 1) << 5 | (a01 >> bit & 1) << 4
            let high = (b10 >> bit & 1) << 3 | (a10 >> bit & 1) << 2 | (b11 >> bit & 1) << 1 | (a11 >> bit & 1)
            return Int(truncatingIfNeeded: low | high)
        }
    }

    /// The neighbours of the corners 64·word to 64·word + 63, `word` at most the words of a row.
    @inline(__always)
    func neighbours(_ word: Int) -> Neighbours {
        let (b00, a00) = pair(rows.0, word)
        let (b01, a01) = pair(rows.1, word)
        let (b10, a10) = pair(rows.2, word)
        let (b11, a11) = pair(rows.3, word)
        return Neighbours(b00: b00, a00: a00, b01: b01, a01: a01, b10: b10, a10: a10, b11: b11, a11: a11)
    }

    /// Whether the voxels around those corners are all clear.
    @inline(__always)
    func isEmpty(_ word: Int) -> Bool {
        let before = word > 0 ? rows.0[word - 1] | rows.1[word - 1] | rows.2[word - 1] | rows.3[word - 1] : 0
        guard word < wordsPerRow else { return before >> 63 == 0 }
        return (before >> 63) | rows.0[word] | rows.1[word] | rows.2[word] | rows.3[word] == 0
    }

    @inline(__always)
    private func pair(_ row: UnsafePointer<UInt64>, _ word: Int) -> (before: UInt64, at: UInt64) {
        let at = word < wordsPerRow ? row[word] : 0
        return (at << 1 | (word > 0 ? row[word - 1] >> 63 : 0), at)
    }
}

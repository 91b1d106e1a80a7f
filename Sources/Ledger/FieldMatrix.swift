/// Rows that span a space of vectors modulo 2^31 - 1, over columns that each stand for some patients.
///
/// `tail` further columns at the right take part in row operations only: they carry how the rows were made.
struct FieldMatrix {
    var rowCount: Int
    let tail: Int
    /// How many patients each column stands for.
    var weights: [Int]
    /// By rows, `width` entries each.
    var entries: [UInt32]

    var columnCount: Int { weights.count }
    var width: Int { weights.count + tail }

    init(rowCount: Int, tail: Int, weights: [Int], entries: [UInt32]) {
        self.rowCount = rowCount
        self.tail = tail
        self.weights = weights
        self.entries = entries
    }

    @inline(__always)
    func entry(_ row: Int, _ column: Int) -> UInt32 { entries[row * width + column] }

    /// Makes a column the unit vector of a row in which it is not zero.
    mutating func pivot(row: Int, column: Int) {
        let (width, rowCount) = (width, rowCount)
        entries.withUnsafeMutableBufferPointer { cells in
            let base = row * width
            let inverse = SmallField.inverse(cells[base + column])
            if inverse != 1 {
                for place in base..<base + width where cells[place] != 0 {
                    cells[place] = SmallField.product(cells[place], inverse)
                }
            }
            for other in 0..<rowCount where other != row {
                let start = other * width
                let factor = cells[start + column]
                guard factor != 0 else { continue }
                for offset in 0..<width {
                    cells[start + offset] = SmallField.difference(cells[start + offset], factor, cells[base + offset])
                }
            }
        }
    }

    /// Some rows and some columns (and the tail).
    func part(rows: [Int], columns: [Int]) -> FieldMatrix {
        var part: [UInt32] = []
        part.reserveCapacity(rows.count * (columns.count + tail))
        for row in rows {
            let base = row * width
            for column in columns { part.append(entries[base + column]) }
            for column in columnCount..<width { part.append(entries[base + column]) }
        }
        return FieldMatrix(rowCount: rows.count, tail: tail, weights: columns.map { weights[$0] }, entries: part)
    }

    mutating func removeRow(_ row: Int) {
        entries.removeSubrange(row * width..<(row + 1) * width)
        rowCount -= 1
    }

    /// Joins columns that are multiples of each other (a vector of the space is zero on both or on neither), drops those
    /// that are zero.
    func merged() -> FieldMatrix {
        // The first entry that is not zero of each column, all inverted at once.
        var leading = [UInt32](repeating: 0, count: columnCount)
        for row in 0..<rowCount {
            let base = row * width
            for column in 0..<columnCount where leading[column] == 0 { leading[column] = entries[base + column] }
        }
        var products: [UInt32] = []
        products.reserveCapacity(columnCount)
        var running: UInt32 = 1
        for value in leading {
            products.append(running)
            if value != 0 { running = SmallField.product(running, value) }
        }
        var inverse = SmallField.inverse(running)
        var inverses = [UInt32](repeating: 0, count: columnCount)
        for column in (0..<columnCount).reversed() where leading[column] != 0 {
            inverses[column] = SmallField.product(inverse, products[column])
            inverse = SmallField.product(inverse, leading[column])
        }
        var hashes = [UInt64](repeating: 0, count: columnCount)
        var scaled = entries
        for row in 0..<rowCount {
            let base = row * width
            for column in 0..<columnCount {
                let value = SmallField.product(entries[base + column], inverses[column])
                scaled[base + column] = value
                hashes[column] = (hashes[column] ^ UInt64(value)) &* 0x9E37_79B9_7F4A_7C15
                hashes[column] ^= hashes[column] >> 29
            }
        }
        func isEqual(_ left: Int, _ right: Int) -> Bool {
            (0..<rowCount).allSatisfy { scaled[$0 * width + left] == scaled[$0 * width + right] }
        }
        var slots = 8
        while slots < 2 * columnCount { slots *= 2 }
        var table = [Int32](repeating: -1, count: slots)
        var kept: [Int] = []
        var sums: [Int] = []
        for column in 0..<columnCount where leading[column] != 0 {
            var slot = Int(truncatingIfNeeded: hashes[column] >> 8) & (slots - 1)
            while table[slot] >= 0, !isEqual(kept[Int(table[slot])], column) { slot = (slot + 1) & (slots - 1) }
            if table[slot] >= 0 {
                sums[Int(table[slot])] += weights[column]
            } else {
                table[slot] = Int32(kept.count)
                kept.append(column)
                sums.append(weights[column])
            }
        }
        guard kept.count < columnCount else { return self }
        var result = part(rows: Array(0..<rowCount), columns: kept)
        result.weights = sums
        return result
    }
}

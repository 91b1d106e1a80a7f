extension ProofGroup {
    /// Chosen pivots for new rows: columns over which what is left of the rows is invertible.
    struct Choice {
        /// Indices of the columns that were offered, one a row.
        var columns: [Int]
        /// What is left of the new rows over each.
        var words: [UInt64]
    }

    /// Picks columns, in their order, as long as each adds to the rank.
    static func choose(residuals: [UInt64], isFree: (Int) -> Bool, needed: Int) -> Choice {
        var choice = Choice(columns: [], words: [])
        // Reduced columns by their highest bit.
        var basis = [UInt64](repeating: 0, count: 64)
        for (index, word) in residuals.enumerated() where word != 0 && isFree(index) {
            var rest = word
            while rest != 0 {
                let high = 63 - rest.leadingZeroBitCount
                guard basis[high] != 0 else { break }
                rest ^= basis[high]
            }
            guard rest != 0 else { continue }
            basis[63 - rest.leadingZeroBitCount] = rest
            choice.columns.append(index)
            choice.words.append(word)
            if choice.columns.count == needed { break }
        }
        return choice
    }

    /// Combinations of the new rows that are zero on all chosen columns: each with a row that no other has, its last, and
    /// otherwise of rows that are independent of each other on the columns.
    static func vanishing(words: [UInt64], active: UInt64) -> [UInt64] {
        // Rows over the columns, with the combination each is made of.
        var basis: [(row: UInt64, made: UInt64)] = []
        var result: [UInt64] = []
        for index in 0..<64 where active >> UInt64(index) & 1 == 1 {
            var row: UInt64 = 0
            for (column, word) in words.enumerated() { row |= (word >> UInt64(index) & 1) << UInt64(column) }
            var made: UInt64 = 1 << UInt64(index)
            for element in basis where row & element.row & (0 &- element.row) != 0 {
                row ^= element.row
                made ^= element.made
            }
            if row == 0 { result.append(made) } else { basis.append((row, made)) }
        }
        return result
    }

    /// What the rows add to the group. Their positions follow those that there are, in the order of their bits.
    /// - Parameters:
    ///   - rows: how many; bits 0 to `rows - 1`.
    ///   - unplaced: those that get no pivot.
    ///   - kernel: of each unplaced row.
    ///   - combination: as `combination(of:)`.
    ///   - columns: the bytes of each chosen column over the positions.
    ///   - patients: of each chosen column.
    func part(
        rows: Int, unplaced: UInt64, kernel: [[UInt32]], combination: [UInt64], choice: Choice, columns: [[UInt8]],
        patients: [UInt32]
    ) -> Part? {
        func isPlaced(_ row: Int) -> Bool { row < rows && unplaced >> UInt64(row) & 1 == 0 }
        let start = positionCount
        let count = (rows + 7) / 8 * 8
        // Rows over the chosen columns.
        var left: [UInt64] = (0..<rows).map { row in
            choice.words.enumerated().reduce(0) { $0 | ($1.element >> UInt64(row) & 1) << UInt64($1.offset) }
        }
        var made: [UInt64] = (0..<rows).map { 1 << UInt64($0) }
        var pivotColumns: [Int] = []
        for row in 0..<rows {
            guard isPlaced(row) else {
                pivotColumns.append(-1)
                continue
            }
            for before in 0..<row where isPlaced(before) && left[row] >> UInt64(pivotColumns[before]) & 1 == 1 {
                left[row] ^= left[before]
                made[row] ^= made[before]
            }
            guard left[row] != 0 else { return nil }
            pivotColumns.append(left[row].trailingZeroBitCount)
        }
        let older = reducedRows(over: columns)
        var part = Part(pivots: [], combos: [], reduced: [], kernel: kernel)
        for position in 0..<count {
            part.pivots.append(isPlaced(position) ? patients[pivotColumns[position]] : Self.noPatient)
            var bytes = [UInt8](repeating: 0, count: (start + position) / 8 + 1)
            if isPlaced(position) {
                let bit = UInt64(pivotColumns[position])
                for row in 0..<start { bytes[row / 8] |= UInt8(older[row] >> bit & 1) << UInt8(row % 8) }
                for row in 0..<position where isPlaced(row) {
                    bytes[(start + row) / 8] |= UInt8(left[row] >> bit & 1) << UInt8((start + row) % 8)
                }
            }
            part.reduced += bytes
        }
        for block in 0..<count / 8 {
            var bytes = [UInt8](repeating: 0, count: start + 8 * (block + 1))
            for bit in 0..<8 where isPlaced(8 * block + bit) {
                let row = 8 * block + bit
                for column in 0..<start {
                    let isOdd = (combination[column] & made[row]).nonzeroBitCount & 1
                    bytes[column] |= UInt8(isOdd) << UInt8(bit)
                }
                for other in 0...row where made[row] >> UInt64(other) & 1 == 1 {
                    bytes[start + other] |= 1 << UInt8(bit)
                }
            }
            part.combos += bytes
        }
        return part
    }

    /// Whether further combinations may be zero on the set: every sum of them, with each other and with those that are, is
    /// odd for `t` patients. Those that share no patient with others need no sums.
    func mayVanish(_ further: [[UInt32]], minimumCount: Int) -> Bool {
        var open = further.map { Swift.Set($0) }
        var others = kernel.map { Swift.Set($0) }
        while let first = open.popLast() {
            var linked = [first]
            var patients = first
            while true {
                let near = open.indices.filter { !open[$0].isDisjoint(with: patients) }
                let far = others.indices.filter { !others[$0].isDisjoint(with: patients) }
                if near.isEmpty && far.isEmpty { break }
                for set in near.map({ open[$0] }) + far.map({ others[$0] }) {
                    linked.append(set)
                    patients.formUnion(set)
                }
                for index in near.reversed() { open.remove(at: index) }
                for index in far.reversed() { others.remove(at: index) }
                guard linked.count <= 10 else { return false }
            }
            for choice in 1..<(1 << linked.count) {
                var sum: Swift.Set<UInt32> = []
                for index in linked.indices where choice >> index & 1 == 1 {
                    sum.formSymmetricDifference(linked[index])
                }
                if sum.count < minimumCount { return false }
            }
        }
        return true
    }
}

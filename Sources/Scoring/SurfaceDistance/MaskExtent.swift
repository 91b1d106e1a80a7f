/// Which rows of a mask hold something, and the smallest box around all that is set.
struct MaskExtent {
    /// For each row, depth · height of them.
    let isRowOccupied: [Bool]
    /// Nil when nothing is set.
    let box: (z: ClosedRange<Int>, y: ClosedRange<Int>, x: ClosedRange<Int>)?

    init(_ mask: BinaryMask) {
        let (height, rowLength) = (mask.height, mask.wordsPerRow)
        var columns = Array(repeating: UInt64(0), count: rowLength)
        var isRowOccupied = Array(repeating: false, count: mask.depth * height)
        var (lowZ, highZ, lowY, highY) = (Int.max, -1, Int.max, -1)
        mask.words.withUnsafeBufferPointer { words in
            columns.withUnsafeMutableBufferPointer { columns in
                for row in isRowOccupied.indices {
                    let start = row * rowLength
                    var any: UInt64 = 0
                    // Without overflow checks the machine takes several words at once.
                    for word in 0..<rowLength { any |= words[start &+ word] }
                    guard any != 0 else { continue }
                    for word in 0..<rowLength { columns[word] |= words[start &+ word] }
                    isRowOccupied[row] = true
                    lowZ = min(lowZ, row / height)
                    highZ = row / height
                    lowY = min(lowY, row % height)
                    highY = max(highY, row % height)
                }
            }
        }
        self.isRowOccupied = isRowOccupied
        guard highZ >= 0, let firstWord = columns.firstIndex(where: { $0 != 0 }),
            let lastWord = columns.lastIndex(where: { $0 != 0 })
        else {
            box = nil
            return
        }
        let lowX = firstWord * 64 + columns[firstWord].trailingZeroBitCount
        let highX = lastWord * 64 + 63 - columns[lastWord].leadingZeroBitCount
        box = (lowZ...highZ, lowY...highY, lowX...highX)
    }
}

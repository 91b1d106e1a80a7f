/// Which rows of a mask hold something, and the smallest box around all that is set.
struct MaskExtent {
    /// For each row, depth · height of them.
    let isRowOccupied: [Bool]
    /// Nil when nothing is set.
    let box: (z: ClosedRange<Int>, y: ClosedRange<Int>, x: ClosedRange<Int>)?

    /// About how many parts the rows are put into.
    private static let parts = 64

    init(_ mask: BinaryMask, threads: Int = 1) {
        let (height, rowLength) = (mask.height, mask.wordsPerRow)
        let rowCount = mask.depth * height
        let size = (rowCount + Self.parts - 1) / Self.parts
        let parts = (rowCount + size - 1) / size
        // Each part has words of its own for what its rows hold.
        let held = ZeroedWords(count: parts * rowLength)
        isRowOccupied = Array(unsafeUninitializedCapacity: rowCount) { occupied, count in
            occupied.initialize(repeating: false)
            count = rowCount
            let occupied = occupied
            mask.words.withUnsafeBufferPointer { words in
                Parallel.run(parts, threads: threads) { part, _ in
                    let columns = held.words + part * rowLength
                    for row in part * size..<min((part + 1) * size, rowCount) {
                        let start = row &* rowLength
                        var any: UInt64 = 0
                        // Without overflow checks the machine takes several words at once.
                        for word in 0..<rowLength { any |= words[start &+ word] }
                        guard any != 0 else { continue }
                        for word in 0..<rowLength { columns[word] |= words[start &+ word] }
                        occupied[row] = true
                    }
                }
            }
        }
        let columns = (0..<rowLength).map { word in
            (0..<parts).reduce(0) { $0 | held.words[$1 * rowLength + word] }
        }
        guard let firstRow = isRowOccupied.firstIndex(of: true), let lastRow = isRowOccupied.lastIndex(of: true),
            let firstWord = columns.firstIndex(where: { $0 != 0 }),
            let lastWord = columns.lastIndex(where: { $0 != 0 })
        else {
            box = nil
            return
        }
        var (lowY, highY) = (height, 0)
        for row in firstRow...lastRow where isRowOccupied[row] {
            lowY = min(lowY, row % height)
            highY = max(highY, row % height)
        }
        let lowX = firstWord * 64 + columns[firstWord].trailingZeroBitCount
        let highX = lastWord * 64 + 63 - columns[lastWord].leadingZeroBitCount
        box = (firstRow / height...lastRow / height, lowY...highY, lowX...highX)
    }
}

/// The corners of a frame that carry surface, one bit each, with empty margins on every side so that a search may look
/// beyond the frame.
struct SurfaceGrid {
    let frame: SurfaceFrame
    /// Words from a row to the next, and from a slice to the next.
    let rowStride: Int
    let sliceStride: Int
    /// The word of the first corner.
    let origin: Int
    /// Whether so few words have elements that an index of them is small.
    let isSparse: Bool
    private let storage: ZeroedWords
    /// For each row, how many words have elements.
    private let occupied: ZeroedWords
    var words: UnsafeMutablePointer<UInt64> { storage.words }

    /// Finds the surface of a mask, with margins of so many slices and rows.
    init(_ mask: FramedMask, marginZ: Int, marginY: Int, threads: Int) {
        frame = mask.frame
        // The margin after a row is the one before the next, and so on upwards.
        rowStride = frame.words + 1
        sliceStride = (frame.height + marginY) * rowStride
        origin = marginZ * sliceStride + marginY * rowStride + 1
        storage = ZeroedWords(count: (frame.depth + 2 * marginZ) * sliceStride + 2 * (marginY + 1) * rowStride + 2)
        let (frame, words, origin, sliceStride, rowStride) = (frame, storage.words, origin, sliceStride, rowStride)
        occupied = ZeroedWords(count: frame.depth * frame.height)
        let rows = occupied.words
        Parallel.run(frame.depth, threads: threads) { z, _ in
            for y in 0..<frame.height {
                guard let corners = mask.cornerRow(z: z, y: y) else { continue }
                let row = words + origin + z * sliceStride + y * rowStride
                for word in 0..<frame.words {
                    guard !corners.isEmpty(frame.lowWord + word) else { continue }
                    let surface = corners.neighbours(frame.lowWord + word).surface
                    // Memory that is never written costs nothing.
                    if surface != 0 {
                        row[word] = surface
                        rows[z * frame.height + y] += 1
                    }
                }
            }
        }
        let total = (0..<frame.depth * frame.height).reduce(0) { $0 + Int(rows[$1]) }
        isSparse = total * 4 <= max(4096, frame.depth * frame.height * frame.words)
    }

    /// The words of a row; nil when it has no element.
    @inline(__always)
    func row(z: Int, y: Int) -> UnsafeMutablePointer<UInt64>? {
        guard occupied.words[z * frame.height + y] != 0 else { return nil }
        return storage.words + origin + z * sliceStride + y * rowStride
    }

    /// The number of elements of a slice.
    func count(z: Int) -> Int {
        var count = 0
        for y in 0..<frame.height {
            guard let row = row(z: z, y: y) else { continue }
            for word in 0..<frame.words { count &+= row[word].nonzeroBitCount }
        }
        return count
    }
}

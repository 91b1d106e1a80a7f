/// A mask seen from the corners of a frame.
struct FramedMask {
    let frame: SurfaceFrame
    let words: UnsafeBufferPointer<UInt64>
    let isRowOccupied: UnsafeBufferPointer<Bool>
    let zeros: UnsafePointer<UInt64>
    let (depth, height, wordsPerRow): (Int, Int, Int)

    /// Calls the body with a view that is valid only within.
    static func with<Result>(
        _ mask: BinaryMask, _ extent: MaskExtent, in frame: SurfaceFrame, _ body: (FramedMask) -> Result
    ) -> Result {
        let zeros = ZeroedWords(count: mask.wordsPerRow)
        defer { withExtendedLifetime(zeros) {} }
        return mask.words.withUnsafeBufferPointer { words in
            extent.isRowOccupied.withUnsafeBufferPointer { isRowOccupied in
                body(
                    FramedMask(
                        frame: frame, words: words, isRowOccupied: isRowOccupied, zeros: UnsafePointer(zeros.words),
                        depth: mask.depth, height: mask.height, wordsPerRow: mask.wordsPerRow))
            }
        }
    }

    /// The voxel rows around the row of corners z, y of the frame; nil when none of them holds a voxel.
    @inline(__always)
    func cornerRow(z: Int, y: Int) -> CornerRow? {
        let (upper, right) = (frame.lowZ + z, frame.lowY + y)
        let lower = frame.isPlanar ? upper : upper - 1
        let rows = (
            index(lower, right - 1), index(lower, right), index(upper, right - 1), index(upper, right)
        )
        if rows.0 < 0 && rows.1 < 0 && rows.2 < 0 && rows.3 < 0 { return nil }
        return CornerRow(
            rows: (pointer(rows.0), pointer(rows.1), pointer(rows.2), pointer(rows.3)), wordsPerRow: wordsPerRow)
    }

    /// The number of a voxel row; negative when it is empty or outside the image.
    @inline(__always)
    private func index(_ z: Int, _ y: Int) -> Int {
        guard z >= 0, z < depth, y >= 0, y < height, isRowOccupied[z * height + y] else { return -1 }
        return z * height + y
    }

    @inline(__always)
    private func pointer(_ row: Int) -> UnsafePointer<UInt64> {
        guard row >= 0, let base = words.baseAddress else { return zeros }
        return base + row * wordsPerRow
    }
}

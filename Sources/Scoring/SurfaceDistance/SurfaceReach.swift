/// Where something of a surface may lie within the margins of a grid: a coarse picture of the grid, each element spread
/// to the blocks around its own.
struct SurfaceReach {
    /// Blocks are a word wide, and as deep and high as the margins and one more, so that what is within the margins of a
    /// corner is in its block or in one beside it.
    private let deep: Int
    private let high: Int
    private let down: Int
    private let across: Int
    private let isNear: [Bool]

    init(_ grid: SurfaceGrid, marginZ: Int, marginY: Int) {
        let frame = grid.frame
        (deep, high, across) = (marginZ + 1, marginY + 1, frame.words)
        down = (frame.height + high - 1) / high
        var blocks = Array(repeating: false, count: (frame.depth + deep - 1) / deep * down * across)
        for z in 0..<frame.depth {
            for y in 0..<frame.height {
                guard let row = grid.row(z: z, y: y) else { continue }
                let start = (z / deep * down + y / high) * across
                for word in 0..<across where row[word] != 0 { blocks[start + word] = true }
            }
        }
        // Along x, then y, then z.
        for (stride, length) in [(1, across), (across, down), (down * across, (frame.depth + deep - 1) / deep)] {
            let old = blocks
            for place in blocks.indices where old[place] {
                let position = place / stride % length
                if position > 0 { blocks[place - stride] = true }
                if position + 1 < length { blocks[place + stride] = true }
            }
        }
        isNear = blocks
    }

    /// For each word of a row of corners, whether anything may be within the margins of its corners.
    func row(z: Int, y: Int) -> ArraySlice<Bool> {
        let start = (z / deep * down + y / high) * across
        return isNear[start..<start + across]
    }
}

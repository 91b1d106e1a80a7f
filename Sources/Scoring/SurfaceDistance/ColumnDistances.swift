/// The distance along z to the nearest element of a surface, in steps, for the corners of some neighbouring slices.
struct ColumnDistances {
    let grid: SurfaceGrid
    let slabDepth: Int
    /// For each slab, the nearest element above it in each column.
    private var above: [Int: [UInt32]] = [:]
    /// The last element in the slices that have gone by.
    private var last: [UInt32]
    private var nextSlice = 0
    private var slab = 0
    private var steps: [UInt32] = []
    private static let none = UInt32.max

    init(grid: SurfaceGrid, slabDepth: Int, fromSlab: Int) {
        self.grid = grid
        self.slabDepth = slabDepth
        let frame = grid.frame
        var next = Array(repeating: Self.none, count: frame.height * frame.width)
        last = next
        for z in stride(from: frame.depth - 1, through: fromSlab * slabDepth, by: -1) {
            if (z + 1) % slabDepth == 0 || z == frame.depth - 1 { above[z / slabDepth] = next }
            Self.visit(grid, z) { next[$0] = UInt32(truncatingIfNeeded: z) }
        }
    }

    /// Calls the body with the column of each element of a slice.
    private static func visit(_ grid: SurfaceGrid, _ z: Int, _ body: (Int) -> Void) {
        let frame = grid.frame
        for y in 0..<frame.height {
            guard let row = grid.row(z: z, y: y) else { continue }
            for word in 0..<frame.words {
                var corners = row[word]
                while corners != 0 {
                    body(y * frame.width + word * 64 + corners.trailingZeroBitCount)
                    corners &= corners &- 1
                }
            }
        }
    }

    /// Fills in the slices of a slab; slabs must come in ascending order.
    mutating func prepare(_ slab: Int) {
        let size = grid.frame.height * grid.frame.width
        let slices = slab * slabDepth..<min((slab + 1) * slabDepth, grid.frame.depth)
        self.slab = slab
        for z in nextSlice..<slices.lowerBound {
            Self.visit(grid, z) { last[$0] = UInt32(truncatingIfNeeded: z) }
        }
        steps = Array(repeating: Self.none, count: slices.count * size)
        var next = above.removeValue(forKey: slab) ?? Array(repeating: Self.none, count: size)
        for z in slices.reversed() {
            Self.visit(grid, z) { next[$0] = UInt32(truncatingIfNeeded: z) }
            let start = (z - slices.lowerBound) * size
            for column in 0..<size where next[column] != Self.none {
                steps[start + column] = next[column] - UInt32(truncatingIfNeeded: z)
            }
        }
        for z in slices {
            Self.visit(grid, z) { last[$0] = UInt32(truncatingIfNeeded: z) }
            let start = (z - slices.lowerBound) * size
            for column in 0..<size where last[column] != Self.none {
                steps[start + column] = min(steps[start + column], UInt32(truncatingIfNeeded: z) - last[column])
            }
        }
        nextSlice = slices.upperBound
    }

    func distances(z: Int, _ body: (UnsafeBufferPointer<UInt32>) -> Void) {
        let size = grid.frame.height * grid.frame.width
        let start = (z - slab * slabDepth) * size
        steps.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<start + size])) }
    }
}

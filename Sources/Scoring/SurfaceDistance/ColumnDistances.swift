/// The distance along z to the nearest element of a surface, in steps, for the corners of some neighbouring slices.
final class ColumnDistances {
    /// As many steps as this or more stand for none.
    static let none: Int32 = 1 << 29

    /// The corners along x that have an element anywhere in their columns.
    let held: [Int]
    private let grid: SurfaceGrid
    private let slabDepth: Int
    private let threads: Int
    /// For each slab from the first on, the slice of the nearest element above it in each column.
    private let above: [Columns]
    private let firstSlab: Int
    /// The slice of the last element in the slices that have gone by.
    private let last: Columns
    private var nextSlice = 0
    private var slab = 0
    private let steps: Columns

    /// Rows that a thread takes at a time.
    private static let partSize = 64

    /// A number for each corner of some slices.
    private final class Columns {
        let numbers: UnsafeMutablePointer<Int32>

        init(count: Int, _ number: Int32) {
            numbers = .allocate(capacity: count)
            numbers.initialize(repeating: number, count: count)
        }

        deinit { numbers.deallocate() }
    }

    init(grid: SurfaceGrid, slabDepth: Int, fromSlab: Int, threads: Int) {
        (self.grid, self.slabDepth, self.threads, firstSlab) = (grid, slabDepth, threads, fromSlab)
        let frame = grid.frame
        let size = frame.height * frame.width
        let slabs = (frame.depth + slabDepth - 1) / slabDepth
        last = Columns(count: size, -2 * Self.none)
        steps = Columns(count: min(slabDepth, frame.depth) * size, 0)
        above = (fromSlab..<slabs).map { _ in Columns(count: size, 2 * Self.none) }
        var any = Array(repeating: UInt64(0), count: frame.words)
        for row in 0..<frame.depth * frame.height {
            guard let words = grid.row(z: row / frame.height, y: row % frame.height) else { continue }
            for word in 0..<frame.words { any[word] |= words[word] }
        }
        held = (0..<frame.width).filter { any[$0 >> 6] >> UInt64($0 & 63) & 1 == 1 }
        let above = above
        inParts { rows in
            for slab in (fromSlab..<max(fromSlab, slabs - 1)).reversed() {
                let next = above[slab - fromSlab].numbers
                let start = rows.lowerBound * frame.width
                (next + start).update(
                    from: above[slab - fromSlab + 1].numbers + start, count: rows.count * frame.width)
                for z in ((slab + 1) * slabDepth..<min((slab + 2) * slabDepth, frame.depth)).reversed() {
                    Self.mark(grid, z, rows, next)
                }
            }
        }
    }

    /// Shares out the rows of a slice: columns have nothing to do with each other.
    private func inParts(_ body: (Range<Int>) -> Void) {
        let height = grid.frame.height
        Parallel.run((height + Self.partSize - 1) / Self.partSize, threads: threads) { part, _ in
            body(part * Self.partSize..<min((part + 1) * Self.partSize, height))
        }
    }

    /// Enters a slice in the columns of its elements.
    private static func mark(_ grid: SurfaceGrid, _ z: Int, _ rows: Range<Int>, _ slices: UnsafeMutablePointer<Int32>) {
        let frame = grid.frame
        let slice = Int32(truncatingIfNeeded: z)
        for y in rows {
            guard let row = grid.row(z: z, y: y) else { continue }
            for word in 0..<frame.words {
                var corners = row[word]
                let columns = slices + (y * frame.width + word * 64)
                while corners != 0 {
                    columns[corners.trailingZeroBitCount] = slice
                    corners &= corners &- 1
                }
            }
        }
    }

    /// Fills in the slices of a slab; slabs come in ascending order.
    func prepare(_ slab: Int) {
        let (grid, width) = (grid, grid.frame.width)
        let size = grid.frame.height * width
        let slices = slab * slabDepth..<min((slab + 1) * slabDepth, grid.frame.depth)
        let passed = nextSlice..<slices.lowerBound
        let (steps, last, next) = (steps.numbers, last.numbers, above[slab - firstSlab].numbers)
        inParts { rows in
            let corners = rows.lowerBound * width..<rows.upperBound * width
            for z in passed { Self.mark(grid, z, rows, last) }
            for z in slices.reversed() {
                Self.mark(grid, z, rows, next)
                let found = steps + (z - slices.lowerBound) * size
                let slice = Int32(truncatingIfNeeded: z)
                for corner in corners { found[corner] = next[corner] &- slice }
            }
            for z in slices {
                Self.mark(grid, z, rows, last)
                let found = steps + (z - slices.lowerBound) * size
                let slice = Int32(truncatingIfNeeded: z)
                for corner in corners { found[corner] = min(found[corner], slice &- last[corner]) }
            }
        }
        self.slab = slab
        nextSlice = slices.upperBound
    }

    /// The steps of each corner of a slice of the slab.
    func distances(z: Int) -> UnsafePointer<Int32> {
        UnsafePointer(steps.numbers + (z - slab * slabDepth) * grid.frame.height * grid.frame.width)
    }
}

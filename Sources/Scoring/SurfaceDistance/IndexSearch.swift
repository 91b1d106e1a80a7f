/// Finds the nearest elements in a `SurfaceIndex` for groups of neighbouring elements: the cells that may hold the
/// nearest of any of the group are looked up once for all.
///
/// Bounds are sums of the same rounded squares as the distances, in the same order, and rounding keeps order: what is
/// dismissed is not nearer, to the last bit.
struct IndexSearch {
    private let nodes: UnsafeBufferPointer<SurfaceIndex.Node>
    private let cells: UnsafeBufferPointer<SurfaceIndex.Cell>
    private let rows: UnsafeBufferPointer<SurfaceIndex.Row>
    private let squares: AxisSquares.View
    private var candidates: [(bound: Double, cell: Int32)] = []
    private var stack: [Int32] = []
    /// The element found last: the next is most often close to it.
    private var last: (z: Int32, y: Int32, x: Int32)
    /// Boxes and rows that were looked at.
    private(set) var work = 0

    /// Calls the body with a search that is valid only within.
    static func with(_ index: SurfaceIndex, _ squares: AxisSquares, _ body: (inout IndexSearch) -> Void) {
        index.nodes.withUnsafeBufferPointer { nodes in
            index.cells.withUnsafeBufferPointer { cells in
                index.rows.withUnsafeBufferPointer { rows in
                    squares.withView { squares in
                        let box = cells[0].box
                        let row = rows[Int(cells[0].rows.lowerBound)]
                        let x = (box.x0 & ~7) + Int32(truncatingIfNeeded: row.bits.trailingZeroBitCount)
                        var search = IndexSearch(
                            nodes: nodes, cells: cells, rows: rows, squares: squares, last: (row.z, row.y, x))
                        body(&search)
                    }
                }
            }
        }
    }

    private init(
        nodes: UnsafeBufferPointer<SurfaceIndex.Node>, cells: UnsafeBufferPointer<SurfaceIndex.Cell>,
        rows: UnsafeBufferPointer<SurfaceIndex.Row>, squares: AxisSquares.View, last: (Int32, Int32, Int32)
    ) {
        (self.nodes, self.cells, self.rows, self.squares, self.last) = (nodes, cells, rows, squares, last)
    }

    /// Prepares for the elements of a box.
    mutating func enter(_ box: SurfaceIndex.Box) {
        candidates.removeAll(keepingCapacity: true)
        // No element of the box is farther from its nearest than this.
        var reach = squares.farthest(
            box, .init(z0: last.z, z1: last.z, y0: last.y, y1: last.y, x0: last.x, x1: last.x))
        stack.append(0)
        while let node = stack.popLast() {
            let found = nodes[Int(node)]
            work += 1
            guard squares.nearest(box, found.box) <= reach else { continue }
            if found.second == 0 {
                for cell in found.cells {
                    work += 1
                    let bound = squares.nearest(box, cells[Int(cell)].box)
                    guard bound <= reach else { continue }
                    reach = min(reach, squares.farthest(box, cells[Int(cell)].box))
                    candidates.append((bound, cell))
                }
            } else {
                // The nearer child is looked at first.
                let isNearer =
                    squares.nearest(box, nodes[Int(found.second)].box) < squares.nearest(box, nodes[Int(node) + 1].box)
                stack.append(isNearer ? node + 1 : found.second)
                stack.append(isNearer ? found.second : node + 1)
            }
        }
        candidates.removeAll { $0.bound > reach }
        candidates.sort { ($0.bound, $0.cell) < ($1.bound, $1.cell) }
    }

    /// The squared distance of an element of the box to the nearest.
    mutating func nearest(z: Int32, y: Int32, x: Int32) -> Double {
        var best = squares.distance(z - last.z, y - last.y, x - last.x)
        for candidate in candidates {
            if candidate.bound >= best { break }
            let cell = cells[Int(candidate.cell)]
            work += 1
            if squares.nearest(.init(z0: z, z1: z, y0: y, y1: y, x0: x, x1: x), cell.box) >= best { continue }
            let low = cell.box.x0 & ~7
            let place = x - low
            work += cell.rows.count
            for index in cell.rows {
                let row = rows[Int(index)]
                let rowSquared = squares.z(z - row.z) + squares.y(y - row.y)
                if rowSquared >= best { continue }
                let bit: Int32
                if place <= 0 {
                    bit = Int32(truncatingIfNeeded: row.bits.trailingZeroBitCount)
                } else {
                    let before = Int32(31 - (row.bits & (2 << UInt32(min(place, 7)) - 1)).leadingZeroBitCount)
                    let after = Int32(
                        truncatingIfNeeded: (row.bits & ~((1 << UInt32(min(place, 8))) - 1)).trailingZeroBitCount)
                    // None before gives -1, none after gives 32.
                    bit = after == 32 || (before >= 0 && place - before <= after - place) ? before : after
                }
                let squared = rowSquared + squares.x(place - bit)
                if squared < best {
                    best = squared
                    last = (row.z, row.y, low + bit)
                }
            }
        }
        return best
    }
}

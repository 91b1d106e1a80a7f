/// The elements of a surface gathered in small cells, and the cells in a tree of boxes: what lies far away is dismissed
/// a box at a time. Source: the branch-and-bound search of Friedman, Bentley and Finkel, "An algorithm for finding best
/// matches in logarithmic expected time", ACM TOMS 3 (1977), section 3.
struct SurfaceIndex {
    /// Corners of a cell along x: a byte of a row.
    static let cellWidth = 8

    /// A box of corners, its limits included.
    struct Box {
        var (z0, z1, y0, y1, x0, x1): (Int32, Int32, Int32, Int32, Int32, Int32)

        mutating func include(_ other: Box) {
            (z0, z1) = (min(z0, other.z0), max(z1, other.z1))
            (y0, y1) = (min(y0, other.y0), max(y1, other.y1))
            (x0, x1) = (min(x0, other.x0), max(x1, other.x1))
        }
    }

    /// The elements of a cell in one row: bit i is the corner 8·(x0 / 8) + i.
    struct Row {
        let z: Int32
        let y: Int32
        let bits: UInt32
    }

    /// The elements of a cell: the smallest box around them and their rows.
    struct Cell {
        var box: Box
        var rows: Range<Int32>
    }

    /// A box around cells; its first child follows it, the second is at `second`. A leaf has none (0).
    struct Node {
        let box: Box
        var second: Int32
        let cells: Range<Int32>
    }

    let rows: [Row]
    let cells: [Cell]
    let nodes: [Node]

    /// - Parameter shape: the corners of a cell along z and y.
    init(_ grid: SurfaceGrid, shape: (z: Int, y: Int)) {
        let frame = grid.frame
        let across = frame.words * 8
        let down = (frame.height + shape.y - 1) / shape.y
        var starts = Array(repeating: Int32(0), count: (frame.depth + shape.z - 1) / shape.z * down * across + 1)
        Self.visit(grid) { z, y, byte, _ in starts[(z / shape.z * down + y / shape.y) * across + byte + 1] += 1 }
        var cells: [Cell] = []
        for place in 1..<starts.count {
            if starts[place] > 0 {
                cells.append(Cell(box: Self.nothing, rows: starts[place - 1]..<starts[place - 1] + starts[place]))
            }
            starts[place] += starts[place - 1]
        }
        var rows = Array(repeating: Row(z: 0, y: 0, bits: 0), count: Int(starts[starts.count - 1]))
        Self.visit(grid) { z, y, byte, bits in
            let place = (z / shape.z * down + y / shape.y) * across + byte
            rows[Int(starts[place])] = Row(
                z: Int32(truncatingIfNeeded: z), y: Int32(truncatingIfNeeded: y),
                bits: bits | UInt32(truncatingIfNeeded: byte) << 8)
            starts[place] += 1
        }
        for place in cells.indices {
            for row in cells[place].rows {
                let found = rows[Int(row)]
                let low = Int32(truncatingIfNeeded: found.bits >> 8) * 8
                let bits = UInt8(truncatingIfNeeded: found.bits)
                cells[place].box.include(
                    Box(
                        z0: found.z, z1: found.z, y0: found.y, y1: found.y,
                        x0: low + Int32(bits.trailingZeroBitCount), x1: low + 7 - Int32(bits.leadingZeroBitCount)))
                rows[Int(row)] = Row(z: found.z, y: found.y, bits: UInt32(bits))
            }
        }
        self.rows = rows
        var nodes: [Node] = []
        Self.divide(&cells, 0..<cells.count, shape: shape, into: &nodes)
        self.cells = cells
        self.nodes = nodes
    }

    private static let nothing = Box(z0: .max, z1: .min, y0: .max, y1: .min, x0: .max, x1: .min)

    /// Calls the body with each byte of a row of corners that has elements.
    private static func visit(_ grid: SurfaceGrid, _ body: (_ z: Int, _ y: Int, _ byte: Int, _ bits: UInt32) -> Void) {
        for z in 0..<grid.frame.depth {
            for y in 0..<grid.frame.height {
                guard let row = grid.row(z: z, y: y) else { continue }
                for word in 0..<grid.frame.words {
                    var rest = row[word]
                    while rest != 0 {
                        let byte = rest.trailingZeroBitCount >> 3
                        body(z, y, word * 8 + byte, UInt32(truncatingIfNeeded: rest >> UInt64(byte * 8)) & 255)
                        rest &= ~(255 << UInt64(byte * 8))
                    }
                }
            }
        }
    }

    /// Makes the tree of some cells, cut in two at the middle of the longest side, measured in cells.
    private static func divide(
        _ cells: inout [Cell], _ range: Range<Int>, shape: (z: Int, y: Int), into nodes: inout [Node]
    ) {
        var box = nothing
        for place in range { box.include(cells[place].box) }
        let node = nodes.count
        nodes.append(
            Node(
                box: box, second: 0,
                cells: Int32(truncatingIfNeeded: range.lowerBound)..<Int32(truncatingIfNeeded: range.upperBound)))
        guard range.count > 4 else { return }
        let sides = (
            z: Double(box.z1 - box.z0) / Double(shape.z), y: Double(box.y1 - box.y0) / Double(shape.y),
            x: Double(box.x1 - box.x0) / Double(cellWidth)
        )
        // Twice the middle of a cell's box along the side.
        let position: (Box) -> Int32
        let middle: Int32
        if sides.z >= sides.y && sides.z >= sides.x {
            (position, middle) = ({ $0.z0 + $0.z1 }, box.z0 + box.z1)
        } else if sides.y >= sides.x {
            (position, middle) = ({ $0.y0 + $0.y1 }, box.y0 + box.y1)
        } else {
            (position, middle) = ({ $0.x0 + $0.x1 }, box.x0 + box.x1)
        }
        var cut = cells[range].partition { position($0.box) > middle }
        if cut == range.lowerBound || cut == range.upperBound { cut = range.lowerBound + range.count / 2 }
        divide(&cells, range.lowerBound..<cut, shape: shape, into: &nodes)
        nodes[node].second = Int32(truncatingIfNeeded: nodes.count)
        divide(&cells, cut..<range.upperBound, shape: shape, into: &nodes)
    }
}

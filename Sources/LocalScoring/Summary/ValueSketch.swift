/// How many values lie where: a histogram whose bins are cut by the leading bits of x − origin, each octave into 2^bits
/// bins of one width. The memory hangs on the octaves that occur, not on the number of values.
final class ValueSketch {
    /// A bin that holds values.
    struct Bin {
        /// Its place in the cells.
        let cell: Int
        let count: Int
        /// The smallest and the largest value that it can hold.
        let lower: Double
        let upper: Double
    }

    let origin: Double
    /// Bits of the significand that are kept.
    let bits: Int
    /// The first cell of each octave by sign and exponent, -1 for one that has not occurred.
    fileprivate(set) var pages: UnsafeMutablePointer<Int32>
    fileprivate(set) var cells: UnsafeMutablePointer<UInt32>
    private var capacity: Int
    private(set) var cellCount: Int

    init(origin: Double, bits: Int) {
        self.origin = origin
        self.bits = bits
        pages = .allocate(capacity: 4096)
        pages.initialize(repeating: -1, count: 4096)
        capacity = 4 << bits
        cells = .allocate(capacity: capacity)
        cells.initialize(repeating: 0, count: capacity)
        // NaN is counted too, in a page that nobody reads: a test for each value would cost more.
        pages[0x7ff] = 0
        pages[0xfff] = 0
        cellCount = 1 << bits
    }

    deinit {
        pages.deallocate()
        cells.deallocate()
    }

    /// Counts values; NaN counts nowhere.
    func add(_ values: UnsafePointer<Double>, count: Int) {
        let shift = UInt64(52 - bits)
        let mask = 1 << bits - 1
        let origin = origin
        let pages = pages
        var cells = cells
        for index in 0..<count {
            let word = (values[index] - origin).bitPattern
            var page = pages[Int(truncatingIfNeeded: word &>> 52)]
            if page < 0 {
                page = newPage(Int(truncatingIfNeeded: word &>> 52))
                cells = self.cells
            }
            let cell = Int(page) &+ Int(truncatingIfNeeded: word &>> shift) & mask
            cells[cell] &+= 1
        }
    }

    @inline(never)
    private func newPage(_ octave: Int) -> Int32 {
        let size = 1 << bits
        if cellCount + size > capacity {
            let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: 2 * capacity)
            larger.update(from: cells, count: cellCount)
            (larger + cellCount).initialize(repeating: 0, count: 2 * capacity - cellCount)
            cells.deallocate()
            cells = larger
            capacity *= 2
        }
        pages[octave] = Int32(cellCount)
        cellCount += size
        return pages[octave]
    }

    /// Adds the counts of another sketch of the same origin and bits.
    func merge(_ other: ValueSketch) {
        for octave in 0..<4096 where octave & 0x7ff != 0x7ff && other.pages[octave] >= 0 {
            if pages[octave] < 0 { _ = newPage(octave) }
            let (target, source) = (cells + Int(pages[octave]), other.cells + Int(other.pages[octave]))
            for cell in 0..<(1 << bits) { target[cell] &+= source[cell] }
        }
    }

    /// The bins that hold values, ascending.
    var bins: [Bin] {
        var bins: [Bin] = []
        let size = 1 << bits
        // The page of NaN, the first one, is nobody's.
        bins.reserveCapacity((size..<cellCount).reduce(0) { $0 + (cells[$1] > 0 ? 1 : 0) })
        for field in stride(from: 0x7fe, through: 0, by: -1) where pages[field | 0x800] >= 0 {
            for index in stride(from: size - 1, through: 0, by: -1) {
                append(octave: field | 0x800, index: index, to: &bins)
            }
        }
        for field in 0...0x7fe where pages[field] >= 0 {
            for index in 0..<size { append(octave: field, index: index, to: &bins) }
        }
        return bins
    }

    private func append(octave: Int, index: Int, to bins: inout [Bin]) {
        let cell = Int(pages[octave]) + index
        guard cells[cell] > 0 else { return }
        let first = UInt64(octave) << 52 | UInt64(index) << UInt64(52 - bits)
        let last = first | (1 << UInt64(52 - bits) - 1)
        let (a, b) = (Double(bitPattern: first), Double(bitPattern: last))
        let (low, high) = a <= b ? (a, b) : (b, a)
        bins.append(
            Bin(
                cell: cell, count: Int(cells[cell]), lower: shifted(low, towards: -1), upper: shifted(high, towards: 1))
        )
    }

    /// The value whose difference from the origin rounds to this, and a little further, so that none is missed.
    private func shifted(_ difference: Double, towards direction: Double) -> Double {
        guard origin != 0 else { return difference }
        let value = difference + origin
        return value + direction * max(difference.ulp, value.ulp)
    }
}

/// The second reading: keeps the values of some bins, for exact quantiles, and counts those of others between edges.
final class ValueResolver {
    /// What is done with the values of a bin.
    struct Target {
        /// Whether the values are kept; otherwise their smallest and largest are.
        let isKept: Bool
        /// The first edge above the bin's lower end; nil when no edge lies in the bin.
        let edge: Int?
    }

    private let sketch: ValueSketch
    private let actions: UnsafeMutablePointer<UInt16>
    private let targets: [Target]
    private let edges: [Double]
    private(set) var kept: [[Double]]
    private(set) var minimum: [Double]
    private(set) var maximum: [Double]
    /// Values of the targets with an edge, by bin of the histogram.
    private(set) var counts: [Int]

    /// - Parameters:
    ///   - sketch: of the first reading of the same values.
    ///   - targets: with the cell of the sketch of each.
    ///   - edges: ascending, of the histogram.
    init(_ sketch: ValueSketch, targets: [(cell: Int, target: Target)], edges: [Double]) {
        self.sketch = sketch
        self.targets = targets.map(\.target)
        self.edges = edges
        actions = .allocate(capacity: sketch.cellCount)
        actions.initialize(repeating: 0, count: sketch.cellCount)
        for (index, target) in targets.enumerated() { actions[target.cell] = UInt16(index + 1) }
        kept = targets.map { _ in [] }
        minimum = targets.map { _ in .infinity }
        maximum = targets.map { _ in -.infinity }
        counts = [Int](repeating: 0, count: max(edges.count - 1, 0))
    }

    deinit { actions.deallocate() }

    func add(_ values: UnsafePointer<Double>, count: Int) {
        let shift = UInt64(52 - sketch.bits)
        let mask = 1 << sketch.bits - 1
        let origin = sketch.origin
        let pages = sketch.pages
        let actions = actions
        for index in 0..<count {
            let word = (values[index] - origin).bitPattern
            // A value that the first reading did not see is in no page: the file changed, which the counts will show.
            let page = Int(max(pages[Int(truncatingIfNeeded: word &>> 52)], 0))
            let action = actions[page &+ Int(truncatingIfNeeded: word &>> shift) & mask]
            if action != 0 { resolve(values[index], Int(action) - 1) }
        }
    }

    @inline(never)
    private func resolve(_ value: Double, _ index: Int) {
        let target = targets[index]
        if target.isKept {
            kept[index].append(value)
        } else {
            minimum[index] = min(minimum[index], value)
            maximum[index] = max(maximum[index], value)
        }
        if var edge = target.edge {
            while edge < edges.count - 1, value >= edges[edge] { edge += 1 }
            counts[edge - 1] += 1
        }
    }

    func merge(_ other: ValueResolver) {
        for index in targets.indices {
            kept[index] += other.kept[index]
            minimum[index] = min(minimum[index], other.minimum[index])
            maximum[index] = max(maximum[index], other.maximum[index])
        }
        for index in counts.indices { counts[index] += other.counts[index] }
    }
}

/// The exact Euclidean distance transform of a surface, a slice at a time and only where it is asked for.
///
/// A slice needs, at each of its corners, the nearest element of the surface above or below (z); then the lower envelope
/// of parabolas along y, and another along x, give the nearest of all. Source: Felzenszwalb and Huttenlocher, "Distance
/// transforms of sampled functions", Theory of Computing 8 (2012), section 2. Memory: some slices, not the volume.
struct SliceTransform {
    /// Slices that are prepared together.
    static let slabDepth = 16

    private let threads: Int
    private var columns: ColumnDistances
    private let workers: [SliceWorker]

    /// Prepares for the slices of a slab and of those that follow.
    /// - Parameter sinks: where each thread puts the distances.
    init(_ grid: SurfaceGrid, spacing: VoxelSpacing, fromSlab slab: Int, sinks: [DistanceSink]) {
        threads = sinks.count
        columns = ColumnDistances(grid: grid, slabDepth: Self.slabDepth, fromSlab: slab)
        workers = sinks.map { SliceWorker(frame: grid.frame, spacing: spacing, sink: $0) }
    }

    /// Counts elements of one slab by their distance to the surface. Slabs come in ascending order.
    /// - Parameter slices: for each slice its elements, ordered by row.
    mutating func count(_ slices: [[FarElement]], slab: Int) {
        columns.prepare(slab)
        let slices = slices.filter { !$0.isEmpty }
        let (columns, workers) = (columns, workers)
        Parallel.run(slices.count, threads: threads) { part, thread in
            slices[part].withUnsafeBufferPointer { slice in
                columns.distances(z: slice[0].z) { workers[thread].count(slice, $0) }
            }
        }
    }
}

/// The transform within one slice.
private final class SliceWorker {
    let frame: SurfaceFrame
    let spacing: VoxelSpacing
    private let sink: DistanceSink
    private var alongY: Envelope
    private var alongX: Envelope
    /// Squared distances within columns (z and y), for the rows that are asked for and the columns that hold
    /// something.
    private var columns: [Double] = []
    /// The least distance along z in each column of the slice.
    private var least: [UInt32]

    /// The squared distances of the elements of a row.
    private var found: [Double]

    init(frame: SurfaceFrame, spacing: VoxelSpacing, sink: DistanceSink) {
        self.frame = frame
        self.sink = sink
        least = Array(repeating: .max, count: frame.width)
        found = Array(repeating: 0, count: frame.width)
        self.spacing = spacing
        alongY = Envelope(count: frame.height, spacing: spacing.y)
        alongX = Envelope(count: frame.width, spacing: spacing.x)
    }

    /// Counts the elements of a slice, ordered by row, by their distance.
    func count(_ elements: UnsafeBufferPointer<FarElement>, _ steps: UnsafeBufferPointer<UInt32>) {
        let (height, width) = (frame.height, frame.width)
        // The columns that hold something, for most other masks are small.
        least.withUnsafeMutableBufferPointer { least in
            least.update(repeating: .max)
            for y in 0..<height {
                for x in 0..<width { least[x] = min(least[x], steps[y &* width &+ x]) }
            }
        }
        let held = least.indices.filter { least[$0] != .max }
        var rows: [Int] = []
        var last = -1
        for element in elements where element.y != last {
            last = element.y
            rows.append(last)
        }
        columns = Array(repeating: 0, count: rows.count * held.count)
        for (column, x) in held.enumerated() {
            alongY.clear()
            for y in 0..<height where steps[y * width + x] != .max {
                alongY.add(at: y, NearRows.square(Int(steps[y * width + x]), spacing.z))
            }
            for (place, y) in rows.enumerated() { columns[place * held.count + column] = alongY.value(at: y) }
        }
        var next = 0
        for (place, y) in rows.enumerated() {
            alongX.clear()
            for (column, x) in held.enumerated() { alongX.add(at: x, columns[place * held.count + column]) }
            let start = next
            while next < elements.count, elements[next].y == y { next += 1 }
            let row = UnsafeBufferPointer(rebasing: elements[start..<next])
            found.withUnsafeMutableBufferPointer { found in
                alongX.values(at: row, into: found)
                sink.add(UnsafeBufferPointer(rebasing: found[..<row.count]), of: row)
            }
        }
    }
}

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
    init(_ grid: SurfaceGrid, spacing: VoxelSpacing, fromSlab slab: Int, threads: Int) {
        self.threads = threads
        columns = ColumnDistances(grid: grid, slabDepth: Self.slabDepth, fromSlab: slab)
        workers = (0..<max(1, threads)).map { _ in SliceWorker(frame: grid.frame, spacing: spacing) }
    }

    /// Counts elements of one slab, ordered by slice and row, by their distance to the surface. Slabs come in ascending
    /// order.
    mutating func count(_ elements: [FarElement], slab: Int) {
        columns.prepare(slab)
        var slices: [Range<Int>] = []
        var start = 0
        while start < elements.count {
            let end = elements[start...].firstIndex { $0.z != elements[start].z } ?? elements.count
            slices.append(start..<end)
            start = end
        }
        let (columns, workers) = (columns, workers)
        elements.withUnsafeBufferPointer { elements in
            Parallel.run(slices.count, threads: threads) { part, thread in
                let slice = UnsafeBufferPointer(rebasing: elements[slices[part]])
                columns.distances(z: slice[0].z) { workers[thread].count(slice, $0) }
            }
        }
    }

    /// What has been counted.
    var entries: [DistanceTally.Entry] { workers.flatMap(\.counter.entries) }
}

/// The transform within one slice.
private final class SliceWorker {
    let frame: SurfaceFrame
    let spacing: VoxelSpacing
    var counter = DistanceCounter()
    private var alongY: Envelope
    private var alongX: Envelope
    /// Squared distances within columns (z and y), for the rows that are asked for.
    private var columns: [Double] = []

    init(frame: SurfaceFrame, spacing: VoxelSpacing) {
        self.frame = frame
        self.spacing = spacing
        alongY = Envelope(count: frame.height, spacing: spacing.y)
        alongX = Envelope(count: frame.width, spacing: spacing.x)
    }

    /// Counts the elements of a slice, ordered by row, by their distance.
    func count(_ elements: UnsafeBufferPointer<FarElement>, _ steps: UnsafeBufferPointer<UInt32>) {
        let (height, width) = (frame.height, frame.width)
        var rows: [Int] = []
        for element in elements where rows.last != element.y { rows.append(element.y) }
        columns = Array(repeating: .infinity, count: rows.count * width)
        for x in 0..<width {
            alongY.clear()
            for y in 0..<height where steps[y * width + x] != .max {
                alongY.add(at: y, NearRows.square(Int(steps[y * width + x]), spacing.z))
            }
            guard !alongY.isEmpty else { continue }
            for (place, y) in rows.enumerated() { columns[place * width + x] = alongY.value(at: y) }
        }
        var next = 0
        for (place, y) in rows.enumerated() {
            alongX.clear()
            for x in 0..<width where columns[place * width + x] < .infinity {
                alongX.add(at: x, columns[place * width + x])
            }
            while next < elements.count, elements[next].y == y {
                counter.add(alongX.value(at: elements[next].x), area: elements[next].area)
                next += 1
            }
        }
    }
}

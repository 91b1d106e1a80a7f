/// The exact Euclidean distance transform of a surface, a slice at a time and only where it is asked for.
///
/// A slice needs, at each of its corners, the nearest element of the surface above or below (z); then the lower envelope
/// of parabolas along y, and another along x, give the nearest of all. Source: Felzenszwalb and Huttenlocher, "Distance
/// transforms of sampled functions", Theory of Computing 8 (2012), section 2. Memory: some slices, not the volume.
struct SliceTransform {
    /// Slices that are prepared together.
    static let slabDepth = 16

    private let threads: Int
    private let columns: ColumnDistances
    private let workers: [SliceWorker]

    /// Prepares for the slices of a slab and of those that follow.
    /// - Parameter sinks: where each thread puts the distances.
    init(_ grid: SurfaceGrid, spacing: VoxelSpacing, fromSlab slab: Int, sinks: [DistanceSink]) {
        threads = sinks.count
        let columns = ColumnDistances(
            grid: grid, slabDepth: Self.slabDepth, fromSlab: slab, threads: sinks.count)
        self.columns = columns
        let squares = AxisSquares(frame: grid.frame, spacing: spacing)
        workers = sinks.map {
            SliceWorker(frame: grid.frame, held: columns.held, spacing: spacing, squares: squares, sink: $0)
        }
    }

    /// Counts elements of one slab by their distance to the surface. Slabs come in ascending order.
    /// - Parameter slices: for each slice its elements, ordered by row.
    func count(_ slices: [[FarElement]], slab: Int) {
        columns.prepare(slab)
        let slices = slices.filter { !$0.isEmpty }
        let (columns, workers) = (columns, workers)
        Parallel.run(slices.count, threads: threads) { part, thread in
            slices[part].withUnsafeBufferPointer { slice in
                workers[thread].count(slice, columns.distances(z: slice[0].z))
            }
        }
    }
}

/// The transform within one slice.
private final class SliceWorker {
    private let frame: SurfaceFrame
    /// The corners along x whose columns hold something, for most other masks are small.
    private let held: [Int]
    private let squares: AxisSquares
    private let sink: DistanceSink
    private let alongY: LowerEnvelope
    private let alongX: LowerEnvelope
    private let memory: Memory

    /// Columns that are taken together, so that memory is read and written a line of the cache at a time.
    private static let blockSize = 8

    /// What a slice needs in between.
    private final class Memory {
        /// Squared distances within columns (z and y): for each row of the slice those of the columns that hold
        /// something.
        let columns: UnsafeMutablePointer<Double>
        /// The squared distances of a column of a block, one after another.
        let block: UnsafeMutablePointer<Double>
        /// The squared distances of a row.
        let row: UnsafeMutablePointer<Double>

        init(height: Int, held: Int, width: Int) {
            columns = .allocate(capacity: height * held)
            block = .allocate(capacity: height * SliceWorker.blockSize)
            row = .allocate(capacity: width)
        }

        deinit {
            columns.deallocate()
            block.deallocate()
            row.deallocate()
        }
    }

    init(frame: SurfaceFrame, held: [Int], spacing: VoxelSpacing, squares: AxisSquares, sink: DistanceSink) {
        (self.frame, self.held, self.squares, self.sink) = (frame, held, squares, sink)
        memory = Memory(height: frame.height, held: held.count, width: frame.width)
        alongY = LowerEnvelope(length: frame.height, spacing: spacing.y)
        alongX = LowerEnvelope(length: frame.width, spacing: spacing.x)
    }

    /// Counts the elements of a slice, ordered by row, by their distance.
    func count(_ elements: UnsafeBufferPointer<FarElement>, _ steps: UnsafePointer<Int32>) {
        guard let first = elements.first, let last = elements.last else { return }
        squares.z.withUnsafeBufferPointer { squares in
            held.withUnsafeBufferPointer { held in
                fillColumns(first.y..<last.y + 1, steps, squares, held)
                countRows(elements, held)
            }
        }
    }

    /// Takes the columns along y, for some rows.
    private func fillColumns(
        _ rows: Range<Int>, _ steps: UnsafePointer<Int32>, _ squares: UnsafeBufferPointer<Double>,
        _ held: UnsafeBufferPointer<Int>
    ) {
        var envelope = alongY
        let (height, width, columns, block) = (frame.height, frame.width, memory.columns, memory.block)
        for start in stride(from: 0, to: held.count, by: Self.blockSize) {
            let end = min(start + Self.blockSize, held.count)
            for column in start..<end {
                envelope.removeAll()
                let along = steps + held[column]
                for y in 0..<height {
                    let step = along[y &* width]
                    if step < ColumnDistances.none { envelope.add(at: y, height: squares[Int(step)]) }
                }
                envelope.fill(rows, into: block + (column - start) * height)
            }
            for y in rows {
                let row = columns + y &* held.count
                for column in start..<end { row[column] = block[(column &- start) &* height &+ y] }
            }
        }
    }

    /// Takes each row along x, and its elements.
    private func countRows(_ elements: UnsafeBufferPointer<FarElement>, _ held: UnsafeBufferPointer<Int>) {
        var envelope = alongX
        let found = memory.row
        var next = 0
        while next < elements.count {
            let start = next
            let y = elements[start].y
            while next < elements.count, elements[next].y == y { next += 1 }
            let row = memory.columns + y &* held.count
            envelope.removeAll()
            for column in 0..<held.count { envelope.add(at: held[column], height: row[column]) }
            envelope.fill(elements[start].x..<elements[next - 1].x + 1, into: found)
            sink.add(UnsafePointer(found), of: UnsafeBufferPointer(rebasing: elements[start..<next]))
        }
    }
}

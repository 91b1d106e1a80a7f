/// The distances of the elements of one surface to the nearest of another.
///
/// Most are near, and are found by looking at the rows of corners around the element, nearest first, a whole stretch of
/// a row in one machine word. The few that see nothing there are collected and go through `FarSearch`. Squared
/// distances are computed as (dz·sz)² + (dy·sy)² + (dx·sx)² from left to right in Double on every way, so that they do
/// not depend on the way.
struct SurfaceSearch {
    let areas: SurfaceElementAreas
    let near: NearRows
    let spacing: VoxelSpacing
    let threads: Int
    let range: DistanceRange
    /// How many different distances and areas each thread keeps apart before it puts them into bins.
    let limit: Int

    /// After so many elements of a slice it is clear how many rows an element looks at.
    private static let sampleSize = 1024

    /// Tallies the elements of `mask`, whose surface is `own`, by their distance to `other`; by an infinite one when that
    /// is empty.
    func tally(from mask: FramedMask, own: SurfaceGrid, to other: SurfaceGrid, isEmpty: Bool) -> DistanceTally {
        let sinks = (0..<max(1, threads)).map { _ in
            // At no distance but infinity nothing can become too many.
            DistanceSink(range: range, areaCount: areas.areas.count, limit: isEmpty ? .max : limit)
        }
        search(from: mask, own: own, to: other, isEmpty: isEmpty, sinks: sinks)
        guard sinks.contains(where: { $0.bins != nil }) else {
            return DistanceTally(sinks.flatMap(\.entries), range: range)
        }
        var bins = DistanceBins(range: range, areaCount: areas.areas.count)
        for sink in sinks {
            sink.pour()
            if let found = sink.bins { bins.add(found) }
        }
        return DistanceTally(bins)
    }

    /// The distances that lie in some bins of a tally, each by itself.
    func entries(
        in bins: Set<Int>, from mask: FramedMask, own: SurfaceGrid, to other: SurfaceGrid
    ) -> [DistanceTally.Entry] {
        let sinks = (0..<max(1, threads)).map { _ in
            DistanceSink(range: range, areaCount: areas.areas.count, opened: bins)
        }
        search(from: mask, own: own, to: other, isEmpty: false, sinks: sinks)
        return sinks.flatMap(\.entries)
    }

    /// Finds the distance of each element; the counts go into the sinks.
    private func search(
        from mask: FramedMask, own: SurfaceGrid, to other: SurfaceGrid, isEmpty: Bool, sinks: [DistanceSink]
    ) {
        let frame = own.frame
        let areaCount = areas.areas.count
        let nearRows = near.rows(in: other)
        let counts = (0..<max(1, threads)).map { _ in
            ZeroedWords(count: near.kinds.count * NearRows.steps * areaCount)
        }
        let reach = SurfaceReach(other, marginZ: near.marginZ, marginY: near.marginY)
        var far = FarSearch(to: other, isEmpty: isEmpty, spacing: spacing, sinks: sinks)
        // A slice that looks at more rows than this has cost as much as its transform.
        let budget = isEmpty ? 0 : 4 * frame.height * frame.width
        let found = FarLists(count: SliceTransform.slabDepth)
        for first in stride(from: 0, to: frame.depth, by: SliceTransform.slabDepth) {
            let slices = first..<min(first + SliceTransform.slabDepth, frame.depth)
            found.clear()
            Parallel.run(slices.count, threads: threads) { slice, thread in
                nearRows.withUnsafeBufferPointer { rows in
                    near.stepSquares.withUnsafeBufferPointer { steps in
                        areas.classes.withUnsafeBufferPointer { classes in
                            searchSlice(
                                first + slice, mask: mask, own: own, other: other,
                                tables: Tables(rows: rows, steps: steps, classes: classes, reach: reach),
                                counts: counts[thread].words,
                                budget: budget, far: &found.lists[slice])
                        }
                    }
                }
            }
            far.count(Array(found.lists), slab: first / SliceTransform.slabDepth)
        }
        for place in 0..<counts[0].count {
            let count = counts.reduce(0) { $0 + $1.words[place] }
            guard count > 0 else { continue }
            let (offset, area) = place.quotientAndRemainder(dividingBy: areaCount)
            let (kind, step) = offset.quotientAndRemainder(dividingBy: NearRows.steps)
            sinks[0].add(
                near.kinds[kind] + near.stepSquares[step], area: UInt8(truncatingIfNeeded: area), count: Int(count))
        }
    }

    /// The far elements of each slice of a slab.
    private final class FarLists {
        let lists: UnsafeMutableBufferPointer<[FarElement]>

        init(count: Int) {
            lists = .allocate(capacity: count)
            lists.initialize(repeating: [])
        }

        deinit {
            lists.deinitialize()
            lists.deallocate()
        }

        /// Empties the lists; their memory is used again.
        func clear() {
            for slice in lists.indices { lists[slice].removeAll(keepingCapacity: true) }
        }
    }

    /// What every slice reads.
    private struct Tables {
        let rows: UnsafeBufferPointer<NearRows.Row>
        let steps: UnsafeBufferPointer<Double>
        let classes: UnsafeBufferPointer<UInt8>
        let reach: SurfaceReach
    }

    /// Counts the elements of a slice that find the other surface near; gathers the others.
    private func searchSlice(
        _ z: Int, mask: FramedMask, own: SurfaceGrid, other: SurfaceGrid, tables: Tables,
        counts: UnsafeMutablePointer<UInt64>, budget: Int, far: inout [FarElement]
    ) {
        let frame = own.frame
        let areaCount = areas.areas.count
        let (rows, steps) = (tables.rows, tables.steps)
        let bytes = UnsafeRawPointer(other.words)
        let total = own.count(z: z)
        var remaining = budget
        var seen = 0
        for y in 0..<frame.height {
            // What will not be done within the budget is not begun: the first elements tell.
            if seen >= Self.sampleSize, (budget - remaining) * total > budget * seen { remaining = 0 }
            guard let row = own.row(z: z, y: y), let corners = mask.cornerRow(z: z, y: y) else { continue }
            let isNear = tables.reach.row(z: z, y: y)
            for word in 0..<frame.words where row[word] != 0 {
                let isSearched = isNear[isNear.startIndex + word]
                let neighbours = corners.neighbours(frame.lowWord + word)
                var surface = row[word]
                seen &+= surface.nonzeroBitCount
                while surface != 0 {
                    let bit = surface.trailingZeroBitCount
                    surface &= surface &- 1
                    let area = tables.classes[neighbours.code(at: UInt64(bit))]
                    // The word read from a row holds the corners from `reach` before the element on.
                    let first =
                        (other.origin + z * other.sliceStride + y * other.rowStride + word) * 64 + bit
                        - NearRows.reach
                    let start = bytes + first >> 3
                    let shift = UInt64(first & 7)
                    var best = Double.infinity
                    var place = 0
                    var index = 0
                    if isSearched && remaining > 0 {
                        while true {
                            let candidate = rows[index]
                            if candidate.squared >= best { break }
                            let corners =
                                start.loadUnaligned(fromByteOffset: candidate.offset, as: UInt64.self) >> shift
                            if corners != 0 {
                                let after = (corners >> UInt64(NearRows.reach)).trailingZeroBitCount
                                let before = (corners << UInt64(63 - NearRows.reach)).leadingZeroBitCount
                                let step = min(after, before)
                                let squared = candidate.squared + steps[step & 63]
                                if squared < best {
                                    best = squared
                                    place = candidate.place + step
                                }
                            }
                            index &+= 1
                        }
                        remaining -= index
                    }
                    if best <= near.limit {
                        counts[place * areaCount + Int(area)] += 1
                    } else {
                        far.append(FarElement(z: z, y: y, x: word * 64 + bit, area: area))
                    }
                }
            }
        }
    }
}

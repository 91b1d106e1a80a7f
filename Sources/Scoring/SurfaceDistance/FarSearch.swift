/// The distances of elements that have nothing near: through the index of the other surface while that costs less than
/// the distance transform of the slices in question, else through that. So no shape of the masks costs much more than
/// the transform.
struct FarSearch {
    private let other: SurfaceGrid
    private let isEmpty: Bool
    private let spacing: VoxelSpacing
    private let threads: Int
    private let squares: AxisSquares
    /// The corners of a cell of the index along z and y, so that cells are about as long along each axis (mm).
    private let shape: (z: Int, y: Int)
    private var index: SurfaceIndex?
    private var transform: SliceTransform?
    private let sinks: [DistanceSink]

    /// About how many elements a thread takes at a time.
    private static let partSize = 1024

    /// - Parameter sinks: where each thread puts the distances.
    init(to other: SurfaceGrid, isEmpty: Bool, spacing: VoxelSpacing, sinks: [DistanceSink]) {
        (self.other, self.isEmpty, self.spacing, self.sinks) = (other, isEmpty, spacing, sinks)
        threads = sinks.count
        squares = AxisSquares(frame: other.frame, spacing: spacing)
        let side = Double(SurfaceIndex.cellWidth) * spacing.x
        shape = (Int(max(2, min(side / spacing.z, 32)).rounded()), Int(max(2, min(side / spacing.y, 32)).rounded()))
    }

    /// Counts the elements of a slab. Slabs come in ascending order.
    /// - Parameter slices: for each slice its elements, ordered by row.
    mutating func count(_ slices: [[FarElement]], slab: Int) {
        let count = slices.reduce(0) { $0 + $1.count }
        guard count > 0 else { return }
        guard !isEmpty else {
            for slice in slices { for element in slice { sinks[0].add(.infinity, area: element.area) } }
            return
        }
        let budget = slices.count { !$0.isEmpty } * other.frame.height * other.frame.width
        var rest = slices
        if other.isSparse, count * 16 <= budget {
            let unfinished = searchIndex(Array(slices.joined()), slab: slab, budget: budget)
            guard !unfinished.isEmpty else { return }
            rest = Array(repeating: [], count: slices.count)
            for element in unfinished { rest[element.z - slab * SliceTransform.slabDepth].append(element) }
        }
        if transform == nil { transform = SliceTransform(other, spacing: spacing, fromSlab: slab, sinks: sinks) }
        transform?.count(rest, slab: slab)
    }

    /// Counts the elements of a slab through the index; returns those that it did not come to.
    private mutating func searchIndex(_ elements: [FarElement], slab: Int, budget: Int) -> [FarElement] {
        let index = index ?? SurfaceIndex(other, shape: shape)
        self.index = index
        let (grouped, groups) = groups(elements, firstSlice: slab * SliceTransform.slabDepth)
        // Parts of whole groups, the same for any number of threads, each with its share of the budget.
        var parts: [Range<Int>] = []
        var start = 0
        for group in groups.indices
        where group == groups.count - 1 || groups[group].upperBound - groups[start].lowerBound >= Self.partSize {
            parts.append(start..<group + 1)
            start = group + 1
        }
        let (squares, sinks) = (squares, sinks)
        let unfinished = ZeroedWords(count: parts.count)
        Parallel.run(parts.count, threads: threads) { part, thread in
            let size = groups[parts[part].upperBound - 1].upperBound - groups[parts[part].lowerBound].lowerBound
            let share = budget / elements.count * size
            IndexSearch.with(index, squares) { search in
                for group in parts[part] {
                    if search.work > share {
                        unfinished.words[part] = UInt64(parts[part].upperBound - group)
                        return
                    }
                    let members = grouped[groups[group]]
                    search.enter(Self.box(members))
                    for element in members {
                        let nearest = search.nearest(
                            z: Int32(truncatingIfNeeded: element.z), y: Int32(truncatingIfNeeded: element.y),
                            x: Int32(truncatingIfNeeded: element.x))
                        sinks[thread].add(nearest, area: element.area)
                    }
                }
            }
        }
        var rest: [FarElement] = []
        for (part, range) in parts.enumerated() where unfinished.words[part] > 0 {
            for group in range.suffix(Int(unfinished.words[part])) { rest += grouped[groups[group]] }
        }
        return rest.sorted { ($0.z, $0.y) < ($1.z, $1.y) }
    }

    /// Puts neighbours together: the elements in their new order and the range of each group.
    private func groups(_ elements: [FarElement], firstSlice: Int) -> ([FarElement], [Range<Int>]) {
        let across = other.frame.words * 4
        let down = other.frame.height / (2 * shape.y) + 1
        let place = { (element: FarElement) in
            ((element.z - firstSlice) / (2 * shape.z) * down + element.y / (2 * shape.y)) * across + element.x >> 4
        }
        var starts = Array(repeating: 0, count: (SliceTransform.slabDepth / (2 * shape.z) + 1) * down * across + 1)
        for element in elements { starts[place(element) + 1] += 1 }
        var groups: [Range<Int>] = []
        for number in 1..<starts.count {
            let count = starts[number]
            starts[number] += starts[number - 1]
            if count > 0 { groups.append(starts[number - 1]..<starts[number]) }
        }
        var grouped = elements
        for element in elements {
            let number = place(element)
            grouped[starts[number]] = element
            starts[number] += 1
        }
        return (grouped, groups)
    }

    private static func box(_ elements: ArraySlice<FarElement>) -> SurfaceIndex.Box {
        var box: SurfaceIndex.Box?
        for element in elements {
            let (z, y, x) = (
                Int32(truncatingIfNeeded: element.z), Int32(truncatingIfNeeded: element.y),
                Int32(truncatingIfNeeded: element.x)
            )
            let point = SurfaceIndex.Box(z0: z, z1: z, y0: y, y1: y, x0: x, x1: x)
            box?.include(point)
            box = box ?? point
        }
        return box ?? .init(z0: 0, z1: 0, y0: 0, y1: 0, x0: 0, x1: 0)
    }
}

/// The distance from every voxel of one mask to the nearest voxel of another, in Double from the whole numbers of steps
/// along the axes: √((Δz·s_z)² + (Δy·s_y)² + (Δx·s_x)²).
///
/// Surfaces that are compared mostly lie close together, so each voxel first looks through the rows around it, nearest
/// row first; what finds nothing there is left to `ColumnTransform`, whose cost does not depend on the distance. The looks
/// are bounded by a multiple of the image, so that many voxels far from everything cost no more than the transform.
struct NearestVoxel {
    /// A row of voxels beside the one that asks.
    private struct NeighbourRow {
        let dz: Int
        let dy: Int
        /// (Δz·s_z)² + (Δy·s_y)², the least squared distance to a voxel of that row.
        let squared: Double
        /// Where the counts of its distances begin.
        let counter: Int
    }

    /// The rows that are looked through: enough for a few millimetres, few enough that a voxel far from everything does
    /// not cost more than the transform.
    private static let rowLimit = 160
    /// The rows looked at for each voxel of the image, on average, before the rest is left to the transform: about what
    /// that costs.
    private static let looksPerVoxel = 4
    /// The steps along x that one look at a row sees, in each direction: a word.
    private static let reach = 64

    private let spacing: VoxelSpacing
    private let rows: [NeighbourRow]
    /// For each pair of |Δz| and |Δy| that has counts, its part of the squared distance.
    private let rowSquares: [Double]
    private let columnSquares: [Double]
    /// Squared distances up to this are certain once every row has been looked through.
    private let certain: Double

    /// Prepares the order of the rows.
    init(spacing: VoxelSpacing, isPlanar: Bool) {
        let zReach = isPlanar ? 0 : 16
        let yReach = isPlanar ? Self.rowLimit / 2 : 16
        var offsets: [(dz: Int, dy: Int, squared: Double)] = []
        for dz in -zReach...zReach {
            for dy in -yReach...yReach {
                offsets.append((dz, dy, NearRows.square(dz, spacing.z) + NearRows.square(dy, spacing.y)))
            }
        }
        offsets.sort { $0.squared < $1.squared }
        let beyond = min(
            isPlanar ? .infinity : NearRows.square(zReach + 1, spacing.z), NearRows.square(yReach + 1, spacing.y),
            NearRows.square(Self.reach, spacing.x),
            offsets.count > Self.rowLimit ? offsets[Self.rowLimit].squared : .infinity)
        // A row beyond what is certain can never settle anything.
        offsets = offsets.prefix(Self.rowLimit).filter { $0.squared <= beyond }
        var counters: [Int: Int] = [:]
        var squares: [Double] = []
        rows = offsets.map { offset in
            let key = abs(offset.dz) << 20 | abs(offset.dy)
            let counter = counters[key] ?? counters.count
            if counters.updateValue(counter, forKey: key) == nil { squares.append(offset.squared) }
            return NeighbourRow(
                dz: offset.dz, dy: offset.dy, squared: offset.squared, counter: counter * Self.reach)
        }
        rowSquares = squares
        columnSquares = (0..<Self.reach).map { NearRows.square($0, spacing.x) }
        certain = beyond
        self.spacing = spacing
    }

    /// The distances from the voxels of `queries` to `target`, which must have the same shape and hold something.
    func tally(from queries: BinaryMask, to target: BinaryMask) -> DistanceCounts {
        var counts = [Int](repeating: 0, count: rowSquares.count * Self.reach)
        var far = queries
        var farCount = 0
        var looks = Self.looksPerVoxel * queries.depth * queries.height * queries.width
        far.words.withUnsafeMutableBufferPointer { far in
            target.words.withUnsafeBufferPointer { target in
                for z in 0..<queries.depth {
                    for y in 0..<queries.height {
                        let start = (z * queries.height + y) * queries.wordsPerRow
                        for w in 0..<queries.wordsPerRow where far[start + w] != 0 {
                            let asking = far[start + w]
                            let shared = asking & target[start + w]
                            counts[0] += shared.nonzeroBitCount
                            var rest = asking & ~shared
                            var left: UInt64 = 0
                            if looks < 0 {
                                left = rest
                                farCount += rest.nonzeroBitCount
                                rest = 0
                            }
                            while rest != 0 {
                                let bit = rest.trailingZeroBitCount
                                rest &= rest - 1
                                let counter = nearby(
                                    z: z, y: y, word: w, bit: bit, in: target, like: queries, looks: &looks)
                                if counter >= 0 {
                                    counts[counter] += 1
                                } else {
                                    left |= 1 << UInt64(bit)
                                    farCount += 1
                                }
                            }
                            far[start + w] = left
                        }
                    }
                }
            }
        }
        var collector = DistanceCounts.Collector()
        for (row, square) in rowSquares.enumerated() {
            for (column, columnSquare) in columnSquares.enumerated() {
                let count = counts[row * Self.reach + column]
                if count > 0 { collector.add((square + columnSquare).squareRoot(), count: count) }
            }
        }
        if farCount > 0 {
            var transform = ColumnTransform(from: far, to: target, spacing: spacing)
            while let distances = transform.nextColumn() { for found in distances { collector.add(found.distance) } }
        }
        return collector.result
    }

    /// The counter of the nearest voxel of the target, −1 when the rows around cannot say.
    @inline(__always)
    private func nearby(
        z: Int, y: Int, word: Int, bit: Int, in target: UnsafeBufferPointer<UInt64>, like mask: BinaryMask,
        looks: inout Int
    ) -> Int {
        var best = Double.infinity
        var found = -1
        for row in rows {
            if row.squared >= best { break }
            looks &-= 1
            let rowZ = z + row.dz
            let rowY = y + row.dy
            guard rowZ >= 0, rowZ < mask.depth, rowY >= 0, rowY < mask.height else { continue }
            let index = (rowZ * mask.height + rowY) * mask.wordsPerRow + word
            let here = target[index]
            // The bits from the voxel's own column on, and those up to it, at the near end of a word each.
            var onward = here >> UInt64(bit)
            var backward = here << UInt64(63 - bit)
            if bit > 0, word + 1 < mask.wordsPerRow { onward |= target[index + 1] << UInt64(64 - bit) }
            if bit < 63, word > 0 { backward |= target[index - 1] >> UInt64(bit + 1) }
            if onward | backward == 0 { continue }
            let steps = min(onward.trailingZeroBitCount, backward.leadingZeroBitCount)
            let squared = row.squared + columnSquares[steps]
            if squared < best {
                best = squared
                found = row.counter + steps
            }
        }
        return best <= certain ? found : -1
    }
}

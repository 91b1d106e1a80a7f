/// The exact Euclidean distance from voxels to the nearest voxel of another mask, one plane x = constant after another.
///
/// A separable distance transform (Felzenszwalb and Huttenlocher 2012, see `LowerEnvelope`; the same result as C. R.
/// Maurer, R. Qi and V. Raghavan (2003), IEEE TPAMI 25:265): along x from the bits of a row, then along y, then along z.
/// One plane is all that is held, and along y and z only the columns that are asked for are evaluated.
struct ColumnTransform {
    /// A voxel that asked, with its distance in millimetres.
    struct Found {
        let z: Int
        let y: Int
        let x: Int
        let distance: Double
    }

    private let queries: BinaryMask
    private let target: BinaryMask
    private let spacing: VoxelSpacing
    /// The slices and rows of the target that hold something.
    private let slices: Range<Int>
    private let lines: Range<Int>

    /// The word of a row that the plane is in, and the planes of it still to come.
    private var word = -1
    private var columns: UInt64 = 0
    private var queryWords: [UInt64]
    private var targetWords: [UInt64]
    /// For each row the nearest voxel of the target before and after the word; −1 and `Int32.max` when there is none.
    private var before: [Int32]
    private var after: [Int32]

    private var partial: [Double]
    private var partialLine: [Int32]
    private var alongY: LowerEnvelope
    private var alongZ: LowerEnvelope
    private var asking: [(y: Int, z: Int)] = []
    private var asked: [Int] = []
    private var found: [Found] = []

    private static let none = Int32.max

    /// - Parameter target: a mask of the same shape that holds something.
    init(from queries: BinaryMask, to target: BinaryMask, spacing: VoxelSpacing) {
        self.queries = queries
        self.target = target
        self.spacing = spacing
        let rows = queries.depth * queries.height
        var lastSlice = -1
        var firstSlice = queries.depth
        var lastLine = -1
        var firstLine = queries.height
        for row in 0..<rows {
            let start = row * target.wordsPerRow
            guard target.words[start..<start + target.wordsPerRow].contains(where: { $0 != 0 }) else { continue }
            firstSlice = min(firstSlice, row / queries.height)
            lastSlice = max(lastSlice, row / queries.height)
            firstLine = min(firstLine, row % queries.height)
            lastLine = max(lastLine, row % queries.height)
        }
        slices = firstSlice..<max(lastSlice + 1, firstSlice)
        lines = firstLine..<max(lastLine + 1, firstLine)
        queryWords = Array(repeating: 0, count: rows)
        targetWords = queryWords
        before = Array(repeating: -1, count: rows)
        after = before
        partial = Array(repeating: 0, count: slices.count * queries.height)
        partialLine = Array(repeating: 0, count: slices.count * queries.height)
        alongY = LowerEnvelope(length: queries.height, spacing: spacing.y)
        alongZ = LowerEnvelope(length: queries.depth, spacing: spacing.z)
    }

    /// The voxels of the next plane that holds any, nil after the last.
    mutating func nextColumn() -> [Found]? {
        while columns == 0 {
            word += 1
            guard word < queries.wordsPerRow else { return nil }
            load()
        }
        let bit = columns.trailingZeroBitCount
        columns &= columns - 1
        evaluate(bit: bit)
        return found
    }

    /// Takes the words of a new column of words, and moves the nearest voxels outside it along.
    private mutating func load() {
        let width = queries.wordsPerRow
        columns = 0
        for row in queryWords.indices {
            if word > 0, targetWords[row] != 0 {
                before[row] = Int32(word * 64 - 1 - targetWords[row].leadingZeroBitCount)
            }
            queryWords[row] = queries.words[row * width + word]
            targetWords[row] = target.words[row * width + word]
            columns |= queryWords[row]
            guard Int(after[row]) < (word + 1) * 64 else { continue }
            after[row] = Self.none
            for next in word + 1..<max(width, word + 1) where target.words[row * width + next] != 0 {
                after[row] = Int32(next * 64 + target.words[row * width + next].trailingZeroBitCount)
                break
            }
        }
    }

    /// The steps along x from a column to the target's nearest voxel of a row.
    @inline(__always)
    private func stepsAlongX(row: Int, bit: Int) -> Int32 {
        let x = Int32(word * 64 + bit)
        let words = targetWords[row]
        var steps = Self.none
        let upTo = words << UInt64(63 - bit)
        if upTo != 0 {
            steps = Int32(upTo.leadingZeroBitCount)
        } else if before[row] >= 0 {
            steps = x - before[row]
        }
        let from = words >> UInt64(bit)
        if from != 0 {
            steps = min(steps, Int32(from.trailingZeroBitCount))
        } else if after[row] != Self.none {
            steps = min(steps, after[row] - x)
        }
        return steps
    }

    private mutating func evaluate(bit: Int) {
        let height = queries.height
        // The voxels that ask, by their line y, so that a line is taken along z once for all of them.
        asking.removeAll(keepingCapacity: true)
        asked.removeAll(keepingCapacity: true)
        for y in 0..<height {
            let before = asking.count
            for z in 0..<queries.depth where queryWords[z * height + y] >> UInt64(bit) & 1 == 1 {
                asking.append((y, z))
            }
            if asking.count > before { asked.append(y) }
        }

        for slice in slices {
            alongY.removeAll()
            for line in lines {
                let steps = stepsAlongX(row: slice * height + line, bit: bit)
                guard steps != Self.none else { continue }
                alongY.add(at: line, height: NearRows.square(Int(steps), spacing.x))
            }
            let start = (slice - slices.lowerBound) * height
            var index = 0
            for y in asked {
                guard !alongY.isEmpty else {
                    partialLine[start + y] = -1
                    continue
                }
                let (site, height) = alongY.lowest(at: y, from: &index)
                partial[start + y] = height
                partialLine[start + y] = Int32(site)
            }
        }

        found.removeAll(keepingCapacity: true)
        var line = -1
        var index = 0
        for (y, z) in asking {
            if y != line {
                line = y
                index = 0
                alongZ.removeAll()
                for slice in slices {
                    let place = (slice - slices.lowerBound) * height + y
                    guard partialLine[place] >= 0 else { continue }
                    alongZ.add(at: slice, height: partial[place])
                }
            }
            let slice = alongZ.site(at: z, from: &index)
            let nearestLine = Int(partialLine[(slice - slices.lowerBound) * height + y])
            let steps = Int(stepsAlongX(row: slice * height + nearestLine, bit: bit))
            // From the steps, not from the envelope's sum, so that a distance does not depend on how it was found.
            let squared =
                NearRows.square(z - slice, spacing.z) + NearRows.square(y - nearestLine, spacing.y)
                + NearRows.square(steps, spacing.x)
            found.append(Found(z: z, y: y, x: word * 64 + bit, distance: squared.squareRoot()))
        }
    }
}

/// The lesions of a mask: its connected components, numbered from 0 in the order of their first voxel (z, then y, then
/// x).
///
/// Runs of voxels along x are joined across neighbouring rows with union-find: L. He, Y. Chao and K. Suzuki (2008), "A
/// run-based two-scan labeling algorithm", IEEE Trans Image Process 17:749. The cost grows with the runs, not the voxels.
public struct ConnectedComponents: Hashable, Sendable {
    /// Voxels of each lesion.
    public let sizes: [Int]
    /// The number of lesions.
    public var count: Int { sizes.count }

    /// First and last column of each run, in the order of the rows.
    private let firsts: [UInt16]
    private let lasts: [UInt16]
    /// The lesion of each run.
    private let lesions: [Int32]
    /// Where the runs of each row begin; one more than there are rows.
    private let rowStarts: [Int]

    /// Finds the lesions of a mask.
    public init(of mask: BinaryMask, connectivity: LesionConnectivity) {
        var firsts: [UInt16] = []
        var lasts: [UInt16] = []
        var rowStarts = [0]
        let rows = mask.depth * mask.height
        rowStarts.reserveCapacity(rows + 1)
        for row in 0..<rows {
            Self.appendRuns(of: mask, row: row, firsts: &firsts, lasts: &lasts)
            rowStarts.append(firsts.count)
        }

        var parents = Array(0..<Int32(firsts.count))
        let preceding = connectivity.precedingRows(isPlanar: mask.isPlanar)
        for z in 0..<mask.depth {
            for y in 0..<mask.height {
                let row = z * mask.height + y
                let own = rowStarts[row]..<rowStarts[row + 1]
                if own.isEmpty { continue }
                for (dz, dy, reach) in preceding where z + dz >= 0 && y + dy >= 0 && y + dy < mask.height {
                    let other = row + dz * mask.height + dy
                    var theirs = rowStarts[other]
                    let end = rowStarts[other + 1]
                    for run in own {
                        while theirs < end, Int(lasts[theirs]) + reach < Int(firsts[run]) { theirs += 1 }
                        var touching = theirs
                        while touching < end, Int(firsts[touching]) <= Int(lasts[run]) + reach {
                            Self.join(run, touching, &parents)
                            touching += 1
                        }
                    }
                }
            }
        }

        var sizes: [Int] = []
        var lesions = parents
        for run in firsts.indices {
            // A root is the first run of its lesion, so that its number is known before any other run asks for it.
            let root = Self.root(of: run, &parents)
            if root == run {
                lesions[run] = Int32(sizes.count)
                sizes.append(0)
            } else {
                lesions[run] = lesions[root]
            }
            sizes[Int(lesions[run])] += Int(lasts[run]) - Int(firsts[run]) + 1
        }
        self.sizes = sizes
        self.firsts = firsts
        self.lasts = lasts
        self.lesions = lesions
        self.rowStarts = rowStarts
    }

    /// The runs of set bits of one row. Columns fit 16 bits by `BinaryMask.axisLimit`.
    private static func appendRuns(of mask: BinaryMask, row: Int, firsts: inout [UInt16], lasts: inout [UInt16]) {
        let start = row * mask.wordsPerRow
        var isOpen = false
        for w in 0..<mask.wordsPerRow {
            let word = mask.words[start + w]
            if word == (isOpen ? .max : 0) { continue }
            // A bit for each column at which the row changes.
            var changes = word ^ (word << 1 | (isOpen ? 1 : 0))
            while changes != 0 {
                let column = w * 64 + changes.trailingZeroBitCount
                changes &= changes - 1
                if isOpen { lasts.append(UInt16(column - 1)) } else { firsts.append(UInt16(column)) }
                isOpen.toggle()
            }
        }
        if isOpen { lasts.append(UInt16(mask.width - 1)) }
    }

    private static func root(of run: Int, _ parents: inout [Int32]) -> Int {
        var run = run
        while parents[run] != run {
            parents[run] = parents[Int(parents[run])]
            run = Int(parents[run])
        }
        return run
    }

    private static func join(_ one: Int, _ other: Int, _ parents: inout [Int32]) {
        let first = root(of: one, &parents)
        let second = root(of: other, &parents)
        if first < second { parents[second] = Int32(first) } else { parents[first] = Int32(second) }
    }

    /// Two lesions that share voxels.
    struct Overlap: Hashable {
        /// The lesion of these components.
        let own: Int
        /// The lesion of the others.
        let other: Int
        /// The voxels that they share.
        let voxels: Int
    }

    /// Every pair of lesions that overlap, sorted; both masks must have the same shape.
    func overlaps(with other: ConnectedComponents) -> [Overlap] {
        var shared: [UInt64: Int] = [:]
        var last: (key: UInt64, voxels: Int) = (0, 0)
        for row in 0..<rowStarts.count - 1 {
            var mine = rowStarts[row]
            var theirs = other.rowStarts[row]
            while mine < rowStarts[row + 1], theirs < other.rowStarts[row + 1] {
                let voxels =
                    Int(min(lasts[mine], other.lasts[theirs])) - Int(max(firsts[mine], other.firsts[theirs])) + 1
                if voxels > 0 {
                    let key = UInt64(lesions[mine]) << 32 | UInt64(other.lesions[theirs])
                    if key != last.key {
                        shared[last.key, default: 0] += last.voxels
                        last = (key, 0)
                    }
                    last.voxels += voxels
                }
                if lasts[mine] < other.lasts[theirs] { mine += 1 } else { theirs += 1 }
            }
        }
        shared[last.key, default: 0] += last.voxels
        return shared.filter { $0.value > 0 }.sorted { $0.key < $1.key }
            .map { Overlap(own: Int($0.key >> 32), other: Int($0.key & 0xFFFF_FFFF), voxels: $0.value) }
    }
}

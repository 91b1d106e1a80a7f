import Scoring

/// A generator whose numbers are the same in every run: SplitMix64.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A voxel by its coordinates.
struct Voxel: Hashable {
    let z: Int
    let y: Int
    let x: Int
}

extension BinaryMask {
    /// The voxels that are set, in the order of memory.
    var voxels: [Voxel] {
        var voxels: [Voxel] = []
        for z in 0..<depth {
            for y in 0..<height { for x in 0..<width where self[z, y, x] { voxels.append(Voxel(z: z, y: y, x: x)) } }
        }
        return voxels
    }

    /// A mask of voxels; those outside the shape are an error of the test.
    init(shape: [Int], voxels: [Voxel]) {
        self.init(shape: shape)!
        for voxel in voxels { self[voxel.z, voxel.y, voxel.x] = true }
    }

    /// A box with its first and its last corner, both inside.
    static func box(shape: [Int], from first: Voxel, to last: Voxel) -> BinaryMask {
        var mask = BinaryMask(shape: shape)!
        for z in first.z...last.z { for y in first.y...last.y { for x in first.x...last.x { mask[z, y, x] = true } } }
        return mask
    }

    /// Each voxel set with a probability, and perhaps a filled ball, so that there is an inside.
    static func random(shape: [Int], density: Double, ball: Bool, using generator: inout SplitMix) -> BinaryMask {
        var mask = BinaryMask(shape: shape)!
        let centre = (
            Int.random(in: 0..<mask.depth, using: &generator), Int.random(in: 0..<mask.height, using: &generator),
            Int.random(in: 0..<mask.width, using: &generator)
        )
        let radius = ball ? Int.random(in: 1...5, using: &generator) : -1
        for z in 0..<mask.depth {
            for y in 0..<mask.height {
                for x in 0..<mask.width {
                    let (dz, dy, dx) = (z - centre.0, y - centre.1, x - centre.2)
                    let isInBall = radius >= 0 && dz * dz + dy * dy + dx * dx <= radius * radius
                    if isInBall || Double.random(in: 0..<1, using: &generator) < density { mask[z, y, x] = true }
                }
            }
        }
        return mask
    }

    /// The same voxels in a larger image, moved.
    func placed(in shape: [Int], at offset: Voxel) -> BinaryMask {
        BinaryMask(
            shape: shape,
            voxels: voxels.map { Voxel(z: $0.z + offset.z, y: $0.y + offset.y, x: $0.x + offset.x) })
    }
}

/// Pairs of small random masks in both dimensions, with their spacings: sparse, dense, wider than a word, and with one
/// voxel far from everything.
struct MaskPair {
    let reference: BinaryMask
    let prediction: BinaryMask
    let spacing: VoxelSpacing

    static func random(count: Int, seed: UInt64) -> [MaskPair] {
        var generator = SplitMix(state: seed)
        let shapes = [[7, 9, 11], [1, 12, 70], [3, 5, 131], [12, 70], [40, 3], [4, 60, 6], [24, 5, 6], [1, 1]]
        let densities = [0.003, 0.02, 0.2, 0.6]
        return (0..<count).map { index in
            let shape = shapes[index % shapes.count]
            func mask() -> BinaryMask {
                .random(
                    shape: shape, density: densities.randomElement(using: &generator)!,
                    ball: Bool.random(using: &generator),
                    using: &generator)
            }
            let spacing = shape.map { _ in [0.7, 1, 2.5, 0.78125].randomElement(using: &generator)! }
            return MaskPair(reference: mask(), prediction: mask(), spacing: VoxelSpacing(spacing)!)
        }
    }
}

/// A binary mask in two or three dimensions, one bit a voxel.
///
/// Rows run along x; bit i of word w of a row is the voxel x = 64·w + i, and the bits beyond the width are zero. Rows of
/// a slice follow in y, slices in z. A mask in two dimensions has a depth of one and says so: its surface has no top and
/// bottom.
public struct BinaryMask: Hashable, Sendable {
    /// The most voxels, 2³⁴, and the longest axis, 2¹⁶: beyond both no scanner goes.
    public static let voxelLimit = 1 << 34
    public static let axisLimit = 1 << 16

    /// Slices (z), 1 in two dimensions.
    public let depth: Int
    /// Rows of a slice (y).
    public let height: Int
    /// Voxels of a row (x).
    public let width: Int
    /// Whether it has two dimensions, y and x.
    public let isPlanar: Bool
    /// 64-bit words a row.
    public let wordsPerRow: Int
    /// depth · height · wordsPerRow words.
    public internal(set) var words: [UInt64]

    /// A mask of zeros.
    /// - Parameter shape: the lengths of the axes z, y, x or of y, x, each at least 1; nil when they are none or beyond the
    ///   limits.
    public init?(shape: [Int]) {
        guard Self.holds(shape: shape) else { return nil }
        isPlanar = shape.count == 2
        depth = isPlanar ? 1 : shape[0]
        height = shape[shape.count - 2]
        width = shape[shape.count - 1]
        wordsPerRow = (width + 63) / 64
        words = .zeros(depth * height * wordsPerRow)
    }

    /// Whether there are masks with these lengths of the axes.
    public static func holds(shape: [Int]) -> Bool {
        (shape.count == 2 || shape.count == 3) && shape.allSatisfy { (1...axisLimit).contains($0) }
            && shape.reduce(1, *) <= voxelLimit
    }

    /// The lengths of the axes: z, y, x, or y, x.
    public var shape: [Int] { isPlanar ? [height, width] : [depth, height, width] }

    /// One voxel; the coordinates must lie within the shape.
    public subscript(z: Int, y: Int, x: Int) -> Bool {
        get { words[(z * height + y) * wordsPerRow + (x >> 6)] >> UInt64(x & 63) & 1 == 1 }
        set {
            let bit: UInt64 = 1 << UInt64(x & 63)
            let word = (z * height + y) * wordsPerRow + (x >> 6)
            if newValue { words[word] |= bit } else { words[word] &= ~bit }
        }
    }

    /// The number of voxels that are set.
    public var count: Int { words.reduce(0) { $1 == 0 ? $0 : $0 + $1.nonzeroBitCount } }

    /// Gives direct access to the words, to fill a mask fast. The bits beyond the width must stay zero.
    public mutating func withUnsafeMutableWords<Failure: Error>(
        _ body: (UnsafeMutableBufferPointer<UInt64>) throws(Failure) -> Void
    ) throws(Failure) {
        try words.withUnsafeMutableBufferPointer { buffer throws(Failure) in try body(buffer) }
    }
}

/// The distances between voxel centres along z, y, x in millimetres. A mask in two dimensions has no z.
public struct VoxelSpacing: Hashable, Sendable {
    /// Along z; 1 in two dimensions, where nothing depends on it.
    public let z: Double
    public let y: Double
    public let x: Double

    /// The spacings that there are, in millimetres: a nanometre to a kilometre. No square of a distance overflows.
    public static let range = 1e-6...1e6

    /// Takes the spacings of the axes z, y, x or y, x; nil unless each is in the range.
    public init?(_ spacing: [Double]) {
        guard spacing.count == 2 || spacing.count == 3, spacing.allSatisfy(Self.range.contains) else { return nil }
        z = spacing.count == 3 ? spacing[0] : 1
        y = spacing[spacing.count - 2]
        x = spacing[spacing.count - 1]
    }
}

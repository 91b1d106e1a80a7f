/// The squared distances that there can be in an image, and how they are put into bins: by the exponent and the first
/// eight bits of the significand, so that a bin spans less than half a hundredth of its distances.
struct DistanceRange: Hashable {
    private static let ignoredBits: UInt64 = 44

    /// The exponent that `DistanceSum` counts in.
    let unit: Int
    private let firstBin: UInt64
    let binCount: Int

    init(_ mask: BinaryMask, spacing: VoxelSpacing) {
        let shortest = mask.isPlanar ? min(spacing.y, spacing.x) : min(spacing.z, spacing.y, spacing.x)
        let longest =
            NearRows.square(mask.depth, spacing.z) + NearRows.square(mask.height, spacing.y)
            + NearRows.square(mask.width, spacing.x)
        // 2³⁴ distances, each below 2⁴² units and with 52 bits behind, add up within 128 bits.
        unit = max(Int(shortest.exponent), Int(longest.squareRoot().exponent) - 40)
        // The bin before the first that is needed is that of 0.
        firstBin = NearRows.square(1, shortest).bitPattern >> Self.ignoredBits - 1
        binCount = Int(longest.bitPattern >> Self.ignoredBits - firstBin) + 1
    }

    @inline(__always)
    func bin(_ squared: Double) -> Int {
        let bin = squared.bitPattern >> Self.ignoredBits
        return bin <= firstBin ? 0 : Int(truncatingIfNeeded: bin - firstBin)
    }

    /// The least and the greatest squared distance of a bin.
    func limits(_ bin: Int) -> (least: Double, greatest: Double) {
        guard bin > 0 else { return (0, 0) }
        let first = (firstBin + UInt64(bin)) << Self.ignoredBits
        return (Double(bitPattern: first), Double(bitPattern: first + (1 << Self.ignoredBits) - 1))
    }
}

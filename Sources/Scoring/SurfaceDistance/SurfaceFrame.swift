/// The part of the corner grid that holds both surfaces: the corners of every voxel that either mask sets. Corner i of
/// an axis lies between the voxels i - 1 and i, so that there is one corner more than voxels; outside the image nothing
/// is set.
struct SurfaceFrame {
    let isPlanar: Bool
    /// The first corner along z and y, and the first 64-bit word along x.
    let lowZ: Int
    let lowY: Int
    let lowWord: Int
    /// How many there are; corners along x beyond the masks hold no surface.
    let depth: Int
    let height: Int
    let words: Int

    /// Nil when both masks are empty.
    init?(_ first: MaskExtent, _ second: MaskExtent, isPlanar: Bool) {
        guard let one = first.box ?? second.box else { return nil }
        let other = second.box ?? one
        self.isPlanar = isPlanar
        lowZ = min(one.z.lowerBound, other.z.lowerBound)
        lowY = min(one.y.lowerBound, other.y.lowerBound)
        lowWord = min(one.x.lowerBound, other.x.lowerBound) >> 6
        depth = isPlanar ? 1 : max(one.z.upperBound, other.z.upperBound) - lowZ + 2
        height = max(one.y.upperBound, other.y.upperBound) - lowY + 2
        words = (max(one.x.upperBound, other.x.upperBound) + 1) >> 6 - lowWord + 1
    }

    /// The number of corners along x.
    var width: Int { words * 64 }
}

/// An element of a surface that has nothing of the other near: its corner in the frame and the place of its area, in
/// eight bytes.
struct FarElement {
    private let packed: UInt64

    /// Each coordinate is below 2¹⁸.
    init(z: Int, y: Int, x: Int, area: UInt8) {
        packed = UInt64(z) << 44 | UInt64(y) << 26 | UInt64(x) << 8 | UInt64(area)
    }

    var z: Int { Int(packed >> 44) }
    var y: Int { Int(packed >> 26) & 0x3ffff }
    var x: Int { Int(packed >> 8) & 0x3ffff }
    var area: UInt8 { UInt8(truncatingIfNeeded: packed) }
}

import Scoring

/// Small masks for the tests of surface distances.
struct MaskMaker {
    private var generator: SplitMix

    init(seed: UInt64) { generator = SplitMix(state: seed) }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }

    /// Voxels that are set with a chance of one in `rarity`.
    mutating func noise(_ shape: [Int], rarity: Int) -> BinaryMask {
        Self.mask(shape) { _, _, _ in below(rarity) == 0 }
    }

    /// Up to three boxes, which often touch the border.
    mutating func boxes(_ shape: [Int]) -> BinaryMask {
        let boxes = (0...below(3)).map { _ in
            Self.axes(shape).map { length in
                let (one, other) = (below(length), below(length))
                return min(one, other)...max(one, other)
            }
        }
        return Self.mask(shape) { z, y, x in
            boxes.contains { $0[0].contains(z) && $0[1].contains(y) && $0[2].contains(x) }
        }
    }

    static func axes(_ shape: [Int]) -> [Int] { shape.count == 2 ? [1] + shape : shape }

    static func mask(_ shape: [Int], _ isSet: (Int, Int, Int) -> Bool) -> BinaryMask {
        var mask = BinaryMask(shape: shape)!
        for z in 0..<mask.depth {
            for y in 0..<mask.height { for x in 0..<mask.width where isSet(z, y, x) { mask[z, y, x] = true } }
        }
        return mask
    }
}

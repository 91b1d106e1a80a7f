extension BinaryMask {
    /// The border: the voxels of the mask of which a face neighbour (six in three dimensions, four in two) is not in the
    /// mask. What lies outside the image is not in the mask, so that a mask that touches the edge has a border there.
    ///
    /// This is the mask less its erosion with the cross-shaped element, as MONAI, MedPy, MetricsReloaded and panoptica
    /// take it.
    public var border: BinaryMask {
        var border = self
        let rows = height * wordsPerRow
        border.words.withUnsafeMutableBufferPointer { result in
            words.withUnsafeBufferPointer { words in
                for z in 0..<depth {
                    for y in 0..<height {
                        let start = (z * height + y) * wordsPerRow
                        for w in 0..<wordsPerRow {
                            let index = start + w
                            let word = words[index]
                            if word == 0 { continue }
                            // The bits at the word's ends have their neighbours in the words beside it.
                            let left = word << 1 | (w > 0 ? words[index - 1] >> 63 : 0)
                            let right = word >> 1 | (w + 1 < wordsPerRow ? words[index + 1] << 63 : 0)
                            var inside = left & right
                            inside &= y > 0 ? words[index - wordsPerRow] : 0
                            inside &= y + 1 < height ? words[index + wordsPerRow] : 0
                            if !isPlanar {
                                inside &= z > 0 ? words[index - rows] : 0
                                inside &= z + 1 < depth ? words[index + rows] : 0
                            }
                            result[index] = word & ~inside
                        }
                    }
                }
            }
        }
        return border
    }

    /// The voxels of this mask that are not in another; nil when the shapes differ.
    func subtracting(_ other: BinaryMask) -> BinaryMask? {
        guard shape == other.shape else { return nil }
        var result = self
        for index in result.words.indices where result.words[index] != 0 { result.words[index] &= ~other.words[index] }
        return result
    }
}

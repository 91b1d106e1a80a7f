public import Statistics

/// Boundary intersection over union: B. Cheng, R. Girshick, P. Dollár, A. C. Berg and A. Kirillov (2021), "Boundary IoU:
/// improving object-centric image segmentation evaluation", CVPR, equation 2.
///
/// Of each mask only the voxels count that are less than the boundary width away from its border, in millimetres between
/// voxel centres; the score is the intersection over union of these two bands. A width of one voxel leaves the border
/// itself. This is MetricsReloaded's form in real distances; the paper's program erodes by whole pixels with a square in
/// place of a disc.
public struct BoundaryIoU: Hashable, Sendable {
    /// The width of the band along each border.
    public enum Width: Hashable, Sendable {
        /// In millimetres, above 0.
        case millimetres(Double)
        /// As a part of the image's diagonal, above 0: the paper takes 0.02 for photographs.
        case diagonalFraction(Double)

        /// In millimetres; nil when it is not above 0 and finite.
        func millimetres(diagonal: Double) -> Double? {
            let width =
                switch self {
                case .millimetres(let width): width
                case .diagonalFraction(let fraction): fraction * diagonal
                }
            return width > 0 && width.isFinite ? width : nil
        }
    }

    /// The width that was used, in millimetres.
    public let width: Double
    /// Voxels in both bands.
    public let intersection: Int
    /// Voxels in one of the bands or both.
    public let union: Int
    /// The score, 0…1; 0 when one mask is empty, undefined when both are.
    public var value: Inferred<Double> {
        union == 0 ? .undefined(.bothEmpty) : .value(Double(intersection) / Double(union))
    }

    /// Takes the bands of both masks; nil when the masks differ in shape or the width is none.
    public init?(reference: BinaryMask, prediction: BinaryMask, spacing: VoxelSpacing, width: Width) {
        guard reference.shape == prediction.shape,
            let width = width.millimetres(diagonal: reference.diagonal(spacing: spacing))
        else { return nil }
        self.width = width
        let first = Self.band(of: reference, spacing: spacing, width: width)
        let second = Self.band(of: prediction, spacing: spacing, width: width)
        var intersection = 0
        var union = 0
        for (one, other) in zip(first.words, second.words) where one | other != 0 {
            intersection += (one & other).nonzeroBitCount
            union += (one | other).nonzeroBitCount
        }
        self.intersection = intersection
        self.union = union
    }

    /// The voxels of a mask less than a width from its border.
    static func band(of mask: BinaryMask, spacing: VoxelSpacing, width: Double) -> BinaryMask {
        var band = mask.border
        guard let inside = mask.subtracting(band), inside.words.contains(where: { $0 != 0 }) else { return band }
        // The border is at 0; every step is at least the smallest spacing, so that a thin band needs no distances.
        guard width > min(spacing.x, spacing.y, mask.isPlanar ? .infinity : spacing.z) else { return band }
        var transform = ColumnTransform(from: inside, to: band, spacing: spacing)
        while let found = transform.nextColumn() {
            for voxel in found where voxel.distance < width { band[voxel.z, voxel.y, voxel.x] = true }
        }
        return band
    }
}

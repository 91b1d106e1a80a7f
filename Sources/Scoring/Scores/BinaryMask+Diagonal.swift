extension BinaryMask {
    /// The length of the image's diagonal in millimetres, along the outer edges of its voxels: no distance between two
    /// points of the image is larger.
    public func diagonal(spacing: VoxelSpacing) -> Double {
        let squared =
            NearRows.square(height, spacing.y) + NearRows.square(width, spacing.x)
            + (isPlanar ? 0 : NearRows.square(depth, spacing.z))
        return squared.squareRoot()
    }
}

/// What "distance between two surfaces" means. Programs disagree by a tenth and more on the same masks, so the name
/// travels with every number (`Metric.definition`).
public enum DistanceDefinition: String, Hashable, Sendable, Codable, CaseIterable {
    /// Percentiles and averages over surface area, from the surface elements between voxel centres (DeepMind's
    /// surface-distance): `SurfaceDistances`. The default.
    case surfaceArea = "surface-area"
    /// Over border voxels, percentiles as the larger of the two directed ones (MONAI): `VoxelBorderDistances`.
    case voxelBorder = "voxel-border"
    /// Over border voxels, percentiles over both directions pooled (MedPy): `VoxelBorderDistances`.
    case voxelBorderPooled = "voxel-border-pooled"
}

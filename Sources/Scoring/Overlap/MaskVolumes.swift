/// The sizes of two masks: volumes in mm³, in two dimensions areas in mm². A volume is the number of voxels times the
/// volume of one, and an empty mask has the volume 0.
public struct MaskVolumes: Hashable, Sendable {
    public let reference: Double
    public let prediction: Double
    /// Prediction less reference, from the difference of the counts: above 0 where the prediction is larger.
    public let error: Double

    public init(_ counts: OverlapCounts, spacing: VoxelSpacing) {
        let voxel = spacing.z * spacing.y * spacing.x
        reference = Double(counts.referenceCount) * voxel
        prediction = Double(counts.predictionCount) * voxel
        error = Double(counts.falsePositives - counts.falseNegatives) * voxel
    }
}

public import Statistics

/// Distances between the borders of two masks, taken over border voxels: each voxel of a border (`BinaryMask.border`)
/// counts once, whatever area it stands for, and is where its centre is.
///
/// This is what MONAI, MedPy, MetricsReloaded and panoptica compute; they differ in how the two directions are put
/// together, and each way has its own name here. A percentile is taken of each direction and the larger counts
/// (`hausdorff(percent:)`: MONAI, MetricsReloaded), or of both directions pooled (`pooledHausdorff(percent:)`: MedPy,
/// panoptica). An average is pooled over the voxels of both directions (`averageSymmetricDistance`: MONAI, MedPy) or is
/// the mean of the two directed averages (`meanAverageDistance`: MetricsReloaded's MASD, panoptica's "ASSD").
public struct VoxelBorderDistances: Hashable, Sendable {
    /// From each border voxel of the reference to the nearest one of the prediction; empty when a mask is.
    public let fromReference: DistanceCounts
    /// From each border voxel of the prediction to the nearest one of the reference; empty when a mask is.
    public let fromPrediction: DistanceCounts
    /// Which of the masks hold nothing; nil when both hold something.
    public let emptiness: Undefined?

    /// Measures both directions; nil when the masks differ in shape.
    public init?(reference: BinaryMask, prediction: BinaryMask, spacing: VoxelSpacing) {
        guard reference.shape == prediction.shape else { return nil }
        let hasReference = reference.words.contains { $0 != 0 }
        let hasPrediction = prediction.words.contains { $0 != 0 }
        guard hasReference, hasPrediction else {
            emptiness = hasPrediction ? .emptyReference : hasReference ? .emptyPrediction : .bothEmpty
            fromReference = DistanceCounts()
            fromPrediction = DistanceCounts()
            return
        }
        emptiness = nil
        let referenceBorder = reference.border
        let predictionBorder = prediction.border
        let search = NearestVoxel(spacing: spacing, isPlanar: reference.isPlanar)
        fromReference = search.tally(from: referenceBorder, to: predictionBorder)
        fromPrediction = search.tally(from: predictionBorder, to: referenceBorder)
    }

    /// The Hausdorff distance in millimetres: the largest distance of either direction.
    public var hausdorff: Inferred<Double> { directed(\.maximum) { max($0, $1) } }

    /// The larger of the two directed percentiles in millimetres (MONAI's `percentile`, MetricsReloaded's HD95).
    /// - Parameter percent: 0…100; 100 is the Hausdorff distance.
    public func hausdorff(percent: Double) -> Inferred<Double> {
        directed({ $0.percentile(percent) }, together: { max($0, $1) })
    }

    /// The percentile of the distances of both directions pooled, in millimetres (MedPy's `hd95`, panoptica's HD95).
    /// - Parameter percent: 0…100; 100 is the Hausdorff distance.
    public func pooledHausdorff(percent: Double) -> Inferred<Double> {
        if let emptiness { return .undefined(emptiness) }
        return DistanceCounts(merging: fromReference, fromPrediction).percentile(percent).map { .value($0) }
            ?? .undefined(.badArgument)
    }

    /// The average distance from the reference's border voxels in millimetres.
    public var averageFromReference: Inferred<Double> { directed(\.mean) { first, _ in first } }

    /// The average distance from the prediction's border voxels in millimetres.
    public var averageFromPrediction: Inferred<Double> { directed(\.mean) { _, second in second } }

    /// The average symmetric surface distance in millimetres: the sum of all distances of both directions over the number
    /// of border voxels of both masks (MONAI's symmetric average, MedPy's `assd`).
    public var averageSymmetricDistance: Inferred<Double> {
        if let emptiness { return .undefined(emptiness) }
        return .value((fromReference.sum + fromPrediction.sum) / Double(borderCount))
    }

    /// The mean average surface distance in millimetres: half the sum of the two directed averages, however many voxels
    /// each border has.
    public var meanAverageDistance: Inferred<Double> { directed(\.mean) { ($0 + $1) / 2 } }

    /// The part of the border voxels of both masks, 0…1, that lie within a tolerance of the other border: S. Nikolov and
    /// others (2021), J Med Internet Res 23:e26151, over voxels in place of area. 0 when one mask is empty.
    /// - Parameter tolerance: millimetres, 0 or more; a distance equal to it is within.
    public func normalisedSurfaceDistance(tolerance: Double) -> Inferred<Double> {
        guard tolerance >= 0 else { return .undefined(.badArgument) }
        if let emptiness { return emptiness == .bothEmpty ? .undefined(emptiness) : .value(0) }
        let within = fromReference.count(within: tolerance) + fromPrediction.count(within: tolerance)
        return .value(Double(within) / Double(borderCount))
    }

    /// The border voxels of both masks; 0 when a mask is empty.
    public var borderCount: Int { fromReference.total + fromPrediction.total }

    private func directed(
        _ one: (DistanceCounts) -> Double?, together: (Double, Double) -> Double
    ) -> Inferred<Double> {
        if let emptiness { return .undefined(emptiness) }
        guard let first = one(fromReference), let second = one(fromPrediction) else { return .undefined(.badArgument) }
        return .value(together(first, second))
    }
}

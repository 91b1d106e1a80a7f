public import Statistics

/// The distances between the surfaces of two masks by one definition, in millimetres.
///
/// With an empty mask no distance exists: each has the reason instead, and the normalised surface distance, a proportion,
/// is 0 when one mask is empty.
public struct CaseDistances: Hashable, Sendable {
    /// The normalised surface distance at a tolerance.
    public struct Normalised: Hashable, Sendable {
        /// In millimetres.
        public let tolerance: Double
        /// 0…1.
        public let value: Inferred<Double>
    }

    public let definition: DistanceDefinition
    /// The percentile of `hausdorffPercentile`, 0…100.
    public let percentile: Double
    /// The largest distance of either direction.
    public let hausdorff: Inferred<Double>
    /// The percentile, as the definition puts the two directions together.
    public let hausdorffPercentile: Inferred<Double>
    /// The average over the surfaces of both masks.
    public let averageSymmetric: Inferred<Double>
    /// The mean of the two directed averages.
    public let meanAverage: Inferred<Double>
    /// At each tolerance, in the order asked.
    public let normalised: [Normalised]
    /// Border voxels of both masks; nil where the definition counts area.
    public let borderCount: Int?

    /// - Parameters:
    ///   - emptiness: which of the masks hold nothing.
    ///   - threads: for the surface-area distances.
    init?(
        reference: BinaryMask, prediction: BinaryMask, spacing: VoxelSpacing, emptiness: Undefined?,
        definition: DistanceDefinition, request: SegmentationRequest, threads: Int
    ) {
        self.definition = definition
        percentile = request.percentile
        let tolerances = request.tolerances
        if let emptiness {
            hausdorff = .undefined(emptiness)
            hausdorffPercentile = .undefined(emptiness)
            averageSymmetric = .undefined(emptiness)
            meanAverage = .undefined(emptiness)
            let none: Inferred<Double> = emptiness == .bothEmpty ? .undefined(emptiness) : .value(0)
            normalised = tolerances.map { Normalised(tolerance: $0, value: none) }
            borderCount = nil
            return
        }
        switch definition {
        case .surfaceArea:
            guard
                let area = SurfaceDistances(
                    reference: reference, prediction: prediction, spacing: spacing, percents: [percentile],
                    tolerances: tolerances, threads: threads)
            else { return nil }
            hausdorff = area.hausdorff
            hausdorffPercentile = area.hausdorff(percent: percentile)
            averageSymmetric = area.averageSymmetric
            meanAverage = area.meanAverage
            normalised = tolerances.map {
                Normalised(tolerance: $0, value: area.surfaceDice(tolerance: $0))
            }
            borderCount = nil
        case .voxelBorder, .voxelBorderPooled:
            guard let border = VoxelBorderDistances(reference: reference, prediction: prediction, spacing: spacing)
            else { return nil }
            hausdorff = border.hausdorff
            hausdorffPercentile =
                definition == .voxelBorder
                ? border.hausdorff(percent: percentile) : border.pooledHausdorff(percent: percentile)
            averageSymmetric = border.averageSymmetricDistance
            meanAverage = border.meanAverageDistance
            normalised = tolerances.map {
                Normalised(tolerance: $0, value: border.normalisedSurfaceDistance(tolerance: $0))
            }
            borderCount = border.borderCount
        }
    }
}

/// The scores of one case: a reference and a prediction of one structure.
///
/// Each score is a value or has a coded reason why there is none. It is never NaN, and an empty mask never gives a
/// distance of 0 or a perfect score: `EmptyMaskConvention` lists what each gives then. How an undefined score counts in an
/// average over cases is the protocol's choice: `UndefinedScorePolicy`.
public struct SegmentationScores: Hashable, Sendable {
    /// Voxels by agreement, with the overlap scores.
    public let overlap: OverlapCounts
    /// Volumes in mm³, in two dimensions areas in mm².
    public let volumes: MaskVolumes
    /// The distances, where they were asked for.
    public let distances: CaseDistances?
    /// The boundary intersection over union, where it was asked for.
    public let boundaryIoU: BoundaryIoU?
    /// The detection of lesions, where it was asked for.
    public let lesions: LesionDetection?

    /// Computes what is asked for and nothing else; nil when the masks differ in shape or the request is not valid.
    /// - Parameter threads: how many threads the surface-area distances may use; the result is the same to the last bit.
    public init?(
        reference: BinaryMask, prediction: BinaryMask, spacing: VoxelSpacing, request: SegmentationRequest,
        threads: Int = 1
    ) {
        guard request.isValid, let overlap = OverlapCounts(reference: reference, prediction: prediction) else {
            return nil
        }
        self.overlap = overlap
        volumes = MaskVolumes(overlap, spacing: spacing)
        distances = request.distances.flatMap { definition in
            CaseDistances(
                reference: reference, prediction: prediction, spacing: spacing, emptiness: overlap.emptiness,
                definition: definition, request: request, threads: threads)
        }
        boundaryIoU = request.boundaryWidth.flatMap { width in
            BoundaryIoU(reference: reference, prediction: prediction, spacing: spacing, width: width)
        }
        lesions = request.lesions.flatMap { lesions in
            LesionDetection(
                reference: reference, prediction: prediction, connectivity: lesions.connectivity,
                matching: lesions.matching)
        }
    }
}

/// Which scores of a pair of masks are wanted. Overlap scores and volumes always come along: they cost next to nothing.
public struct SegmentationRequest: Hashable, Sendable {
    /// How lesions are told apart and matched.
    public struct Lesions: Hashable, Sendable {
        public var connectivity: LesionConnectivity
        public var matching: LesionMatching

        public init(connectivity: LesionConnectivity = .corners, matching: LesionMatching = .anyOverlap) {
            self.connectivity = connectivity
            self.matching = matching
        }
    }

    /// The definition of the distances; nil when none are wanted.
    public var distances: DistanceDefinition?
    /// The percentile of the robust Hausdorff distance, 0…100.
    public var percentile: Double
    /// The tolerances of the normalised surface distance in millimetres, each 0 or more.
    public var tolerances: [Double]
    /// The width of the bands of the boundary intersection over union; nil when it is not wanted.
    public var boundaryWidth: BoundaryIoU.Width?
    /// The detection of lesions; nil when it is not wanted.
    public var lesions: Lesions?

    public init(
        distances: DistanceDefinition? = .surfaceArea, percentile: Double = 95, tolerances: [Double] = [],
        boundaryWidth: BoundaryIoU.Width? = nil, lesions: Lesions? = nil
    ) {
        self.distances = distances
        self.percentile = percentile
        self.tolerances = tolerances
        self.boundaryWidth = boundaryWidth
        self.lesions = lesions
    }

    /// Whether every number lies in its range.
    public var isValid: Bool {
        (0...100).contains(percentile) && tolerances.allSatisfy { $0 >= 0 && $0.isFinite }
            && (boundaryWidth.map { $0.millimetres(diagonal: 1) != nil } ?? true)
            && (lesions?.matching.isValid ?? true)
    }
}

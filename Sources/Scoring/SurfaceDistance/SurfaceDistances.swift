public import Statistics

/// The distances between the surfaces of two masks, weighted by area: definition `surface-area`.
///
/// A surface is made of elements, one at each corner of the voxel grid where voxels that are set meet voxels that are
/// not, with the area of the marching-cubes surface there (in two dimensions the length of the contour). The distance of
/// an element is the one from its corner to the nearest corner of the other surface. Outside the image nothing is set:
/// where a mask touches the border of the image it has surface there. Source: Nikolov et al., "Clinically applicable
/// segmentation of head and neck anatomy for radiotherapy", JMIR 23(7):e26151 (2021), and the program surface-distance
/// (google-deepmind), whose numbers these are. Where a mask is empty that program says infinity or NaN; here the value
/// is undefined with the reason, but for what is still defined: no surface lies within the tolerance of one that does
/// not exist.
///
/// What is kept is how often each distance occurs: a few thousand counts for organs and lesions. Noise beside a mask with
/// next to nothing can have as many distances as elements; then the counts are of bins, and what is asked for inside a
/// bin is looked up in a second run over the masks, so that memory stays small and every answer is that of the single
/// distances.
public struct SurfaceDistances: Hashable, Sendable {
    /// The name of the definition.
    public static let definition = "surface-area"

    /// The area of the surface (mm²; in two dimensions the length in mm) of the reference and of the prediction.
    public let referenceArea: Double
    public let predictionArea: Double
    private let areas: [Double]
    private let fromReference: DistanceTally
    private let fromPrediction: DistanceTally
    /// The masks, where bins may have to be opened.
    private let source: SurfacePair?

    /// Computes the distances both ways.
    /// - Parameters:
    ///   - reference: the mask that is taken for true.
    ///   - prediction: the mask that is judged, of the same shape; else there is no result.
    ///   - spacing: the distances between voxel centres (mm).
    ///   - percents: the percentages that will be asked for, as `hausdorff(percent:)` takes them.
    ///   - tolerances: the tolerances that will be asked for (mm). Any other percentage and tolerance is answered too, but
    ///     may cost another run.
    ///   - threads: how many threads share the work; the result is the same to the last bit.
    public init?(
        reference: BinaryMask, prediction: BinaryMask, spacing: VoxelSpacing, percents: [Double] = [95],
        tolerances: [Double] = [], threads: Int = 1
    ) {
        self.init(
            reference: reference, prediction: prediction, spacing: spacing, percents: percents,
            tolerances: tolerances, threads: threads, limit: DistanceSink.usualLimit)
    }

    /// - Parameter limit: how many different distances each thread keeps apart.
    init?(
        reference: BinaryMask, prediction: BinaryMask, spacing: VoxelSpacing, percents: [Double] = [95],
        tolerances: [Double] = [], threads: Int, limit: Int
    ) {
        guard let pair = SurfacePair(reference: reference, prediction: prediction, spacing: spacing, limit: limit)
        else { return nil }
        let areas = SurfaceElementAreas(spacing: spacing, isPlanar: reference.isPlanar).areas
        let fractions = percents.filter((0...100).contains).map { $0 / 100 }
        let tallies = pair.tallies(threads: threads) { tally in
            Set(
                (fractions.map { tally.quantile($0, areas) } + tolerances.map { tally.within($0, areas) }).compactMap(
                    \.bin))
        }
        self.areas = areas
        (fromReference, fromPrediction) = tallies
        referenceArea = fromReference.total(areas)
        predictionArea = fromPrediction.total(areas)
        source = fromReference.hasBins || fromPrediction.hasBins ? pair : nil
    }

    /// The answer of a tally; a bin is opened where that is necessary.
    private func answer(_ direction: SurfacePair.Direction, _ ask: (DistanceTally) -> DistanceTally.Answer) -> Double {
        let tally = direction == .fromReference ? fromReference : fromPrediction
        switch ask(tally) {
        case .value(let value): return value
        case .inBin(let bin):
            // Inside an opened bin there is always an answer.
            guard let source, case .value(let value) = ask(source.opening([bin], of: tally, direction)) else {
                return 0
            }
            return value
        }
    }

    private func quantile(_ direction: SurfacePair.Direction, _ fraction: Double) -> Double {
        answer(direction) { $0.quantile(fraction, areas) }
    }

    private func within(_ direction: SurfacePair.Direction, _ tolerance: Double) -> Double {
        answer(direction) { $0.within(tolerance, areas) }
    }

    /// Why there are no distances; nil when there are.
    private var emptiness: Undefined? {
        switch (fromReference.entries.isEmpty, fromPrediction.entries.isEmpty) {
        case (true, true): .bothEmpty
        case (true, false): .emptyReference
        case (false, true): .emptyPrediction
        case (false, false): nil
        }
    }

    private func defined(_ value: () -> Double) -> Inferred<Double> {
        if let emptiness { .undefined(emptiness) } else { .value(value()) }
    }

    /// The Hausdorff distance (mm): the greatest distance of an element of either surface.
    public var hausdorff: Inferred<Double> {
        defined { max(fromReference.greatest, fromPrediction.greatest) }
    }

    /// The robust Hausdorff distance (mm): the greater of the two directed percentiles. A directed percentile is the
    /// least distance of an element such that it and the nearer ones make up at least that percentage of the area.
    /// - Parameter percent: 0 to 100.
    public func hausdorff(percent: Double) -> Inferred<Double> {
        guard (0...100).contains(percent) else { return .undefined(.badArgument) }
        return defined {
            max(quantile(.fromReference, percent / 100), quantile(.fromPrediction, percent / 100))
        }
    }

    /// The area-weighted mean distance (mm) from the reference to the prediction.
    public var averageFromReference: Inferred<Double> {
        defined { fromReference.moment(areas) / referenceArea }
    }

    /// The area-weighted mean distance (mm) from the prediction to the reference.
    public var averageFromPrediction: Inferred<Double> {
        defined { fromPrediction.moment(areas) / predictionArea }
    }

    /// The average symmetric surface distance, ASSD (mm): the mean over both surfaces together, weighted by area.
    public var averageSymmetric: Inferred<Double> {
        defined { (fromReference.moment(areas) + fromPrediction.moment(areas)) / (referenceArea + predictionArea) }
    }

    /// The mean average surface distance, MASD (mm): the mean of the two directed averages.
    public var meanAverage: Inferred<Double> {
        defined { (fromReference.moment(areas) / referenceArea + fromPrediction.moment(areas) / predictionArea) / 2 }
    }

    /// The fraction of the reference's surface that lies within a tolerance (mm) of the prediction's, its limit included;
    /// 0 when the prediction is empty.
    public func overlapOfReference(tolerance: Double) -> Inferred<Double> {
        guard tolerance >= 0 else { return .undefined(.badArgument) }
        if fromReference.entries.isEmpty { return .undefined(emptiness ?? .emptyReference) }
        return .value(within(.fromReference, tolerance) / referenceArea)
    }

    /// The fraction of the prediction's surface that lies within a tolerance (mm) of the reference's, its limit included;
    /// 0 when the reference is empty.
    public func overlapOfPrediction(tolerance: Double) -> Inferred<Double> {
        guard tolerance >= 0 else { return .undefined(.badArgument) }
        if fromPrediction.entries.isEmpty { return .undefined(emptiness ?? .emptyPrediction) }
        return .value(within(.fromPrediction, tolerance) / predictionArea)
    }

    /// The normalised surface distance, NSD, or surface Dice at a tolerance (mm): the fraction of both surfaces together
    /// that lies within the tolerance of the other, its limit included; 0 when one mask is empty.
    public func surfaceDice(tolerance: Double) -> Inferred<Double> {
        guard tolerance >= 0 else { return .undefined(.badArgument) }
        if emptiness == .bothEmpty { return .undefined(.bothEmpty) }
        return .value(
            (within(.fromReference, tolerance) + within(.fromPrediction, tolerance))
                / (referenceArea + predictionArea))
    }
}

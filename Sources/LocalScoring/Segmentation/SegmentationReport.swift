public import Scoring
public import Statistics
import TextCatalogue

/// The scores of one case's segmentation from two mask files: what `concordat score segmentation` prints.
public enum SegmentationReport {
    /// The most labels that are scored at once.
    public static let labelLimit = 256

    /// Reads both masks and scores the prediction.
    ///
    /// Without a label, arrays of one label each are scored as masks of all that is not 0, whatever the values. When
    /// either holds several, each label of either is scored by itself, in ascending order and named in `classLabel`; a
    /// label that one of the arrays lacks is an empty mask there.
    /// - Parameters:
    ///   - spacing: the distances between voxel centres along the axes of the arrays, in millimetres.
    ///   - label: the value that is scored.
    ///   - threads: they share the search for surface distances, and with two or more both files are read at the same
    ///     time; no number depends on it.
    public static func metrics(
        reference: String, prediction: String, spacing: [Double], label: Int64? = nil, request: SegmentationRequest,
        threads: Int = 1
    ) throws(LocalFileError) -> [Metric] {
        let files = MaskFilePair(reference: reference, prediction: prediction, threads: threads)
        let found = try files.read(label: label)
        let scoring = try CaseScoring(found, spacing: spacing, request: request, threads: threads)
        if let label { return try scoring.metrics(found, label: label) }
        guard found.labels.contains(.several) else { return try scoring.metrics(found, label: nil) }
        guard let labels = try files.labels(limit: labelLimit) else {
            throw LocalFileError(
                .maskTooManyLabels, .localMaskTooManyLabels(reference, prediction, limit: labelLimit))
        }
        var metrics: [Metric] = []
        for label in labels { metrics += try scoring.metrics(files.read(label: label), label: label) }
        return metrics
    }

    /// How masks are scored.
    private struct CaseScoring {
        let spacing: VoxelSpacing
        let request: SegmentationRequest
        let threads: Int

        init(
            _ masks: MaskFilePair.Masks, spacing: [Double], request: SegmentationRequest, threads: Int
        ) throws(LocalFileError) {
            let (first, second) = (masks.reference.shape, masks.prediction.shape)
            guard first == second else {
                throw LocalFileError(.masksDiffer, .localScoreMasksDiffer(Self.text(first), Self.text(second)))
            }
            guard spacing.count == first.count, let spacing = VoxelSpacing(spacing) else {
                throw LocalFileError(.spacingMismatch, .localScoreSpacing(axes: first.count))
            }
            (self.spacing, self.request, self.threads) = (spacing, request, threads)
        }

        private static func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: "x") }

        func metrics(_ masks: MaskFilePair.Masks, label: Int64?) throws(LocalFileError) -> [Metric] {
            guard
                let metrics = SegmentationMetrics.metrics(
                    reference: masks.reference, prediction: masks.prediction, spacing: spacing, request: request,
                    threads: threads)
            else { throw LocalFileError(.requestInvalid, .localScoreRequestInvalid) }
            guard let label else { return metrics }
            return metrics.map { metric in
                var metric = metric
                metric.classLabel = String(label)
                return metric
            }
        }
    }

    /// What the names stand for.
    public static let definitions: [MetricDefinition] = SegmentationMetrics.definitions
}

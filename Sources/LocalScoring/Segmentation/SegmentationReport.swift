public import Scoring
public import Statistics
import TextCatalogue

/// The scores of one case's segmentation from two mask files: what `concordat score segmentation` prints.
public enum SegmentationReport {
    /// Reads both masks and scores the prediction.
    /// - Parameters:
    ///   - spacing: the distances between voxel centres along the axes of the arrays, in millimetres.
    ///   - label: the value that is scored; nil for all but 0.
    public static func metrics(
        reference: String, prediction: String, spacing: [Double], label: Int64? = nil, request: SegmentationRequest,
        threads: Int = 1
    ) throws(LocalFileError) -> [Metric] {
        let first = try mask(reference, label: label)
        let second = try mask(prediction, label: label)
        guard first.shape == second.shape else {
            throw LocalFileError(.masksDiffer, .localScoreMasksDiffer(shape(first), shape(second)))
        }
        guard spacing.count == first.shape.count, let spacing = VoxelSpacing(spacing) else {
            throw LocalFileError(.spacingMismatch, .localScoreSpacing(axes: first.shape.count))
        }
        guard
            let metrics = SegmentationMetrics.metrics(
                reference: first, prediction: second, spacing: spacing, request: request, threads: threads)
        else { throw LocalFileError(.requestInvalid, .localScoreRequestInvalid) }
        guard let label else { return metrics }
        return metrics.map { metric in
            var metric = metric
            metric.classLabel = String(label)
            return metric
        }
    }

    private static func shape(_ mask: BinaryMask) -> String { mask.shape.map(String.init).joined(separator: "x") }

    private static func mask(_ path: String, label: Int64?) throws(LocalFileError) -> BinaryMask {
        do {
            return try MaskFile.read(path: path, label: label)
        } catch {
            throw LocalFileError(error, path: path)
        }
    }

    /// What the names stand for.
    public static let definitions: [MetricDefinition] = SegmentationMetrics.definitions
}

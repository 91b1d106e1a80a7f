public import Statistics

/// The scores of a case as metrics, by their names in JSON.
public enum SegmentationMetrics {
    /// Computes and names what is asked for, in the order of the definitions; nil when the masks differ in shape or the
    /// request is not valid.
    /// - Parameter threads: how many threads the surface-area distances may use.
    public static func metrics(
        reference: BinaryMask, prediction: BinaryMask, spacing: VoxelSpacing, request: SegmentationRequest,
        threads: Int = 1
    ) -> [Metric]? {
        SegmentationScores(
            reference: reference, prediction: prediction, spacing: spacing, request: request, threads: threads
        )
        .map { metrics(of: $0, isPlanar: reference.isPlanar) }
    }

    /// Names the scores of a case.
    /// - Parameter isPlanar: whether the masks have two dimensions, which the number of neighbours depends on.
    public static func metrics(of scores: SegmentationScores, isPlanar: Bool) -> [Metric] {
        overlap(scores.overlap) + volumes(scores) + (scores.distances.map(distances) ?? [])
            + (scores.boundaryIoU.map { [boundary($0)] } ?? [])
            + (scores.lesions.map { lesions($0, isPlanar: isPlanar) } ?? [])
    }

    /// A decimal number in its shortest form, without a point where it is whole.
    static func text(_ number: Double) -> String { Int(exactly: number).map { String($0) } ?? String(number) }

    private static func overlap(_ counts: OverlapCounts) -> [Metric] {
        let n = counts.voxelCount
        return [
            Metric("dice", counts.dice, n: n), Metric("iou", counts.intersectionOverUnion, n: n),
            Metric("sensitivity", counts.sensitivity, n: counts.referenceCount),
            Metric("specificity", counts.specificity, n: counts.trueNegatives + counts.falsePositives),
            Metric("ppv", counts.positivePredictiveValue, n: counts.predictionCount),
            Metric("tp", value: Double(counts.truePositives), n: n),
            Metric("fp", value: Double(counts.falsePositives), n: n),
            Metric("fn", value: Double(counts.falseNegatives), n: n),
            Metric("tn", value: Double(counts.trueNegatives), n: n),
            Metric("volume_similarity", counts.volumetricSimilarity, n: n),
        ]
    }

    private static func volumes(_ scores: SegmentationScores) -> [Metric] {
        let counts = scores.overlap
        return [
            Metric("volume_reference", value: scores.volumes.reference, n: counts.referenceCount),
            Metric("volume_prediction", value: scores.volumes.prediction, n: counts.predictionCount),
            Metric("volume_error", value: scores.volumes.error, n: counts.voxelCount),
            Metric("volume_error_relative", counts.relativeVolumeError, n: counts.voxelCount),
        ]
    }

    private static func distances(_ distances: CaseDistances) -> [Metric] {
        let definition = distances.definition.rawValue
        let n = distances.borderCount
        let isUsual = distances.percentile == 95
        return [
            Metric("hd", distances.hausdorff, n: n, definition: definition),
            Metric(
                isUsual ? "hd95" : "hdp", distances.hausdorffPercentile, n: n,
                parameters: isUsual ? nil : ["percentile": text(distances.percentile)], definition: definition),
            Metric("assd", distances.averageSymmetric, n: n, definition: definition),
            Metric("masd", distances.meanAverage, n: n, definition: definition),
        ]
            + distances.normalised.map { normalised in
                Metric(
                    "nsd", normalised.value, n: n, parameters: ["tolerance_mm": text(normalised.tolerance)],
                    definition: definition)
            }
    }

    private static func boundary(_ boundary: BoundaryIoU) -> Metric {
        Metric("boundary_iou", boundary.value, n: boundary.union, parameters: ["width_mm": text(boundary.width)])
    }

    private static func lesions(_ lesions: LesionDetection, isPlanar: Bool) -> [Metric] {
        var parameters = ["connectivity": String(lesions.connectivity.neighbours(isPlanar: isPlanar))]
        parameters["iou_threshold"] = lesions.matching.threshold.map(text)
        func metric(_ name: String, _ value: Inferred<Double>, n: Int) -> Metric {
            Metric(name, value, n: n, parameters: parameters, definition: lesions.matching.name)
        }
        let all = lesions.referenceCount + lesions.predictionCount
        return [
            metric("lesion_tp", .value(Double(lesions.truePositives)), n: lesions.referenceCount),
            metric("lesion_fp", .value(Double(lesions.falsePositives)), n: lesions.predictionCount),
            metric("lesion_fn", .value(Double(lesions.falseNegatives)), n: lesions.referenceCount),
            metric("lesion_sensitivity", lesions.sensitivity, n: lesions.referenceCount),
            metric("lesion_precision", lesions.precision, n: lesions.predictionCount),
            metric("lesion_f1", lesions.f1, n: all),
            metric("lesion_dice", lesions.dice, n: lesions.referenceCount),
        ]
    }
}

import Foundation
import LocalScoring
import Scoring
import Statistics
import Synchronization
import Testing

extension ReferenceFamily {
    /// Scores of masks. Programs that mean something else by a name stand side by side in these files; each record is
    /// answered by the definition that its program follows.
    static let segmentation = ReferenceFamily(
        files: ["boxes", "google_surface_distance", "metrics_reloaded", "shapes"].map { "segmentation/\($0).json" }
    ) { record in
        switch record.name {
        case "segmentation_overlap": .value(try SegmentationReference.overlap(record))
        case "metrics_reloaded":
            .skipped(
                record.value["cldice"] == .null
                    ? "the program gives ppv and mcc in single precision; `MetricsReloadedFigures` compares every number"
                    : "clDice needs a skeleton and is not offered; `MetricsReloadedFigures` compares the other numbers")
        case "segmentation_distance", "asserted_in_peer_test": try SegmentationReference.distances(record)
        default: nil
        }
    }
}

/// The masks of a record, and our answer in the form of its program.
enum SegmentationReference {
    struct Case {
        let reference: BinaryMask
        let prediction: BinaryMask
        let spacing: VoxelSpacing
    }

    static let otherProgram = "definition of another program that is not offered"

    /// Border distances by case: the records of several programs and tolerances ask for the same ones.
    private static let measured = Mutex<[String: VoxelBorderDistances]>([:])

    private static func border(_ record: ReferenceRecord, _ masks: Case) throws -> VoxelBorderDistances {
        let key = "\(record.file) \(record.params["case"].text ?? "")"
        if let distances = measured.withLock({ $0[key] }) { return distances }
        let distances = try #require(
            VoxelBorderDistances(reference: masks.reference, prediction: masks.prediction, spacing: masks.spacing))
        measured.withLock { $0[key] = distances }
        return distances
    }

    static func masks(_ record: ReferenceRecord) throws -> Case {
        let input = record.inputs[record.params["case"].text ?? ""]
        let reference: BinaryMask
        let prediction: BinaryMask
        if let path = input["ref"].text {
            reference = try MaskFile.read(path: ReferenceRecord.url(path).path)
            prediction = try MaskFile.read(path: ReferenceRecord.url(input["pred"].text ?? "").path)
        } else if let shape = input["shape"].integers {
            reference = try #require(boxes(input["ref_boxes"], shape: shape))
            prediction = try #require(boxes(input["pred_boxes"], shape: shape))
        } else {
            reference = try #require(array(input["ref"]))
            prediction = try #require(array(input["pred"]))
        }
        let spacing = input["spacing_mm"].numbers ?? reference.shape.map { _ in 1 }
        return Case(reference: reference, prediction: prediction, spacing: try #require(VoxelSpacing(spacing)))
    }

    /// Half-open boxes [lowest corner, highest corner) set on a grid of zeros.
    private static func boxes(_ boxes: JSON, shape: [Int]) -> BinaryMask? {
        guard var mask = BinaryMask(shape: shape) else { return nil }
        for box in boxes.list?.compactMap(\.integers) ?? [] {
            let low = shape.count == 3 ? Array(box[0..<3]) : [0, box[0], box[1]]
            let high = shape.count == 3 ? Array(box[3..<6]) : [1, box[2], box[3]]
            for z in low[0]..<high[0] {
                for y in low[1]..<high[1] { for x in low[2]..<high[2] { mask[z, y, x] = true } }
            }
        }
        return mask
    }

    /// Rows of zeros and ones; a plain list is one row.
    private static func array(_ array: JSON) -> BinaryMask? {
        let rows = array.numbers.map { [$0] } ?? array.list?.compactMap(\.numbers) ?? []
        guard var mask = BinaryMask(shape: [rows.count, rows.first?.count ?? 0]) else { return nil }
        for (y, row) in rows.enumerated() { for (x, value) in row.enumerated() { mask[0, y, x] = value != 0 } }
        return mask
    }

    static func json(_ value: Inferred<Double>) -> JSON { value.value.map { .number($0) } ?? .null }

    static func overlap(_ record: ReferenceRecord) throws -> JSON {
        let masks = try masks(record)
        let counts = try #require(OverlapCounts(reference: masks.reference, prediction: masks.prediction))
        let volumes = MaskVolumes(counts, spacing: masks.spacing)
        return .object([
            "tp": .number(Double(counts.truePositives)), "fp": .number(Double(counts.falsePositives)),
            "fn": .number(Double(counts.falseNegatives)), "tn": .number(Double(counts.trueNegatives)),
            "dice": json(counts.dice), "iou": json(counts.intersectionOverUnion),
            "sensitivity": json(counts.sensitivity), "specificity": json(counts.specificity),
            "ppv": json(counts.positivePredictiveValue), "volume_similarity": json(counts.volumetricSimilarity),
            "ref_volume_mm3": .number(volumes.reference), "pred_volume_mm3": .number(volumes.prediction),
        ])
    }

    static func distances(_ record: ReferenceRecord) throws -> Evaluation? {
        let tool = record.tools.first ?? ""
        if let evaluation = try SurfaceAreaReference.evaluate(record) { return evaluation }
        if record.value["error"] != .null { return .skipped("the program fails on these masks and gives no number") }
        if ["seg-metrics", "simpleitk", "meshmetrics"].contains(where: tool.hasPrefix) {
            return .skipped(otherProgram)
        }
        let masks = try masks(record)
        let tolerance = try #require(record.params["tau_mm"].number)
        let counts = try #require(OverlapCounts(reference: masks.reference, prediction: masks.prediction))
        let border = try border(record, masks)
        switch tool.prefix(while: { $0 != " " }) {
        case "monai": return .value(monai(counts, border, tolerance: tolerance))
        case "medpy":
            return .value(
                .object([
                    "dice": json(counts.dice), "hd": json(border.hausdorff),
                    "hd95": json(border.pooledHausdorff(percent: 95)),
                    "asd_pred_to_ref": json(border.averageFromPrediction),
                    "asd_ref_to_pred": json(border.averageFromReference),
                    "assd": json(border.averageSymmetricDistance),
                ]))
        case "metrics-reloaded":
            if border.emptiness == .bothEmpty {
                return .skipped(
                    "the program takes two empty masks for a perfect match; here they have the reason both-empty")
            }
            return .value(
                .object([
                    "dice": json(counts.dice), "hd": json(border.hausdorff),
                    "hd95": json(border.hausdorff(percent: 95)),
                    "assd": json(border.averageSymmetricDistance), "masd": json(border.meanAverageDistance),
                    "nsd": json(border.normalisedSurfaceDistance(tolerance: tolerance)),
                ]))
        case "panoptica":
            // Its "ASSD" is the mean of the two directed averages, and its NSD that of the two directed parts.
            let parts = [border.fromReference, border.fromPrediction].map {
                Double($0.count(within: tolerance)) / Double($0.total)
            }
            return .value(
                .object([
                    "dice": json(counts.dice), "hd": json(border.hausdorff),
                    "hd95": json(border.pooledHausdorff(percent: 95)), "assd": json(border.meanAverageDistance),
                    "nsd": .number((parts[0] + parts[1]) / 2),
                ]))
        default: return nil
        }
    }

    /// In MONAI's own forms: a distance to an empty mask is infinite, its percentile NaN, and a Dice score without a
    /// reference NaN, where ours has 0 or a reason.
    private static func monai(_ counts: OverlapCounts, _ border: VoxelBorderDistances, tolerance: Double) -> JSON {
        func distance(_ value: Inferred<Double>) -> JSON {
            switch value.undefined {
            case .emptyReference, .emptyPrediction: .text("Infinity")
            default: json(value)
            }
        }
        return .object([
            "dice": counts.referenceCount == 0 ? .null : json(counts.dice), "hd": distance(border.hausdorff),
            "hd95": json(border.hausdorff(percent: 95)), "assd": distance(border.averageSymmetricDistance),
            "nsd": json(border.normalisedSurfaceDistance(tolerance: tolerance)),
        ])
    }

    /// Every number of a record of MetricsReloaded's figures but clDice.
    static func metricsReloaded(_ record: ReferenceRecord) throws -> [String: JSON] {
        let masks = try masks(record)
        let counts = try #require(OverlapCounts(reference: masks.reference, prediction: masks.prediction))
        let confusion = ConfusionCounts(
            tp: counts.truePositives, fp: counts.falsePositives, fn: counts.falseNegatives, tn: counts.trueNegatives)
        var numbers: [String: JSON] = [
            "dsc": json(counts.dice), "iou": json(counts.intersectionOverUnion),
            "sensitivity": json(counts.sensitivity), "specificity": json(counts.specificity),
            "ppv": json(counts.positivePredictiveValue), "mcc": json(confusion.matthews),
            "balanced_accuracy": json(confusion.balancedAccuracy),
        ]
        let border = try border(record, masks)
        let width = try #require(record.params["boundary_dist"].number)
        let boundary = try #require(
            BoundaryIoU(
                reference: masks.reference, prediction: masks.prediction, spacing: masks.spacing,
                width: .millimetres(width)))
        let tolerance = try #require(record.params["tau"].number)
        numbers["hd"] = json(border.hausdorff)
        numbers["hd95"] = json(border.hausdorff(percent: 95))
        numbers["assd"] = json(border.averageSymmetricDistance)
        numbers["masd"] = json(border.meanAverageDistance)
        numbers["nsd_tau1"] = json(border.normalisedSurfaceDistance(tolerance: tolerance))
        numbers["boundary_iou"] = json(boundary.value)
        return numbers
    }
}

@Suite struct MetricsReloadedFigures {
    @Test func everyNumberButTheCentrelineDiceIsReproduced() throws {
        var compared = 0
        for record in try ReferenceFile.records("segmentation/metrics_reloaded.json") {
            let ours = try SegmentationReference.metricsReloaded(record)
            for (name, wanted) in try #require(record.value.fields) where name != "cldice" {
                // The program computes these two in single precision.
                let relative = ["ppv", "mcc"].contains(name) ? 2e-7 : try #require(record.relative)
                let differences = Comparison.differences(
                    try #require(ours[name]), wanted, relative: relative, absolute: 1e-12, at: name)
                #expect(differences.isEmpty, "\(record): \(differences.joined(separator: "; "))")
                compared += 1
            }
        }
        #expect(compared == 79)
    }
}

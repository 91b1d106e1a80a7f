import Scoring
import Statistics

/// The records of surface-distance, of its own test, and of MONAI's surface Dice on subvoxels, which has the same
/// definition.
enum SurfaceAreaReference {
    /// Nil for records of other programs.
    static func evaluate(_ record: ReferenceRecord) throws -> Evaluation? {
        let tool = record.tools.first ?? ""
        let isOurs =
            ["surface-distance", "surface_distance_test.py", "monai-subvoxel"].contains { tool.hasPrefix($0) }
            && ["segmentation_distance", "asserted_in_peer_test"].contains(record.name)
        guard isOurs, let tolerance = record.params["tau_mm"].number else { return nil }
        let masks = try SegmentationReference.masks(record)
        let (reference, prediction) = (masks.reference, masks.prediction)
        guard
            let distances = SurfaceDistances(reference: reference, prediction: prediction, spacing: masks.spacing),
            let overlap = OverlapCounts(reference: reference, prediction: prediction)
        else { return nil }
        let averages = (distances.averageFromReference, distances.averageFromPrediction)
        let overlaps = (
            distances.overlapOfReference(tolerance: tolerance), distances.overlapOfPrediction(tolerance: tolerance)
        )
        let surfaceDice = distances.surfaceDice(tolerance: tolerance)
        let ours: [String: [Inferred<Double>]] = [
            "dice": [overlap.dice], "hd": [distances.hausdorff], "hd100": [distances.hausdorff(percent: 100)],
            "hd95": [distances.hausdorff(percent: 95)], "asd_ref_to_pred": [averages.0],
            "asd_pred_to_ref": [averages.1],
            "asd": [averages.0, averages.1], "assd": [distances.averageSymmetric], "masd": [distances.meanAverage],
            "nsd": [surfaceDice], "nsd_subvoxel": [surfaceDice], "surface_dice": [surfaceDice],
            "overlap_ref": [overlaps.0], "overlap_pred": [overlaps.1], "overlap": [overlaps.0, overlaps.1],
            "surface_area_ref": [.value(distances.referenceArea)],
            "surface_area_pred": [.value(distances.predictionArea)],
        ]
        var fields: [String: JSON] = [:]
        for (key, expected) in record.value.fields ?? [:] {
            guard let values = ours[key] else { return nil }
            if let list = expected.list, list.count == values.count {
                fields[key] = .list(zip(values, list).map { answer($0, $1) })
            } else {
                fields[key] = answer(values[0], expected)
            }
        }
        return .value(.object(fields))
    }

    /// A number that we leave undefined because a mask is empty stands where the program says infinity or NaN, and
    /// nowhere else.
    private static func answer(_ ours: Inferred<Double>, _ expected: JSON) -> JSON {
        switch ours {
        case .value(let value): .number(value)
        case .undefined(.emptyReference), .undefined(.emptyPrediction), .undefined(.bothEmpty):
            expected.number.map { $0.isInfinite ? expected : .null } ?? .null
        case .undefined: .null
        }
    }
}

/// What a score is when a mask is empty. The conventions are one table; nothing decides elsewhere.
///
/// A proportion of agreement is 0 when one mask is empty: a missed structure is a wrong answer, not a missing one. A
/// distance to nothing does not exist. With both masks empty there was nothing to agree on, so that no score has a value;
/// whether such a case counts as right is for the protocol to say (`UndefinedScorePolicy`).
public struct EmptyMaskConvention: Hashable, Sendable {
    /// The metrics that it holds for.
    public let metrics: [String]
    /// What they are when both masks are empty: a number, the code of `Undefined`, or "value" for whatever it comes to.
    public let bothEmpty: String
    /// With an empty reference and a prediction that is not.
    public let emptyReference: String
    /// With an empty prediction and a reference that is not.
    public let emptyPrediction: String
    /// With two masks that share no voxel.
    public let noOverlap: String

    /// Every segmentation metric, once.
    public static let all: [EmptyMaskConvention] = [
        .init(["dice", "iou"], "both-empty", "0", "0", "0"),
        .init(["boundary_iou", "volume_similarity"], "both-empty", "0", "0", "value"),
        .init(["sensitivity"], "both-empty", "empty-reference", "0", "0"),
        .init(["ppv"], "both-empty", "0", "empty-prediction", "0"),
        .init(["specificity"], "1", "value", "1", "value"),
        .init(["tp"], "0", "0", "0", "0"),
        .init(
            ["fp", "fn", "tn", "volume_reference", "volume_prediction", "volume_error"], "value", "value", "value",
            "value"),
        .init(["volume_error_relative"], "both-empty", "empty-reference", "-1", "value"),
        .init(["hd", "hd95", "hdp", "assd", "masd"], "both-empty", "empty-reference", "empty-prediction", "value"),
        .init(["nsd"], "both-empty", "0", "0", "value"),
        .init(["lesion_tp", "lesion_fp", "lesion_fn"], "0", "value", "value", "value"),
        .init(["lesion_sensitivity", "lesion_dice"], "both-empty", "empty-reference", "0", "0"),
        .init(["lesion_precision"], "both-empty", "0", "empty-prediction", "0"),
        .init(["lesion_f1"], "both-empty", "0", "0", "0"),
    ]

    /// The table in Markdown.
    public static var table: String {
        let header = ["metrics", "both empty", "reference empty", "prediction empty", "no overlap"]
        let rows = all.map { row in
            [
                row.metrics.joined(separator: ", "), row.bothEmpty, row.emptyReference, row.emptyPrediction,
                row.noOverlap,
            ]
        }
        return ([header, header.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }

    private init(
        _ metrics: [String], _ bothEmpty: String, _ emptyReference: String, _ emptyPrediction: String,
        _ noOverlap: String
    ) {
        self.metrics = metrics
        self.bothEmpty = bothEmpty
        self.emptyReference = emptyReference
        self.emptyPrediction = emptyPrediction
        self.noOverlap = noOverlap
    }
}

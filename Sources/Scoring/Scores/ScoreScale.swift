/// The range of a score, and which end of it is good.
public enum ScoreScale: Hashable, Sendable {
    /// A proportion, 0…1, of which 1 is best.
    case proportion
    /// A distance in millimetres, of which 0 is best and the length of the case's image diagonal
    /// (`BinaryMask.diagonal(spacing:)`) worst: no distance within the image is longer.
    case distance(diagonal: Double)

    public var best: Double {
        switch self {
        case .proportion: 1
        case .distance: 0
        }
    }

    public var worst: Double {
        switch self {
        case .proportion: 0
        case .distance(let diagonal): diagonal
        }
    }

    /// The scale of a segmentation metric by its name; nil for counts and volumes, which have neither best nor worst.
    public init?(metric name: String, diagonal: Double) {
        switch name {
        case "hd", "hd95", "hdp", "assd", "masd": self = .distance(diagonal: diagonal)
        case "dice", "iou", "sensitivity", "specificity", "ppv", "volume_similarity", "nsd", "boundary_iou",
            "lesion_sensitivity", "lesion_precision", "lesion_f1", "lesion_dice":
            self = .proportion
        default: return nil
        }
    }
}

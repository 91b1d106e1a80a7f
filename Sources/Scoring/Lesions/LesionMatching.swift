/// Which predicted lesion stands for which lesion of the reference. The rule is part of the result's name: the same two
/// masks have other counts under another rule.
public enum LesionMatching: Hashable, Sendable {
    /// A lesion of either mask is found when it shares a voxel with the other mask; one prediction may cover several
    /// lesions of the reference and the other way round.
    case anyOverlap
    /// One to one: the pairs by falling intersection over union, each taken when it is at least the threshold and neither
    /// lesion is taken yet (panoptica's naive threshold matching). Among equal pairs the one whose reference lesion comes
    /// first counts, then whose predicted lesion does. Above 0.5 no lesion has a second candidate.
    case greedyIoU(threshold: Double)

    /// The rule's name.
    public var name: String {
        switch self {
        case .anyOverlap: "any-overlap"
        case .greedyIoU: "greedy-iou"
        }
    }

    /// The least intersection over union, where the rule has one.
    public var threshold: Double? {
        if case .greedyIoU(let threshold) = self { threshold } else { nil }
    }

    /// Whether the threshold is above 0 and at most 1.
    public var isValid: Bool { threshold.map { $0 > 0 && $0 <= 1 } ?? true }

    /// The pairs of lesions, each a lesion of the reference and one of the prediction.
    func pairs(
        of overlaps: [ConnectedComponents.Overlap], reference: ConnectedComponents, prediction: ConnectedComponents
    ) -> [ConnectedComponents.Overlap] {
        guard case .greedyIoU(let threshold) = self else { return overlaps }
        func union(_ pair: ConnectedComponents.Overlap) -> Int {
            reference.sizes[pair.own] + prediction.sizes[pair.other] - pair.voxels
        }
        let candidates = overlaps.filter { Double($0.voxels) / Double(union($0)) >= threshold }
        // By cross products of whole numbers: two quotients could be rounded to the same Double. The sort is stable and
        // the overlaps come in the order of the lesions.
        let ranked = candidates.sorted { first, second in
            let left = first.voxels.multipliedFullWidth(by: union(second))
            let right = second.voxels.multipliedFullWidth(by: union(first))
            if (left.high, left.low) != (right.high, right.low) {
                return (left.high, left.low) > (right.high, right.low)
            }
            return (first.own, first.other) < (second.own, second.other)
        }
        var isTakenInReference = [Bool](repeating: false, count: reference.count)
        var isTakenInPrediction = [Bool](repeating: false, count: prediction.count)
        return ranked.filter { pair in
            guard !isTakenInReference[pair.own], !isTakenInPrediction[pair.other] else { return false }
            isTakenInReference[pair.own] = true
            isTakenInPrediction[pair.other] = true
            return true
        }
    }
}

public import Statistics

/// How many lesions of a reference were found, under a stated connectivity and matching rule: L. Maier-Hein and others
/// (2024), "Metrics reloaded", Nature Methods 21:195, object detection.
public struct LesionDetection: Hashable, Sendable {
    public let connectivity: LesionConnectivity
    public let matching: LesionMatching
    /// Lesions of the reference that were found.
    public let truePositives: Int
    /// Lesions of the reference that were missed.
    public let falseNegatives: Int
    /// Predicted lesions that belong to no lesion of the reference.
    public let falsePositives: Int
    /// Predicted lesions that belong to one; under a one-to-one rule as many as `truePositives`.
    public let matchedPredictions: Int
    /// The Dice score of each lesion of the reference, in the order of their first voxels: with the prediction matched to
    /// it, or under `anyOverlap` with all predicted lesions that touch it together; 0 for a missed lesion.
    public let dicePerLesion: [Double]

    /// Finds and matches the lesions; nil when the masks differ in shape or the rule's threshold is none.
    public init?(
        reference: BinaryMask, prediction: BinaryMask, connectivity: LesionConnectivity, matching: LesionMatching
    ) {
        guard reference.shape == prediction.shape, matching.isValid else { return nil }
        let lesions = ConnectedComponents(of: reference, connectivity: connectivity)
        let predicted = ConnectedComponents(of: prediction, connectivity: connectivity)
        let pairs = matching.pairs(of: lesions.overlaps(with: predicted), reference: lesions, prediction: predicted)
        var shared = [Int](repeating: 0, count: lesions.count)
        var covering = shared
        var isMatched = [Bool](repeating: false, count: predicted.count)
        for pair in pairs {
            shared[pair.own] += pair.voxels
            covering[pair.own] += predicted.sizes[pair.other]
            isMatched[pair.other] = true
        }
        self.connectivity = connectivity
        self.matching = matching
        truePositives = shared.count { $0 > 0 }
        falseNegatives = lesions.count - truePositives
        matchedPredictions = isMatched.count { $0 }
        falsePositives = predicted.count - matchedPredictions
        dicePerLesion = lesions.sizes.indices.map { lesion in
            Double(2 * shared[lesion]) / Double(lesions.sizes[lesion] + covering[lesion])
        }
    }

    /// Lesions of the reference.
    public var referenceCount: Int { truePositives + falseNegatives }
    /// Lesions of the prediction.
    public var predictionCount: Int { matchedPredictions + falsePositives }

    /// Found lesions over lesions of the reference, 0…1; undefined for an empty reference.
    public var sensitivity: Inferred<Double> {
        guard referenceCount > 0 else { return .undefined(predictionCount == 0 ? .bothEmpty : .emptyReference) }
        return .value(Double(truePositives) / Double(referenceCount))
    }

    /// Predicted lesions that belong to a lesion of the reference over all predicted, 0…1; undefined for an empty
    /// prediction.
    public var precision: Inferred<Double> {
        guard predictionCount > 0 else { return .undefined(referenceCount == 0 ? .bothEmpty : .emptyPrediction) }
        return .value(Double(matchedPredictions) / Double(predictionCount))
    }

    /// The harmonic mean of sensitivity and precision, 0…1; under a one-to-one rule 2 TP / (2 TP + FP + FN). 0 when one
    /// mask is empty, undefined when both are.
    public var f1: Inferred<Double> {
        guard referenceCount + predictionCount > 0 else { return .undefined(.bothEmpty) }
        guard truePositives > 0 else { return .value(0) }
        if truePositives == matchedPredictions {
            return .value(Double(2 * truePositives) / Double(2 * truePositives + falsePositives + falseNegatives))
        }
        let sensitivity = Double(truePositives) / Double(referenceCount)
        let precision = Double(matchedPredictions) / Double(predictionCount)
        return .value(2 * sensitivity * precision / (sensitivity + precision))
    }

    /// The mean of `dicePerLesion`, 0…1: missed lesions count 0, predicted lesions without a lesion of the reference do
    /// not count. Undefined for an empty reference.
    public var dice: Inferred<Double> {
        sensitivity.map { _ in dicePerLesion.sorted().reduce(0, +) / Double(referenceCount) }
    }
}

public import Statistics

/// The voxels of two masks by agreement, and every score that follows from the four counts alone.
///
/// The scores are those of A. A. Taha and A. Hanbury (2015), "Metrics for evaluating 3D medical image segmentation:
/// analysis, selection, and tool", BMC Medical Imaging 15:29, section 2. Each is one division of exact integers. What is
/// undefined, and what an empty mask gives, is in `EmptyMaskConvention`.
public struct OverlapCounts: Hashable, Sendable {
    /// In both masks.
    public let truePositives: Int
    /// In the prediction only.
    public let falsePositives: Int
    /// In the reference only.
    public let falseNegatives: Int
    /// In neither.
    public let trueNegatives: Int

    /// Counts the voxels; nil when the masks differ in shape.
    public init?(reference: BinaryMask, prediction: BinaryMask) {
        guard reference.shape == prediction.shape else { return nil }
        var both = 0
        var inReference = 0
        var inPrediction = 0
        reference.words.withUnsafeBufferPointer { reference in
            prediction.words.withUnsafeBufferPointer { prediction in
                for index in 0..<reference.count {
                    let r = reference[index]
                    let p = prediction[index]
                    // Most words of an image are background, and of the others most are the same in both.
                    if r | p == 0 { continue }
                    let count = r.nonzeroBitCount
                    inReference += count
                    if r == p {
                        inPrediction += count
                        both += count
                    } else {
                        inPrediction += p.nonzeroBitCount
                        both += (r & p).nonzeroBitCount
                    }
                }
            }
        }
        truePositives = both
        falsePositives = inPrediction - both
        falseNegatives = inReference - both
        trueNegatives = reference.depth * reference.height * reference.width - inReference - falsePositives
    }

    /// Voxels of the reference.
    public var referenceCount: Int { truePositives + falseNegatives }
    /// Voxels of the prediction.
    public var predictionCount: Int { truePositives + falsePositives }
    /// Voxels of the image.
    public var voxelCount: Int { referenceCount + falsePositives + trueNegatives }

    /// Which of the masks hold nothing; nil when both hold something.
    public var emptiness: Undefined? {
        switch (referenceCount, predictionCount) {
        case (0, 0): .bothEmpty
        case (0, _): .emptyReference
        case (_, 0): .emptyPrediction
        default: nil
        }
    }

    /// 2 TP / (2 TP + FP + FN), 0…1: L. R. Dice (1945), Ecology 26:297. 0 when one mask is empty.
    public var dice: Inferred<Double> {
        ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives, otherwise: .bothEmpty)
    }

    /// Intersection over union, TP / (TP + FP + FN), 0…1: P. Jaccard (1912), New Phytologist 11:37. 0 when one mask is
    /// empty.
    public var intersectionOverUnion: Inferred<Double> {
        ratio(truePositives, truePositives + falsePositives + falseNegatives, otherwise: .bothEmpty)
    }

    /// Sensitivity, also called recall, TP / (TP + FN), 0…1; undefined for an empty reference.
    public var sensitivity: Inferred<Double> {
        ratio(truePositives, referenceCount, otherwise: emptiness ?? .emptyReference)
    }

    /// TN / (TN + FP), 0…1; undefined when the reference fills the image. It depends on how much background the image
    /// shows.
    public var specificity: Inferred<Double> {
        ratio(trueNegatives, trueNegatives + falsePositives, otherwise: .zeroDenominator)
    }

    /// The positive predictive value, also called precision, TP / (TP + FP), 0…1; undefined for an empty prediction.
    public var positivePredictiveValue: Inferred<Double> {
        ratio(truePositives, predictionCount, otherwise: emptiness ?? .emptyPrediction)
    }

    /// 1 − |FN − FP| / (2 TP + FP + FN), 0…1 (Taha and Hanbury, equation 21): 1 for equal volumes, wherever they lie.
    public var volumetricSimilarity: Inferred<Double> {
        let sum = referenceCount + predictionCount
        return ratio(sum - abs(falseNegatives - falsePositives), sum, otherwise: .bothEmpty)
    }

    /// (prediction − reference) / reference, −1 or more: above 0 where the prediction is larger; undefined for an empty
    /// reference.
    public var relativeVolumeError: Inferred<Double> {
        ratio(falsePositives - falseNegatives, referenceCount, otherwise: emptiness ?? .emptyReference)
    }

    /// The numerator over the denominator, or the reason when that is 0.
    private func ratio(_ numerator: Int, _ denominator: Int, otherwise reason: Undefined) -> Inferred<Double> {
        denominator == 0 ? .undefined(reason) : .value(Double(numerator) / Double(denominator))
    }
}

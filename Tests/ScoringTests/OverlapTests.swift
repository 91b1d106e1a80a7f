import Scoring
import Statistics
import Testing

@Suite struct OverlapTests {
    @Test func countsAreThoseOfVoxelByVoxelComparison() throws {
        for pair in MaskPair.random(count: 80, seed: 1) {
            let reference = Set(pair.reference.voxels)
            let prediction = Set(pair.prediction.voxels)
            let counts = try #require(OverlapCounts(reference: pair.reference, prediction: pair.prediction))
            #expect(counts.truePositives == reference.intersection(prediction).count)
            #expect(counts.falsePositives == prediction.subtracting(reference).count)
            #expect(counts.falseNegatives == reference.subtracting(prediction).count)
            #expect(counts.voxelCount == pair.reference.shape.reduce(1, *))
        }
    }

    @Test func masksOfDifferentShapesHaveNoCounts() {
        #expect(OverlapCounts(reference: BinaryMask(shape: [4, 5])!, prediction: BinaryMask(shape: [5, 4])!) == nil)
        #expect(
            OverlapCounts(reference: BinaryMask(shape: [4, 5])!, prediction: BinaryMask(shape: [1, 4, 5])!) == nil)
    }

    @Test func scoresAreTheFormulasOfTheirCounts() throws {
        let shape = [2, 4, 10]
        let reference = BinaryMask.box(shape: shape, from: Voxel(z: 0, y: 0, x: 0), to: Voxel(z: 0, y: 3, x: 4))
        let prediction = BinaryMask.box(shape: shape, from: Voxel(z: 0, y: 0, x: 2), to: Voxel(z: 0, y: 3, x: 5))
        let counts = try #require(OverlapCounts(reference: reference, prediction: prediction))
        // 20 voxels against 16, 12 of them in common, in an image of 80.
        #expect(counts.dice == .value(24.0 / 36))
        #expect(counts.intersectionOverUnion == .value(12.0 / 24))
        #expect(counts.sensitivity == .value(12.0 / 20))
        #expect(counts.specificity == .value(56.0 / 60))
        #expect(counts.positivePredictiveValue == .value(12.0 / 16))
        #expect(counts.volumetricSimilarity == .value(1 - 4.0 / 36))
        #expect(counts.relativeVolumeError == .value(-4.0 / 20))
        let volumes = MaskVolumes(counts, spacing: VoxelSpacing([2.5, 0.5, 2])!)
        #expect(volumes.reference == 50)
        #expect(volumes.prediction == 40)
        #expect(volumes.error == -10)
    }

    @Test func swappingTheMasksKeepsDiceAndExchangesSensitivityWithPrecision() throws {
        for pair in MaskPair.random(count: 40, seed: 2) {
            let one = try #require(OverlapCounts(reference: pair.reference, prediction: pair.prediction))
            let other = try #require(OverlapCounts(reference: pair.prediction, prediction: pair.reference))
            #expect(one.dice == other.dice)
            #expect(one.volumetricSimilarity == other.volumetricSimilarity)
            #expect(one.sensitivity.value == other.positivePredictiveValue.value)
        }
    }

    @Test func aReferenceThatFillsTheImageHasNoSpecificity() throws {
        let full = BinaryMask.box(shape: [3, 3], from: Voxel(z: 0, y: 0, x: 0), to: Voxel(z: 0, y: 2, x: 2))
        let counts = try #require(OverlapCounts(reference: full, prediction: full))
        #expect(counts.specificity == .undefined(.zeroDenominator))
        #expect(counts.dice == .value(1))
    }
}

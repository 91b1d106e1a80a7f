import Scoring
import Statistics
import Testing

@Suite struct UndefinedScorePolicyTests {
    private static let spacing = VoxelSpacing([2.5, 1, 1])!
    private static let shape = [8, 24, 24]

    /// Structures with predictions that lie further off from one to the next.
    private static let cases: [(reference: BinaryMask, prediction: BinaryMask)] = (0..<6).map { shift in
        let reference = BinaryMask.box(shape: shape, from: Voxel(z: 1, y: 1, x: 1), to: Voxel(z: 4, y: 9, x: 9))
        let prediction = BinaryMask.box(
            shape: shape, from: Voxel(z: 1, y: 1, x: 1 + 2 * shift), to: Voxel(z: 4, y: 9, x: 9 + 2 * shift))
        return (reference, prediction)
    }

    /// The average over all structures when the predictions of some are missing.
    private func average(
        _ metric: String, missing: Set<Int>, policy: UndefinedScorePolicy
    ) throws -> ScoreAverage {
        let request = SegmentationRequest(
            distances: .voxelBorder, tolerances: [1], boundaryWidth: .millimetres(2), lesions: .init())
        return ScoreAverage(
            try Self.cases.enumerated().map { index, masks in
                let prediction = missing.contains(index) ? BinaryMask(shape: Self.shape)! : masks.prediction
                let scores = try #require(
                    SegmentationMetrics.metrics(
                        reference: masks.reference, prediction: prediction, spacing: Self.spacing, request: request))
                let score = try #require(scores.first { $0.name == metric })
                let reason = score.undefined.flatMap(Undefined.init) ?? .badArgument
                let scale = try #require(
                    ScoreScale(metric: metric, diagonal: prediction.diagonal(spacing: Self.spacing)))
                return (score.value.map { .value($0) } ?? .undefined(reason), scale)
            }, policy: policy)
    }

    @Test(arguments: ["hd", "hd95", "assd", "masd"])
    func missingMoreStructuresNeverImprovesTheMeanDistance(metric: String) throws {
        for policy in [UndefinedScorePolicy.worstCase, .bestCaseWhenBothEmpty] {
            var missing: Set<Int> = []
            var last = try #require(try average(metric, missing: missing, policy: policy).mean.value)
            // The worst ones first: that is what would improve a mean without them.
            for index in Self.cases.indices.reversed() {
                missing.insert(index)
                let next = try average(metric, missing: missing, policy: policy)
                #expect(try #require(next.mean.value) > last)
                #expect(next.replaced == [.emptyPrediction: missing.count])
                last = try #require(next.mean.value)
            }
        }
    }

    @Test(arguments: [
        "dice", "iou", "sensitivity", "ppv", "nsd", "boundary_iou", "lesion_sensitivity", "lesion_precision",
    ])
    func missingMoreStructuresNeverImprovesTheMeanAgreement(metric: String) throws {
        var missing: Set<Int> = []
        var last = try #require(try average(metric, missing: missing, policy: .worstCase).mean.value)
        for index in Self.cases.indices.reversed() {
            missing.insert(index)
            let next = try #require(try average(metric, missing: missing, policy: .worstCase).mean.value)
            #expect(next <= last)
            last = next
        }
        #expect(last == 0)
    }

    @Test func leavingOutWhatIsUndefinedRewardsMissesAndSaysSo() throws {
        // MONAI's mean HD95 gets better when the worst structures are missed; here it needs the protocol's word, and the
        // average says how many cases it does not speak of.
        let all = try average("hd95", missing: [], policy: .excluded)
        let some = try average("hd95", missing: [4, 5], policy: .excluded)
        #expect(try #require(some.mean.value) < (try #require(all.mean.value)))
        #expect(some.excluded == [.emptyPrediction: 2])
        #expect(some.counted == 4)
        #expect(all.excluded.isEmpty)
    }

    @Test func twoEmptyMasksCountAsTheProtocolSays() {
        let score: [(score: Inferred<Double>, scale: ScoreScale)] = [
            (.undefined(.bothEmpty), .proportion), (.value(0.5), .proportion),
        ]
        #expect(ScoreAverage(score, policy: .worstCase).mean == .value(0.25))
        #expect(ScoreAverage(score, policy: .bestCaseWhenBothEmpty).mean == .value(0.75))
        #expect(ScoreAverage(score, policy: .excluded).mean == .value(0.5))
        let distance: [(score: Inferred<Double>, scale: ScoreScale)] = [
            (.undefined(.bothEmpty), .distance(diagonal: 200)), (.undefined(.emptyReference), .distance(diagonal: 100)),
        ]
        #expect(ScoreAverage(distance, policy: .bestCaseWhenBothEmpty).mean == .value(50))
        #expect(ScoreAverage(distance, policy: .worstCase).mean == .value(150))
        #expect(ScoreAverage(distance, policy: .excluded).mean == .undefined(.noCases))
    }

    @Test func noDistanceWithinAnImageIsLongerThanItsDiagonal() throws {
        let spacing = Self.spacing
        let one = BinaryMask(shape: Self.shape, voxels: [Voxel(z: 0, y: 0, x: 0)])
        let other = BinaryMask(shape: Self.shape, voxels: [Voxel(z: 7, y: 23, x: 23)])
        for definition in DistanceDefinition.allCases {
            let scores = try #require(
                SegmentationScores(
                    reference: one, prediction: other, spacing: spacing, request: .init(distances: definition)))
            let hausdorff = try #require(scores.distances?.hausdorff.value)
            #expect(hausdorff < one.diagonal(spacing: spacing))
            #expect(hausdorff > 0.9 * one.diagonal(spacing: spacing))
        }
    }

    @Test func theMeanDoesNotDependOnTheOrderOfTheCases() {
        var generator = SplitMix(state: 12)
        let scores: [(score: Inferred<Double>, scale: ScoreScale)] = (0..<200).map { _ in
            (.value(.random(in: 0...1, using: &generator)), .proportion)
        }
        let mean = ScoreAverage(scores, policy: .worstCase).mean
        for _ in 0..<10 {
            #expect(ScoreAverage(scores.shuffled(using: &generator), policy: .worstCase).mean == mean)
        }
    }
}

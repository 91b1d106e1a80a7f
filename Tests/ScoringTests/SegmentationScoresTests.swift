import Scoring
import Statistics
import Testing

@Suite struct SegmentationScoresTests {
    private static let shape = [6, 12, 12]
    private static let spacing = VoxelSpacing([2.5, 0.7, 0.7])!
    private static let empty = BinaryMask(shape: shape)!
    private static let left = BinaryMask.box(
        shape: shape, from: Voxel(z: 1, y: 2, x: 1), to: Voxel(z: 3, y: 6, x: 4))
    private static let right = BinaryMask.box(
        shape: shape, from: Voxel(z: 1, y: 2, x: 6), to: Voxel(z: 4, y: 6, x: 9))

    private func request(_ definition: DistanceDefinition, percentile: Double = 95) -> SegmentationRequest {
        SegmentationRequest(
            distances: definition, percentile: percentile, tolerances: [1, 2.5], boundaryWidth: .millimetres(1),
            lesions: .init())
    }

    private func metrics(
        _ reference: BinaryMask, _ prediction: BinaryMask, _ request: SegmentationRequest
    ) throws -> [Metric] {
        try #require(
            SegmentationMetrics.metrics(
                reference: reference, prediction: prediction, spacing: Self.spacing, request: request))
    }

    @Test(arguments: DistanceDefinition.allCases, [95.0, 90])
    func emptyMasksGiveWhatTheTableOfConventionsSays(definition: DistanceDefinition, percentile: Double) throws {
        let cases: [(BinaryMask, BinaryMask, KeyPath<EmptyMaskConvention, String>)] = [
            (Self.empty, Self.empty, \.bothEmpty), (Self.empty, Self.left, \.emptyReference),
            (Self.left, Self.empty, \.emptyPrediction), (Self.left, Self.right, \.noOverlap),
        ]
        for (reference, prediction, column) in cases {
            for metric in try metrics(reference, prediction, request(definition, percentile: percentile)) {
                let rows = EmptyMaskConvention.all.filter { $0.metrics.contains(metric.name) }
                #expect(rows.count == 1, "\(metric.name)")
                let expected = try #require(rows.first)[keyPath: column]
                if expected == "value" {
                    #expect(metric.value != nil, "\(metric.name)")
                } else if let number = Double(expected) {
                    #expect(metric.value == number, "\(metric.name)")
                } else {
                    #expect(metric.undefined == expected, "\(metric.name)")
                }
            }
        }
    }

    @Test func noScoreOfAnEmptyMaskIsPerfect() throws {
        // seg-metrics gives a missed structure 0 mm, a perfect distance.
        for definition in DistanceDefinition.allCases {
            for (reference, prediction) in [(Self.empty, Self.left), (Self.left, Self.empty), (Self.empty, Self.empty)]
            {
                for metric in try metrics(reference, prediction, request(definition)) {
                    guard let scale = ScoreScale(metric: metric.name, diagonal: 100), metric.name != "specificity"
                    else {
                        continue
                    }
                    #expect(metric.value != scale.best, "\(metric.name)")
                }
            }
        }
    }

    @Test(arguments: DistanceDefinition.allCases)
    func everyMetricIsExplainedOnceAndCarriesTheNameOfItsDefinition(definition: DistanceDefinition) throws {
        for percentile in [95.0, 90] {
            for metric in try metrics(Self.left, Self.right, request(definition, percentile: percentile)) {
                let explained = SegmentationMetrics.definitions.filter { $0.describes(metric) }
                #expect(explained.count == 1, "\(metric.name)")
                if ["hd", "hd95", "hdp", "assd", "masd", "nsd"].contains(metric.name) {
                    #expect(metric.definition == definition.rawValue)
                }
            }
        }
    }

    @Test func everyDefinitionIsOfAMetricThatCanBeAskedFor() throws {
        var emitted: [Metric] = []
        for definition in DistanceDefinition.allCases {
            for percentile in [95.0, 90] {
                var request = request(definition, percentile: percentile)
                emitted += try metrics(Self.left, Self.right, request)
                request.lesions = .init(connectivity: .faces, matching: .greedyIoU(threshold: 0.5))
                emitted += try metrics(Self.left, Self.right, request)
            }
        }
        for definition in SegmentationMetrics.definitions {
            #expect(emitted.contains { definition.describes($0) }, "\(definition.name) \(definition.definition ?? "")")
        }
    }

    @Test func percentilesAndTolerancesAreNamedWithTheirNumbers() throws {
        let usual = try metrics(Self.left, Self.right, request(.voxelBorder))
        #expect(usual.contains { $0.name == "hd95" && $0.parameters == nil })
        #expect(!usual.contains { $0.name == "hdp" })
        #expect(
            usual.filter { $0.name == "nsd" }.map(\.parameters) == [["tolerance_mm": "1"], ["tolerance_mm": "2.5"]])
        let other = try metrics(Self.left, Self.right, request(.voxelBorder, percentile: 99.5))
        #expect(other.contains { $0.name == "hdp" && $0.parameters == ["percentile": "99.5"] })
        #expect(!other.contains { $0.name == "hd95" })
        let lesion = try #require(other.first { $0.name == "lesion_f1" })
        #expect(lesion.definition == "any-overlap")
        #expect(lesion.parameters == ["connectivity": "26"])
    }

    @Test func onlyWhatIsAskedForIsComputed() throws {
        let few = try metrics(Self.left, Self.right, SegmentationRequest(distances: nil))
        #expect(few.count == 14)
        let scores = try #require(
            SegmentationScores(
                reference: Self.left, prediction: Self.right, spacing: Self.spacing, request: SegmentationRequest()))
        #expect(scores.distances?.definition == .surfaceArea)
        #expect(scores.boundaryIoU == nil)
        #expect(scores.lesions == nil)
    }

    @Test func theDefinitionsDisagreeOnTheSameMasks() throws {
        // A mean of one definition beside that of another would compare programs, not models.
        let values = try DistanceDefinition.allCases.map { definition in
            try #require(
                try metrics(Self.left, Self.right, request(definition, percentile: 60)).first { $0.name == "hdp" }?
                    .value)
        }
        #expect(Set(values).count == 3, "\(values)")
    }

    @Test func requestsWithNumbersOutsideTheirRangeGiveNothing() {
        var requests = [SegmentationRequest](repeating: .init(), count: 5)
        requests[0].percentile = 101
        requests[1].tolerances = [1, -1]
        requests[2].tolerances = [.infinity]
        requests[3].boundaryWidth = .diagonalFraction(0)
        requests[4].lesions = .init(connectivity: .faces, matching: .greedyIoU(threshold: 2))
        for request in requests {
            #expect(
                SegmentationScores(
                    reference: Self.left, prediction: Self.right, spacing: Self.spacing, request: request) == nil)
        }
        #expect(
            SegmentationScores(
                reference: Self.left, prediction: BinaryMask(shape: [6, 12, 13])!, spacing: Self.spacing,
                request: .init()) == nil)
    }

    @Test func theAverageSurfaceDistanceIsNotTheAverageHausdorffDistance() throws {
        // SimpleITK's "average Hausdorff distance" averages over all voxels of the masks, most of which are common and
        // so at 0: it is a tenth of the ASSD here and would pass for a better model.
        let reference = BinaryMask.box(shape: [40, 40], from: Voxel(z: 0, y: 2, x: 2), to: Voxel(z: 0, y: 31, x: 31))
        let prediction = BinaryMask.box(shape: [40, 40], from: Voxel(z: 0, y: 2, x: 2), to: Voxel(z: 0, y: 31, x: 35))
        let beyond = (1...4).map { Double($0) * 30 }.reduce(0, +)
        let averageHausdorff = beyond / Double(prediction.count)
        let distances = try #require(
            VoxelBorderDistances(reference: reference, prediction: prediction, spacing: VoxelSpacing([1, 1])!))
        let assd = try #require(distances.averageSymmetricDistance.value)
        #expect(assd > 3 * averageHausdorff)
    }
}

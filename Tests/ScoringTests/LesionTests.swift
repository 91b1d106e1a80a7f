import Scoring
import Statistics
import Testing

@Suite struct LesionTests {
    /// The lesions of a mask by flood filling, each a set of voxels, in the order of their first voxel.
    private func flooded(_ mask: BinaryMask, neighbours: Int) -> [Set<Voxel>] {
        let axes =
            switch neighbours {
            case 4, 6: 1
            case 8, 18: 2
            default: 3
            }
        var left = Set(mask.voxels)
        var lesions: [Set<Voxel>] = []
        for seed in mask.voxels where left.contains(seed) {
            var lesion: Set<Voxel> = [seed]
            var edge = [seed]
            left.remove(seed)
            while let voxel = edge.popLast() {
                for dz in (mask.isPlanar ? 0...0 : -1...1) {
                    for dy in -1...1 {
                        for dx in -1...1 where abs(dz) + abs(dy) + abs(dx) <= axes {
                            let next = Voxel(z: voxel.z + dz, y: voxel.y + dy, x: voxel.x + dx)
                            if left.remove(next) != nil {
                                lesion.insert(next)
                                edge.append(next)
                            }
                        }
                    }
                }
            }
            lesions.append(lesion)
        }
        return lesions
    }

    private func detect(
        _ pair: MaskPair, _ connectivity: LesionConnectivity, _ matching: LesionMatching
    ) throws -> LesionDetection {
        try #require(
            LesionDetection(
                reference: pair.reference, prediction: pair.prediction, connectivity: connectivity, matching: matching))
    }

    @Test func lesionsAreThoseOfFloodFilling() {
        for pair in MaskPair.random(count: 120, seed: 9) {
            for connectivity in LesionConnectivity.allCases {
                let neighbours = connectivity.neighbours(isPlanar: pair.reference.isPlanar)
                let lesions = ConnectedComponents(of: pair.reference, connectivity: connectivity)
                #expect(lesions.sizes == flooded(pair.reference, neighbours: neighbours).map(\.count))
            }
        }
    }

    @Test func twoVoxelsHangTogetherAsTheirConnectivitySays() {
        let shape = [3, 3, 3]
        let centre = Voxel(z: 1, y: 1, x: 1)
        for z in 0..<3 {
            for y in 0..<3 {
                for x in 0..<3 where (z, y, x) != (1, 1, 1) {
                    let mask = BinaryMask(shape: shape, voxels: [centre, Voxel(z: z, y: y, x: x)])
                    let axes = [z, y, x].count { $0 != 1 }
                    for (connectivity, reach) in [(LesionConnectivity.faces, 1), (.edges, 2), (.corners, 3)] {
                        let count = ConnectedComponents(of: mask, connectivity: connectivity).count
                        #expect(count == (axes <= reach ? 1 : 2))
                    }
                }
            }
        }
    }

    @Test func neighboursNameTheConnectivityOfTheirDimension() {
        for isPlanar in [true, false] {
            let known = LesionConnectivity.allCases.map { $0.neighbours(isPlanar: isPlanar) }
            #expect(known == (isPlanar ? [4, 8, 8] : [6, 18, 26]))
            for neighbours in 0...30 {
                let connectivity = LesionConnectivity(neighbours: neighbours, isPlanar: isPlanar)
                #expect((connectivity != nil) == known.contains(neighbours))
                if let connectivity { #expect(connectivity.neighbours(isPlanar: isPlanar) == neighbours) }
            }
        }
    }

    @Test func anyOverlapFindsWhatTouchesTheOtherMask() throws {
        for pair in MaskPair.random(count: 80, seed: 10) {
            let lesions = flooded(pair.reference, neighbours: pair.reference.isPlanar ? 4 : 6)
            let predicted = flooded(pair.prediction, neighbours: pair.reference.isPlanar ? 4 : 6)
            let detection = try detect(pair, .faces, .anyOverlap)
            #expect(
                detection.truePositives
                    == lesions.count { lesion in predicted.contains { !$0.isDisjoint(with: lesion) } })
            #expect(detection.referenceCount == lesions.count)
            #expect(
                detection.falsePositives == predicted.count { one in lesions.allSatisfy { $0.isDisjoint(with: one) } })
            #expect(detection.predictionCount == predicted.count)
            let dice = lesions.map { lesion in
                let touching = predicted.filter { !$0.isDisjoint(with: lesion) }
                let shared = touching.reduce(0) { $0 + $1.intersection(lesion).count }
                return Double(2 * shared) / Double(lesion.count + touching.reduce(0) { $0 + $1.count })
            }
            #expect(detection.dicePerLesion == dice)
        }
    }

    @Test func greedyMatchingIsOneToOneAndTakesTheBestPairFirst() throws {
        for pair in MaskPair.random(count: 80, seed: 11) {
            for threshold in [0.01, 0.3, 0.5, 1] {
                let lesions = flooded(pair.reference, neighbours: pair.reference.isPlanar ? 8 : 26)
                let predicted = flooded(pair.prediction, neighbours: pair.reference.isPlanar ? 8 : 26)
                var candidates: [(iou: Double, lesion: Int, other: Int)] = []
                for (i, lesion) in lesions.enumerated() {
                    for (j, other) in predicted.enumerated() where !lesion.isDisjoint(with: other) {
                        let shared = Double(lesion.intersection(other).count)
                        let iou = shared / (Double(lesion.count + other.count) - shared)
                        if iou >= threshold { candidates.append((iou, i, j)) }
                    }
                }
                candidates.sort {
                    $0.iou > $1.iou || ($0.iou == $1.iou && ($0.lesion, $0.other) < ($1.lesion, $1.other))
                }
                var taken: [Int: Int] = [:]
                for candidate in candidates
                where taken[candidate.lesion] == nil && !taken.values.contains(candidate.other) {
                    taken[candidate.lesion] = candidate.other
                }
                let detection = try detect(pair, .corners, .greedyIoU(threshold: threshold))
                #expect(detection.truePositives == taken.count)
                #expect(detection.matchedPredictions == taken.count)
                #expect(detection.falseNegatives == lesions.count - taken.count)
                #expect(detection.falsePositives == predicted.count - taken.count)
            }
        }
    }

    @Test func onePredictionOverTwoLesionsFindsBothByOverlapButOneByMatching() throws {
        let shape = [5, 40]
        func bar(_ first: Int, _ last: Int) -> BinaryMask {
            .box(shape: shape, from: Voxel(z: 0, y: 2, x: first), to: Voxel(z: 0, y: 2, x: last))
        }
        var reference = bar(0, 9)
        for x in 12...19 { reference[0, 2, x] = true }
        let pair = MaskPair(reference: reference, prediction: bar(0, 19), spacing: VoxelSpacing([1, 1])!)
        let overlapping = try detect(pair, .corners, .anyOverlap)
        #expect(overlapping.truePositives == 2)
        #expect(overlapping.falsePositives == 0)
        #expect(overlapping.precision == .value(1))
        #expect(overlapping.f1 == .value(1))
        let matched = try detect(pair, .corners, .greedyIoU(threshold: 0.4))
        #expect(matched.truePositives == 1)
        #expect(matched.falseNegatives == 1)
        #expect(matched.sensitivity == .value(0.5))
        #expect(matched.f1 == .value(2.0 / 3))
        #expect(matched.dicePerLesion == [20.0 / 30, 0])
        #expect(matched.dice == .value(20.0 / 60))
        // At 0.5 the pair is taken (10 of 20 voxels), just above it is not.
        #expect(try detect(pair, .corners, .greedyIoU(threshold: 0.5)).truePositives == 1)
        #expect(try detect(pair, .corners, .greedyIoU(threshold: 0.5.nextUp)).truePositives == 0)
    }

    @Test func aThresholdThatIsNoneGivesNothing() {
        let mask = BinaryMask(shape: [3, 3])!
        for threshold in [0, -0.1, 1.1, Double.nan] {
            let rule = LesionMatching.greedyIoU(threshold: threshold)
            #expect(LesionDetection(reference: mask, prediction: mask, connectivity: .faces, matching: rule) == nil)
        }
    }
}

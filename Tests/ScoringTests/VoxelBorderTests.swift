import Scoring
import Statistics
import Testing

/// The voxel-border definitions from first principles, for masks small enough to compare everything with everything.
private struct BruteForceBorder {
    let fromReference: [Double]
    let fromPrediction: [Double]

    init(_ pair: MaskPair) {
        let reference = Self.border(pair.reference)
        let prediction = Self.border(pair.prediction)
        fromReference = Self.distances(from: reference, to: prediction, pair.spacing)
        fromPrediction = Self.distances(from: prediction, to: reference, pair.spacing)
    }

    static func border(_ mask: BinaryMask) -> [Voxel] {
        func isSet(_ z: Int, _ y: Int, _ x: Int) -> Bool {
            (0..<mask.depth).contains(z) && (0..<mask.height).contains(y) && (0..<mask.width).contains(x)
                && mask[z, y, x]
        }
        return mask.voxels.filter { voxel in
            let (z, y, x) = (voxel.z, voxel.y, voxel.x)
            let inSlice = isSet(z, y - 1, x) && isSet(z, y + 1, x) && isSet(z, y, x - 1) && isSet(z, y, x + 1)
            return !(inSlice && (mask.isPlanar || isSet(z - 1, y, x) && isSet(z + 1, y, x)))
        }
    }

    static func distances(from: [Voxel], to: [Voxel], _ spacing: VoxelSpacing) -> [Double] {
        from.compactMap { voxel in
            to.map { other in
                let z = Double(voxel.z - other.z) * spacing.z
                let y = Double(voxel.y - other.y) * spacing.y
                let x = Double(voxel.x - other.x) * spacing.x
                return z * z + y * y + x * x
            }
            .min()?.squareRoot()
        }
        .sorted()
    }

    static func percentile(_ sorted: [Double], _ percent: Double) -> Double {
        let position = percent / 100 * Double(sorted.count - 1)
        let low = Int(position)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (sorted[high] - sorted[low]) * (position - Double(low))
    }
}

@Suite struct VoxelBorderTests {
    private func close(_ ours: Inferred<Double>, _ theirs: Double) -> Bool {
        ours.value.map { abs($0 - theirs) <= 1e-12 * max(abs(theirs), 1) } ?? false
    }

    @Test func borderIsWhatAFaceNeighbourLeaves() {
        for pair in MaskPair.random(count: 80, seed: 3) {
            #expect(pair.reference.border.voxels == BruteForceBorder.border(pair.reference))
        }
    }

    @Test func distancesAreThoseOfEveryVoxelWithEveryOther() throws {
        var compared = 0
        for pair in MaskPair.random(count: 240, seed: 4) {
            let distances = try #require(
                VoxelBorderDistances(reference: pair.reference, prediction: pair.prediction, spacing: pair.spacing))
            guard distances.emptiness == nil else { continue }
            compared += 1
            let brute = BruteForceBorder(pair)
            let (one, other) = (brute.fromReference, brute.fromPrediction)
            let pooled = (one + other).sorted()
            #expect(close(distances.hausdorff, pooled.last!))
            for percent in [0.0, 50, 90, 95, 99.5, 100] {
                let directed = max(
                    BruteForceBorder.percentile(one, percent), BruteForceBorder.percentile(other, percent))
                #expect(close(distances.hausdorff(percent: percent), directed))
                #expect(
                    close(distances.pooledHausdorff(percent: percent), BruteForceBorder.percentile(pooled, percent)))
            }
            let sums = (one.reduce(0, +), other.reduce(0, +))
            #expect(close(distances.averageFromReference, sums.0 / Double(one.count)))
            #expect(close(distances.averageFromPrediction, sums.1 / Double(other.count)))
            #expect(close(distances.averageSymmetricDistance, (sums.0 + sums.1) / Double(pooled.count)))
            #expect(
                close(distances.meanAverageDistance, (sums.0 / Double(one.count) + sums.1 / Double(other.count)) / 2))
            for tolerance in [0, 1, 2.5, 7] {
                let within = pooled.count { $0 <= tolerance }
                #expect(
                    close(
                        distances.normalisedSurfaceDistance(tolerance: tolerance),
                        Double(within) / Double(pooled.count)))
            }
        }
        #expect(compared > 150)
    }

    @Test func voxelsFarFromEverythingAreMeasuredExactly() throws {
        // Farther than the rows and columns that are looked through first, along each axis and askew.
        let shape = [60, 90, 300]
        let spacing = try #require(VoxelSpacing([2.5, 0.7, 0.9]))
        let prediction = BinaryMask(
            shape: shape, voxels: [Voxel(z: 1, y: 2, x: 3), Voxel(z: 55, y: 80, x: 290), Voxel(z: 30, y: 2, x: 150)])
        let ball = Voxel(z: 20, y: 70, x: 100)
        let reference = BinaryMask.box(
            shape: shape, from: ball, to: Voxel(z: ball.z + 6, y: ball.y + 6, x: ball.x + 6))
        let distances = try #require(
            VoxelBorderDistances(reference: reference, prediction: prediction, spacing: spacing))
        let brute = BruteForceBorder(MaskPair(reference: reference, prediction: prediction, spacing: spacing))
        #expect(distances.hausdorff.value == brute.fromReference.last.map { max($0, brute.fromPrediction.last!) })
        #expect(
            close(distances.averageFromReference, brute.fromReference.reduce(0, +) / Double(brute.fromReference.count)))
        #expect(
            close(
                distances.averageFromPrediction, brute.fromPrediction.reduce(0, +) / Double(brute.fromPrediction.count))
        )
    }

    @Test func swappingTheMasksChangesNoSymmetricDistance() throws {
        for pair in MaskPair.random(count: 60, seed: 5) {
            let one = try #require(
                VoxelBorderDistances(reference: pair.reference, prediction: pair.prediction, spacing: pair.spacing))
            let other = try #require(
                VoxelBorderDistances(reference: pair.prediction, prediction: pair.reference, spacing: pair.spacing))
            #expect(one.fromReference == other.fromPrediction)
            #expect(one.hausdorff.value == other.hausdorff.value)
            #expect(one.hausdorff(percent: 95).value == other.hausdorff(percent: 95).value)
            #expect(one.averageSymmetricDistance.value == other.averageSymmetricDistance.value)
        }
    }

    @Test func movingBothMasksChangesNothing() throws {
        for pair in MaskPair.random(count: 40, seed: 6) where !pair.reference.isPlanar {
            let shape = pair.reference.shape.map { $0 + 70 }
            let moved = try [Voxel(z: 1, y: 2, x: 3), Voxel(z: 40, y: 65, x: 66)].map { offset in
                try #require(
                    VoxelBorderDistances(
                        reference: pair.reference.placed(in: shape, at: offset),
                        prediction: pair.prediction.placed(in: shape, at: offset), spacing: pair.spacing))
            }
            #expect(moved[0] == moved[1])
        }
    }

    @Test func aMaskThatTouchesTheEdgeOfTheImageHasABorderThere() throws {
        let shape = [8, 8, 8]
        let full = BinaryMask.box(shape: shape, from: Voxel(z: 0, y: 0, x: 0), to: Voxel(z: 7, y: 7, x: 7))
        #expect(full.border.count == 8 * 8 * 8 - 6 * 6 * 6)
        // The same box in a larger image has the same distances to a smaller one.
        let small = BinaryMask.box(shape: shape, from: Voxel(z: 2, y: 2, x: 2), to: Voxel(z: 7, y: 5, x: 5))
        let spacing = try #require(VoxelSpacing([3, 1, 0.5]))
        let inside = try #require(VoxelBorderDistances(reference: full, prediction: small, spacing: spacing))
        let offset = Voxel(z: 4, y: 4, x: 4)
        let larger = [16, 16, 16]
        #expect(
            inside
                == VoxelBorderDistances(
                    reference: full.placed(in: larger, at: offset), prediction: small.placed(in: larger, at: offset),
                    spacing: spacing))
    }

    @Test func aSliceOfAVolumeIsAllBorderAndAPlanarMaskIsNot() throws {
        let corner = Voxel(z: 0, y: 9, x: 9)
        let slice = BinaryMask.box(shape: [1, 10, 10], from: Voxel(z: 0, y: 0, x: 0), to: corner)
        let planar = BinaryMask.box(shape: [10, 10], from: Voxel(z: 0, y: 0, x: 0), to: corner)
        #expect(slice.border.count == 100)
        #expect(planar.border.count == 36)
    }

    @Test func aNegativeToleranceAndAPercentileBeyondItsRangeAreBadArguments() throws {
        let mask = BinaryMask.box(shape: [5, 5], from: Voxel(z: 0, y: 1, x: 1), to: Voxel(z: 0, y: 2, x: 2))
        let distances = try #require(
            VoxelBorderDistances(reference: mask, prediction: mask, spacing: VoxelSpacing([1, 1])!))
        #expect(distances.normalisedSurfaceDistance(tolerance: -1) == .undefined(.badArgument))
        #expect(distances.hausdorff(percent: 101) == .undefined(.badArgument))
        #expect(distances.pooledHausdorff(percent: .nan) == .undefined(.badArgument))
    }
}

import Scoring
import Statistics
import Testing

@Suite struct BoundaryIoUTests {
    private func bruteBand(_ mask: BinaryMask, _ spacing: VoxelSpacing, width: Double) -> Set<Voxel> {
        let border = mask.border.voxels
        return Set(
            mask.voxels.filter { voxel in
                border.contains { other in
                    let z = Double(voxel.z - other.z) * spacing.z
                    let y = Double(voxel.y - other.y) * spacing.y
                    let x = Double(voxel.x - other.x) * spacing.x
                    return (z * z + y * y + x * x).squareRoot() < width
                }
            })
    }

    @Test func bandsAreThoseOfEveryVoxelWithTheWholeBorder() throws {
        for pair in MaskPair.random(count: 80, seed: 7) {
            for width in [0.5, 1.01, 2.2, 4] {
                let boundary = try #require(
                    BoundaryIoU(
                        reference: pair.reference, prediction: pair.prediction, spacing: pair.spacing,
                        width: .millimetres(width)))
                let one = bruteBand(pair.reference, pair.spacing, width: width)
                let other = bruteBand(pair.prediction, pair.spacing, width: width)
                #expect(boundary.intersection == one.intersection(other).count)
                #expect(boundary.union == one.union(other).count)
            }
        }
    }

    @Test func aBandWiderThanTheMaskGivesTheIntersectionOverUnion() throws {
        for pair in MaskPair.random(count: 40, seed: 8) {
            let boundary = try #require(
                BoundaryIoU(
                    reference: pair.reference, prediction: pair.prediction, spacing: pair.spacing,
                    width: .diagonalFraction(1)))
            let counts = try #require(OverlapCounts(reference: pair.reference, prediction: pair.prediction))
            #expect(boundary.value == counts.intersectionOverUnion)
        }
    }

    @Test func aFractionIsTakenOfTheDiagonalInMillimetres() throws {
        let mask = BinaryMask.box(shape: [30, 40], from: Voxel(z: 0, y: 2, x: 2), to: Voxel(z: 0, y: 20, x: 20))
        let boundary = try #require(
            BoundaryIoU(
                reference: mask, prediction: mask, spacing: VoxelSpacing([2, 2])!,
                width: .diagonalFraction(0.02)))
        #expect(boundary.width == 2)
        #expect(boundary.value == .value(1))
    }

    @Test func aWidthThatIsNoneGivesNothing() throws {
        let mask = BinaryMask(shape: [3, 3])!
        let spacing = try #require(VoxelSpacing([1, 1]))
        for width in [0, -1, Double.nan, .infinity] {
            #expect(
                BoundaryIoU(reference: mask, prediction: mask, spacing: spacing, width: .millimetres(width)) == nil)
        }
    }
}

import Statistics
import Testing

@testable import Scoring

/// What the definition says, computed in the plainest way.
private struct PlainSurface {
    struct Element {
        let corner: (z: Int, y: Int, x: Int)
        let area: Double
    }
    let elements: [Element]

    init(_ mask: BinaryMask, _ spacing: VoxelSpacing) {
        let areas = SurfaceElementAreas(spacing: spacing, isPlanar: mask.isPlanar)
        func isSet(_ z: Int, _ y: Int, _ x: Int) -> Bool {
            let z = mask.isPlanar ? 0 : z
            guard z >= 0, y >= 0, x >= 0, z < mask.depth, y < mask.height, x < mask.width else { return false }
            return mask[z, y, x]
        }
        var elements: [Element] = []
        for z in 0..<(mask.isPlanar ? 1 : mask.depth + 1) {
            for y in 0...mask.height {
                for x in 0...mask.width {
                    var code = 0
                    for (dz, dy, dx) in [
                        (-1, -1, -1), (-1, -1, 0), (-1, 0, -1), (-1, 0, 0), (0, -1, -1), (0, -1, 0), (0, 0, -1),
                        (0, 0, 0),
                    ] {
                        code = code << 1 | (isSet(z + dz, y + dy, x + dx) ? 1 : 0)
                    }
                    if code != 0 && code != 255 { elements.append(Element(corner: (z, y, x), area: areas[code])) }
                }
            }
        }
        self.elements = elements
    }

    /// Distance and area of each element, by distance.
    func distances(to other: PlainSurface, _ spacing: VoxelSpacing) -> [(distance: Double, area: Double)] {
        elements.map { element in
            let squared = other.elements.map { target in
                let dz = Double(element.corner.z - target.corner.z) * spacing.z
                let dy = Double(element.corner.y - target.corner.y) * spacing.y
                let dx = Double(element.corner.x - target.corner.x) * spacing.x
                return dz * dz + dy * dy + dx * dx
            }.min()!
            return (squared.squareRoot(), element.area)
        }.sorted { ($0.distance, $0.area) < ($1.distance, $1.area) }
    }
}

@Suite struct SurfaceDistanceTests {
    private static let spacings: [[Double]] = [
        [1, 1, 1], [2.5, 0.78125, 0.78125], [5, 0.7, 0.8], [0.3, 1.5, 3], [1, 2, 0.1],
    ]

    /// Every value from the plainest computation.
    private func expectPlainValues(_ reference: BinaryMask, _ prediction: BinaryMask, _ spacing: VoxelSpacing) throws {
        let result = try #require(SurfaceDistances(reference: reference, prediction: prediction, spacing: spacing))
        let (one, two) = (PlainSurface(reference, spacing), PlainSurface(prediction, spacing))
        try #require(!one.elements.isEmpty && !two.elements.isEmpty)
        let (there, back) = (one.distances(to: two, spacing), two.distances(to: one, spacing))
        func area(_ list: [(distance: Double, area: Double)], within limit: Double = .infinity) -> Double {
            list.reduce(0) { $1.distance <= limit ? $0 + $1.area : $0 }
        }
        func moment(_ list: [(distance: Double, area: Double)]) -> Double {
            list.reduce(0) { $0 + $1.distance * $1.area }
        }
        func isClose(_ value: Inferred<Double>, _ expected: Double) -> Bool {
            guard let value = value.value else { return false }
            return abs(value - expected) <= 1e-12 * max(1, expected)
        }
        let (areaThere, areaBack) = (area(there), area(back))
        #expect(abs(result.referenceArea - areaThere) <= 1e-12 * areaThere)
        #expect(abs(result.predictionArea - areaBack) <= 1e-12 * areaBack)
        #expect(result.hausdorff == .value(max(there.last!.distance, back.last!.distance)))
        #expect(isClose(result.averageFromReference, moment(there) / areaThere))
        #expect(isClose(result.averageFromPrediction, moment(back) / areaBack))
        #expect(isClose(result.averageSymmetric, (moment(there) + moment(back)) / (areaThere + areaBack)))
        #expect(isClose(result.meanAverage, (moment(there) / areaThere + moment(back) / areaBack) / 2))
        for tolerance in [0, 0.7, 1, 2, 2.5, there[there.count / 2].distance, back[back.count / 2].distance] {
            let (near, nearBack) = (area(there, within: tolerance), area(back, within: tolerance))
            #expect(isClose(result.surfaceDice(tolerance: tolerance), (near + nearBack) / (areaThere + areaBack)))
            #expect(isClose(result.overlapOfReference(tolerance: tolerance), near / areaThere))
            #expect(isClose(result.overlapOfPrediction(tolerance: tolerance), nearBack / areaBack))
        }
        for percent in [3.1, 51.3, 94.7, 99.9] {
            let directed = [(there, areaThere), (back, areaBack)].map { list, total in
                var sum = 0.0
                return list.first {
                    sum += $0.area
                    return sum / total >= percent / 100
                }!.distance
            }
            #expect(result.hausdorff(percent: percent) == .value(directed.max()!), "\(percent)")
        }
    }

    @Test func valuesInThreeDimensionsAreThoseOfThePlainestComputation() throws {
        var maker = MaskMaker(seed: 1)
        for round in 0..<30 {
            let shape = [
                1 + maker.below(7), 1 + maker.below(9), round % 5 == 0 ? 63 + maker.below(4) : 1 + maker.below(12),
            ]
            var pair = [maker.boxes(shape), maker.noise(shape, rarity: round % 2 == 0 ? 2 : 12)]
            if round % 3 == 0 { pair[1] = maker.boxes(shape) }
            if pair[1].count == 0 { pair[1][0, 0, 0] = true }
            try expectPlainValues(pair[0], pair[1], VoxelSpacing(Self.spacings[round % Self.spacings.count])!)
        }
    }

    @Test func valuesInTwoDimensionsAreThoseOfThePlainestComputation() throws {
        var maker = MaskMaker(seed: 2)
        for round in 0..<30 {
            let shape = [1 + maker.below(20), round % 4 == 0 ? 60 + maker.below(10) : 1 + maker.below(20)]
            var pair = [maker.noise(shape, rarity: round % 2 == 0 ? 2 : 20), maker.boxes(shape)]
            if pair[0].count == 0 { pair[0][0, shape[0] - 1, shape[1] - 1] = true }
            try expectPlainValues(
                pair[0], pair[1], VoxelSpacing(Array(Self.spacings[round % Self.spacings.count].dropFirst()))!)
        }
    }

    @Test func aMaskThatTouchesTheBorderHasSurfaceThere() throws {
        let full = MaskMaker.mask([8, 8, 8]) { _, _, _ in true }
        let inside = MaskMaker.mask([10, 10, 10]) { z, y, x in [z, y, x].allSatisfy { (1...8).contains($0) } }
        let spacing = try #require(VoxelSpacing([3, 2, 1]))
        let one = try #require(SurfaceDistances(reference: full, prediction: full, spacing: spacing))
        let two = try #require(SurfaceDistances(reference: inside, prediction: inside, spacing: spacing))
        #expect(one.referenceArea == two.referenceArea)
        #expect(one.referenceArea > 0)
        #expect(one.hausdorff == .value(0))
    }

    @Test func aSingleVoxelCutsEightCorners() throws {
        // The asserted values of surface-distance's own test "two pixels, two apart".
        let one = MaskMaker.mask([20, 20, 20]) { ($0, $1, $2) == (5, 6, 7) }
        let two = MaskMaker.mask([20, 20, 20]) { ($0, $1, $2) == (5, 6, 9) }
        let spacing = try #require(VoxelSpacing([3, 2, 1]))
        let result = try #require(SurfaceDistances(reference: one, prediction: two, spacing: spacing))
        #expect(abs(result.referenceArea - 7) < 1e-14)
        #expect(result.hausdorff == .value(2))
        #expect(result.averageFromReference == .value(1.5))
        #expect(result.surfaceDice(tolerance: 1) == .value(0.5))
    }

    @Test func swappingTheMasksSwapsTheDirections() throws {
        var maker = MaskMaker(seed: 3)
        let (one, two) = (maker.boxes([9, 14, 30]), maker.noise([9, 14, 30], rarity: 40))
        let spacing = try #require(VoxelSpacing([2.5, 0.7, 0.8]))
        let there = try #require(SurfaceDistances(reference: one, prediction: two, spacing: spacing))
        let back = try #require(SurfaceDistances(reference: two, prediction: one, spacing: spacing))
        #expect(there.hausdorff == back.hausdorff)
        #expect(there.hausdorff(percent: 95) == back.hausdorff(percent: 95))
        #expect(there.averageFromReference == back.averageFromPrediction)
        #expect(there.averageFromPrediction == back.averageFromReference)
        #expect(there.meanAverage == back.meanAverage)
        #expect(there.surfaceDice(tolerance: 1) == back.surfaceDice(tolerance: 1))
        #expect(there.overlapOfReference(tolerance: 1) == back.overlapOfPrediction(tolerance: 1))
        #expect(there.averageFromReference != there.averageFromPrediction)
    }

    @Test func distancesAtTheToleranceCount() throws {
        // 3 · 0.7 is a little less than 2.1 in Double, and 3 · 0.1 a little more than 0.3: as in surface-distance.
        for (step, tolerance, isWithin) in [(0.7, 2.1, true), (0.1, 0.3, false), (0.78125, 2.34375, true)] {
            let one = MaskMaker.mask([4, 40]) { _, _, x in x < 10 }
            let two = MaskMaker.mask([4, 40]) { _, _, x in x < 13 }
            let spacing = try #require(VoxelSpacing([10, step]))
            let result = try #require(SurfaceDistances(reference: one, prediction: two, spacing: spacing))
            #expect((result.surfaceDice(tolerance: tolerance) == .value(1)) == isWithin)
            #expect(result.surfaceDice(tolerance: tolerance * (1 + 1e-12)) == .value(1))
        }
    }

    @Test func anEmptyMaskLeavesDistancesUndefinedAndNothingWithinTheTolerance() throws {
        let spacing = try #require(VoxelSpacing([1, 1, 1]))
        let none = try #require(BinaryMask(shape: [6, 6, 6]))
        let some = MaskMaker.mask([6, 6, 6]) { z, y, x in z + y + x < 5 }
        let noPrediction = try #require(SurfaceDistances(reference: some, prediction: none, spacing: spacing))
        for value in [
            noPrediction.hausdorff, noPrediction.hausdorff(percent: 95), noPrediction.averageFromReference,
            noPrediction.averageFromPrediction, noPrediction.averageSymmetric, noPrediction.meanAverage,
            noPrediction.overlapOfPrediction(tolerance: 1),
        ] { #expect(value == .undefined(.emptyPrediction)) }
        #expect(noPrediction.surfaceDice(tolerance: 1) == .value(0))
        #expect(noPrediction.overlapOfReference(tolerance: 1) == .value(0))
        #expect(noPrediction.predictionArea == 0)
        #expect(noPrediction.referenceArea > 0)
        let noReference = try #require(SurfaceDistances(reference: none, prediction: some, spacing: spacing))
        #expect(noReference.hausdorff == .undefined(.emptyReference))
        #expect(noReference.overlapOfReference(tolerance: 1) == .undefined(.emptyReference))
        #expect(noReference.overlapOfPrediction(tolerance: 1) == .value(0))
        let neither = try #require(SurfaceDistances(reference: none, prediction: none, spacing: spacing))
        #expect(neither.hausdorff == .undefined(.bothEmpty))
        #expect(neither.surfaceDice(tolerance: 1) == .undefined(.bothEmpty))
        #expect(neither.overlapOfReference(tolerance: 1) == .undefined(.bothEmpty))
    }

    @Test func argumentsOutsideTheirRangeAreRefused() throws {
        let spacing = try #require(VoxelSpacing([1, 1]))
        let mask = MaskMaker.mask([4, 4]) { _, y, x in y == x }
        let result = try #require(SurfaceDistances(reference: mask, prediction: mask, spacing: spacing))
        #expect(result.hausdorff(percent: 101) == .undefined(.badArgument))
        #expect(result.hausdorff(percent: .nan) == .undefined(.badArgument))
        #expect(result.surfaceDice(tolerance: -1) == .undefined(.badArgument))
        let other = MaskMaker.mask([4, 5]) { _, y, x in y == x }
        #expect(SurfaceDistances(reference: mask, prediction: other, spacing: spacing) == nil)
    }
}

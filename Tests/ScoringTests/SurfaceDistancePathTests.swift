import Statistics
import Testing

@testable import Scoring

/// The ways to a distance agree: rows nearby, the index, the slice transform, and one thread or several.
@Suite struct SurfaceDistancePathTests {
    /// The tallies of all elements of a mask through one way.
    private func tally(
        _ mask: BinaryMask, to other: BinaryMask, _ spacing: VoxelSpacing,
        by way: (SurfaceGrid, [[FarElement]]) -> [DistanceTally.Entry]
    ) throws -> DistanceTally {
        let areas = SurfaceElementAreas(spacing: spacing, isPlanar: mask.isPlanar)
        let (first, second) = (MaskExtent(mask), MaskExtent(other))
        let frame = try #require(SurfaceFrame(first, second, isPlanar: mask.isPlanar))
        let range = DistanceRange(mask, spacing: spacing)
        return FramedMask.with(mask, first, in: frame) { mask in
            FramedMask.with(other, second, in: frame) { other in
                var slabs: [[FarElement]] = []
                for z in 0..<frame.depth {
                    if z % SliceTransform.slabDepth == 0 { slabs.append([]) }
                    for y in 0..<frame.height {
                        guard let corners = mask.cornerRow(z: z, y: y) else { continue }
                        for word in 0..<frame.words {
                            let neighbours = corners.neighbours(frame.lowWord + word)
                            for bit in 0..<64 where neighbours.surface >> UInt64(bit) & 1 == 1 {
                                slabs[slabs.count - 1].append(
                                    FarElement(
                                        z: z, y: y, x: word * 64 + bit,
                                        area: areas.classes[neighbours.code(at: UInt64(bit))]))
                            }
                        }
                    }
                }
                return DistanceTally(
                    way(SurfaceGrid(other, marginZ: 0, marginY: 0, threads: 1), slabs), range: range)
            }
        }
    }

    private func byTransform(
        _ spacing: VoxelSpacing, _ range: DistanceRange, threads: Int
    ) -> (SurfaceGrid, [[FarElement]]) -> [DistanceTally.Entry] {
        { grid, slabs in
            guard let first = slabs.firstIndex(where: { !$0.isEmpty }) else { return [] }
            let sinks = (0..<threads).map { _ in DistanceSink(range: range, areaCount: 256) }
            let transform = SliceTransform(grid, spacing: spacing, fromSlab: first, sinks: sinks)
            for (slab, elements) in slabs.enumerated() where !elements.isEmpty {
                transform.count(Set(elements.map(\.z)).sorted().map { z in elements.filter { $0.z == z } }, slab: slab)
            }
            return sinks.flatMap(\.entries)
        }
    }

    private func byIndex(_ spacing: VoxelSpacing) -> (SurfaceGrid, [[FarElement]]) -> [DistanceTally.Entry] {
        { grid, slabs in
            let index = SurfaceIndex(grid, shape: (3, 5))
            let counter = DistanceCounter()
            IndexSearch.with(index, AxisSquares(frame: grid.frame, spacing: spacing)) { search in
                for elements in slabs where !elements.isEmpty {
                    search.enter(
                        .init(
                            z0: Int32(elements.map(\.z).min()!), z1: Int32(elements.map(\.z).max()!),
                            y0: Int32(elements.map(\.y).min()!), y1: Int32(elements.map(\.y).max()!),
                            x0: Int32(elements.map(\.x).min()!), x1: Int32(elements.map(\.x).max()!)))
                    for element in elements {
                        counter.add(
                            search.nearest(z: Int32(element.z), y: Int32(element.y), x: Int32(element.x)),
                            area: element.area)
                    }
                }
            }
            return counter.entries
        }
    }

    private func byWhole(
        _ mask: BinaryMask, _ other: BinaryMask, _ spacing: VoxelSpacing, threads: Int
    ) throws -> DistanceTally {
        let first = MaskExtent(mask)
        let second = MaskExtent(other)
        let frame = try #require(SurfaceFrame(first, second, isPlanar: mask.isPlanar))
        let near = NearRows(spacing: spacing, isPlanar: mask.isPlanar)
        let range = DistanceRange(mask, spacing: spacing)
        let search = SurfaceSearch(
            areas: SurfaceElementAreas(spacing: spacing, isPlanar: mask.isPlanar), near: near, spacing: spacing,
            threads: threads, range: range, limit: DistanceSink.usualLimit)
        return FramedMask.with(mask, first, in: frame) { mask in
            FramedMask.with(other, second, in: frame) { other in
                let own = SurfaceGrid(mask, marginZ: near.marginZ, marginY: near.marginY, threads: threads)
                let target = SurfaceGrid(other, marginZ: near.marginZ, marginY: near.marginY, threads: threads)
                return search.tally(from: mask, own: own, to: target, isEmpty: false)
            }
        }
    }

    private func expectSame(_ one: DistanceTally, _ two: DistanceTally, _ comment: Comment) {
        #expect(one.entries.count == two.entries.count, comment)
        for (a, b) in zip(one.entries, two.entries) {
            #expect(a.squared == b.squared && a.area == b.area && a.count == b.count, comment)
        }
    }

    @Test(arguments: [
        [2.5, 0.78125, 0.78125], [1, 1, 1], [0.7, 0.7, 0.7], [0.5, 3, 4], [4, 0.3, 1.1], [1, 0.9, 0.05],
    ])
    func allWaysGiveTheSameDistances(lengths: [Double]) throws {
        let spacing = try #require(VoxelSpacing(lengths))
        var maker = MaskMaker(seed: 11)
        let shape = [37, 40, 70]
        let ball = MaskMaker.mask(shape) { z, y, x in (z - 9) * (z - 9) + (y - 12) * (y - 12) + (x - 20) * (x - 20) < 60
        }
        let far = MaskMaker.mask(shape) { z, y, x in (z, y, x) == (36, 39, 69) || (z, y, x) == (30, 3, 60) }
        let pairs = [
            (ball, far), (far, ball), (ball, maker.boxes(shape)), (maker.noise(shape, rarity: 300), ball),
            (ball, maker.noise(shape, rarity: 4000)),
        ]
        for (place, (one, two)) in pairs.enumerated() {
            let whole = try byWhole(one, two, spacing, threads: 1)
            #expect(whole.entries.reduce(0) { $0 + $1.count } > 0)
            expectSame(
                whole,
                try tally(
                    one, to: two, spacing, by: byTransform(spacing, DistanceRange(one, spacing: spacing), threads: 1)),
                "transform \(place)")
            expectSame(
                whole,
                try tally(
                    one, to: two, spacing, by: byTransform(spacing, DistanceRange(one, spacing: spacing), threads: 2)),
                "threads \(place)")
            expectSame(whole, try tally(one, to: two, spacing, by: byIndex(spacing)), "index \(place)")
        }
    }

    @Test(arguments: [[2.5, 0.78125, 0.78125], [0.7, 0.7, 0.7], [1, 0.3, 1.7]])
    func denseNoiseBesideSparseNoiseGivesTheSameDistances(lengths: [Double]) throws {
        let spacing = try #require(VoxelSpacing(lengths))
        var maker = MaskMaker(seed: 15)
        let shape = [20, 60, 70]
        let dense = maker.noise(shape, rarity: 2)
        for rarity in [40, 400, 20_000] {
            let sparse = maker.noise(shape, rarity: rarity)
            let whole = try byWhole(dense, sparse, spacing, threads: 1)
            #expect(whole.entries.reduce(0) { $0 + $1.count } > 50_000)
            for threads in [1, 2, 3] {
                let range = DistanceRange(dense, spacing: spacing)
                expectSame(
                    whole,
                    try tally(dense, to: sparse, spacing, by: byTransform(spacing, range, threads: threads)),
                    "rarity \(rarity), transform with \(threads) threads")
                expectSame(
                    whole, try byWhole(dense, sparse, spacing, threads: threads),
                    "rarity \(rarity), \(threads) threads")
            }
        }
    }

    @Test func anyNumberOfThreadsGivesTheSameBits() throws {
        var maker = MaskMaker(seed: 12)
        let shape = [40, 40, 70]
        let (one, two) = (maker.boxes(shape), maker.noise(shape, rarity: 3000))
        let spacing = try #require(VoxelSpacing([2.5, 0.7, 0.7]))
        let expected = try #require(SurfaceDistances(reference: one, prediction: two, spacing: spacing))
        for threads in [2, 3, 7] {
            let result = try #require(
                SurfaceDistances(reference: one, prediction: two, spacing: spacing, threads: threads))
            #expect(result == expected)
        }
    }
}

@Suite struct SurfaceDistanceBinTests {
    private static let spacings: [[Double]] = [
        [2.5, 0.78125, 0.78125], [1, 1, 1], [1, 0.9, 0.001], [1000, 0.7, 0.3],
    ]

    /// The answers, of which some were announced and some were not.
    private func answers(_ distances: SurfaceDistances) -> [Double?] {
        let percents = [0, 1, 50, 90, 95, 99.9, 100].map { distances.hausdorff(percent: $0).value }
        let tolerances = [0, 0.5, 3, 20, distances.hausdorff(percent: 50).value ?? 0].flatMap {
            [
                distances.surfaceDice(tolerance: $0).value, distances.overlapOfReference(tolerance: $0).value,
                distances.overlapOfPrediction(tolerance: $0).value,
            ]
        }
        let averages = [
            distances.averageFromReference, distances.averageFromPrediction, distances.averageSymmetric,
            distances.meanAverage, distances.hausdorff,
        ].map(\.value)
        return percents + tolerances + averages + [distances.referenceArea, distances.predictionArea]
    }

    @Test(arguments: spacings)
    func tooManyDistancesForMemoryGiveTheSameBits(lengths: [Double]) throws {
        let spacing = try #require(VoxelSpacing(lengths))
        var maker = MaskMaker(seed: 13)
        let shape = [18, 20, 66]
        let noise = maker.noise(shape, rarity: 2)
        let one = MaskMaker.mask(shape) { z, y, x in (z, y, x) == (2, 3, 5) }
        for (reference, prediction) in [(noise, one), (one, noise)] {
            let apart = try #require(SurfaceDistances(reference: reference, prediction: prediction, spacing: spacing))
            let expected = answers(apart)
            for (limit, threads) in [(50, 1), (70, 3)] {
                let binned = try #require(
                    SurfaceDistances(
                        reference: reference, prediction: prediction, spacing: spacing, percents: [95, 50, 7],
                        tolerances: [3, 20], threads: threads, limit: limit))
                let isBinned = binned != apart
                #expect(isBinned)
                #expect(answers(binned) == expected, "limit \(limit), threads \(threads)")
            }
        }
    }

    @Test func manyDistancesTakeFewEntries() throws {
        var maker = MaskMaker(seed: 14)
        let spacing = try #require(VoxelSpacing([1.1, 0.9, 0.7]))
        let range = DistanceRange(maker.noise([30, 40, 70], rarity: 2), spacing: spacing)
        let sink = DistanceSink(range: range, areaCount: 2, limit: 100)
        let squares = (0..<100_000).map { _ in 1 + 4000 * Double(maker.below(1 << 40)) / Double(1 << 40) }
        for (place, squared) in squares.enumerated() { sink.add(squared, area: UInt8(place % 2)) }
        let tally = DistanceTally(try #require(sink.bins))
        #expect(tally.entries.count < 2 * 256 * 13)
        #expect(tally.entries.reduce(0) { $0 + $1.count } == squares.count)
        #expect(tally.greatest == squares.max()!.squareRoot())
        let moment = squares.reduce(0) { $0 + $1.squareRoot() }
        #expect(abs(tally.moment([1, 1]) - moment) <= 1e-12 * moment)
    }
}

@Suite struct SurfaceElementAreaTests {
    @Test func aCodeAndItsComplementHaveTheSameArea() throws {
        let areas = SurfaceElementAreas(spacing: try #require(VoxelSpacing([3, 2, 0.7])), isPlanar: false)
        for code in 0..<256 { #expect(areas[code] == areas[255 - code]) }
        #expect(areas[0] == 0)
        #expect((1..<255).allSatisfy { areas[$0] > 0 })
    }

    @Test func aPlaneHasTheAreaOfItsVoxelFaces() throws {
        let areas = SurfaceElementAreas(spacing: try #require(VoxelSpacing([3, 2, 0.7])), isPlanar: false)
        #expect(abs(areas[0b0000_1111] - 2 * 0.7) < 1e-15)
        #expect(abs(areas[0b0011_0011] - 3 * 0.7) < 1e-15)
        #expect(abs(areas[0b0101_0101] - 3 * 2) < 1e-15)
    }

    @Test func anElementIsNoSmallerThanTheOpeningsOfTheFacesThatItCloses() throws {
        // The vector areas of a closed surface add up to zero, so that the element is at least as large as the vector
        // sum of the parts of the cube's faces that are set: an eighth or more of a face for each corner more.
        let spacing = try #require(VoxelSpacing([1.3, 0.6, 2.1]))
        let areas = SurfaceElementAreas(spacing: spacing, isPlanar: false)
        let faces = [spacing.y * spacing.x, spacing.z * spacing.x, spacing.z * spacing.y]
        for code in 0..<256 {
            var normal = [0, 0, 0]
            for corner in 0..<8 where code >> (7 - corner) & 1 == 1 {
                for axis in 0..<3 { normal[axis] += corner >> (2 - axis) & 1 == 1 ? 1 : -1 }
            }
            // A quarter of a face for each corner on it.
            let least = zip(normal, faces).reduce(0) { $0 + (Double($1.0) / 4 * $1.1) * (Double($1.0) / 4 * $1.1) }
            #expect(areas[code] >= least.squareRoot() / 2 - 1e-12, "\(code)")
            #expect(areas[code] <= 2 * (faces[0] + faces[1] + faces[2]), "\(code)")
        }
    }

    @Test func contoursInTwoDimensionsAreSidesAndDiagonals() throws {
        let areas = SurfaceElementAreas(spacing: try #require(VoxelSpacing([3, 4])), isPlanar: true)
        let expected = [0, 2.5, 2.5, 4, 2.5, 3, 5, 2.5, 2.5, 5, 3, 2.5, 4, 2.5, 2.5, 0]
        for code in 0..<16 { #expect(areas[code << 4 | code] == expected[code]) }
    }
}

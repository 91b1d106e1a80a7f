/// Two masks whose surfaces are compared.
struct SurfacePair: Hashable {
    enum Direction {
        case fromReference, fromPrediction
    }

    private let reference: BinaryMask
    private let prediction: BinaryMask
    private let spacing: VoxelSpacing
    /// How many different distances each thread keeps apart.
    private let limit: Int

    /// Nil when the masks differ in shape.
    init?(reference: BinaryMask, prediction: BinaryMask, spacing: VoxelSpacing, limit: Int) {
        guard reference.shape == prediction.shape else { return nil }
        (self.reference, self.prediction, self.spacing, self.limit) = (reference, prediction, spacing, limit)
    }

    /// One surface with its mask, and the other.
    private struct Side {
        let mask: FramedMask
        let own: SurfaceGrid
        let other: SurfaceGrid
        let isOtherEmpty: Bool
    }

    /// Calls the body with what it takes to search both ways; nil when both masks are empty.
    private func withSides<Result>(
        threads: Int, _ body: (SurfaceSearch, _ fromReference: Side, _ fromPrediction: Side) -> Result
    ) -> Result? {
        let first = MaskExtent(reference, threads: threads)
        let second = MaskExtent(prediction, threads: threads)
        let isPlanar = reference.isPlanar
        guard let frame = SurfaceFrame(first, second, isPlanar: isPlanar) else { return nil }
        let near = NearRows(spacing: spacing, isPlanar: isPlanar)
        let search = SurfaceSearch(
            areas: SurfaceElementAreas(spacing: spacing, isPlanar: isPlanar), near: near, spacing: spacing,
            threads: threads, range: DistanceRange(reference, spacing: spacing), limit: limit)
        return FramedMask.with(reference, first, in: frame) { one in
            FramedMask.with(prediction, second, in: frame) { two in
                let grids = [one, two].map {
                    SurfaceGrid($0, marginZ: near.marginZ, marginY: near.marginY, threads: threads)
                }
                return body(
                    search, Side(mask: one, own: grids[0], other: grids[1], isOtherEmpty: second.box == nil),
                    Side(mask: two, own: grids[1], other: grids[0], isOtherEmpty: first.box == nil))
            }
        }
    }

    /// The distances both ways.
    /// - Parameter wanted: the bins of a tally of which the distances are needed, each by itself.
    func tallies(
        threads: Int, opening wanted: (DistanceTally) -> Set<Int>
    ) -> (fromReference: DistanceTally, fromPrediction: DistanceTally) {
        let none = DistanceTally([], range: DistanceRange(reference, spacing: spacing))
        return withSides(threads: threads) { search, one, two in
            let found = [one, two].map { side in
                let tally = search.tally(from: side.mask, own: side.own, to: side.other, isEmpty: side.isOtherEmpty)
                let bins = wanted(tally)
                guard !bins.isEmpty else { return tally }
                return tally.opening(bins, search.entries(in: bins, from: side.mask, own: side.own, to: side.other))
            }
            return (found[0], found[1])
        } ?? (none, none)
    }

    /// A tally of one direction with some of its bins opened.
    func opening(_ bins: Set<Int>, of tally: DistanceTally, _ direction: Direction) -> DistanceTally {
        withSides(threads: 1) { search, one, two in
            let side = direction == .fromReference ? one : two
            return tally.opening(bins, search.entries(in: bins, from: side.mask, own: side.own, to: side.other))
        } ?? tally
    }
}

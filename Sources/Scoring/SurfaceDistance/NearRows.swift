/// The rows of corners around a surface element in the order in which they are searched, nearest first, as far as the
/// search goes.
struct NearRows {
    /// The longest step along an axis that the search sees.
    static let reach = 28
    /// Steps along x that a row can answer, from 0.
    static let steps = 64
    /// About so many rows are searched before the element is left to the search from afar.
    private static let rowGoal = 110.0

    struct Row {
        /// From the element's row, in bytes.
        let offset: Int
        /// The squared distance (mm²) of the row.
        let squared: Double
        /// The first place of the row's kind (same distances along z and y) in a list of distances, less the step.
        let place: Int
    }

    /// The squared distance of a step along x, for `steps` steps.
    let stepSquares: [Double]
    /// Nearest distances up to here are certain: beyond lie rows and steps that the search does not see.
    let limit: Double
    /// The squared distances along z and y of each kind of row.
    let kinds: [Double]
    /// How far along z and y it goes.
    let marginZ: Int
    let marginY: Int

    init(spacing: VoxelSpacing, isPlanar: Bool) {
        let reach = Double(Self.reach)
        let goal =
            isPlanar
            ? Self.rowGoal / 2 * spacing.y : (Self.rowGoal / Double.pi * spacing.z * spacing.y).squareRoot()
        let shortest = isPlanar ? min(spacing.y, spacing.x) : min(spacing.z, spacing.y, spacing.x)
        let radius = min(goal, reach * shortest)
        marginZ = isPlanar ? 0 : Int(radius / spacing.z)
        marginY = Int(radius / spacing.y)
        limit = radius * radius
        var found: [(z: Int, y: Int, squared: Double)] = []
        for z in 0...marginZ {
            for y in 0...marginY {
                let squared = Self.square(z, spacing.z) + Self.square(y, spacing.y)
                if squared <= limit { found.append((z, y, squared)) }
            }
        }
        found.sort { ($0.squared, $0.z) < ($1.squared, $1.z) }
        kinds = found.map(\.squared)
        stepSquares = (0..<Self.steps).map { Self.square($0, spacing.x) }
        offsets = found.enumerated().flatMap { kind, row in
            Set([row.z, -row.z]).sorted().flatMap { z in
                Set([row.y, -row.y]).sorted().map { y in (z, y, row.squared, kind) }
            }
        }
    }

    /// (steps · length)², rounded as in surface-distance: the step times the length, then the square.
    static func square(_ steps: Int, _ length: Double) -> Double {
        let distance = Double(steps) * length
        return distance * distance
    }

    private let offsets: [(z: Int, y: Int, squared: Double, kind: Int)]

    /// The rows for the layout of a grid. The last one is at infinity and ends the search.
    func rows(in grid: SurfaceGrid) -> [Row] {
        offsets.map { row in
            Row(
                offset: (row.z * grid.sliceStride + row.y * grid.rowStride) * 8, squared: row.squared,
                place: row.kind * Self.steps)
        } + [Row(offset: 0, squared: .infinity, place: 0)]
    }
}

/// The preprocessing `segmentation-consensus-patch`: from the readers' segmentations of one lesion to a patch of 0 and
/// 1 around the largest slice of their consensus. `models/PREPROCESSING.md` defines it step by step; the numbers in the
/// comments are its steps.
public struct ConsensusPatch: Hashable, Sendable {
    /// The preprocessing's name in `model.json`.
    public static let name = "segmentation-consensus-patch"
    public static let maximumSide = 1_024
    public static let maximumFiles = 1_000
    /// The greatest number of rows and of columns of the common grid.
    static let maximumGridSide = 16_384
    /// The greatest number of pixels of one slice of the common grid, and of all its slices: what is held in memory,
    /// and what is looked at. Positions in a damaged file could make both as large as they like.
    static let maximumGridArea = 1 << 26
    static let maximumGridPixels = 1 << 31
    static let gridTolerance = 0.01
    static let micrometresPerMillimetre = 1_000.0

    /// Samples along a column and along a row.
    public let rows: Int
    public let columns: Int
    /// Distance of the samples in mm.
    public let rowSpacing: Double
    public let columnSpacing: Double

    /// Nil unless both sides are from 1 to `maximumSide` and both spacings are positive and finite.
    public init?(rows: Int, columns: Int, rowSpacing: Double, columnSpacing: Double) {
        guard (1...Self.maximumSide).contains(rows), (1...Self.maximumSide).contains(columns),
            rowSpacing > 0, rowSpacing.isFinite, columnSpacing > 0, columnSpacing.isFinite
        else { return nil }
        self.rows = rows
        self.columns = columns
        self.rowSpacing = rowSpacing
        self.columnSpacing = columnSpacing
    }

    /// The patch of one case, row after row: `rows` x `columns` values, each 0 or 1.
    ///
    /// - Parameter paths: every segmentation file of the case, one a reader, in any order.
    /// - Throws: `ImagingError`: a file that cannot be read, files that do not share a grid, an empty consensus.
    public func make(paths: [String]) throws(ImagingError) -> [Float] {
        guard paths.count <= Self.maximumFiles else { throw ImagingError(.tooLarge) }
        var segmentations: [Segmentation] = []
        var pixels = 0
        for path in paths {
            let segmentation = try Segmentation(path: path)
            pixels += segmentation.pixels.count
            guard pixels <= 2 * Segmentation.maximumPixels else { throw ImagingError(.tooLarge) }
            segmentations.append(segmentation)
        }
        return try make(segmentations)
    }

    /// The same from segmentations that were read before.
    public func make(_ segmentations: [Segmentation]) throws(ImagingError) -> [Float] {
        let grid = try Grid(segmentations)
        let slice = try grid.largestConsensus()
        let sampleRows = Self.samples(
            rows, spacing: rowSpacing, pixel: grid.rowSpacing, low: slice.rows.lowerBound, high: slice.rows.upperBound)
        let sampleColumns = Self.samples(
            columns, spacing: columnSpacing, pixel: grid.columnSpacing, low: slice.columns.lowerBound,
            high: slice.columns.upperBound)
        var patch: [Float] = []
        patch.reserveCapacity(rows * columns)
        for row in sampleRows {
            for column in sampleColumns {
                // Everything outside of the marked extent is off.
                let inside = slice.rows.contains(row) && slice.columns.contains(column)
                patch.append(inside && slice.isOn[row * grid.width + column] ? 1 : 0)
            }
        }
        return patch
    }

    /// Steps 6 and 7: pixel indices along one axis, centred on the extent of the consensus.
    private static func samples(_ count: Int, spacing: Double, pixel: Double, low: Int, high: Int) -> [Int] {
        let centre = Double(low + high) / 2
        return (0..<count).map { index in
            nearest((Double(index) - Double(count - 1) / 2) * spacing / pixel + centre) ?? -1
        }
    }

    /// floor(x + 0.5); nil when that is no index that could ever be used.
    private static func nearest(_ value: Double) -> Int? {
        let rounded = (value + 0.5).rounded(.down)
        return abs(rounded) < 0x1p53 ? Int(rounded) : nil
    }
}

extension ConsensusPatch {
    /// A slice of the consensus, with the rows and columns that hold a pixel that is on.
    private struct Slice {
        var isOn: [Bool]
        var rows: ClosedRange<Int>
        var columns: ClosedRange<Int>
    }

    /// All frames of all readers in one plane's coordinates.
    private struct Grid {
        private struct PlacedFrame {
            let reader: Int
            let frame: Int
            let row: Int
            let column: Int
        }

        private let segmentations: [Segmentation]
        /// Frames by slice, the key being z in micrometres.
        private var slices: [Int: [PlacedFrame]] = [:]
        let rowSpacing: Double
        let columnSpacing: Double
        private(set) var height = 0
        private(set) var width = 0

        /// Steps 1 to 3.
        init(_ segmentations: [Segmentation]) throws(ImagingError) {
            guard let first = segmentations.first else { throw ImagingError(.noObject) }
            self.segmentations = segmentations
            rowSpacing = first.rowSpacing
            columnSpacing = first.columnSpacing
            for other in segmentations {
                guard other.orientation == [1, 0, 0, 0, 1, 0], other.rowSpacing == rowSpacing,
                    other.columnSpacing == columnSpacing
                else { throw ImagingError(.inconsistent) }
            }
            let positions = segmentations.flatMap { $0.frames.map(\.position) }
            guard let left = positions.map(\.x).min(), let top = positions.map(\.y).min() else {
                throw ImagingError(.noObject)
            }
            for (reader, segmentation) in segmentations.enumerated() {
                for (index, frame) in segmentation.frames.enumerated() {
                    let row = try Self.offset((frame.position.y - top) / rowSpacing)
                    let column = try Self.offset((frame.position.x - left) / columnSpacing)
                    height = max(height, row + segmentation.rows)
                    width = max(width, column + segmentation.columns)
                    guard let slice = nearest(frame.position.z * micrometresPerMillimetre) else {
                        throw ImagingError(.inconsistent)
                    }
                    let placed = PlacedFrame(reader: reader, frame: index, row: row, column: column)
                    slices[slice, default: []].append(placed)
                }
            }
            guard height <= maximumGridSide, width <= maximumGridSide, height * width <= maximumGridArea,
                height * width * slices.count <= maximumGridPixels
            else { throw ImagingError(.tooLarge) }
        }

        private static func offset(_ value: Double) throws(ImagingError) -> Int {
            guard let whole = nearest(value), abs(value - Double(whole)) <= gridTolerance else {
                throw ImagingError(.inconsistent)
            }
            guard whole <= maximumGridSide else { throw ImagingError(.tooLarge) }
            return whole
        }

        /// Steps 4 and 5: the slice with most pixels that at least half of the readers marked, the lowest of several.
        func largestConsensus() throws(ImagingError) -> Slice {
            var votes = [UInt32](repeating: 0, count: height * width)
            var best: (area: Int, votes: [UInt32])?
            for (_, frames) in slices.sorted(by: { $0.key < $1.key }) {
                for index in votes.indices { votes[index] = 0 }
                for frame in frames { add(frame, to: &votes) }
                let area = votes.count { isOn($0) }
                if area > best?.area ?? 0 { best = (area, votes) }
            }
            guard let best else { throw ImagingError(.emptyMask) }
            let marked = best.votes.map { isOn($0) }
            let rows = (0..<height).filter { row in (0..<width).contains { marked[row * width + $0] } }
            let columns = (0..<width).filter { column in (0..<height).contains { marked[$0 * width + column] } }
            guard let top = rows.first, let bottom = rows.last, let left = columns.first, let right = columns.last
            else {
                throw ImagingError(.emptyMask)
            }
            return Slice(isOn: marked, rows: top...bottom, columns: left...right)
        }

        private func isOn(_ votes: UInt32) -> Bool { 2 * Int(votes) >= segmentations.count && votes > 0 }

        private func add(_ placed: PlacedFrame, to votes: inout [UInt32]) {
            let segmentation = segmentations[placed.reader]
            var source = segmentation.pixelRange(ofFrame: placed.frame).lowerBound
            for row in 0..<segmentation.rows {
                let start = (placed.row + row) * width + placed.column
                for column in 0..<segmentation.columns {
                    votes[start + column] += UInt32(segmentation.pixels[source])
                    source += 1
                }
            }
        }
    }
}

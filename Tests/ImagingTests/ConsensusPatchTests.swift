import Foundation
import Testing

@testable import Imaging

@Suite("Consensus patch")
struct ConsensusPatchTests {
    /// One sample a pixel: the files below have pixels of 0.5 mm.
    private func patch(_ rows: Int, _ columns: Int) throws -> ConsensusPatch {
        try #require(ConsensusPatch(rows: rows, columns: columns, rowSpacing: 0.5, columnSpacing: 0.5))
    }

    private func make(_ patch: ConsensusPatch, _ samples: [SyntheticSegmentation]) throws -> [String] {
        let folder = try TemporaryFolder()
        let paths = try samples.enumerated().map { try folder.write($0.element.file, to: "\($0.offset).dcm") }
        let values = try patch.make(paths: paths)
        #expect(values.count == patch.rows * patch.columns)
        return (0..<patch.rows).map { row in
            (0..<patch.columns).map { values[row * patch.columns + $0] == 1 ? "#" : "." }.joined()
        }
    }

    private func reader(_ mask: [String], at position: [Double] = [0, 0, 0]) -> SyntheticSegmentation {
        SyntheticSegmentation(frames: [.init(position: position, mask: mask)])
    }

    @Test("the patch is centred on the extent of the mask, not on the frame")
    func centring() throws {
        let mask = ["......", ".#....", ".##...", ".#....", "......", "......"]
        // Rows 1 to 3: the centre 2. Columns 1 to 2: the centre 1.5, of which the nearest pixels are 0 to 4.
        #expect(try make(patch(5, 5), [reader(mask)]) == [".....", ".#...", ".##..", ".#...", "....."])
        #expect(try make(patch(3, 4), [reader(mask)]) == [".#..", ".##.", ".#.."])
    }

    @Test("a pixel is on when at least half of the readers marked it")
    func vote() throws {
        let masks = [["###", "..."], ["##.", "..."], ["#..", "..#"], ["#..", "..#"]]
        let readers = masks.map { reader($0) }
        #expect(try make(patch(2, 3), Array(readers[..<2])) == ["###", "..."])
        #expect(try make(patch(1, 3), Array(readers[..<3])) == ["##."])
        #expect(try make(patch(2, 3), readers) == ["##.", "..#"])
        #expect(try make(patch(2, 3), readers.reversed()) == ["##.", "..#"])
    }

    @Test("frames of different size and place share one grid")
    func placing() throws {
        let one = reader(["##", "##"], at: [10, 20, 5])
        // One pixel (0.5 mm) to the left and one down; the slice is the same within a micrometre.
        let two = reader(["###"], at: [9.5, 20.5, 5.0002])
        let three = reader(["###"], at: [9.5, 20.5, 5])
        #expect(try make(patch(1, 3), [one, two, three]) == ["###"])
        #expect(try make(patch(2, 3), [one]) == ["##.", "##."])
        #expect(try make(patch(3, 3), [one, two]) == [".##", "###", "..."])
    }

    @Test("the slice with most pixels counts, and of equal ones the lowest")
    func slices() throws {
        let frames: [SyntheticSegmentation.Frame] = [
            .init(position: [0, 0, 3], mask: ["#.", ".#"]), .init(position: [0, 0, -2], mask: [".#", "#."]),
            .init(position: [0, 0, 1], mask: ["#.", ".."]),
        ]
        #expect(try make(patch(2, 2), [SyntheticSegmentation(frames: frames)]) == [".#", "#."])
        #expect(try make(patch(2, 2), [SyntheticSegmentation(frames: frames.reversed())]) == [".#", "#."])
        let larger = frames + [.init(position: [0, 0, 9], mask: ["##", "#."])]
        #expect(try make(patch(2, 2), [SyntheticSegmentation(frames: larger)]) == ["##", "#."])
    }

    @Test("samples are taken at their distance in mm, for rows and columns apart")
    func sampling() throws {
        let wide = try #require(ConsensusPatch(rows: 3, columns: 3, rowSpacing: 1, columnSpacing: 0.5))
        #expect(try make(wide, [reader(["#####", "#####", "#.#.#", "#####", "#.#.#"])]) == ["###", ".#.", ".#."])
    }

    @Test("files that give no consensus on one grid are refused")
    func refusals() throws {
        let patch = try patch(4, 4)
        let sample = reader(["##", "##"])
        #expect(throws: ImagingError(.noObject)) { try patch.make(paths: []) }
        #expect(throws: ImagingError(.emptyMask)) { try make(patch, [reader(["..", ".."])]) }
        let marks = [["#...", "....", "...."], ["....", "..#.", "...."], ["....", "....", "...#"]].map { reader($0) }
        #expect(throws: ImagingError(.emptyMask)) { try make(patch, marks) }
        var other = sample
        other.spacing = [0.5, 0.6]
        #expect(throws: ImagingError(.inconsistent)) { try make(patch, [sample, other]) }
        other = sample
        other.orientation = [0, 1, 0, 0, 0, -1]
        #expect(throws: ImagingError(.inconsistent)) { try make(patch, [other]) }
        #expect(throws: ImagingError(.inconsistent)) { try make(patch, [sample, reader(["##"], at: [0.25, 0, 0])]) }
        #expect(throws: ImagingError(.tooLarge)) { try make(patch, [sample, reader(["##"], at: [1e6, 0, 0])]) }
        #expect(throws: ImagingError.self) { try make(patch, [sample, reader(["##"], at: [1e300, 0, 0])]) }
    }

    @Test("positions that make a grid too large to hold, or too many slices of a large one, are refused")
    func largeGrids() throws {
        let patch = try patch(4, 4)
        let sample = reader(["##", "##"])
        #expect(throws: ImagingError(.tooLarge)) { try make(patch, [sample, reader(["##"], at: [5_000, 5_000, 0])]) }
        let far = SyntheticSegmentation(
            frames: (0..<40).map { .init(position: [3_999, 3_999, Double($0)], mask: ["##"]) })
        #expect(throws: ImagingError(.tooLarge)) { try make(patch, [sample, far]) }
    }

    @Test("only sizes and distances that make sense make a preprocessing")
    func parameters() {
        #expect(ConsensusPatch(rows: 0, columns: 1, rowSpacing: 1, columnSpacing: 1) == nil)
        #expect(ConsensusPatch(rows: 1, columns: 1_025, rowSpacing: 1, columnSpacing: 1) == nil)
        #expect(ConsensusPatch(rows: 1, columns: 1, rowSpacing: 0, columnSpacing: 1) == nil)
        #expect(ConsensusPatch(rows: 1, columns: 1, rowSpacing: 1, columnSpacing: .infinity) == nil)
        #expect(ConsensusPatch(rows: 1, columns: 1, rowSpacing: .nan, columnSpacing: 1) == nil)
    }
}

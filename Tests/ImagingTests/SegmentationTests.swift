import Foundation
import Testing

@testable import Imaging

@Suite("Segmentations")
struct SegmentationTests {
    private func read(_ sample: SyntheticSegmentation) throws -> Segmentation {
        let folder = try TemporaryFolder()
        return try Segmentation(path: folder.write(sample.file, to: "a.dcm"))
    }

    @Test("frames are unpacked bit by bit, without gaps between them")
    func unpacking() throws {
        // Nine pixels a frame: the second frame begins in the middle of a byte.
        let masks = [["#.#", ".#.", "###"], ["..#", "#..", ".##"], ["...", "...", "#.."]]
        let sample = SyntheticSegmentation(
            frames: masks.enumerated().map { .init(position: [1.5, -2, Double($0.offset) * 2.5], mask: $0.element) })
        let segmentation = try read(sample)
        for (index, mask) in masks.enumerated() {
            let pixels = segmentation.pixels[segmentation.pixelRange(ofFrame: index)]
            #expect(pixels.map { $0 == 1 ? "#" : "." }.joined() == mask.joined())
        }
        #expect(segmentation.frames.map(\.position.z) == [0, 2.5, 5])
        #expect(segmentation.frames.allSatisfy { $0.segment == 1 && $0.position.x == 1.5 && $0.position.y == -2 })
        #expect(segmentation.rowSpacing == 0.5)
        #expect(segmentation.sliceThickness == 2.5)
    }

    @Test("what cannot be read as a binary segmentation says why")
    func refusals() throws {
        let sample = SyntheticSegmentation(frames: [.init(position: [0, 0, 0], mask: ["###", "###"])])
        var other = sample
        other.sopClass = "1.2.840.10008.5.1.4.1.1.2"
        #expect(throws: ImagingError(.notSegmentation)) { try read(other) }
        other = sample
        other.type = "FRACTIONAL"
        #expect(throws: ImagingError(.unsupported)) { try read(other) }
        other = sample
        other.bitsAllocated = 8
        #expect(throws: ImagingError(.unsupported)) { try read(other) }
        other = sample
        other.declaredFrames = 2
        #expect(throws: ImagingError(.corrupt)) { try read(other) }
        other.declaredFrames = 10_001
        #expect(throws: ImagingError(.tooLarge)) { try read(other) }
        other = sample
        other.declaredRows = 60_000
        #expect(throws: ImagingError(.tooLarge)) { try read(other) }
        other.declaredRows = 200
        #expect(throws: ImagingError(.corrupt)) { try read(other) }
        other = sample
        other.spacing = [0, 0.5]
        #expect(throws: ImagingError(.corrupt)) { try read(other) }
    }
}

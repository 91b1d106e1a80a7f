import Foundation
import Testing

@testable import Imaging

@Suite("DICOM files")
struct DICOMFileTests {
    private let sample = SyntheticSegmentation(
        frames: [.init(position: [0, 0, 10], mask: ["#.#", ".#.", "###"])])

    private func reason(of data: Data) throws -> ImagingError.Reason? {
        let folder = try TemporaryFolder()
        let path = try folder.write(data, to: "file.dcm")
        return #expect(throws: ImagingError.self) { try DICOMFile(path: path) }?.reason
    }

    @Test("attributes are read by keyword or tag, at the top level and inside sequences, without padding")
    func attributes() throws {
        let folder = try TemporaryFolder()
        let file = try DICOMFile(path: folder.write(sample.file, to: "a.dcm"))
        #expect(try file.text("PatientID") == "P1")
        #expect(try file.text("TrackingID") == "P1-n1")
        #expect(try file.text("SliceThickness") == "2.5")
        #expect(try file.text("00180050") == "2.5")
        #expect(try file.text("PixelSpacing") == "0.5\\0.5")
        #expect(try file.text("StudyInstanceUID") == nil)
        let error = #expect(throws: ImagingError.self) { try file.text("SliceThicknes") }
        #expect(error == ImagingError(.unknownKeyword, keyword: "SliceThicknes"))
    }

    @Test("an attribute of the object itself counts before one of an object that it refers to")
    func topLevelFirst() throws {
        // (0020,000E) stands at the top level behind sequences of lower groups.
        let folder = try TemporaryFolder()
        let file = try DICOMFile(path: folder.write(sample.file, to: "a.dcm"))
        #expect(try file.text("SeriesInstanceUID") == "1.2.3")
    }

    @Test("a text in the file's own character set becomes UTF-8; one that is in none is an error")
    func characterSets() throws {
        let folder = try TemporaryFolder()
        var latin = sample
        latin.patient = "Meyer"
        let name = Data("Meyer ".utf8)
        for (characterSet, bytes, expected) in [
            ("ISO_IR 100", Data([0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72]), "Müller"),
            ("ISO_IR 192", Data("Mülle".utf8), "Mülle"),
            ("GB18030", Data([0xB2, 0xA1, 0xC8, 0xCB, 0x31, 0x32]), "病人12"),
            ("ISO_IR 192", Data([0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72]), nil),
        ] as [(String, Data, String?)] {
            var data = latin.file
            let place = try #require(data.range(of: name))
            data.replaceSubrange(place, with: bytes)
            let set = Data(characterSet.count.isMultiple(of: 2) ? characterSet.utf8 : (characterSet + " ").utf8)
            let start = try #require(data.range(of: Data([0x08, 0x00, 0x16, 0x00])))
            let element = Data([0x08, 0x00, 0x05, 0x00, 0x43, 0x53, UInt8(set.count), 0]) + set
            data.insert(contentsOf: element, at: start.lowerBound)
            let file = try DICOMFile(path: folder.write(data, to: "c.dcm"))
            if let expected {
                #expect(try file.text("PatientID") == expected)
            } else {
                let error = #expect(throws: ImagingError.self) { try file.text("PatientID") }
                #expect(error?.reason == .unreadableText)
            }
        }
    }

    @Test("an empty file, a text file, a bare data set and a missing file each have their own reason")
    func notDICOM() throws {
        #expect(try reason(of: Data()) == .empty)
        #expect(try reason(of: Data("not an image".utf8)) == .notDICOM)
        #expect(try reason(of: Data(repeating: 0x20, count: 4096)) == .notDICOM)
        #expect(try reason(of: sample.file.dropFirst(132)) == .notDICOM)
        #expect(throws: ImagingError(.cannotOpen)) { try DICOMFile(path: "/nonexistent/file.dcm") }
        #expect(throws: ImagingError(.cannotOpen)) { try DICOMFile(path: "/dev/null") }
    }

    @Test("a file cut anywhere is refused, also within its pixels")
    func truncated() throws {
        var large = sample
        large.frames = (0..<40).map {
            .init(position: [0, 0, Double($0)], mask: Array(repeating: "##########", count: 90))
        }
        let whole = large.file
        let folder = try TemporaryFolder()
        _ = try DICOMFile(path: folder.write(whole, to: "whole.dcm"))
        for length in [133, 140, 160, 200, 400, whole.count - 4000, whole.count - 2] {
            let reason = try reason(of: whole.prefix(length))
            #expect(reason == .corrupt, "\(length) of \(whole.count)")
        }
    }

    @Test("sequences nested without end are refused before they exhaust the stack")
    func nesting() throws {
        func nested(_ levels: Int) -> Data {
            // The header of a whole file, then one sequence in another.
            let whole = sample.file
            let start = whole.range(of: Data([0x08, 0x00, 0x16, 0x00]))?.lowerBound ?? 0
            let open =
                Data([0x40, 0x00, 0x30, 0xA7, 0x53, 0x51, 0, 0] + [UInt8](repeating: 0xFF, count: 4))
                + Data([0xFE, 0xFF, 0x00, 0xE0] + [UInt8](repeating: 0xFF, count: 4))
            let close = Data([0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0])
            var data = whole.prefix(start)
            for _ in 0..<levels { data += open }
            for _ in 0..<levels { data += close }
            return data
        }
        let folder = try TemporaryFolder()
        _ = try DICOMFile(path: folder.write(nested(20), to: "nested.dcm"))
        for levels in [1_000, 100_000] { #expect(try reason(of: nested(levels)) == .tooLarge) }
    }

    @Test("a file that is one tiny element after the other is refused after a while, not after hours")
    func countlessElements() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(sample.file, to: "zeros.dcm")
        // A hole in the file reads as zeros: elements without a value. It takes no room on the disk.
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 512 << 20)
        try file.close()
        #expect(throws: ImagingError(.tooLarge)) { try DICOMFile(path: path) }
    }

    @Test("random damage ends in an error or a file, never in a crash")
    func damage() throws {
        var state: UInt64 = 1
        func random(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let folder = try TemporaryFolder()
        let whole = sample.file
        var refused = 0
        for _ in 0..<400 {
            var data = whole
            for _ in 0...random(below: 4) { data[132 + random(below: data.count - 132)] = UInt8(random(below: 256)) }
            let path = try folder.write(data, to: "damaged.dcm")
            do {
                let segmentation = try Segmentation(path: path)
                let count = segmentation.rows * segmentation.columns * segmentation.frames.count
                #expect(segmentation.pixels.count == count)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 50)
    }
}

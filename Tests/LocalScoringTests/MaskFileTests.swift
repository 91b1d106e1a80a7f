import Foundation
import Scoring
import Testing

@testable import LocalScoring

@Suite struct MaskFileTests {
    /// Writes a file of its own, gives its path to the body and removes it.
    private func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "mask-\(UUID().uuidString).npy")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }

    private func header(_ element: String, _ shape: [Int], fortran: Bool = false) -> [UInt8] {
        let axes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(element)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(axes)), }"
        text += String(repeating: " ", count: 63 - (text.utf8.count + 10) % 64) + "\n"
        return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, UInt8(text.utf8.count & 255), UInt8(text.utf8.count >> 8)]
            + Array(text.utf8)
    }

    /// A value for a voxel: mostly 0, runs of 1, some others.
    private func value(_ z: Int, _ y: Int, _ x: Int) -> Int {
        if y % 5 == 2 { return 1 }
        let mixed = (z &* 73_856_093 ^ y &* 19_349_663 ^ x &* 83_492_791) % 11
        return y % 3 == 0 ? max(0, mixed - 7) : 0
    }

    private func data(_ shape: [Int], fortran: Bool, size: Int) -> [UInt8] {
        let (depth, height, width) = (shape.count == 3 ? shape[0] : 1, shape[shape.count - 2], shape[shape.count - 1])
        var bytes: [UInt8] = []
        func append(_ value: Int) {
            for part in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * part))) }
        }
        if fortran {
            for x in 0..<width { for y in 0..<height { for z in 0..<depth { append(value(z, y, x)) } } }
        } else {
            for z in 0..<depth { for y in 0..<height { for x in 0..<width { append(value(z, y, x)) } } }
        }
        return bytes
    }

    @Test(
        arguments: ["|b1", "|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8"],
        [[3, 7, 64], [2, 6, 63], [2, 5, 129], [9, 200], [70, 1], [65, 3, 2], [1, 1, 1]])
    func everyElementTypeAndOrderGivesTheVoxelsThatAreSet(element: String, shape: [Int]) throws {
        let size = try #require(Int(element.suffix(1)))
        for fortran in [false, true] {
            for label in [nil, 0, 1, 3] as [Int64?] {
                let file = header(element, shape, fortran: fortran) + data(shape, fortran: fortran, size: size)
                let mask = try withFile(file) { try MaskFile.read(path: $0, label: label) }
                #expect(mask.shape == shape)
                var count = 0
                var wrong: [[Int]] = []
                for z in 0..<mask.depth {
                    for y in 0..<mask.height {
                        for x in 0..<mask.width {
                            let value = value(z, y, x)
                            let expected = label.map { value == Int($0) } ?? (value != 0)
                            count += expected ? 1 : 0
                            if mask[z, y, x] != expected { wrong.append([z, y, x]) }
                        }
                    }
                }
                #expect(wrong == [], "fortran \(fortran), label \(String(describing: label))")
                // Bits beyond the width would be counted too.
                #expect(mask.count == count)
            }
        }
    }

    @Test(arguments: ["|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8"])
    func oneLabelIsToldFromSeveralWhereverTheyLie(element: String) throws {
        let size = try #require(Int(element.suffix(1)))
        let (shape, count) = ([3, 150], 450)
        func labels(_ values: [Int: Int64]) throws -> (MaskFile.Labels, [Int64]?, Int) {
            var bytes = Array(repeating: UInt8(0), count: count * size)
            for (place, value) in values {
                for part in 0..<size { bytes[place * size + part] = UInt8(truncatingIfNeeded: value >> (8 * part)) }
            }
            return try withFile(header(element, shape) + bytes) { path in
                let found = try MaskFile.readForeground(path: path)
                return (found.labels, try MaskFile.labels(path: path, limit: 3), found.mask.count)
            }
        }
        #expect(try labels([:]) == (.none, [], 0))
        let run = { (value: Int64) in Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, value) }) }
        let large: Int64 = element.contains("i") ? Int64.min >> (64 - 8 * size) : 1 << (8 * min(size, 7)) - 1
        for value in [1, 2, 3, 101, large] {
            #expect(try labels(run(value)) == (.one, [value], count))
            #expect(try labels([0: value, 1: value, 149: value, 449: value]) == (.one, [value], 4))
            // Another value anywhere, also as the first, in a full stretch and in the rest of a line.
            for place in [0, 1, 63, 64, 127, 128, 149, 150, 300, 449] {
                for other: Int64 in [1, 3, 7] where other != value {
                    let expected = [value, other].sorted()
                    var all = run(value)
                    all[place] = other
                    #expect(try labels(all) == (.several, expected, count), "\(value) \(other) \(place)")
                    #expect(
                        try labels([70: value, place: other]) == (.several, expected, 2), "\(value) \(other) \(place)")
                }
            }
        }
        #expect(try labels([5: 1, 6: 2, 300: 3]) == (.several, [1, 2, 3], 3))
        #expect(try labels([5: 1, 6: 2, 300: 3, 449: 4]) == (.several, nil, 4))
    }

    @Test func anyByteButZeroOfABooleanArrayIsTheSameLabel() throws {
        let file = header("|b1", [1, 4]) + [0, 1, 2, 255]
        let found = try withFile(file) { try MaskFile.readForeground(path: $0) }
        #expect(found.labels == .one)
        #expect(found.mask.count == 3)
    }

    @Test func aLabelBeyondTheRangeIsRefused() throws {
        let file = header("<u8", [1, 2]) + Array(repeating: 255, count: 8) + [1, 0, 0, 0, 0, 0, 0, 0]
        #expect(throws: MaskFile.Failure.notLabels("<u8")) {
            try withFile(file) { try MaskFile.labels(path: $0, limit: 9) }
        }
    }

    @Test func negativeAndWideLabelsAreMatchedExactly() throws {
        let signed = header("|i1", [1, 4]) + [0xff, 0x01, 0x00, 0x80]
        #expect(try withFile(signed) { try MaskFile.read(path: $0, label: -1) }.words == [0b0001])
        #expect(try withFile(signed) { try MaskFile.read(path: $0, label: -128) }.words == [0b1000])
        #expect(try withFile(signed) { try MaskFile.read(path: $0, label: 255) }.count == 0)
        let wide = header("<u2", [1, 3]) + [0x00, 0x01, 0x01, 0x00, 0xff, 0xff]
        #expect(try withFile(wide) { try MaskFile.read(path: $0) }.words == [0b111])
        #expect(try withFile(wide) { try MaskFile.read(path: $0, label: 256) }.words == [0b001])
        #expect(try withFile(wide) { try MaskFile.read(path: $0, label: -1) }.count == 0)
    }

    @Test func aFileLongerThanAPieceIsReadWhole() throws {
        let shape = [40, 100, 150]
        let mask = try withFile(header("|u1", shape) + data(shape, fortran: false, size: 1)) {
            try MaskFile.read(path: $0)
        }
        let expected = (0..<40).flatMap { z in
            (0..<100).flatMap { y in (0..<150).map { x in value(z, y, x) != 0 } }
        }
        let found = (0..<40).flatMap { z in (0..<100).flatMap { y in (0..<150).map { x in mask[z, y, x] } } }
        #expect(found == expected)
    }

    @Test func faultyFilesAreRefusedWithTheirReason() throws {
        func failure(_ bytes: [UInt8]) throws -> MaskFile.Failure? {
            try withFile(bytes) { path in
                do throws(MaskFile.Failure) {
                    _ = try MaskFile.read(path: path)
                    return nil
                } catch { return error }
            }
        }
        #expect(try failure([]) == .header(.malformed))
        #expect(try failure(Array("not an array".utf8)) == .header(.malformed))
        #expect(try failure(header("<f4", [2, 2]) + Array(repeating: 0, count: 16)) == .notLabels("<f4"))
        #expect(try failure(header(">i2", [2, 2]) + Array(repeating: 0, count: 8)) == .header(.unsupported(">i2")))
        #expect(try failure(header("|u1", [4]) + [0, 0, 0, 0]) == .shape([4]))
        #expect(try failure(header("|u1", [2, 0]) + []) == .shape([2, 0]))
        let start = header("|u1", [2, 3])
        #expect(try failure(start + [1, 1, 1]) == .length(expected: start.count + 6, found: start.count + 3))
        #expect(
            try failure(start + Array(repeating: 1, count: 7))
                == .length(expected: start.count + 6, found: start.count + 7))
        #expect(throws: MaskFile.Failure.unreadable(2)) { try MaskFile.read(path: "/no/such/file.npy") }
        #expect(throws: MaskFile.Failure.unreadable(21)) {
            try MaskFile.read(path: FileManager.default.temporaryDirectory.path)
        }
    }
}

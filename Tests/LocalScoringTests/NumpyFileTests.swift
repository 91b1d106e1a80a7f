import Statistics
import Testing
import TextCatalogue

@testable import LocalScoring

@Suite struct NumpyFileTests {
    @Test(arguments: [
        ("|b1", 1), ("|u1", 1), ("|i1", 1), ("<u2", 2), ("<i2", 2), ("<u4", 4), ("<i4", 4), ("<u8", 8), ("<i8", 8),
    ])
    func wholeNumbersOfEveryTypeAreRead(element: String, size: Int) throws {
        let numbers = (0..<3000).map { element == "|b1" ? $0 & 1 : $0 % 120 }
        let data = numbers.flatMap { number in (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
        try withLocalFile(numpyFile(element, [3000], data), suffix: ".npy") { path in
            let (bytes, doubles) = (try NumpyArray.readUInt8(path: path), try NumpyArray.readDoubles(path: path))
            #expect(bytes == numbers.map { UInt8($0) })
            #expect(doubles == numbers.map(Double.init))
        }
    }

    @Test func signedAndBinaryNumbersAreRead() throws {
        try withLocalFile(numpyFile("<i2", [2], [0xff, 0xff, 0x00, 0x80]), suffix: ".npy") { path in
            let doubles = try NumpyArray.readDoubles(path: path)
            #expect(doubles == [-1, -32768])
            #expect(throws: LocalFileError(.arrayShape, .localArrayShape("", expected: ""))) {
                try NumpyArray.readUInt8(path: path)
            }
        }
        try withLocalFile(numpyFile("<f4", [2], [0, 0, 0x80, 0x3f, 0, 0, 0xc0, 0x7f]), suffix: ".npy") { path in
            let values = try NumpyArray.readDoubles(path: path)
            #expect(values[0] == 1)
            #expect(values[1].isNaN)
        }
    }

    @Test func bothOrdersOfATableGiveTheSameColumns() throws {
        var generator = LocalFileGenerator(seed: 3)
        let (rows, columns) = (2500, 7)
        let values = (0..<rows * columns).map { _ in generator.deviate() }
        let turned = (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
        let summaries = try [(false, values), (true, turned)].map { fortran, values in
            try withLocalFile(
                numpyFile("<f8", [rows, columns], fortran: fortran, littleEndian(values)), suffix: ".npy"
            ) { try SummaryReport.metrics(file: $0) }
        }
        #expect(summaries[0] == summaries[1])
        #expect(summaries[0].contains { $0.name == "mean" && $0.variable == "c6" })
    }

    @Test func faultyFilesAreRefused() throws {
        func kind(_ bytes: [UInt8]) throws -> LocalFileError.Kind? {
            try withLocalFile(bytes, suffix: ".npy") { path in
                do {
                    _ = try NumpyArray.readDoubles(path: path)
                    return nil
                } catch let error as LocalFileError {
                    return error.kind
                }
            }
        }
        #expect(try kind(numpyFile("<f8", [2], littleEndian([1, 2]))) == nil)
        #expect(try kind([]) == .arrayMalformed)
        #expect(try kind(Array("a,b\n1,2\n".utf8)) == .arrayMalformed)
        #expect(try kind(numpyFile("<f8", [3], littleEndian([1, 2]))) == .arrayTruncated)
        #expect(try kind(numpyFile(">f8", [2], littleEndian([1, 2]))) == .arrayUnsupported)
        #expect(try kind(numpyFile("|O", [2], littleEndian([1, 2]))) == .arrayUnsupported)
        #expect(try kind(numpyFile("<f8", [1, 2], littleEndian([1, 2]))) == .arrayShape)
        #expect(try kind(numpyFile("<f8", [1, 1, 2], littleEndian([1, 2]))) == .arrayShape)
        #expect(try kind(numpyFile("<f8", [2, 0], [])) == .arrayShape)
        #expect(try kind(numpyFile("<f8", [0], [])) == nil)
    }

    @Test func damagedHeadersAreRefusedOrReadButNeverBreakTheReader() throws {
        var generator = LocalFileGenerator(seed: 17)
        let sound = numpyFile("<f8", [4, 2], littleEndian([1, 2, 3, 4, 5, 6, 7, 8]))
        var (refused, read) = (0, 0)
        for _ in 0..<1500 {
            var bytes = sound
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                switch Int.random(in: 0...3, using: &generator) {
                case 0:
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                        in: 0...255, using: &generator)
                case 1: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
                case 2:
                    bytes.insert(
                        UInt8.random(in: 0...255, using: &generator),
                        at: Int.random(in: 0..<bytes.count, using: &generator))
                default:
                    let digits = Array("0123456789(),:{}' ".utf8)
                    bytes[Int.random(in: 0..<min(bytes.count, 80), using: &generator)] =
                        digits.randomElement(using: &generator) ?? 0
                }
                if bytes.isEmpty { bytes = [0x93] }
            }
            try withLocalFile(bytes, suffix: ".npy") { path in
                do {
                    _ = try SummaryReport.metrics(file: path)
                    read += 1
                } catch is LocalFileError {
                    refused += 1
                }
            }
        }
        #expect(refused > 200)
        #expect(read > 50)
    }
}

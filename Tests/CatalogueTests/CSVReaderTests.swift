import Foundation
import Testing
import TextCatalogue

@testable import Catalogue

@Suite("CSV reader")
struct CSVReaderTests {
    private func read(_ text: String, limits: CSVReader.Limits = .init()) throws -> [[String]] {
        try read(Data(text.utf8), limits: limits)
    }

    private func read(_ data: Data, limits: CSVReader.Limits = .init()) throws -> [[String]] {
        let folder = try TemporaryFolder()
        let path = try folder.write(data, to: "table.csv")
        let reader = try CSVReader(path: path, table: "t", limits: limits)
        var records = [reader.header]
        while try reader.next() {
            records.append(reader.header.indices.map { String(decoding: reader.field($0), as: UTF8.self) })
        }
        return records
    }

    @Test("any table that a writer of RFC 4180 makes is read back, whatever the size of the buffer")
    func roundTrip() throws {
        var random = SeededGenerator(state: 4180)
        let alphabet = ["a", "7", " ", ",", "\"", "\n", "\r\n", "é", "病", "", "\t", ";"]
        for round in 0..<120 {
            let columns = Int.random(in: 2...6, using: &random)
            let newline = round.isMultiple(of: 2) ? "\n" : "\r\n"
            var table = [(0..<columns).map { "column \($0)" }]
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                table.append(
                    (0..<columns).map { _ in
                        (0..<Int.random(in: 0...5, using: &random)).map { _ in
                            alphabet.randomElement(using: &random) ?? ""
                        }.joined()
                    })
            }
            var text = round.isMultiple(of: 3) ? "\u{FEFF}" : ""
            for (index, record) in table.enumerated() {
                text += record.map { field in
                    let mustQuote = field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
                    guard mustQuote || Bool.random(using: &random) else { return field }
                    return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
                }.joined(separator: ",")
                if index < table.count - 1 || Bool.random(using: &random) { text += newline }
            }
            for size in [128, 200, 1 << 16] {
                #expect(try read(text, limits: .init(record: size)) == table, "\(text.debugDescription)")
            }
        }
    }

    @Test("empty lines are skipped")
    func emptyLines() throws {
        #expect(try read("\r\na,b\n\n1,2\n\r\n\n3,4\n\n") == [["a", "b"], ["1", "2"], ["3", "4"]])
    }

    @Test(
        "what is unclear is refused with its line",
        arguments: [
            ("a,b\n1,2\n1,2,3\n", "line 3: 3 fields"), ("a,b\n\"x\ny\",2\n1\n", "line 4: 1 fields"),
            ("a,b\n1,5\" needle\n", "line 2: a quote"), ("a,b\n\"1\"x,2\n", "line 2: a quote"),
            ("a,b\n\n\n\"1,2\n", "line 4: a quote is never closed"), ("a,b\n1\r2,3\n", "line 2: a carriage return"),
            ("a,b\n1,\u{0}\n", "line 2: a NUL"), ("a,a\n1,2\n", "line 1: the column \"a\""), ("", "no header"),
            ("a,b\n1,2\r", "line 2: a carriage return"),
        ])
    func unclear(_ text: String, _ message: String) {
        let error = #expect(throws: CatalogueError.self) { try read(text) }
        #expect(error?.kind == .tableMalformed)
        #expect(error?.phrase.english.contains(message) == true, "\(error?.phrase.english ?? "")")
    }

    @Test("limits on records, columns and rows hold")
    func limits() {
        let long = #expect(throws: CatalogueError.self) {
            try read("a\n" + String(repeating: "x", count: 1000), limits: .init(record: 100))
        }
        #expect(long?.phrase.english.contains("longer than 100 bytes") == true)
        let wide = #expect(throws: CatalogueError.self) { try read("a,b,c\n", limits: .init(columns: 2)) }
        #expect(wide?.kind == .tableMalformed)
        let many = #expect(throws: CatalogueError.self) { try read("a\n1\n2\n3\n", limits: .init(rows: 2)) }
        #expect(many?.kind == .tableTooLarge)
    }

    @Test("other encodings are refused with what to do")
    func encodings() throws {
        for data in [
            Data("a,b\n1,2\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }), Data([0x63, 0xE9, 0x0A]),
        ] {
            let bytes = data.first == 0x61 ? Data([0xFF, 0xFE]) + data : data
            let error = #expect(throws: CatalogueError.self) { try read(bytes) }
            #expect(error?.phrase.english.contains("UTF-8") == true)
        }
    }

    @Test("a file that is not there, a folder and a pipe are refused")
    func notAFile() throws {
        let folder = try TemporaryFolder()
        for path in [folder.path + "/none.csv", folder.path, "/dev/null"] {
            let error = #expect(throws: CatalogueError.self) { try CSVReader(path: path, table: "t") }
            #expect(error?.kind == .fileUnreadable)
        }
    }
}

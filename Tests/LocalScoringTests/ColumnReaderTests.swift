import Statistics
import Testing
import TextCatalogue

@testable import LocalScoring

@Suite struct ColumnReaderTests {
    private func read(
        _ text: String, _ requests: [(String, ColumnReader.Form)], chunk: Int = 1 << 16, delimiter: UInt8? = nil,
        suffix: String = ".csv"
    ) throws -> [ColumnReader.Column] {
        try withLocalFile(Array(text.utf8), suffix: suffix) { path in
            try ColumnReader(path: path, delimiter: delimiter, chunk: chunk).read(
                requests.map { (name: $0.0, form: $0.1) })
        }
    }

    private func failure(_ bytes: [UInt8], _ requests: [(String, ColumnReader.Form)]) throws -> (
        LocalFileError, String
    )? {
        try withLocalFile(bytes) { path in
            do {
                _ = try ColumnReader(path: path).read(requests.map { (name: $0.0, form: $0.1) })
                return nil
            } catch let error as LocalFileError {
                return (error, error.phrase.text(in: .english).replacing(path, with: "F"))
            }
        }
    }

    @Test(arguments: [1, 2, 3, 5, 7, 16, 64, 4096])
    func randomTablesComeBackAsTheyWereWritten(chunk: Int) throws {
        var generator = LocalFileGenerator(seed: UInt64(chunk))
        let pieces = ["a", "é", "漢", ",", "\"", "\n", "\r\n", " ", "NA", "x y", "0", "-", ".", "123456789"]
        for _ in 0..<25 {
            let rows = Int.random(in: 0...40, using: &generator)
            var words: [String] = []
            var numbers: [Double] = []
            let end = Bool.random(using: &generator) ? "\n" : "\r\n"
            var text = Bool.random(using: &generator) ? "\u{feff}w,\"n\"\"1\",skip" : "w,\"n\"\"1\",skip"
            for _ in 0..<rows {
                let word = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                    pieces.randomElement(using: &generator) ?? ""
                }.joined()
                let plain = !word.utf8.contains { [0x2c, 0x22, 0x0d, 0x0a].contains($0) }
                let isQuoted = !plain || Bool.random(using: &generator)
                let number = Double(bitPattern: generator.next())
                let value = number.isFinite ? number : generator.deviate()
                words.append(word.trimmed)
                numbers.append(value)
                text += end + (isQuoted ? "\"\(word.replacing("\"", with: "\"\""))\"" : word)
                text += "," + (Bool.random(using: &generator) ? "\"\(value)\"" : " \(value)\t")
                text += "," + (Bool.random(using: &generator) ? "\"a,\"\"b\n\"" : "")
            }
            if Bool.random(using: &generator) { text += end }
            let columns = try read(text, [("w", .texts), ("n\"1", .numbers)], chunk: chunk)
            guard case .texts(let texts) = columns[0], case .numbers(let read) = columns[1] else {
                Issue.record("other forms than asked for")
                return
            }
            let missing = words.map { ["", "na"].contains($0.lowercased()) }
            #expect(texts.codes.map { $0 < 0 } == missing)
            #expect(texts.missing == missing.filter { $0 }.count)
            for (code, word) in zip(texts.codes, words) where code >= 0 { #expect(texts.levels[Int(code)] == word) }
            #expect(read.values.map(\.bitPattern) == numbers.map(\.bitPattern))
        }
    }

    @Test func missingValuesAreNaNAndCounted() throws {
        let columns = try read(
            "a,b\n1,x\n,NA\nna,n/a\nN/A,NULL\nnull,\nNaN,nan\n-2.5e1,x\n", [("b", .texts), ("a", .numbers)])
        #expect(columns[0] == .texts(.init(codes: [0, -1, -1, -1, -1, 1, 0], levels: ["x", "nan"], missing: 4)))
        guard case .numbers(let numbers) = columns[1] else { return }
        #expect(numbers.missing == 5)
        #expect(numbers.values.filter { !$0.isNaN } == [1, -25])
    }

    @Test func decimalsAreHeldInUnitsTiesToEven() throws {
        let resolution = try Resolution("0.01")
        let columns = try read("x\n0.285\n\"0.275\"\n 1e-2\nNA\n-3\n", [("x", .units(resolution)), ("x", .texts)])
        #expect(columns[0] == .units(.init(values: [28, 28, 1, Coded.missing, -300], missing: 1)))
        #expect(
            columns[1] == .texts(.init(codes: [0, 1, 2, -1, 3], levels: ["0.285", "0.275", "1e-2", "-3"], missing: 1)))
    }

    @Test func otherDelimitersAreRead() throws {
        #expect(
            try read("a\tb\n1\tx,y\n", [("b", .texts)], suffix: ".tsv")
                == [.texts(.init(codes: [0], levels: ["x,y"], missing: 0))])
        #expect(
            try read("a;b\n1;2,5\n", [("b", .texts)], delimiter: 0x3b)
                == [.texts(.init(codes: [0], levels: ["2,5"], missing: 0))])
    }

    @Test func emptyLinesAreNoRowsButInOneColumnAMissingValue() throws {
        #expect(
            try read("a,b\n\n1,2\r\n\r\n\n3,4\n\n", [("a", .numbers)]) == [.numbers(.init(values: [1, 3], missing: 0))])
        guard case .numbers(let one) = try read("a\n1\n\n2\n", [("a", .numbers)])[0] else { return }
        #expect(one.values.count == 3)
        #expect(one.missing == 1)
    }

    @Test func manyTextsKeepTheirOrder() throws {
        let names = (0..<20_000).map { $0 % 2 == 0 ? "patient-number-\($0 * 7919 % 20_000)" : "P\($0 * 7919 % 20_000)" }
        let columns = try read("p\n" + (names + names).joined(separator: "\n"), [("p", .texts)])
        guard case .texts(let texts) = columns[0] else { return }
        #expect(texts.levels == names)
        #expect(texts.codes == (0..<20_000).map { Int32($0) } + (0..<20_000).map { Int32($0) })
    }

    @Test func faultsSayWhereAndHow() throws {
        let cases: [(String, LocalFileError.Kind, String)] = [
            ("a,b\n1,2\n3\n", .raggedRow, "F:3:1: this row has 1 fields, the header 2"),
            ("a,b\n1,2,3\n", .raggedRow, "F:2:1: this row has 3 fields, the header 2"),
            ("a,b\n1,\"2\n3\n", .unterminatedQuote, "F:2:3: the quote that opens here is not closed"),
            ("a,b\n1,x\"y\n", .strayQuote, "F:2:4: a quote inside a field"),
            ("a,b\n1,\"x\"y\n", .strayQuote, "F:2:5: a quote inside a field"),
            ("a,b\n1,2\u{0}\n", .nulByte, "F:2:4: a NUL byte"),
            ("a,b\n1,2\r3,4\n", .loneReturn, "F:2:4: a carriage return without a line feed"),
            ("a,b\n1,2\r", .loneReturn, "F:2:4: a carriage return without a line feed"),
            ("a,b\nx1,2\n", .notANumber, "F:2:1: this value of \"a\" is not a number"),
            ("a,b\n1,2\n1,\"\n\"\n5,6\n7;,\n", .notANumber, "F:6:1: this value of \"a\" is not a number"),
            ("a,a\n", .columnRepeated, "F:1:3: the column \"a\" occurs twice"),
            ("", .tableEmpty, "F is empty"),
            ("score,cohort\n", .columnUnknown, "F has no column \"a\"; The columns are: score, cohort."),
            ("aa,b\n", .columnUnknown, "did you mean \"aa\"?"),
        ]
        for (text, kind, words) in cases {
            let found = try #require(try failure(Array(text.utf8), [("a", .numbers)]), "\(text)")
            #expect(found.0.kind == kind, "\(text)")
            #expect(found.1.contains(words), "\(found.1)")
        }
        #expect(try failure([0x61, 0xff, 0x0a], [("a", .numbers)])?.0.kind == .headerNotText)
        #expect(try failure([0x61, 0x0a, 0xff, 0x0a], [("a", .texts)])?.0.kind == .notText)
        let long = "a\n" + String(repeating: "x", count: DelimitedFile.fieldLimit + 1) + "\n"
        #expect(try failure(Array(long.utf8), [("a", .texts)])?.0.kind == .fieldTooLong)
        let wide = (0...DelimitedFile.columnLimit).map { "c\($0)" }.joined(separator: ",")
        #expect(try failure(Array(wide.utf8), [("a", .texts)])?.0.kind == .tooManyColumns)
        #expect(throws: LocalFileError(.fileUnreadable, .localFileUnreadable(""))) {
            try ColumnReader(path: "/no/such/file.csv")
        }
    }

    @Test func severalThreadsGiveTheSameColumns() throws {
        var generator = LocalFileGenerator(seed: 5)
        var text = "name,score,patient\n"
        for row in 0..<90_000 {
            // Labels that appear late, quoted line feeds and missing values.
            let label = row < 60_000 ? "\(row % 7)" : row % 11 == 0 ? "late, \n\(row / 10_000)" : "NA"
            let field = label.contains("\n") ? "\"\(label)\"" : label
            text += "\(field),\(Double.random(in: 0..<1, using: &generator)),P\(row / 3)\n"
        }
        try withLocalFile(Array(text.utf8)) { path in
            let requests: [(name: String, form: ColumnReader.Form)] = [
                ("patient", .texts), ("score", .numbers), ("name", .texts),
            ]
            let one = try ColumnReader(path: path).read(requests)
            #expect(text.utf8.count > 2 * TableBlock.segment)
            for threads in [2, 3] { #expect(try ColumnReader(path: path, threads: threads).read(requests) == one) }
        }
    }

    @Test func randomBytesNeverBreakTheReader() throws {
        var generator = LocalFileGenerator(seed: 99)
        let alphabet: [UInt8] = Array("a,b\n\r\"0.5e-9 \t".utf8) + [0, 0xff, 0xc3]
        for _ in 0..<400 {
            let bytes = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            let results = try [1, 13, 4096].map { chunk in
                try withLocalFile(Array("a,b\n".utf8) + bytes) { path -> String in
                    do {
                        let reader = try ColumnReader(path: path, delimiter: nil, chunk: chunk)
                        guard case .texts(let texts) = try reader.read([("a", .texts)])[0] else { return "" }
                        return "\(texts)"
                    } catch let error as LocalFileError {
                        return error.phrase.text(in: .english).replacing(path, with: "F")
                    }
                }
            }
            #expect(Set(results).count == 1, "\(bytes): \(results)")
        }
    }
}

extension String {
    /// Without spaces and tabs at both ends.
    fileprivate var trimmed: String {
        var rest = Substring(self)
        while rest.first == " " || rest.first == "\t" { rest = rest.dropFirst() }
        while rest.last == " " || rest.last == "\t" { rest = rest.dropLast() }
        return String(rest)
    }
}

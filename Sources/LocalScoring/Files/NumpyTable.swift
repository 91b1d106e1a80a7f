internal import Foundation
internal import Statistics
internal import TextCatalogue

/// An array of one or two axes in a `.npy` file, as a table: rows along the first axis, columns named `c0`, `c1`, …
final class NumpyTable: Sendable {
    static let columnLimit = DelimitedFile.columnLimit

    let file: LocalFile
    let header: NumpyHeader
    let rows: Int
    let names: [String]

    init(path: String) throws(LocalFileError) {
        let file = try LocalFile(path: path)
        self.file = file
        let length = min(file.size, NumpyHeader.byteLimit + 16)
        var bytes = [UInt8](repeating: 0, count: length)
        let count = try Self.read(file, &bytes)
        do throws(NumpyHeader.Refusal) {
            header = try Self.parse(bytes, count)
        } catch .unsupported(let element) {
            throw LocalFileError(.arrayUnsupported, .localArrayUnsupported(path, element: element))
        } catch {
            throw LocalFileError(.arrayMalformed, .localArrayMalformed(path))
        }
        let shape = header.shape
        guard (1...2).contains(shape.count), shape.count == 1 || (1...Self.columnLimit).contains(shape[1]) else {
            throw LocalFileError(
                .arrayShape, .localArrayShape(path, expected: "(rows) or (rows, 1...\(Self.columnLimit) columns)"))
        }
        guard shape[0] <= DelimitedFile.rowLimit else {
            throw LocalFileError(.tooManyRows, .localTableTooManyRows(path, limit: DelimitedFile.rowLimit))
        }
        let expected = header.dataOffset + header.elementCount * header.element.size
        guard file.size >= expected else {
            throw LocalFileError(.arrayTruncated, .localArrayTruncated(path, expected: expected, found: file.size))
        }
        rows = shape[0]
        names = (0..<(shape.count == 1 ? 1 : shape[1])).map { "c\($0)" }
    }

    private static func read(_ file: LocalFile, _ bytes: inout [UInt8]) throws(LocalFileError) -> Int {
        let length = bytes.count
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(length, 1), alignment: 8)
        defer { buffer.deallocate() }
        let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<length]), at: 0)
        bytes = Array(buffer[..<count])
        return count
    }

    private static func parse(_ bytes: [UInt8], _ count: Int) throws(NumpyHeader.Refusal) -> NumpyHeader {
        let result = bytes.withUnsafeBytes { raw -> Result<NumpyHeader, NumpyHeader.Refusal> in
            do throws(NumpyHeader.Refusal) {
                return .success(try NumpyHeader(UnsafeRawBufferPointer(rebasing: raw[..<count])))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// Reads rows of an array block by block, by columns.
final class NumpyCursor: TableCursor {
    let table: NumpyTable
    let block: TableBlock
    let texts: [TextCodes]
    private(set) var malformed: [Int]

    private let forms: [(column: Int, form: ColumnForm)]
    private let chunk: UnsafeMutableRawBufferPointer
    private let chunkRows: Int
    private var nextRow: Int
    private let endRow: Int
    /// The rows that are in memory, in C order.
    private var loaded = 0..<0
    /// Codes of the bit patterns seen, by slot.
    private var codes: [[UInt64: Int64]]

    /// - Parameter forms: one a column.
    init(_ table: NumpyTable, forms: [ColumnForm], rows: Range<Int>) {
        self.table = table
        self.forms = forms.enumerated().compactMap { column, form in
            if case .skip = form { nil } else { (column, form) }
        }
        block = TableBlock(slots: self.forms.count)
        texts = self.forms.map { entry in
            if case .text(let limit) = entry.form { TextCodes(limit: limit) } else { TextCodes() }
        }
        malformed = self.forms.map { _ in 0 }
        codes = self.forms.map { _ in [:] }
        nextRow = rows.lowerBound
        endRow = rows.upperBound
        let rowBytes =
            table.header.isFortranOrder ? table.header.element.size : table.names.count * table.header.element.size
        // Whole blocks, about a quarter of a mebibyte: what the second cache holds beside the columns.
        let blocks = table.header.isFortranOrder ? 1 : max(1, (1 << 18) / (rowBytes * block.rowLimit))
        chunkRows = blocks * block.rowLimit
        chunk = .allocate(byteCount: chunkRows * rowBytes, alignment: 64)
    }

    deinit { chunk.deallocate() }

    func next() throws(LocalFileError) -> Bool {
        let count = min(block.rowLimit, endRow - nextRow)
        block.rows = max(count, 0)
        guard count > 0 else { return false }
        if table.header.isFortranOrder {
            try loadColumns(count)
        } else {
            try loadRows(count)
        }
        nextRow += count
        for (slot, entry) in forms.enumerated() {
            switch entry.form {
            case .skip, .number: break
            case .units(let resolution, let range): quantise(slot, resolution, range)
            case .text: encode(slot)
            }
        }
        return true
    }

    private func loadRows(_ count: Int) throws(LocalFileError) {
        let header = table.header
        let rowBytes = table.names.count * header.element.size
        if nextRow >= loaded.upperBound {
            let rows = min(chunkRows, endRow - nextRow)
            let bytes = UnsafeMutableRawBufferPointer(rebasing: chunk[..<(rows * rowBytes)])
            try table.file.readWhole(into: bytes, at: header.dataOffset + nextRow * rowBytes)
            loaded = nextRow..<nextRow + rows
        }
        guard let base = chunk.baseAddress else { return }
        let first = UnsafeRawPointer(base) + (nextRow - loaded.lowerBound) * rowBytes
        transpose(first, rowBytes: rowBytes, columnBytes: header.element.size, count: count)
    }

    private func loadColumns(_ count: Int) throws(LocalFileError) {
        let header = table.header
        let size = header.element.size
        guard let base = chunk.baseAddress else { return }
        for (slot, entry) in forms.enumerated() {
            let bytes = UnsafeMutableRawBufferPointer(rebasing: chunk[..<(count * size)])
            try table.file.readWhole(
                into: bytes, at: header.dataOffset + (entry.column * table.rows + nextRow) * size)
            Self.convert(header.element, UnsafeRawPointer(base), stride: size, to: block.numbers(slot), count: count)
        }
    }

    private func transpose(_ first: UnsafeRawPointer, rowBytes: Int, columnBytes: Int, count: Int) {
        var slot = 0
        if table.header.element == .float64 {
            // Four columns at a time: each line of the cache is visited a few times only.
            while slot + 4 <= forms.count {
                let (a, b) = (first + forms[slot].column * 8, first + forms[slot + 1].column * 8)
                let (c, d) = (first + forms[slot + 2].column * 8, first + forms[slot + 3].column * 8)
                let (p, q) = (block.numbers(slot), block.numbers(slot + 1))
                let (r, s) = (block.numbers(slot + 2), block.numbers(slot + 3))
                var offset = 0
                for row in 0..<count {
                    p[row] = (a + offset).loadUnaligned(as: Double.self)
                    q[row] = (b + offset).loadUnaligned(as: Double.self)
                    r[row] = (c + offset).loadUnaligned(as: Double.self)
                    s[row] = (d + offset).loadUnaligned(as: Double.self)
                    offset &+= rowBytes
                }
                slot += 4
            }
        }
        while slot < forms.count {
            Self.convert(
                table.header.element, first + forms[slot].column * columnBytes, stride: rowBytes,
                to: block.numbers(slot), count: count)
            slot += 1
        }
    }

    /// Elements as the nearest Doubles.
    static func convert(
        _ element: NumpyHeader.Element, _ first: UnsafeRawPointer, stride: Int, to target: UnsafeMutablePointer<Double>,
        count: Int
    ) {
        @inline(__always)
        func each(_ value: (UnsafeRawPointer) -> Double) {
            for row in 0..<count { target[row] = value(first + row &* stride) }
        }
        switch element {
        case .bool: each { $0.load(as: UInt8.self) == 0 ? 0 : 1 }
        case .uint8: each { Double($0.load(as: UInt8.self)) }
        case .int8: each { Double($0.load(as: Int8.self)) }
        case .uint16: each { Double($0.loadUnaligned(as: UInt16.self)) }
        case .int16: each { Double($0.loadUnaligned(as: Int16.self)) }
        case .uint32: each { Double($0.loadUnaligned(as: UInt32.self)) }
        case .int32: each { Double($0.loadUnaligned(as: Int32.self)) }
        case .uint64: each { Double($0.loadUnaligned(as: UInt64.self)) }
        case .int64: each { Double($0.loadUnaligned(as: Int64.self)) }
        case .float32: each { Double($0.loadUnaligned(as: Float.self)) }
        case .float64: each { $0.loadUnaligned(as: Double.self) }
        }
    }

    private func quantise(_ slot: Int, _ resolution: Resolution, _ range: ClosedRange<Int64>) {
        let numbers = block.numbers(slot)
        let units = block.units(slot)
        for row in 0..<block.rows {
            let number = numbers[row]
            if number.isNaN {
                units[row] = Coded.missing
            } else if let value = resolution.units(number) {
                units[row] = range.contains(value) ? value : Coded.outOfRange
            } else {
                units[row] = Coded.outOfRange
            }
        }
    }

    private func encode(_ slot: Int) {
        let numbers = block.numbers(slot)
        let units = block.units(slot)
        // Labels have few values: the last two are told apart without the dictionary.
        var recent: (bits: (UInt64, UInt64), codes: (Int64, Int64)) = ((.max, .max), (0, 0))
        for row in 0..<block.rows {
            let number = numbers[row]
            let bits = number == 0 ? 0 : number.bitPattern
            if bits == recent.bits.0 {
                units[row] = recent.codes.0
                continue
            }
            if bits == recent.bits.1 {
                units[row] = recent.codes.1
                continue
            }
            defer { recent = ((bits, recent.bits.0), (units[row], recent.codes.0)) }
            if number.isNaN {
                units[row] = -1
            } else if let code = codes[slot][bits] {
                units[row] = code
            } else {
                let code = texts[slot].code(ShortestDecimal.text(number))
                codes[slot][bits] = code
                units[row] = code
            }
        }
    }
}

/// A Double as the shortest decimal text that gives it back, whole numbers without a point.
enum ShortestDecimal {
    static func text(_ value: Double) -> String {
        if value.rounded() == value, abs(value) < 1e15 { return String(Int64(value)) }
        return "\(value)"
    }
}

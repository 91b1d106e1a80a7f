internal import TextCatalogue

/// A table of either kind of file: text, or an array of one or two axes.
enum TableSource: Sendable {
    case text(DelimitedFile)
    case array(NumpyTable)

    /// - Parameter chunk: bytes of a text read at once while its header is read.
    init(path: String, delimiter: UInt8?, chunk: Int = 1 << 16) throws(LocalFileError) {
        if path.lowercased().hasSuffix(".npy") {
            self = .array(try NumpyTable(path: path))
        } else {
            self = .text(try DelimitedFile(path: path, delimiter: delimiter, chunk: chunk))
        }
    }

    var file: LocalFile {
        switch self {
        case .text(let table): table.file
        case .array(let table): table.file
        }
    }

    var names: [String] {
        switch self {
        case .text(let table): table.header
        case .array(let table): table.names
        }
    }

    func column(_ name: String) throws(LocalFileError) -> Int {
        switch self {
        case .text(let table): return try table.column(name)
        case .array(let table):
            if let index = table.names.firstIndex(of: name) { return index }
            throw LocalFileError(
                .columnUnknown, .localTableColumnUnknown(table.file.path, name, nearest: nil, known: table.names))
        }
    }

    /// Parts of about one size that can be read at once: offsets of a text, rows of an array.
    func parts(_ count: Int) -> [Range<Int>] {
        switch self {
        case .text(let table):
            let segments = (table.file.size + TableBlock.segment - 1) / TableBlock.segment
            return Self.split(segments, by: count).map { range in
                let isLast = range.upperBound >= segments
                return range.lowerBound
                    * TableBlock.segment..<(isLast ? Int.max : range.upperBound * TableBlock.segment)
            }
        case .array(let table):
            // Blocks have at most this many rows, and fewer by a whole factor only in very wide tables.
            let unit = TableBlock.greatestRowLimit * 8
            return Self.split((table.rows + unit - 1) / unit, by: count).map { range in
                min(range.lowerBound * unit, table.rows)..<min(range.upperBound * unit, table.rows)
            }
        }
    }

    private static func split(_ units: Int, by count: Int) -> [Range<Int>] {
        let parts = max(1, min(count, units))
        return (0..<parts).map { $0 * units / parts..<($0 + 1) * units / parts }
    }

    func cursor(_ forms: [ColumnForm], _ part: Range<Int>) throws(LocalFileError) -> any TableCursor {
        switch self {
        case .text(let table): try DelimitedCursor(table, forms: forms, range: part)
        case .array(let table): NumpyCursor(table, forms: forms, rows: part)
        }
    }

    /// The whole table in one part.
    func cursor(_ forms: [ColumnForm], chunk: Int) throws(LocalFileError) -> any TableCursor {
        switch self {
        case .text(let table): try DelimitedCursor(table, forms: forms, chunk: chunk)
        case .array(let table): NumpyCursor(table, forms: forms, rows: 0..<table.rows)
        }
    }

    /// About how many rows are to come behind the first block of a part, a few more than fewer.
    func expectedRows(behind cursor: any TableCursor) -> Int {
        switch self {
        case .array(let table): return table.rows
        case .text(let table):
            guard let cursor = cursor as? DelimitedCursor, cursor.nextRecord > cursor.firstRecord else { return 0 }
            let bytes = min(cursor.rangeEnd, table.file.size) - cursor.firstRecord
            let rows = Double(cursor.rowCount) * Double(bytes) / Double(cursor.nextRecord - cursor.firstRecord)
            return max(0, min(Int(1.03 * rows), DelimitedFile.rowLimit))
        }
    }

    /// Whether the parts joined where they should: a line feed within quotes can mislead the reader of a text that begins
    /// in the middle.
    func areJoined(_ cursors: [any TableCursor]) -> Bool {
        guard case .text = self else { return true }
        let cursors = cursors.compactMap { $0 as? DelimitedCursor }
        return zip(cursors, cursors.dropFirst()).allSatisfy { $0.nextRecord == $1.firstRecord }
    }
}

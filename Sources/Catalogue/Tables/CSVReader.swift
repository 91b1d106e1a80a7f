internal import Foundation
internal import TextCatalogue

/// Reads a CSV file record by record (RFC 4180: commas, quotes doubled inside quotes, CRLF or LF), in UTF-8 with or
/// without a byte order mark. The first record is the header.
///
/// Empty lines are skipped. Whatever is unclear is an error with its line: a record with more or fewer fields than the
/// header, a quote in the middle of a field, a lone carriage return, a NUL.
///
/// Fields are bytes inside the reader's buffer and valid until the next call of `next()`; no field is copied. The
/// reader owns the buffer and the file descriptor and frees them itself.
final class CSVReader {
    struct Limits {
        /// Bytes of one record. The buffer is twice this.
        var record = 1 << 20
        var columns = 4_096
        var rows = 10_000_000
    }

    private struct Field {
        var start: Int
        var end: Int
        var hasDoubledQuotes: Bool
    }

    private enum Scan {
        case record
        case incomplete
        case end
    }

    private(set) var header: [String] = []
    /// The line on which the current record begins, from 1.
    private(set) var line = 0
    /// Records after the header so far.
    private(set) var rows = 0

    private let table: String
    private let limits: Limits
    private let descriptor: Int32
    private let base: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private var start = 0
    private var end = 0
    private var reachedEnd = false
    private var nextLine = 1
    private var fields: ContiguousArray<Field> = []

    /// - Parameter table: the table's name, for messages.
    init(path: String, table: String, limits: Limits = Limits()) throws(CatalogueError) {
        self.table = table
        self.limits = limits
        capacity = 2 * limits.record
        base = .allocate(capacity: capacity)
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CatalogueError(.fileUnreadable, .siteFileUnreadable(path))
        }
        try fill()
        try skipByteOrderMark()
        try readHeader()
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        base.deallocate()
    }

    /// Moves to the next record; false at the end of the file.
    func next() throws(CatalogueError) -> Bool {
        guard try nextRecord() else { return false }
        guard fields.count == header.count else {
            throw malformed(.tableRagged(found: fields.count, expected: header.count))
        }
        rows += 1
        guard rows <= limits.rows else {
            throw CatalogueError(.tableTooLarge, .tableTooManyRows(table, limit: limits.rows))
        }
        return true
    }

    /// The bytes of a field of the current record, without quotes.
    func field(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        let field = fields[index]
        return UnsafeBufferPointer(start: base + field.start, count: field.end - field.start)
    }

    /// The field as text without surrounding spaces.
    func text(_ index: Int) throws(CatalogueError) -> String {
        guard let text = String(validating: trimmed(field(index)), as: UTF8.self) else {
            throw malformed(.tableNotUTF8)
        }
        return text
    }

    /// The index of a column by its header.
    func column(_ name: String) throws(CatalogueError) -> Int {
        if let index = header.firstIndex(of: name) { return index }
        throw CatalogueError(.tableColumnMissing, .tableColumnMissing(table, column: name, known: header))
    }

    /// The bytes without spaces and tabs at both ends.
    static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var low = 0
        var high = bytes.count
        while low < high, bytes[low] == 0x20 || bytes[low] == 0x09 { low += 1 }
        while low < high, bytes[high - 1] == 0x20 || bytes[high - 1] == 0x09 { high -= 1 }
        return UnsafeBufferPointer(rebasing: bytes[low..<high])
    }

    private func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> { Self.trimmed(bytes) }

    private func malformed(_ problem: Phrase) -> CatalogueError {
        CatalogueError(.tableMalformed, .tableMalformed(table, line: line, problem))
    }

    // MARK: - Records

    private func readHeader() throws(CatalogueError) {
        guard try nextRecord() else {
            line = 1
            throw malformed(.tableEmpty)
        }
        guard fields.count <= limits.columns else { throw malformed(.tableTooManyColumns(limit: limits.columns)) }
        var names: [String] = []
        for index in fields.indices { names.append(try text(index)) }
        var seen: Set<String> = []
        for name in names where !name.isEmpty && !seen.insert(name).inserted {
            throw malformed(.tableRepeatedColumn(name))
        }
        header = names
    }

    private func nextRecord() throws(CatalogueError) -> Bool {
        while true {
            line = nextLine
            switch try scan() {
            case .record:
                for index in fields.indices where fields[index].hasDoubledQuotes { undouble(&fields[index]) }
                return true
            case .end: return false
            case .incomplete: try refill()
            }
        }
    }

    /// Finds the fields of the record at `start`; nothing changes when the record is not in the buffer as a whole.
    private func scan() throws(CatalogueError) -> Scan {
        var position = start
        var lines = 0
        // Empty lines before the record.
        while position < end {
            if base[position] == 0x0A {
                position += 1
            } else if base[position] == 0x0D, position + 1 < end, base[position + 1] == 0x0A {
                position += 2
            } else {
                break
            }
            lines += 1
        }
        line = nextLine + lines
        guard position < end else {
            guard reachedEnd else { return .incomplete }
            return .end
        }
        fields.removeAll(keepingCapacity: true)
        while true {
            if position < end, base[position] == 0x22 {
                guard let next = try scanQuoted(from: position + 1, lines: &lines) else { return .incomplete }
                position = next
            } else {
                let first = position
                while position < end {
                    let byte = base[position]
                    if byte == 0x2C || byte == 0x0A || byte == 0x0D || byte == 0x22 || byte == 0 { break }
                    position += 1
                }
                if position < end, base[position] == 0x22 { throw malformed(.tableStrayQuote) }
                if position < end, base[position] == 0 { throw malformed(.tableNUL) }
                fields.append(Field(start: first, end: position, hasDoubledQuotes: false))
            }
            guard fields.count <= limits.columns else { throw malformed(.tableTooManyColumns(limit: limits.columns)) }

            // Behind a field: a comma, the end of the line or of the file.
            guard position < end else {
                guard reachedEnd else { return .incomplete }
                break
            }
            if base[position] == 0x2C {
                position += 1
                continue
            }
            if base[position] == 0x0D {
                guard position + 1 < end else {
                    if reachedEnd { throw malformed(.tableLoneReturn) }
                    return .incomplete
                }
                guard base[position + 1] == 0x0A else { throw malformed(.tableLoneReturn) }
                position += 1
            }
            guard base[position] == 0x0A else { throw malformed(.tableStrayQuote) }
            position += 1
            lines += 1
            break
        }
        start = position
        nextLine += lines
        return .record
    }

    /// From behind the opening quote to behind the closing one; nil when that is not in the buffer yet.
    private func scanQuoted(from first: Int, lines: inout Int) throws(CatalogueError) -> Int? {
        var position = first
        var doubled = false
        while position < end {
            let byte = base[position]
            if byte == 0x22 {
                if position + 1 == end, !reachedEnd { return nil }
                guard position + 1 < end, base[position + 1] == 0x22 else {
                    fields.append(Field(start: first, end: position, hasDoubledQuotes: doubled))
                    return position + 1
                }
                doubled = true
                position += 2
                continue
            }
            if byte == 0x0A { lines += 1 }
            if byte == 0 { throw malformed(.tableNUL) }
            position += 1
        }
        if reachedEnd { throw malformed(.tableOpenQuote) }
        return nil
    }

    private func undouble(_ field: inout Field) {
        var (read, write) = (field.start, field.start)
        while read < field.end {
            base[write] = base[read]
            if base[read] == 0x22 { read += 1 }
            read += 1
            write += 1
        }
        field.end = write
        field.hasDoubledQuotes = false
    }

    // MARK: - Bytes

    private func refill() throws(CatalogueError) {
        if start > 0 {
            memmove(base, base + start, end - start)
            end -= start
            start = 0
        }
        guard end <= limits.record else { throw malformed(.tableRecordTooLong(limit: limits.record)) }
        try fill()
    }

    private func fill() throws(CatalogueError) {
        while true {
            let count = read(descriptor, base + end, capacity - end)
            if count > 0 {
                end += count
                return
            }
            if count == 0 {
                reachedEnd = true
                return
            }
            guard errno == EINTR else { throw malformed(.tableReadFailed) }
        }
    }

    private func skipByteOrderMark() throws(CatalogueError) {
        if end >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { start = 3 }
        if end >= 2, (base[0] == 0xFF && base[1] == 0xFE) || (base[0] == 0xFE && base[1] == 0xFF) {
            line = 1
            throw malformed(.tableNotUTF8)
        }
    }
}

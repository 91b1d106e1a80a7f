internal import TextCatalogue

/// What is wrong with a record; where, is a position in the window.
enum DelimitedFault: Error {
    case ragged(found: Int, at: Int)
    case tooManyColumns(at: Int)
    case fieldTooLong(at: Int)
    case unterminatedQuote(at: Int)
    case strayQuote(at: Int)
    case loneReturn(at: Int)
    case nul(at: Int)
    case notText(at: Int)
}

/// Finds the fields of records, whatever they hold: the slow and general way beside the fast paths of
/// ``DelimitedCursor``.
struct DelimitedScanner {
    /// A field in the window; without its quotes.
    struct Field {
        var start: Int
        var end: Int
        /// Where its delimiter or line end is.
        var next: Int
        var hasDoubledQuotes: Bool
    }

    /// What scanning one field gave.
    enum Scan {
        case field(Field)
        /// The field goes on behind the window.
        case incomplete
        case fault(DelimitedFault)
    }

    let delimiter: UInt8

    /// Where a field without quotes ends: the first delimiter, line end, quote or NUL. Line feeds behind the window end
    /// every search.
    @inline(__always)
    func plainEnd(_ base: UnsafePointer<UInt8>, from start: Int) -> Int {
        var position = start
        if delimiter < 0x2d {
            // What ends a field is below "-", and what numbers and most texts are made of is not: eight bytes at once.
            while true {
                let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self)
                let low = (word &- 0x2d2d_2d2d_2d2d_2d2d) & ~word & 0x8080_8080_8080_8080
                guard low != 0 else {
                    position &+= 8
                    continue
                }
                position &+= low.trailingZeroBitCount &>> 3
                if isSpecial(base[position]) { return position }
                position &+= 1
            }
        }
        while !isSpecial(base[position]) { position &+= 1 }
        return position
    }

    @inline(__always)
    private func isSpecial(_ byte: UInt8) -> Bool {
        byte == delimiter || byte == 0x0a || byte == 0x0d || byte == 0x22 || byte == 0
    }

    /// Finds the field that begins at a position.
    func scan(
        _ base: UnsafePointer<UInt8>, from start: Int, end: Int, reachedEnd: Bool
    ) -> Scan {
        guard start < end, base[start] == 0x22 else {
            let position = plainEnd(base, from: start)
            if base[position] == 0x22 { return .fault(.strayQuote(at: position)) }
            if base[position] == 0 { return .fault(.nul(at: position)) }
            if position >= end, !reachedEnd {
                return position - start > DelimitedFile.fieldLimit ? .fault(.fieldTooLong(at: start)) : .incomplete
            }
            guard position - start <= DelimitedFile.fieldLimit else { return .fault(.fieldTooLong(at: start)) }
            return .field(Field(start: start, end: position, next: position, hasDoubledQuotes: false))
        }
        var position = start + 1
        var hasDoubledQuotes = false
        while position < end {
            let byte = base[position]
            if byte == 0 { return .fault(.nul(at: position)) }
            if byte == 0x22 {
                guard position + 1 < end || reachedEnd else { return .incomplete }
                guard position + 1 < end, base[position + 1] == 0x22 else {
                    let next = position + 1
                    let behind = base[next]
                    guard next >= end || behind == delimiter || behind == 0x0a || behind == 0x0d else {
                        return .fault(.strayQuote(at: position))
                    }
                    return .field(
                        Field(start: start + 1, end: position, next: next, hasDoubledQuotes: hasDoubledQuotes))
                }
                hasDoubledQuotes = true
                position += 1
            }
            position += 1
            if position - start > DelimitedFile.fieldLimit { return .fault(.fieldTooLong(at: start)) }
        }
        return reachedEnd ? .fault(.unterminatedQuote(at: start)) : .incomplete
    }

    /// What stands behind a field.
    enum Behind {
        case delimiter
        /// The end of the record, and where the next one begins.
        case line(next: Int)
        case incomplete
        case fault(DelimitedFault)
    }

    @inline(__always)
    func behind(_ base: UnsafePointer<UInt8>, _ position: Int, end: Int, reachedEnd: Bool) -> Behind {
        if position >= end { return reachedEnd ? .line(next: end) : .incomplete }
        let byte = base[position]
        if byte == delimiter { return .delimiter }
        if byte == 0x0a { return .line(next: position + 1) }
        guard position + 1 < end else { return reachedEnd ? .fault(.loneReturn(at: position)) : .incomplete }
        return base[position + 1] == 0x0a ? .line(next: position + 2) : .fault(.loneReturn(at: position))
    }

    /// The fields of the next record that holds anything, or nil at the end of the file. The positions are valid until
    /// the next call.
    func fields(in window: DelimitedWindow, skipsEmptyLines: Bool = true) throws(LocalFileError) -> [Field]? {
        while true {
            switch fieldsOnce(in: window, skipsEmptyLines: skipsEmptyLines) {
            case .record(let fields): return fields
            case .end: return nil
            case .incomplete: try window.refill()
            case .fault(let fault): throw error(fault, in: window, header: [])
            }
        }
    }

    private enum Record {
        case record([Field])
        case end
        case incomplete
        case fault(DelimitedFault)
    }

    private func fieldsOnce(in window: DelimitedWindow, skipsEmptyLines: Bool) -> Record {
        let base = UnsafePointer(window.base)
        let end = window.end
        if skipsEmptyLines {
            while window.position < end {
                if base[window.position] == 0x0a {
                    window.position += 1
                } else if base[window.position] == 0x0d, window.position + 1 < end, base[window.position + 1] == 0x0a {
                    window.position += 2
                } else {
                    break
                }
            }
        }
        guard window.position < end else { return window.reachedEnd ? .end : .incomplete }
        var fields: [Field] = []
        var position = window.position
        while true {
            switch scan(base, from: position, end: end, reachedEnd: window.reachedEnd) {
            case .incomplete: return .incomplete
            case .fault(let fault): return .fault(fault)
            case .field(let field):
                fields.append(field)
                guard fields.count <= DelimitedFile.columnLimit else { return .fault(.tooManyColumns(at: position)) }
                switch behind(base, field.next, end: end, reachedEnd: window.reachedEnd) {
                case .delimiter: position = field.next + 1
                case .incomplete: return .incomplete
                case .fault(let fault): return .fault(fault)
                case .line(let next):
                    window.position = next
                    return .record(fields)
                }
            }
        }
    }

    /// The bytes of a field without spaces and tabs at its ends, and without the doubling of its quotes. They are in the
    /// window: doubled quotes are undone in place, but only once for each field, so a record that is read again after a
    /// refill must not have been undone; the callers ask for bytes of complete fields of complete records only.
    func bytes(of field: Field, in window: DelimitedWindow) -> UnsafeBufferPointer<UInt8> {
        guard field.hasDoubledQuotes else { return Self.trimmed(window.base, field.start, field.end) }
        let base = window.base
        var write = field.start
        var read = field.start
        while read < field.end {
            base[write] = base[read]
            read += base[read] == 0x22 ? 2 : 1
            write += 1
        }
        return Self.trimmed(base, field.start, write)
    }

    /// The bytes between two positions without spaces and tabs at both ends.
    static func trimmed(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> UnsafeBufferPointer<UInt8> {
        var low = start
        var high = end
        while low < high, base[low] == 0x20 || base[low] == 0x09 { low += 1 }
        while low < high, base[high - 1] == 0x20 || base[high - 1] == 0x09 { high -= 1 }
        return UnsafeBufferPointer(start: base + low, count: high - low)
    }

    /// The error of a fault, with its line and column.
    func error(_ fault: DelimitedFault, in window: DelimitedWindow, header: [String]) -> LocalFileError {
        let file = window.file
        func place(_ position: Int) -> String { file.place(ofByte: window.offset(position)).text }
        switch fault {
        case .ragged(let found, let at):
            return LocalFileError(
                .raggedRow, .localTableRagged(place(at), found: found, expected: header.count))
        case .tooManyColumns(let at):
            return LocalFileError(
                .tooManyColumns, .localTableTooManyColumns(place(at), limit: DelimitedFile.columnLimit))
        case .fieldTooLong(let at):
            return LocalFileError(.fieldTooLong, .localTableFieldTooLong(place(at), limit: DelimitedFile.fieldLimit))
        case .unterminatedQuote(let at):
            return LocalFileError(.unterminatedQuote, .localTableUnterminatedQuote(place(at)))
        case .strayQuote(let at): return LocalFileError(.strayQuote, .localTableStrayQuote(place(at)))
        case .loneReturn(let at): return LocalFileError(.loneReturn, .localTableLoneReturn(place(at)))
        case .nul(let at): return LocalFileError(.nulByte, .localTableNUL(place(at)))
        case .notText(let at): return LocalFileError(.notText, .localTableNotText(place(at)))
        }
    }
}

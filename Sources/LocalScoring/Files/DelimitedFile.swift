internal import StrictJSON
internal import TextCatalogue

/// A table in a text file (RFC 4180): records of fields between delimiters, quotes doubled within quotes, LF or CRLF, in
/// UTF-8 with or without a byte order mark; the first record names the columns.
///
/// Spaces and tabs around a value do not count. A line that holds nothing is skipped, unless the table has one column:
/// there it is a missing value. Missing are, in any case of the letters, the empty text, `NA`, `N/A` and `null`, and for
/// numbers without a declared resolution also `NaN`.
final class DelimitedFile: Sendable {
    static let columnLimit = 10_000
    static let fieldLimit = 1 << 20
    /// Bytes of one record.
    static let recordLimit = 64 << 20
    /// The most records, 2³¹ − 1, as aggregates allow.
    static let rowLimit = 1 << 31 - 1

    let file: LocalFile
    let delimiter: UInt8
    let header: [String]
    /// Where the first record behind the header begins.
    let dataOffset: Int

    /// Opens the file and reads its header.
    /// - Parameters:
    ///   - delimiter: nil takes a tab for `.tsv` and `.tab`, a comma otherwise.
    ///   - chunk: bytes read at once.
    init(path: String, delimiter: UInt8? = nil, chunk: Int = 1 << 16) throws(LocalFileError) {
        file = try LocalFile(path: path)
        let isTabbed = path.lowercased().hasSuffix(".tsv") || path.lowercased().hasSuffix(".tab")
        let mark: UInt8 = delimiter ?? (isTabbed ? 0x09 : 0x2c)
        self.delimiter = mark
        let window = try DelimitedWindow(file: file, offset: 0, chunk: chunk)
        try window.skipByteOrderMark()
        let scanner = DelimitedScanner(delimiter: mark)
        guard let fields = try scanner.fields(in: window) else {
            throw LocalFileError(.tableEmpty, .localTableEmpty(path))
        }
        var names: [String] = []
        for field in fields {
            guard let name = String(validating: scanner.bytes(of: field, in: window), as: UTF8.self) else {
                throw LocalFileError(
                    .headerNotText, .localTableHeaderNotText(file.place(ofByte: window.offset(field.start)).text))
            }
            names.append(name)
        }
        var seen: Set<String> = []
        for (name, field) in zip(names, fields) where !name.isEmpty && !seen.insert(name).inserted {
            let place = file.place(ofByte: window.offset(field.start)).text
            throw LocalFileError(.columnRepeated, .localTableColumnRepeated(place, name))
        }
        header = names
        dataOffset = window.offset(window.position)
    }

    /// The index of a named column; an error names the nearest one.
    func column(_ name: String) throws(LocalFileError) -> Int {
        if let index = header.firstIndex(of: name) { return index }
        let nearest = EditDistance.nearest(to: name, among: header)
        throw LocalFileError(
            .columnUnknown, .localTableColumnUnknown(file.path, name, nearest: nearest, known: header))
    }
}

/// The part of a file that is in memory: bytes from a record's start on, followed by line feeds that stop every search.
final class DelimitedWindow {
    /// Readable bytes behind the last one.
    static let padding = 64

    let file: LocalFile
    private(set) var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private let chunk: Int
    /// The offset in the file of the first byte in memory.
    private var first: Int
    /// Where the next record begins, and where the bytes end.
    var position = 0
    private(set) var end = 0
    private(set) var reachedEnd = false

    init(file: LocalFile, offset: Int, chunk: Int) throws(LocalFileError) {
        self.file = file
        self.chunk = max(chunk, 1)
        first = offset
        capacity = max(chunk, 1)
        base = .allocate(capacity: capacity + Self.padding)
        try refill()
    }

    deinit { base.deallocate() }

    /// The offset in the file of a position in memory.
    func offset(_ position: Int) -> Int { first + position }

    /// Reads on, keeping the bytes from `position`; the window grows when one record fills it.
    func refill() throws(LocalFileError) {
        let kept = end - position
        guard kept <= DelimitedFile.recordLimit else {
            let place = file.place(ofByte: offset(position)).text
            throw LocalFileError(.fieldTooLong, .localTableFieldTooLong(place, limit: DelimitedFile.fieldLimit))
        }
        if kept + chunk > capacity {
            let larger = max(2 * capacity, kept + chunk)
            let new = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Self.padding)
            new.update(from: base + position, count: kept)
            base.deallocate()
            base = new
            capacity = larger
        } else if position > 0 {
            base.update(from: base + position, count: kept)
        }
        first += position
        position = 0
        let wanted = UnsafeMutableRawBufferPointer(start: base + kept, count: chunk)
        let count = try file.read(into: wanted, at: first + kept)
        end = kept + count
        reachedEnd = count < chunk
        (base + end).update(repeating: 0x0a, count: Self.padding)
    }

    func skipByteOrderMark() throws(LocalFileError) {
        while end - position < 3, !reachedEnd { try refill() }
        if end >= 3, base[0] == 0xef, base[1] == 0xbb, base[2] == 0xbf { position = 3 }
    }
}

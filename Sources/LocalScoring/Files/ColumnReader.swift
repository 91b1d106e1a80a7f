public import Statistics
internal import TextCatalogue

/// Reads named columns of a table in a text file (RFC 4180 with a header): a comma between
/// fields, a tab in `.tsv` and `.tab` files, or another delimiter.
///
/// Empty fields, `NA`, `N/A` and `null` in any case are missing values, for numbers also `NaN`. A value that is no
/// number where one is asked for is an error with its line and column.
public struct ColumnReader: Sendable {
    /// How a column is read.
    public enum Form: Hashable, Sendable {
        /// The nearest Doubles.
        case numbers
        /// Texts, numbered in the order of their first appearance.
        case texts
        /// Decimals in units of a resolution, nearest, ties to even.
        case units(Resolution)
    }

    /// Numbers, NaN where a value is missing.
    public struct Numbers: Hashable, Sendable {
        public let values: [Double]
        public let missing: Int
    }

    /// Distinct texts and the index of each row's, -1 where a value is missing.
    public struct Texts: Hashable, Sendable {
        public let codes: [Int32]
        public let levels: [String]
        public let missing: Int
    }

    /// Units, or the reserved codes of `Coded` for missing values and those that do not fit.
    public struct Units: Hashable, Sendable {
        public let values: [Int64]
        public let missing: Int
    }

    /// A column as it was asked for.
    public enum Column: Hashable, Sendable {
        case numbers(Numbers)
        case texts(Texts)
        case units(Units)
    }

    private let source: TableSource
    private let chunk: Int
    private let threads: Int

    /// Opens a table and reads its header.
    /// - Parameters:
    ///   - delimiter: an ASCII character; nil takes a tab for `.tsv` and `.tab`, a comma otherwise.
    ///   - threads: that read, at least 1; no result depends on it.
    public init(path: String, delimiter: Character? = nil, threads: Int = 1) throws(LocalFileError) {
        try self.init(path: path, delimiter: delimiter?.asciiValue, chunk: 1 << 18, threads: threads)
    }

    init(path: String, delimiter: UInt8?, chunk: Int, threads: Int = 1) throws(LocalFileError) {
        source = try TableSource(path: path, delimiter: delimiter, chunk: min(chunk, 1 << 16))
        self.chunk = chunk
        self.threads = max(1, min(threads, 64))
    }

    /// The names of the columns.
    public var names: [String] { source.names }

    /// Reads columns, in the order asked; an unknown name is an error that names the nearest one.
    public func read(_ requests: [(name: String, form: Form)]) throws(LocalFileError) -> [Column] {
        var results: [Int: Column] = [:]
        var pending: [(request: Int, column: Int, form: Form)] = []
        for (index, request) in requests.enumerated() {
            pending.append((index, try source.column(request.name), request.form))
        }
        // A column that is asked for in two forms takes another reading.
        while !pending.isEmpty {
            var now: [(request: Int, column: Int, form: Form)] = []
            var later: [(request: Int, column: Int, form: Form)] = []
            for entry in pending {
                if now.contains(where: { $0.column == entry.column }) { later.append(entry) } else { now.append(entry) }
            }
            now.sort { $0.column < $1.column }
            for (entry, column) in zip(now, try readOnce(now.map { ($0.column, $0.form) })) {
                results[entry.request] = column
            }
            pending = later
        }
        return requests.indices.compactMap { results[$0] }
    }

    /// Reads one column of numbers.
    public func numbers(_ name: String) throws(LocalFileError) -> Numbers {
        guard case .numbers(let column)? = try read([(name, .numbers)]).first else {
            return Numbers(values: [], missing: 0)
        }
        return column
    }

    /// Reads one column of texts.
    public func texts(_ name: String) throws(LocalFileError) -> Texts {
        guard case .texts(let column)? = try read([(name, .texts)]).first else {
            return Texts(codes: [], levels: [], missing: 0)
        }
        return column
    }

    private func readOnce(_ columns: [(column: Int, form: Form)]) throws(LocalFileError) -> [Column] {
        var forms = [ColumnForm](repeating: .skip, count: source.names.count)
        for (column, form) in columns {
            switch form {
            case .numbers: forms[column] = .number
            case .texts: forms[column] = .text(limit: TextCodes.limit)
            case .units(let resolution):
                forms[column] = .units(resolution, range: (Coded.outOfRange + 1)...Int64.max)
            }
        }
        let (source, chunk) = (source, chunk)
        let read = { (range: Range<Int>?) -> Result<ColumnsPart, LocalFileError> in
            do throws(LocalFileError) {
                let cursor: any TableCursor =
                    if let range { try source.cursor(forms, range) } else { try source.cursor(forms, chunk: chunk) }
                let part = ColumnsPart(columns, cursor)
                try part.read(source)
                return .success(part)
            } catch {
                return .failure(error)
            }
        }
        guard threads > 1 else { return try read(nil).get().columns }
        let parts = source.parts(threads)
        let done = TableParts.inParallel(parts) { read($0) }.compactMap { try? $0.get() }
        // An error of a later part may come from beginning within quotes; one reading from the start tells.
        guard done.count == parts.count, let first = done.first, source.areJoined(done.map(\.cursor)) else {
            return try read(nil).get().columns
        }
        first.reserve(done.dropFirst().reduce(0) { $0 + $1.rows })
        for other in done.dropFirst() { first.append(other) }
        return first.columns
    }
}

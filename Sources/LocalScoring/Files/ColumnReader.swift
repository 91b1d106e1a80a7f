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

    /// Opens a table and reads its header.
    /// - Parameter delimiter: an ASCII character; nil takes a tab for `.tsv` and `.tab`, a comma otherwise.
    public init(path: String, delimiter: Character? = nil) throws(LocalFileError) {
        try self.init(path: path, delimiter: delimiter?.asciiValue, chunk: 1 << 18)
    }

    init(path: String, delimiter: UInt8?, chunk: Int) throws(LocalFileError) {
        source = try TableSource(path: path, delimiter: delimiter, chunk: min(chunk, 1 << 16))
        self.chunk = chunk
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
        let cursor = try source.cursor(forms, chunk: chunk)
        let block = cursor.block
        var numbers = columns.map { _ in [Double]() }
        var codes = columns.map { _ in [Int32]() }
        var units = columns.map { _ in [Int64]() }
        var missing = columns.map { _ in 0 }
        while try cursor.next() {
            for (slot, entry) in columns.enumerated() {
                let count = block.rows
                switch entry.form {
                case .numbers:
                    let values = UnsafeBufferPointer(start: block.numbers(slot), count: count)
                    numbers[slot].append(contentsOf: values)
                    missing[slot] += values.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
                case .texts:
                    let values = UnsafeBufferPointer(start: block.units(slot), count: count)
                    missing[slot] += Self.append(values, to: &codes[slot])
                case .units:
                    let values = UnsafeBufferPointer(start: block.units(slot), count: count)
                    units[slot].append(contentsOf: values)
                    missing[slot] += values.reduce(0) { $0 + ($1 == Coded.missing ? 1 : 0) }
                }
            }
            if let first = (cursor as? DelimitedCursor)?.firstMalformed {
                let place = source.file.place(ofByte: first.offset).text
                throw LocalFileError(.notANumber, .localTableNotANumber(place, column: source.names[first.column]))
            }
        }
        return columns.indices.map { slot in
            switch columns[slot].form {
            case .numbers: .numbers(Numbers(values: numbers[slot], missing: missing[slot]))
            case .texts:
                .texts(Texts(codes: codes[slot], levels: cursor.texts[slot].texts, missing: missing[slot]))
            case .units: .units(Units(values: units[slot], missing: missing[slot]))
            }
        }
    }

    /// Appends codes; gives the number of missing values.
    private static func append(_ values: UnsafeBufferPointer<Int64>, to codes: inout [Int32]) -> Int {
        var missing = 0
        codes.append(
            contentsOf: [Int32](unsafeUninitializedCapacity: values.count) { buffer, count in
                for (index, value) in values.enumerated() {
                    buffer[index] = Int32(truncatingIfNeeded: value)
                    missing += value < 0 ? 1 : 0
                }
                count = values.count
            })
        return missing
    }
}

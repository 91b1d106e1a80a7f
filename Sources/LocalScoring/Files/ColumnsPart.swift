internal import Statistics
internal import TextCatalogue

/// The asked columns of one part of a table, as ``ColumnReader`` gives them.
final class ColumnsPart {
    let cursor: any TableCursor
    /// Rows so far.
    private(set) var rows = 0
    private let wanted: [(column: Int, form: ColumnReader.Form)]
    // One a wanted column; each uses the one that its form needs.
    private var numbers: [[Double]]
    private var codes: [[Int32]]
    private var units: [[Int64]]
    private var missing: [Int]

    /// - Parameters:
    ///   - wanted: columns and forms, in the order of the cursor's slots.
    ///   - cursor: at the start of the part.
    init(_ wanted: [(column: Int, form: ColumnReader.Form)], _ cursor: any TableCursor) {
        self.wanted = wanted
        self.cursor = cursor
        numbers = wanted.map { _ in [] }
        codes = wanted.map { _ in [] }
        units = wanted.map { _ in [] }
        missing = wanted.map { _ in 0 }
    }

    /// Reads the whole part.
    func read(_ source: TableSource) throws(LocalFileError) {
        let block = cursor.block
        while try cursor.next() {
            // Room for all at once, so that nothing is copied while the columns grow.
            if rows == 0 { reserve(source.expectedRows(behind: cursor)) }
            rows += block.rows
            for (slot, entry) in wanted.enumerated() {
                switch entry.form {
                case .numbers:
                    let values = UnsafeBufferPointer(start: block.numbers(slot), count: block.rows)
                    numbers[slot].append(contentsOf: values)
                    missing[slot] += values.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
                case .texts:
                    let values = UnsafeBufferPointer(start: block.units(slot), count: block.rows)
                    codes[slot].append(contentsOf: values.lazy.map { Int32(truncatingIfNeeded: $0) })
                    missing[slot] += values.reduce(0) { $0 + ($1 < 0 ? 1 : 0) }
                case .units:
                    let values = UnsafeBufferPointer(start: block.units(slot), count: block.rows)
                    units[slot].append(contentsOf: values)
                    missing[slot] += values.reduce(0) { $0 + ($1 == Coded.missing ? 1 : 0) }
                }
            }
            if let first = (cursor as? DelimitedCursor)?.firstMalformed {
                let place = source.file.place(ofByte: first.offset).text
                throw LocalFileError(.notANumber, .localTableNotANumber(place, column: source.names[first.column]))
            }
        }
    }

    /// Makes room for so many rows more.
    func reserve(_ count: Int) {
        for (slot, entry) in wanted.enumerated() {
            switch entry.form {
            case .numbers: numbers[slot].reserveCapacity(rows + count)
            case .texts: codes[slot].reserveCapacity(rows + count)
            case .units: units[slot].reserveCapacity(rows + count)
            }
        }
    }

    /// Appends the next part. Its texts get our codes, so that codes stay in the order of first appearance.
    func append(_ next: ColumnsPart) {
        rows += next.rows
        for (slot, entry) in wanted.enumerated() {
            missing[slot] += next.missing[slot]
            switch entry.form {
            case .numbers: numbers[slot] += next.numbers[slot]
            case .units: units[slot] += next.units[slot]
            case .texts:
                let texts = cursor.texts[slot]
                let ours = next.cursor.texts[slot].texts.map { Int32(truncatingIfNeeded: texts.code($0)) }
                codes[slot].append(contentsOf: next.codes[slot].lazy.map { $0 < 0 ? $0 : ours[Int($0)] })
            }
        }
    }

    /// The columns, in the order wanted.
    var columns: [ColumnReader.Column] {
        wanted.indices.map { slot in
            switch wanted[slot].form {
            case .numbers: .numbers(ColumnReader.Numbers(values: numbers[slot], missing: missing[slot]))
            case .texts:
                .texts(
                    ColumnReader.Texts(
                        codes: codes[slot], levels: cursor.texts[slot].texts, missing: missing[slot]))
            case .units: .units(ColumnReader.Units(values: units[slot], missing: missing[slot]))
            }
        }
    }
}

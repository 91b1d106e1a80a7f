internal import Statistics
internal import TextCatalogue

/// Reads the records that begin within a range of a file, block by block, into columns.
///
/// Numbers are read where they stand, without looking for their ends first; whatever is not a plain number falls back to
/// ``DelimitedScanner``.
final class DelimitedCursor: TableCursor {
    private struct Plan {
        enum Kind: UInt8 { case skip, number, units, text }
        let kind: Kind
        let slot: Int
        /// Of units.
        let quantiser: DecimalQuantiser
        let range: ClosedRange<Int64>

        init(_ form: ColumnForm, slot: Int) {
            self.slot = slot
            var units = (quantiser: DecimalQuantiser.unit, range: Int64.min...Int64.max)
            switch form {
            case .skip: kind = .skip
            case .number: kind = .number
            case .units(let resolution, let range):
                kind = .units
                units = (DecimalQuantiser(resolution), range)
            case .text: kind = .text
            }
            (quantiser, range) = units
        }
    }

    private enum Outcome {
        case block
        case end
        case incomplete
        case fault(DelimitedFault)
    }

    let table: DelimitedFile
    let block: TableBlock
    /// The texts of each slot, in the order of their codes.
    let texts: [TextCodes]
    /// Values of each slot so far that are no numbers (of units: that are no decimals).
    private(set) var malformed: [Int]
    /// Where the first of them is, as column and offset in the file.
    private(set) var firstMalformed: (column: Int, offset: Int)?
    /// Records so far.
    private(set) var rowCount = 0
    /// The offset of the first record read, and of the first one behind the range.
    private(set) var firstRecord: Int
    private(set) var nextRecord: Int

    private let plans: UnsafeMutableBufferPointer<Plan>
    private let slotForms: [ColumnForm]
    private let window: DelimitedWindow
    private let scanner: DelimitedScanner
    /// Where the range ends; `Int.max` for the end of the file.
    let rangeEnd: Int
    private var pendingMalformed: [(slot: Int, column: Int, position: Int)] = []
    private var scratch: [UInt8] = []
    /// The bytes of each short text of the block that has no code yet, by slot and row; 0 for any other cell.
    private let shortCounts: UnsafeMutablePointer<UInt8>
    /// The rows of the block whose texts have codes, by slot.
    private var settledRows: [Int]

    /// - Parameters:
    ///   - forms: one a column.
    ///   - range: offsets between which the records begin; from the middle of a file it takes the first line feed to end
    ///     a record, which the caller proves afterwards by ``nextRecord`` of the range before.
    init(
        _ table: DelimitedFile, forms: [ColumnForm], range: Range<Int>? = nil, chunk: Int = 1 << 18
    ) throws(LocalFileError) {
        self.table = table
        slotForms = forms.filter { form in if case .skip = form { false } else { true } }
        texts = slotForms.map { form in
            if case .text(let limit) = form { TextCodes(limit: limit) } else { TextCodes() }
        }
        plans = .allocate(capacity: forms.count)
        var slot = 0
        for (column, form) in forms.enumerated() {
            plans.initializeElement(at: column, to: Plan(form, slot: slot))
            if case .skip = form { continue }
            slot += 1
        }
        malformed = slotForms.map { _ in 0 }
        block = TableBlock(slots: slotForms.count)
        settledRows = slotForms.map { _ in 0 }
        shortCounts = .allocate(capacity: max(slotForms.count, 1) * block.rowLimit)
        shortCounts.initialize(repeating: 0, count: max(slotForms.count, 1) * block.rowLimit)
        scanner = DelimitedScanner(delimiter: table.delimiter)
        let start = max(range?.lowerBound ?? 0, table.dataOffset)
        rangeEnd = range?.upperBound ?? .max
        // From the byte before, so that a record that begins right at the start of the range is found.
        window = try DelimitedWindow(
            file: table.file, offset: start > table.dataOffset ? start - 1 : start, chunk: chunk)
        firstRecord = start
        nextRecord = start
        if start > table.dataOffset { try skipLine() }
        firstRecord = window.offset(window.position)
        nextRecord = firstRecord
    }

    deinit {
        plans.deallocate()
        shortCounts.deallocate()
    }

    private func skipLine() throws(LocalFileError) {
        while true {
            var position = window.position
            while position < window.end, window.base[position] != 0x0a { position += 1 }
            if position < window.end || window.reachedEnd {
                window.position = min(position + 1, window.end)
                return
            }
            window.position = position
            try window.refill()
        }
    }

    /// Fills the block with the next records; false when there are none.
    func next() throws(LocalFileError) -> Bool {
        block.rows = 0
        // An empty line is no record, but its place counts.
        var segmentEnd = Int.max
        while true {
            switch scan(DecimalDouble.shared, &segmentEnd) {
            case .block, .end:
                settleAll()
                rowCount += block.rows
                nextRecord = window.offset(window.position)
                guard rowCount <= DelimitedFile.rowLimit else {
                    throw LocalFileError(
                        .tooManyRows, .localTableTooManyRows(table.file.path, limit: DelimitedFile.rowLimit))
                }
                return block.rows > 0
            case .incomplete: try window.refill()
            case .fault(let fault): throw scanner.error(fault, in: window, header: table.header)
            }
        }
    }

    /// Reads records until the block or the range ends, or the window.
    private func scan(_ converter: DecimalDouble, _ segmentEnd: inout Int) -> Outcome {
        let base = UnsafePointer(window.base)
        let end = window.end
        let reachedEnd = window.reachedEnd
        let firstOffset = window.offset(0)
        let delimiter = table.delimiter
        let columns = plans.count
        let memory = block.units(0)
        let shortCounts = shortCounts
        let rowLimit = block.rowLimit
        var row = block.rows
        var start = window.position
        defer {
            block.rows = row
            window.position = start
        }
        var parts = DecimalDouble.Parts(coefficient: 0, exponent: 0, isNegative: false)
        while true {
            let offset = firstOffset &+ start
            if offset >= rangeEnd { return .end }
            if row == rowLimit || offset >= segmentEnd { return .block }
            if start >= end { return reachedEnd ? .end : .incomplete }
            if base[start] <= 0x0d, columns > 1 {
                // Empty lines.
                if base[start] == 0x0a {
                    start &+= 1
                    continue
                }
                if base[start] == 0x0d, start &+ 1 < end, base[start &+ 1] == 0x0a {
                    start &+= 2
                    continue
                }
            }
            var position = start
            var column = 0
            while true {
                let plan = plans[column]
                var isRead = false
                if plan.kind == .number || plan.kind == .units {
                    let used = converter.read(base + position, &parts)
                    let behind = base[position &+ used]
                    if used > 0, behind == delimiter || behind == 0x0a || behind == 0x0d,
                        position &+ used < end || reachedEnd
                    {
                        let cell = plan.slot &* rowLimit &+ row
                        if plan.kind == .number {
                            if let value = converter.double(parts) {
                                memory[cell] = Int64(bitPattern: value.bitPattern)
                                isRead = true
                            }
                        } else if let units = plan.quantiser.units(
                            digits: parts.coefficient, power: parts.exponent, isNegative: parts.isNegative)
                        {
                            memory[cell] = plan.range.contains(units) ? units : Coded.outOfRange
                            isRead = true
                        }
                        if isRead {
                            position &+= used
                            if behind == delimiter, column &+ 1 < columns, position < end {
                                position &+= 1
                                column &+= 1
                                continue
                            }
                        }
                    }
                } else if base[position] != 0x22 {
                    let next = scanner.plainEnd(base, from: position)
                    if base[next] != 0x22, base[next] != 0, next < end || reachedEnd,
                        next &- position <= DelimitedFile.fieldLimit
                    {
                        isRead = true
                        if plan.kind == .text {
                            let text = DelimitedScanner.trimmed(base, position, next)
                            let cell = plan.slot &* rowLimit &+ row
                            if let first = text.baseAddress, !MissingText.isMissing(text),
                                let key = TextCodes.shortKey(first, count: text.count)
                            {
                                memory[cell] = Int64(bitPattern: key)
                                shortCounts[cell] = UInt8(truncatingIfNeeded: text.count)
                            } else {
                                isRead = storeText(text, slot: plan.slot, row: row)
                            }
                        }
                        if isRead { position = next }
                    }
                }
                if !isRead {
                    switch readSlowly(base, position, column: column, row: row, end: end, reachedEnd: reachedEnd) {
                    case .next(let next): position = next
                    case .incomplete:
                        pendingMalformed.removeAll(keepingCapacity: true)
                        return .incomplete
                    case .fault(let fault): return .fault(fault)
                    }
                }
                if position < end, base[position] == delimiter {
                    position &+= 1
                    column &+= 1
                    if column == columns {
                        let fault = raggedRow(base, start, end: end, reachedEnd: reachedEnd)
                        pendingMalformed.removeAll(keepingCapacity: true)
                        return fault.map { .fault($0) } ?? .incomplete
                    }
                    continue
                }
                switch scanner.behind(base, position, end: end, reachedEnd: reachedEnd) {
                case .line(let next):
                    guard column &+ 1 == columns else { return .fault(.ragged(found: column + 1, at: start)) }
                    if segmentEnd == .max {
                        segmentEnd = (offset / TableBlock.segment &+ 1) &* TableBlock.segment
                    }
                    start = next
                    row &+= 1
                case .incomplete:
                    pendingMalformed.removeAll(keepingCapacity: true)
                    return .incomplete
                case .fault(let fault): return .fault(fault)
                case .delimiter: return .fault(.ragged(found: column + 1, at: start))
                }
                break
            }
            if !pendingMalformed.isEmpty { countMalformed(firstOffset) }
        }
    }

    private func countMalformed(_ firstOffset: Int) {
        for pending in pendingMalformed {
            malformed[pending.slot] += 1
            if firstMalformed == nil { firstMalformed = (pending.column, firstOffset + pending.position) }
        }
        pendingMalformed.removeAll(keepingCapacity: true)
    }

    /// Stores the code of a text of any kind, -1 for a missing value; false when it is not UTF-8.
    private func storeText(_ text: UnsafeBufferPointer<UInt8>, slot: Int, row: Int) -> Bool {
        shortCounts[slot * block.rowLimit + row] = 0
        block.units(slot)[row] = -1
        guard let base = text.baseAddress, !MissingText.isMissing(text) else { return true }
        settle(slot, upTo: row)
        let code = texts[slot].code(base, count: text.count)
        block.units(slot)[row] = code
        return code >= 0
    }

    /// Numbers the short texts of the rows before one, so that codes are in the order of first appearance.
    private func settle(_ slot: Int, upTo row: Int) {
        guard settledRows[slot] < row else { return }
        texts[slot].settle(
            block.units(slot), counts: shortCounts + slot * block.rowLimit, rows: settledRows[slot]..<row)
        settledRows[slot] = row
    }

    private func settleAll() {
        for slot in slotForms.indices {
            guard case .text = slotForms[slot] else { continue }
            settle(slot, upTo: block.rows)
            settledRows[slot] = 0
        }
    }

    /// How many fields a record with too many of them has; nil when it is not in the window as a whole.
    private func raggedRow(
        _ base: UnsafePointer<UInt8>, _ start: Int, end: Int, reachedEnd: Bool
    ) -> DelimitedFault? {
        var position = start
        var found = 0
        while true {
            switch scanner.scan(base, from: position, end: end, reachedEnd: reachedEnd) {
            case .incomplete: return nil
            case .fault(let fault): return fault
            case .field(let field):
                found += 1
                switch scanner.behind(base, field.next, end: end, reachedEnd: reachedEnd) {
                case .delimiter: position = field.next + 1
                case .line: return .ragged(found: found, at: start)
                case .incomplete: return nil
                case .fault(let fault): return fault
                }
            }
        }
    }

    private enum SlowRead {
        case next(Int)
        case incomplete
        case fault(DelimitedFault)
    }

    /// Reads a field of any kind. Nothing of it counts before the record is whole, but for texts, whose codes hang on
    /// their order alone.
    private func readSlowly(
        _ base: UnsafePointer<UInt8>, _ position: Int, column: Int, row: Int, end: Int, reachedEnd: Bool
    ) -> SlowRead {
        let field: DelimitedScanner.Field
        switch scanner.scan(base, from: position, end: end, reachedEnd: reachedEnd) {
        case .incomplete: return .incomplete
        case .fault(let fault): return .fault(fault)
        case .field(let found): field = found
        }
        let plan = plans[column]
        guard plan.kind != .skip else { return .next(field.next) }
        let isRead: Bool
        if field.hasDoubledQuotes {
            scratch.removeAll(keepingCapacity: true)
            var read = field.start
            while read < field.end {
                scratch.append(base[read])
                read += base[read] == 0x22 ? 2 : 1
            }
            isRead = scratch.withUnsafeBufferPointer { bytes in
                guard let first = bytes.baseAddress else { return true }
                let text = DelimitedScanner.trimmed(first, 0, bytes.count)
                return store(text, plan: plan, column: column, row: row, position: position)
            }
        } else {
            let text = DelimitedScanner.trimmed(base, field.start, field.end)
            isRead = store(text, plan: plan, column: column, row: row, position: position)
        }
        guard isRead else {
            return .fault(.notText(at: position))
        }
        return .next(field.next)
    }

    /// False for a text that is not UTF-8.
    private func store(
        _ text: UnsafeBufferPointer<UInt8>, plan: Plan, column: Int, row: Int, position: Int
    ) -> Bool {
        let isMissing = MissingText.isMissing(text)
        switch slotForms[plan.slot] {
        case .skip: break
        case .number:
            let value: Double
            if isMissing || MissingText.isNaN(text) {
                value = .nan
            } else if let number = DecimalDouble.double(text) {
                value = number
            } else {
                value = TableBlock.malformed
                pendingMalformed.append((plan.slot, column, position))
            }
            block.numbers(plan.slot)[row] = value
        case .units(let resolution, let range):
            let code = isMissing ? Coded.missing : resolution.code(decimalUTF8: text, within: range)
            if code == Coded.malformed { pendingMalformed.append((plan.slot, column, position)) }
            block.units(plan.slot)[row] = code
        case .text:
            return storeText(text, slot: plan.slot, row: row)
        }
        return true
    }
}

/// What stands for "no value", in any case of its letters.
enum MissingText {
    static func isMissing(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch text.count {
        case 0: true
        case 2: matches(text, "na")
        case 3: matches(text, "n/a")
        case 4: matches(text, "null")
        default: false
        }
    }

    static func isNaN(_ text: UnsafeBufferPointer<UInt8>) -> Bool { text.count == 3 && matches(text, "nan") }

    private static func matches(_ text: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
        for index in 0..<text.count {
            let byte = text[index]
            let lowered = byte &- 0x41 < 26 ? byte | 0x20 : byte
            if lowered != word.utf8Start[index] { return false }
        }
        return true
    }
}

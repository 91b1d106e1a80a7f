internal import Statistics

/// How a column of a table is read.
enum ColumnForm {
    case skip
    /// As the nearest Doubles: NaN for a missing value, ``TableBlock/malformed`` for what is no number.
    case number
    /// In units of the resolution, or ``Coded``.
    case units(Resolution, range: ClosedRange<Int64>)
    /// As codes of distinct texts; -1 for a missing value. Beyond the limit every new text has the limit as its code.
    case text(limit: Int)
}

/// A block of rows by columns. The columns that are read have slots, numbered in the order of the columns.
final class TableBlock {
    /// The most rows of a block.
    static let greatestRowLimit = 1024
    /// Blocks of text begin anew where a record begins behind a multiple of this many bytes of the file, so that the
    /// blocks, and with them every rounding, are the same whichever thread reads them.
    static let segment = 1 << 20

    /// Stands for a value that is no number; a NaN like that of a missing one.
    static let malformed = Double(bitPattern: 0x7ff8_0000_0000_0001)

    /// The rows that it holds.
    var rows = 0
    let slots: Int
    /// The most rows of this block, a power of two from 16: fewer for wide tables.
    let rowLimit: Int
    private let memory: UnsafeMutablePointer<Int64>

    init(slots: Int) {
        self.slots = slots
        var limit = Self.greatestRowLimit
        while limit > 16, limit * slots > 1 << 19 { limit /= 2 }
        rowLimit = limit
        memory = .allocate(capacity: max(slots, 1) * rowLimit)
        memory.initialize(repeating: 0, count: max(slots, 1) * rowLimit)
    }

    deinit { memory.deallocate() }

    /// The values of a slot: units, or the bits of Doubles, or codes of texts.
    @inline(__always)
    func units(_ slot: Int) -> UnsafeMutablePointer<Int64> { memory + slot &* rowLimit }

    /// The Doubles of a slot.
    @inline(__always)
    func numbers(_ slot: Int) -> UnsafeMutablePointer<Double> {
        UnsafeMutableRawPointer(units(slot)).assumingMemoryBound(to: Double.self)
    }
}

/// Reads part of a table block by block.
protocol TableCursor: AnyObject {
    var block: TableBlock { get }
    /// The texts of each slot, in the order of their codes.
    var texts: [TextCodes] { get }
    /// Values of each slot so far that could not be read.
    var malformed: [Int] { get }

    /// Fills the block with the next rows; false when there are none.
    func next() throws(LocalFileError) -> Bool
}

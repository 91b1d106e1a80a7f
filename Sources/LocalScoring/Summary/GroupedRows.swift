/// The rows of a block by group, so that each group is summed in one go.
final class GroupedRows {
    /// The groups that occur in the block, ascending, with their rows. Group 0 is that of missing values, the others are
    /// one above the codes of their texts.
    private(set) var groups: [(number: Int, rows: Range<Int>)] = []
    private let order: UnsafeMutablePointer<UInt16>
    private var counts: [Int]
    /// The group of each row.
    let numbers: UnsafeMutablePointer<Int32>
    private let limit: Int

    /// - Parameters:
    ///   - limit: the most groups, without that of the missing values.
    ///   - rowLimit: the most rows of a block.
    init(limit: Int, rowLimit: Int) {
        self.limit = limit
        counts = [Int](repeating: 0, count: limit + 1)
        order = .allocate(capacity: rowLimit)
        numbers = .allocate(capacity: rowLimit)
        order.initialize(repeating: 0, count: rowLimit)
        numbers.initialize(repeating: 0, count: rowLimit)
    }

    deinit {
        order.deallocate()
        numbers.deallocate()
    }

    /// Sorts the rows of the block; false when a code is beyond the limit.
    func assign(_ units: UnsafePointer<Int64>, rows: Int) -> Bool {
        groups.removeAll(keepingCapacity: true)
        for row in 0..<rows {
            let code = Int(units[row])
            guard code < limit else { return false }
            numbers[row] = Int32(truncatingIfNeeded: code + 1)
            counts[code + 1] += 1
        }
        var start = 0
        for group in counts.indices where counts[group] > 0 {
            groups.append((group, start..<start + counts[group]))
            (start, counts[group]) = (start + counts[group], start)
        }
        for row in 0..<rows {
            let group = Int(numbers[row])
            order[counts[group]] = UInt16(truncatingIfNeeded: row)
            counts[group] += 1
        }
        for group in groups { counts[group.number] = 0 }
        return true
    }

    func rows(_ range: Range<Int>) -> UnsafeBufferPointer<UInt16> {
        UnsafeBufferPointer(start: order + range.lowerBound, count: range.count)
    }
}

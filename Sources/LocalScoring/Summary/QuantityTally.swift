/// What is known of a column of Doubles without a declared resolution.
final class QuantityTally {
    /// Small whole numbers, which a category may be coded with, are also counted by group.
    static let codeRange = -32..<96

    private(set) var rows = 0
    /// Values that are infinite; those that are no numbers are counted by the reader.
    private(set) var infinite = 0
    private(set) var moments: ShiftedMoments
    private(set) var minimum = Double.infinity
    private(set) var maximum = -Double.infinity
    private(set) var isWhole = true
    let sketch: ValueSketch
    /// By number of the group.
    private(set) var groups: [ShiftedMoments] = []
    private(set) var groupRows: [Int] = []
    /// Counts of small whole numbers by group, while there is nothing else in the column; nil when there is.
    private(set) var joint: [UInt32]?

    /// - Parameter countsCodes: whether small whole numbers are counted by group.
    init(shift: Double, origin: Double, bits: Int, countsCodes: Bool) {
        moments = ShiftedMoments(shift: shift)
        sketch = ValueSketch(origin: origin, bits: bits)
        joint = countsCodes ? [] : nil
    }

    /// Adds the values of a block; they may be written up to the next multiple of eight.
    func add(_ values: UnsafeMutablePointer<Double>, count: Int, grouped: GroupedRows?) {
        rows += count
        var block = BlockMoments(values, count: count, shift: moments.shift)
        if block.minimum == -.infinity || block.maximum == .infinity {
            for row in 0..<count where values[row].isInfinite {
                values[row] = TableBlock.malformed
                infinite += 1
            }
            block = BlockMoments(values, count: count, shift: moments.shift)
        }
        moments.add(block)
        minimum = min(minimum, block.minimum)
        maximum = max(maximum, block.maximum)
        isWhole = isWhole && block.isWhole
        sketch.add(values, count: count)
        guard let grouped else { return }
        for group in grouped.groups {
            makeRoom(group.number)
            groupRows[group.number] += group.rows.count
            groups[group.number].add(
                BlockMoments(values, rows: grouped.rows(group.rows), shift: moments.shift))
        }
        countCodes(values, count: count, grouped: grouped)
    }

    private func makeRoom(_ group: Int) {
        while groups.count <= group {
            groups.append(ShiftedMoments(shift: moments.shift))
            groupRows.append(0)
            joint?.append(contentsOf: repeatElement(0, count: Self.codeRange.count))
        }
    }

    private func countCodes(_ values: UnsafePointer<Double>, count: Int, grouped: GroupedRows) {
        guard joint != nil else { return }
        let codes = Self.codeRange
        guard isWhole, !(minimum < Double(codes.lowerBound)), !(maximum >= Double(codes.upperBound)) else {
            joint = nil
            return
        }
        let groups = grouped.numbers
        joint?.withUnsafeMutableBufferPointer { joint in
            for row in 0..<count {
                let value = values[row]
                guard value == value else { continue }
                // The low bits of value + 1.5 · 2⁵² are those of the whole number.
                let code = Int(truncatingIfNeeded: (value + 0x1.8p52).bitPattern & 127)
                joint[Int(groups[row]) &* 128 &+ (code &+ 32) & 127] &+= 1
            }
        }
    }

    /// Adds another part of the same column.
    /// - Parameter numbers: our number of each of the other's groups.
    func merge(_ other: QuantityTally, numbers: [Int]) {
        rows += other.rows
        infinite += other.infinite
        moments.merge(other.moments)
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        isWhole = isWhole && other.isWhole
        sketch.merge(other.sketch)
        if other.joint == nil { joint = nil }
        for (number, group) in other.groups.enumerated() where other.groupRows[number] > 0 {
            let ours = numbers[number]
            makeRoom(ours)
            groups[ours].merge(group)
            groupRows[ours] += other.groupRows[number]
            guard joint != nil, let theirs = other.joint else { continue }
            for value in 0..<128 { joint?[ours * 128 + value] &+= theirs[number * 128 + value] }
        }
    }

    /// The count of a small whole number in a group.
    func jointCount(_ value: Int, group: Int) -> Int {
        joint.map { Int($0[group * 128 + (value + 32)]) } ?? 0
    }
}

internal import Foundation
internal import Statistics

/// Exact sums of units.
struct UnitSums {
    var count = 0
    var sum: Int128 = 0
    var squares: Int128 = 0

    mutating func merge(_ other: UnitSums) {
        count += other.count
        sum += other.sum
        squares += other.squares
    }
}

/// What is known of a column with a declared resolution and range: whole units, summed without rounding.
final class UnitTally {
    /// The widest range that is counted unit by unit: about as many cells as the bins of a wider one.
    static let countLimit = 1 << 14

    let resolution: Resolution
    let range: ClosedRange<Int64>
    private(set) var rows = 0
    private(set) var sums = UnitSums()
    private(set) var missing = 0
    private(set) var malformed = 0
    private(set) var outOfRange = 0
    private(set) var minimum = Int64.max
    private(set) var maximum = Int64.min
    private(set) var groups: [UnitSums]
    private(set) var groupMissing: [Int]
    /// Counts of each unit of the range, or nil for a wide one.
    private let counts: UnsafeMutablePointer<UInt32>?
    /// Of a wide range.
    let sketch: ValueSketch?

    init(_ resolution: Resolution, range: ClosedRange<Int64>, isCounted: Bool, bits: Int, groupCount: Int) {
        self.resolution = resolution
        self.range = range
        groups = [UnitSums](repeating: UnitSums(), count: groupCount)
        groupMissing = [Int](repeating: 0, count: groupCount)
        if isCounted {
            counts = calloc(Self.width(range), 4)?.bindMemory(to: UInt32.self, capacity: Self.width(range))
        } else {
            counts = nil
        }
        let origin = range.contains(0) ? 0 : range.lowerBound > 0 ? range.lowerBound : range.upperBound
        sketch = counts == nil ? ValueSketch(origin: Double(origin), bits: bits) : nil
    }

    deinit { free(counts) }

    static func width(_ range: ClosedRange<Int64>) -> Int { Int(range.upperBound - range.lowerBound) + 1 }

    /// Adds the values of a block.
    /// - Parameter scratch: room for as many Doubles.
    func add(
        _ values: UnsafePointer<Int64>, count: Int, grouped: GroupedRows?, scratch: UnsafeMutablePointer<Double>
    ) {
        rows += count
        sums.merge(sum(values, count: count, addsUp: grouped == nil))
        if let sketch {
            Self.doubles(values, count: count, into: scratch)
            sketch.add(scratch, count: count)
        }
        guard let grouped else { return }
        for group in grouped.groups {
            var part = UnitSums()
            for row in grouped.rows(group.rows) {
                let value = values[Int(row)]
                guard Coded.isValue(value) else { continue }
                Self.add(value, to: &part)
            }
            groups[group.number].merge(part)
            sums.merge(part)
            groupMissing[group.number] += group.rows.count - part.count
        }
    }

    private func sum(_ values: UnsafePointer<Int64>, count: Int, addsUp: Bool) -> UnitSums {
        var block = UnitSums()
        var (smallest, largest) = (minimum, maximum)
        let lower = range.lowerBound
        for row in 0..<count {
            let value = values[row]
            guard Coded.isValue(value) else {
                if value == Coded.missing { missing += 1 }
                if value == Coded.malformed { malformed += 1 }
                if value == Coded.outOfRange { outOfRange += 1 }
                continue
            }
            if addsUp { Self.add(value, to: &block) }
            smallest = min(smallest, value)
            largest = max(largest, value)
            counts?[Int(value &- lower)] &+= 1
        }
        (minimum, maximum) = (smallest, largest)
        return block
    }

    @inline(__always)
    private static func add(_ value: Int64, to sums: inout UnitSums) {
        // Within 2⁴⁷ units, the square is below 2⁹⁴ and 2³¹ of them below 2¹²⁵.
        let product = value.multipliedFullWidth(by: value)
        sums.count &+= 1
        sums.sum &+= Int128(value)
        sums.squares &+= Int128(product.high) << 64 | Int128(product.low)
    }

    /// Units as Doubles, NaN for what is no value; exact, because units are below 2⁵³.
    static func doubles(_ values: UnsafePointer<Int64>, count: Int, into scratch: UnsafeMutablePointer<Double>) {
        for row in 0..<count {
            let value = values[row]
            scratch[row] = Coded.isValue(value) ? Double(value) : .nan
        }
    }

    /// Adds another part of the same column.
    func merge(_ other: UnitTally, numbers: [Int]) {
        rows += other.rows
        sums.merge(other.sums)
        missing += other.missing
        malformed += other.malformed
        outOfRange += other.outOfRange
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        for (number, group) in other.groups.enumerated() {
            groups[numbers[number]].merge(group)
            groupMissing[numbers[number]] += other.groupMissing[number]
        }
        if let counts, let theirs = other.counts {
            for index in 0..<Self.width(range) where theirs[index] > 0 { counts[index] &+= theirs[index] }
        }
        if let sketch, let theirs = other.sketch { sketch.merge(theirs) }
    }

    /// Every unit that occurs, ascending, with its count; nil for a wide range.
    var unitCounts: [(units: Int64, count: Int)]? {
        guard let counts, sums.count > 0 else { return self.counts == nil ? nil : [] }
        var result: [(units: Int64, count: Int)] = []
        for units in minimum...maximum {
            let count = counts[Int(units - range.lowerBound)]
            if count > 0 { result.append((units, Int(count))) }
        }
        return result
    }
}

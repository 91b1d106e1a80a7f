/// Sorts by unsigned keys: elements are spread over about as many equal intervals of the keys' range as there are elements
/// (2¹¹ where they are many), then each interval is sorted in the same way or, when short, by insertion. The time is linear:
/// each level takes at least 4 bits from the range, a range of one key ends at once, and most scores end at the first or
/// second level.
enum RadixSort {
    /// Up to this many elements insertion is faster.
    private static let shortLength = 20
    /// At most this many elements, and what they are spread to, stay in a near cache, where any place is reached fast.
    private static let nearLength = 1 << 16
    /// Of more elements so many intervals are filled at a time.
    private static let farBits = 11

    /// Units in ascending order.
    static func sorted(_ units: [Int64]) -> [Int64] {
        var ranks = units.map { PlainRank(key: RankKey.of($0), index: 0) }
        ranks.withUnsafeMutableBufferPointer { ranks in
            withUnsafeTemporaryAllocation(of: PlainRank.self, capacity: ranks.count) { sort(ranks, scratch: $0) }
        }
        return ranks.map { RankKey.units($0.key) }
    }

    /// Sorts in place, ascending; `scratch` has room for as many elements.
    static func sort<Element: RankElement>(
        _ elements: UnsafeMutableBufferPointer<Element>, scratch: UnsafeMutableBufferPointer<Element>
    ) {
        let count = elements.count
        guard count > shortLength else { return insert(from: UnsafeBufferPointer(elements), into: elements) }
        var low = elements[0].key
        var high = low
        for index in 1..<count {
            let key = elements[index].key
            low = min(low, key)
            high = max(high, key)
        }
        guard low < high else { return }
        let width = UInt64.bitWidth - (high - low).leadingZeroBitCount
        let lengthBits = Int.bitWidth - count.leadingZeroBitCount
        let bits = min(width, count > nearLength ? farBits : lengthBits)
        let shift = UInt64(width - bits)
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1 << bits) { ends in
            ends.initialize(repeating: 0)
            for index in 0..<count {
                ends[Int(truncatingIfNeeded: (elements[index].key &- low) &>> shift)] &+= 1
            }
            var longest: UInt32 = 0
            var start: UInt32 = 0
            for digit in 0..<ends.count {
                let length = ends[digit]
                longest = max(longest, length)
                ends[digit] = start
                start &+= length
            }
            for index in 0..<count {
                let element = elements[index]
                let digit = Int(truncatingIfNeeded: (element.key &- low) &>> shift)
                let place = Int(ends[digit])
                ends[digit] &+= 1
                scratch.baseAddress.unsafelyUnwrapped.advanced(by: place).initialize(to: element)
            }
            let spread = UnsafeBufferPointer(rebasing: scratch[0..<count])
            if longest <= shortLength { return insert(from: spread, into: elements) }
            _ = elements.update(fromContentsOf: spread)
            guard shift > 0 else { return }
            sortIntervals(of: elements, ends: ends, scratch: scratch)
        }
    }

    private static func sortIntervals<Element: RankElement>(
        of elements: UnsafeMutableBufferPointer<Element>, ends: UnsafeMutableBufferPointer<UInt32>,
        scratch: UnsafeMutableBufferPointer<Element>
    ) {
        var start = 0
        for digit in 0..<ends.count {
            let end = Int(ends[digit])
            if end - start > 1 {
                sort(UnsafeMutableBufferPointer(rebasing: elements[start..<end]), scratch: scratch)
            }
            start = end
        }
    }

    /// Insertion sort of elements that are nearly in order, from one place to another or in place.
    @inline(__always)
    private static func insert<Element: RankElement>(
        from source: UnsafeBufferPointer<Element>, into target: UnsafeMutableBufferPointer<Element>
    ) {
        for index in 0..<source.count {
            let element = source[index]
            var place = index
            while place > 0, target[place - 1].key > element.key {
                target[place] = target[place - 1]
                place -= 1
            }
            target[place] = element
        }
    }
}

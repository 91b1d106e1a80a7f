/// Counts of 128-bit keys while patients are walked: linear probing in a table of twice the keys, which is several times
/// as fast here as a dictionary. Keys are not zero.
struct PackedTally {
    private var keys: [UInt128]
    private var counts: [Int]
    private var used = 0

    init() {
        keys = Array(repeating: 0, count: 64)
        counts = Array(repeating: 0, count: 64)
    }

    /// Counts a key once more.
    @inline(__always)
    mutating func add(_ key: UInt128) {
        let mask = keys.count - 1
        var slot = Self.slot(key) & mask
        while keys[slot] != key {
            if keys[slot] == 0 {
                insert(key, count: 1)
                return
            }
            slot = (slot + 1) & mask
        }
        counts[slot] += 1
    }

    @inline(__always)
    private static func slot(_ key: UInt128) -> Int {
        // Fibonacci hashing of both halves; the high bits of a product depend on all bits below.
        let low = UInt64(truncatingIfNeeded: key)
        let high = UInt64(truncatingIfNeeded: key >> 64)
        let mixed = (low ^ (high &* 0xff51_afd7_ed55_8ccd)) &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: mixed >> 32)
    }

    private mutating func insert(_ key: UInt128, count: Int) {
        if 2 * (used + 1) > keys.count { grow() }
        let mask = keys.count - 1
        var slot = Self.slot(key) & mask
        while keys[slot] != 0 { slot = (slot + 1) & mask }
        keys[slot] = key
        counts[slot] = count
        used += 1
    }

    private mutating func grow() {
        let old = zip(keys, counts)
        keys = Array(repeating: 0, count: 2 * keys.count)
        counts = Array(repeating: 0, count: keys.count)
        used = 0
        for (key, count) in old where key != 0 { insert(key, count: count) }
    }

    /// The counts by key.
    var dictionary: [UInt128: Int] {
        var dictionary: [UInt128: Int] = [:]
        dictionary.reserveCapacity(used)
        for (key, count) in zip(keys, counts) where key != 0 { dictionary[key] = count }
        return dictionary
    }
}

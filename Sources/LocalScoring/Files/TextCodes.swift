/// Numbers the distinct texts of a column in the order of their first appearance. Open addressing: a text of up to eight
/// bytes is found within its slot, a longer one by its hash and then by its bytes in one arena.
final class TextCodes {
    private struct Slot {
        /// The bytes of a short text, the hash of a long one.
        var key: UInt64
        /// The code plus one; 0 is free.
        var code: UInt32
        /// Bytes of the text.
        var count: UInt32
    }

    private struct Entry {
        var start: Int
        var key: UInt64
        var count: UInt32
    }

    /// The most distinct texts.
    static let limit = 1 << 30

    private let textLimit: Int
    private var arena: [UInt8] = []
    private var entries: [Entry] = []
    /// A power of two, at most five eighths full.
    private var slots: UnsafeMutablePointer<Slot>
    private var slotCount = 64
    /// Keeps the look at the slots from being left out.
    private var lastSeen: UInt32 = 0

    /// - Parameter limit: the most distinct texts.
    init(limit: Int = TextCodes.limit) {
        textLimit = min(limit, Self.limit)
        slots = Self.freeSlots(slotCount)
    }

    deinit { slots.deallocate() }

    private static func freeSlots(_ count: Int) -> UnsafeMutablePointer<Slot> {
        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: count)
        slots.initialize(repeating: Slot(key: 0, code: 0, count: 0), count: count)
        return slots
    }

    /// The number of distinct texts.
    var count: Int { entries.count }

    /// Every text, in the order of the codes.
    var texts: [String] {
        entries.map { String(decoding: arena[$0.start..<$0.start + Int($0.count)], as: UTF8.self) }
    }

    /// The code of the bytes, a new one when they were not seen before; the limit when they are one too many, and -1 when
    /// they are not UTF-8.
    @inline(__always)
    func code(_ base: UnsafePointer<UInt8>, count: Int) -> Int64 {
        let key = Self.key(base, count: count)
        let mask = slotCount &- 1
        var index = Int(truncatingIfNeeded: Self.mix(key ^ UInt64(truncatingIfNeeded: count))) & mask
        while true {
            let slot = slots[index]
            if slot.code == 0 { return insert(base, count: count, key: key, at: index) }
            if slot.key == key, slot.count == UInt32(truncatingIfNeeded: count),
                count <= 8 || isSame(Int(slot.code) - 1, base)
            {
                return Int64(slot.code) &- 1
            }
            index = (index &+ 1) & mask
        }
    }

    /// The key of a text that may be numbered later, by ``settle(_:counts:rows:)``: of one to eight bytes of ASCII; nil
    /// for another.
    @inline(__always)
    static func shortKey(_ base: UnsafePointer<UInt8>, count: Int) -> UInt64? {
        guard count > 0, count <= 8 else { return nil }
        let key = tail(base, count: count)
        return key & 0x8080_8080_8080_8080 == 0 ? key : nil
    }

    /// Puts codes in the place of short keys, in the order of the rows.
    /// - Parameters:
    ///   - cells: keys, and codes that stay.
    ///   - counts: the bytes of each key, 0 for a code.
    func settle(_ cells: UnsafeMutablePointer<Int64>, counts: UnsafePointer<UInt8>, rows: Range<Int>) {
        // First a look at every slot, with nothing that waits for the answer: the memory serves many at once.
        let mask = slotCount &- 1
        var seen: UInt32 = 0
        for row in rows {
            let key = UInt64(bitPattern: cells[row]) ^ UInt64(counts[row])
            seen |= slots[Int(truncatingIfNeeded: Self.mix(key)) & mask].code
        }
        lastSeen = seen
        for row in rows where counts[row] != 0 {
            cells[row] = code(key: UInt64(bitPattern: cells[row]), count: counts[row])
        }
    }

    @inline(__always)
    private func code(key: UInt64, count: UInt8) -> Int64 {
        let mask = slotCount &- 1
        var index = Int(truncatingIfNeeded: Self.mix(key ^ UInt64(count))) & mask
        while slots[index].code != 0 {
            if slots[index].key == key, slots[index].count == UInt32(count) { return Int64(slots[index].code) &- 1 }
            index = (index &+ 1) & mask
        }
        return withUnsafeBytes(of: key.littleEndian) { bytes in
            guard let base = bytes.baseAddress else { return -1 }
            return insert(base.assumingMemoryBound(to: UInt8.self), count: Int(count), key: key, at: index)
        }
    }

    /// The code of a text, as ``code(_:count:)``.
    func code(_ text: String) -> Int64 {
        var text = text
        return text.withUTF8 { bytes in
            guard let base = bytes.baseAddress else {
                return withUnsafePointer(to: UInt8(0)) { code($0, count: 0) }
            }
            return code(base, count: bytes.count)
        }
    }

    private func isSame(_ entry: Int, _ base: UnsafePointer<UInt8>) -> Bool {
        let entry = entries[entry]
        return arena.withUnsafeBufferPointer { arena in
            for index in 0..<Int(entry.count) where arena[entry.start + index] != base[index] { return false }
            return true
        }
    }

    @inline(never)
    private func insert(_ base: UnsafePointer<UInt8>, count: Int, key: UInt64, at index: Int) -> Int64 {
        let bytes = UnsafeBufferPointer(start: base, count: count)
        guard entries.count < textLimit else { return Int64(textLimit) }
        let isASCII = bytes.reduce(0) { $0 | $1 } < 0x80
        guard isASCII || String(validating: bytes, as: UTF8.self) != nil else { return -1 }
        entries.append(Entry(start: arena.count, key: key, count: UInt32(count)))
        arena.append(contentsOf: bytes)
        slots[index] = Slot(key: key, code: UInt32(entries.count), count: UInt32(count))
        if 8 * entries.count > 5 * slotCount { grow() }
        return Int64(entries.count - 1)
    }

    private func grow() {
        slots.deallocate()
        slotCount *= 2
        slots = Self.freeSlots(slotCount)
        let mask = slotCount - 1
        for (number, entry) in entries.enumerated() {
            var index = Int(truncatingIfNeeded: Self.mix(entry.key ^ UInt64(entry.count))) & mask
            while slots[index].code != 0 { index = (index + 1) & mask }
            slots[index] = Slot(key: entry.key, code: UInt32(number + 1), count: entry.count)
        }
    }

    /// The bytes themselves up to eight, else a hash of them.
    @inline(__always)
    private static func key(_ base: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        count <= 8 ? tail(base, count: count) : hash(base, count: count)
    }

    /// Up to eight bytes as a number, by two loads that may overlap.
    @inline(__always)
    private static func tail(_ base: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        let raw = UnsafeRawPointer(base)
        if count == 8 { return raw.loadUnaligned(as: UInt64.self) }
        if count >= 4 {
            let low = UInt64(raw.loadUnaligned(as: UInt32.self))
            let high = UInt64((raw + count - 4).loadUnaligned(as: UInt32.self))
            return low | high &<< UInt64(8 &* (count &- 4))
        }
        guard count > 0 else { return 0 }
        var word = UInt64(base[0])
        if count > 1 { word |= UInt64(base[1]) &<< 8 }
        if count > 2 { word |= UInt64(base[2]) &<< 16 }
        return word
    }

    private static func hash(_ base: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        var hash: UInt64 = 0x9e37_79b9_7f4a_7c15
        var position = 0
        while position < count {
            let rest = min(count - position, 8)
            hash = mix(hash ^ tail(base + position, count: rest))
            position += 8
        }
        return hash
    }

    @inline(__always)
    private static func mix(_ word: UInt64) -> UInt64 {
        let product = (word ^ 0xe703_7ed1_a0b4_28db).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
        return product.high ^ product.low
    }
}

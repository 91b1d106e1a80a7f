/// Counts of pairs of a squared distance and an area, by open addressing.
final class DistanceCounter {
    /// A place of the table; a distance and its count lie side by side.
    private struct Slot {
        var distance: UInt64
        /// The count in the upper bits, the area in the lower eight; 0 where the place is free.
        var count: UInt64
    }

    private var slots: UnsafeMutablePointer<Slot>
    private(set) var used = 0
    /// The binary logarithm of the number of places.
    private var places = 10

    init() { slots = Self.free(places: 10) }

    deinit { slots.deallocate() }

    private static func free(places: Int) -> UnsafeMutablePointer<Slot> {
        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: 1 << places)
        slots.initialize(repeating: Slot(distance: 0, count: 0), count: 1 << places)
        return slots
    }

    /// Adds to a table; returns whether the pair is new there.
    @inline(__always)
    private static func add(
        _ bits: UInt64, area: UInt8, count: UInt64, to slots: UnsafeMutablePointer<Slot>, places: Int
    ) -> Bool {
        let mask = 1 << places &- 1
        // The golden ratio spreads the bits upwards (Knuth, The Art of Computer Programming 3, section 6.4).
        let mixed = (bits ^ UInt64(area)) &* 0x9e37_79b9_7f4a_7c15
        var place = Int(truncatingIfNeeded: mixed >> UInt64(64 &- places))
        while slots[place].count != 0 {
            if slots[place].distance == bits && UInt8(truncatingIfNeeded: slots[place].count) == area {
                slots[place].count &+= count << 8
                return false
            }
            place = (place &+ 1) & mask
        }
        slots[place] = Slot(distance: bits, count: count << 8 | UInt64(area))
        return true
    }

    func add(_ squared: Double, area: UInt8, count: Int = 1) {
        if Self.add(squared.bitPattern, area: area, count: UInt64(count), to: slots, places: places) { used += 1 }
        if used * 2 > 1 << places { grow() }
    }

    /// Adds elements of a row.
    /// - Parameter squared: for each corner of the row its squared distance.
    func add(_ squared: UnsafePointer<Double>, of elements: UnsafeBufferPointer<FarElement>) {
        // Half the table stays free, so that it takes a row without growing on the way.
        while used + elements.count > 1 << (places - 1) { grow() }
        let (slots, places) = (slots, places)
        var added = 0
        for element in elements
        where Self.add(squared[element.x].bitPattern, area: element.area, count: 1, to: slots, places: places) {
            added &+= 1
        }
        used += added
    }

    private func grow() {
        let larger = Self.free(places: places + 1)
        for place in 0..<1 << places where slots[place].count != 0 {
            let slot = slots[place]
            _ = Self.add(
                slot.distance, area: UInt8(truncatingIfNeeded: slot.count), count: slot.count >> 8, to: larger,
                places: places + 1)
        }
        slots.deallocate()
        (slots, places) = (larger, places + 1)
    }

    var entries: [DistanceTally.Entry] {
        (0..<1 << places).compactMap { place in
            let slot = slots[place]
            guard slot.count != 0 else { return nil }
            return DistanceTally.Entry(
                squared: Double(bitPattern: slot.distance), area: UInt8(truncatingIfNeeded: slot.count),
                count: Int(slot.count >> 8))
        }
    }
}

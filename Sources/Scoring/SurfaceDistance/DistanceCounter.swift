/// Counts of pairs of a squared distance and an area, by open addressing.
struct DistanceCounter {
    private var distances: [UInt64]
    /// The count in the upper bits, the area in the lower eight; 0 where the place is free.
    private var counts: [UInt64]
    private(set) var used = 0
    /// The binary logarithm of the number of places.
    private let places: Int

    init() { self.init(places: 10) }

    private init(places: Int) {
        self.places = places
        distances = Array(repeating: 0, count: 1 << places)
        counts = Array(repeating: 0, count: 1 << places)
    }

    mutating func add(_ squared: Double, area: UInt8, count: Int = 1) {
        let mask = distances.count - 1
        let bits = squared.bitPattern
        // The golden ratio spreads the bits upwards (Knuth, The Art of Computer Programming 3, section 6.4).
        let mixed = (bits ^ UInt64(area)) &* 0x9e37_79b9_7f4a_7c15
        var place = Int(truncatingIfNeeded: mixed >> UInt64(64 - places))
        while counts[place] != 0 {
            if distances[place] == bits && UInt8(truncatingIfNeeded: counts[place]) == area {
                counts[place] &+= UInt64(count) << 8
                return
            }
            place = (place + 1) & mask
        }
        distances[place] = bits
        counts[place] = UInt64(count) << 8 | UInt64(area)
        used += 1
        if used * 2 > distances.count { grow() }
    }

    private mutating func grow() {
        var larger = DistanceCounter(places: places + 1)
        for place in distances.indices where counts[place] != 0 {
            larger.add(
                Double(bitPattern: distances[place]), area: UInt8(truncatingIfNeeded: counts[place]),
                count: Int(counts[place] >> 8))
        }
        self = larger
    }

    var entries: [DistanceTally.Entry] {
        distances.indices.compactMap { place in
            guard counts[place] != 0 else { return nil }
            return DistanceTally.Entry(
                squared: Double(bitPattern: distances[place]), area: UInt8(truncatingIfNeeded: counts[place]),
                count: Int(counts[place] >> 8))
        }
    }
}

/// Distances with how often each occurs: what the average, a percentile or a count within a tolerance needs, without
/// keeping one number a voxel.
public struct DistanceCounts: Hashable, Sendable {
    /// The distances that occur in millimetres, ascending and each once.
    public private(set) var distances: [Double] = []
    /// How many voxels are at each.
    public private(set) var counts: [Int] = []
    /// The number of voxels.
    public private(set) var total = 0

    /// Counts distances in any order by open addressing, so that the memory depends on how many different distances there
    /// are, not on how many voxels.
    struct Collector {
        private var keys = [UInt64](repeating: 0, count: 1 << 12)
        /// 0 where the place is free.
        private var counts = [Int](repeating: 0, count: 1 << 12)
        private var used = 0

        mutating func add(_ distance: Double, count: Int = 1) {
            let mask = keys.count - 1
            let key = distance.bitPattern
            // The upper bits of the product depend on every bit of the key.
            var place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 24) & mask
            while counts[place] != 0, keys[place] != key { place = (place + 1) & mask }
            if counts[place] == 0 {
                keys[place] = key
                used += 1
            }
            counts[place] += count
            if used * 2 > keys.count { grow() }
        }

        private mutating func grow() {
            let old = (keys, counts)
            keys = Array(repeating: 0, count: old.0.count * 2)
            counts = Array(repeating: 0, count: old.0.count * 2)
            used = 0
            for (key, count) in zip(old.0, old.1) where count > 0 { add(Double(bitPattern: key), count: count) }
        }

        /// Everything collected so far.
        var result: DistanceCounts {
            let places = counts.indices.filter { counts[$0] > 0 }
                // No distance is negative, so that bit patterns are in the order of the numbers.
                .sorted { keys[$0] < keys[$1] }
            return DistanceCounts(
                sorted: places.map { Double(bitPattern: keys[$0]) }, counts: places.map { counts[$0] })
        }
    }

    init() {}

    /// Takes distances that are sorted; a distance may come more than once.
    init(sorted distances: [Double], counts: [Int]) {
        for (distance, count) in zip(distances, counts) where count > 0 { append(distance, count: count) }
    }

    /// The distances of both.
    init(merging first: DistanceCounts, _ second: DistanceCounts) {
        if first.total == 0 || second.total == 0 {
            self = first.total == 0 ? second : first
            return
        }
        distances.reserveCapacity(first.distances.count + second.distances.count)
        counts.reserveCapacity(first.distances.count + second.distances.count)
        var i = 0
        var j = 0
        while i < first.distances.count || j < second.distances.count {
            let takesFirst =
                j == second.distances.count
                || (i < first.distances.count && first.distances[i] <= second.distances[j])
            if takesFirst {
                append(first.distances[i], count: first.counts[i])
                i += 1
            } else {
                append(second.distances[j], count: second.counts[j])
                j += 1
            }
        }
    }

    private mutating func append(_ distance: Double, count: Int) {
        total += count
        if let last = distances.last, last == distance {
            counts[counts.count - 1] += count
        } else {
            distances.append(distance)
            counts.append(count)
        }
    }

    /// The largest distance; nil when there is none.
    public var maximum: Double? { distances.last }

    /// Σ distance · count.
    var sum: Double {
        // Neumaier's compensated sum: exact to the last digits whatever the number of terms.
        var sum = 0.0
        var compensation = 0.0
        for (distance, count) in zip(distances, counts) {
            let term = distance * Double(count)
            let next = sum + term
            compensation += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
            sum = next
        }
        return sum + compensation
    }

    /// The mean; nil when there is no distance.
    public var mean: Double? { total > 0 ? sum / Double(total) : nil }

    /// How many distances are at most a limit.
    public func count(within limit: Double) -> Int {
        var count = 0
        for (distance, times) in zip(distances, counts) {
            if distance > limit { break }
            count += times
        }
        return count
    }

    /// The percentile with linear interpolation between order statistics, R. J. Hyndman and Y. Fan (1996), The American
    /// Statistician 50:361, definition 7, rounded as numpy does it; nil when there is no distance.
    /// - Parameter percent: 0…100.
    public func percentile(_ percent: Double) -> Double? {
        guard total > 0, (0...100).contains(percent) else { return nil }
        let position = percent / 100 * Double(total - 1)
        let lowerRank = min(Int(position), total - 1)
        let fraction = position - Double(lowerRank)
        let lower = distance(rank: lowerRank)
        let upper = distance(rank: min(lowerRank + 1, total - 1))
        // From the nearer end, so that a fraction of 1 would give the upper value exactly.
        return fraction < 0.5 ? lower + (upper - lower) * fraction : upper - (upper - lower) * (1 - fraction)
    }

    /// The distance of a rank, 0…total − 1, in ascending order.
    private func distance(rank: Int) -> Double {
        var passed = 0
        for (distance, count) in zip(distances, counts) {
            passed += count
            if rank < passed { return distance }
        }
        return distances.last ?? 0
    }
}

/// Counts of distances that are too many to be kept apart: by bin and area. The sums and the greatest are exact, and
/// nothing depends on the order of the work.
struct DistanceBins {
    let range: DistanceRange
    let areaCount: Int
    private var counts: [UInt64]
    private(set) var sums: [DistanceSum]
    private(set) var greatest = 0.0

    init(range: DistanceRange, areaCount: Int) {
        (self.range, self.areaCount) = (range, areaCount)
        counts = Array(repeating: 0, count: range.binCount * areaCount)
        sums = Array(repeating: DistanceSum(), count: areaCount)
    }

    mutating func add(_ squared: Double, area: UInt8, count: Int = 1) {
        counts[range.bin(squared) * areaCount + Int(area)] += UInt64(count)
        sums[Int(area)].add(squared.squareRoot(), count: UInt64(count), unit: range.unit)
        greatest = max(greatest, squared)
    }

    /// Adds elements of a row.
    /// - Parameter squared: for each corner of the row its squared distance.
    mutating func add(_ squared: UnsafePointer<Double>, of elements: UnsafeBufferPointer<FarElement>) {
        let (range, areaCount) = (range, areaCount)
        var greatest = greatest
        counts.withUnsafeMutableBufferPointer { counts in
            sums.withUnsafeMutableBufferPointer { sums in
                for element in elements {
                    let (area, squared) = (Int(element.area), squared[element.x])
                    counts[range.bin(squared) &* areaCount &+ area] &+= 1
                    sums[area].add(squared.squareRoot(), count: 1, unit: range.unit)
                    greatest = max(greatest, squared)
                }
            }
        }
        self.greatest = greatest
    }

    mutating func add(_ other: DistanceBins) {
        for place in counts.indices { counts[place] += other.counts[place] }
        for area in sums.indices { sums[area].add(other.sums[area]) }
        greatest = max(greatest, other.greatest)
    }

    /// An entry for each bin and area that has elements.
    var entries: [DistanceTally.Entry] {
        counts.indices.compactMap { place in
            guard counts[place] > 0 else { return nil }
            let (bin, area) = place.quotientAndRemainder(dividingBy: areaCount)
            let limits = range.limits(bin)
            return .init(
                squared: limits.least, area: UInt8(truncatingIfNeeded: area), count: Int(counts[place]),
                isBin: limits.least < limits.greatest)
        }
    }
}

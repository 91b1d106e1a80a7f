/// How many surface elements of each area lie at each distance from the other surface. Distances on a grid repeat, so
/// that a few thousand counts stand for millions of elements; and counts do not depend on the order of the work. Where
/// distances hardly repeat there are counts of whole bins instead, which can be opened.
struct DistanceTally: Hashable {
    /// Elements at one distance, or in one bin, with one area.
    struct Entry: Hashable {
        /// The squared distance (mm²), of a bin the least.
        let squared: Double
        var count: Int
        /// The place of the area among the areas.
        let area: UInt8
        let isBin: Bool

        init(squared: Double, area: UInt8, count: Int, isBin: Bool = false) {
            (self.squared, self.count, self.area, self.isBin) = (squared, count, area, isBin)
        }
    }

    /// By distance, then by area, each pair once.
    let entries: [Entry]
    let range: DistanceRange
    /// For each area the sum of the distances.
    private let sums: [DistanceSum]
    private let greatestSquared: Double

    /// A tally of distances each by itself.
    init(_ entries: [Entry], range: DistanceRange) {
        self.range = range
        self.entries = Self.merged(entries)
        greatestSquared = self.entries.last?.squared ?? 0
        var sums: [DistanceSum] = []
        for entry in self.entries {
            while sums.count <= Int(entry.area) { sums.append(DistanceSum()) }
            sums[Int(entry.area)].add(entry.squared.squareRoot(), count: UInt64(entry.count), unit: range.unit)
        }
        self.sums = sums
    }

    /// A tally of bins.
    init(_ bins: DistanceBins) {
        (range, entries) = (bins.range, bins.entries)
        (sums, greatestSquared) = (bins.sums, bins.greatest)
    }

    private init(_ tally: DistanceTally, entries: [Entry]) {
        self.entries = entries
        (range, sums, greatestSquared) = (tally.range, tally.sums, tally.greatestSquared)
    }

    /// The tally with the distances of some bins, each by itself, in their places.
    func opening(_ bins: Set<Int>, _ opened: [Entry]) -> DistanceTally {
        let kept = entries.filter { !$0.isBin || !bins.contains(range.bin($0.squared)) }
        return DistanceTally(self, entries: Self.merged(kept + opened))
    }

    private static func merged(_ entries: [Entry]) -> [Entry] {
        var merged: [Entry] = []
        merged.reserveCapacity(entries.count)
        let sorted = entries.sorted {
            $0.squared < $1.squared || $0.squared == $1.squared && $0.area < $1.area
        }
        for entry in sorted {
            if let last = merged.last, last.squared == entry.squared, last.area == entry.area {
                merged[merged.count - 1].count += entry.count
            } else {
                merged.append(entry)
            }
        }
        return merged
    }

    /// Whether some distances are not known each by itself.
    var hasBins: Bool { entries.contains { $0.isBin } }

    /// The greatest distance (mm).
    var greatest: Double { greatestSquared.squareRoot() }

    /// The sum of the distances, weighted by area (mm³).
    func moment(_ areas: [Double]) -> Double {
        sums.indices.reduce(0) { $0 + areas[$1] * sums[$1].value(unit: range.unit) }
    }
}

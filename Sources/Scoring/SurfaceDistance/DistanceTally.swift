/// How many surface elements of each area lie at each distance from the other surface. Distances on a grid repeat, so
/// that a few thousand counts stand for millions of elements; and counts do not depend on the order of the work.
struct DistanceTally: Hashable {
    /// Elements at one distance with one area.
    struct Entry: Hashable {
        /// The squared distance (mm²).
        let squared: Double
        /// The place of the area among the areas.
        let area: Int
        var count: Int
    }

    /// By distance, then by area, each pair once.
    let entries: [Entry]

    init(_ entries: [Entry]) {
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
        self.entries = merged
    }
}

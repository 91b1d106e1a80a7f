import Statistics

/// The groups of 1 to t-1 patients that several releases together come close to telling (`SmallGroups` of one release):
/// on every set of axes that some count has together, the combinations of levels that such counts tell apart, in the
/// cohorts that they tell apart. Two cohorts that differ by few cases are such a group.
struct SeriesGroups {
    let axes: SeriesAxes
    /// Of everything that left or is protected.
    let regions: [SeriesRegion]
    let minimum: MinimumCount
    /// By screened case, not decreasing.
    let patients: [Int32]

    /// With the width that each is to keep; nil when there are too many.
    func found(limit: Int) -> [(SeriesRegion, Int)]? {
        var found: [(SeriesRegion, Int)] = []
        for set in sets {
            let relevant = regions.filter { region in set.allSatisfy { region.levels[$0] != nil } }
            let cohorts = parts(axes.cohorts.indices.map { level in relevant.map { $0.cohorts[level] } })
            let levels = set.map { axis in
                parts(
                    axes.axes[axis].levels.indices.map { level in
                        relevant.map { $0.levels[axis].map { $0[level] } ?? true }
                    })
            }
            // Cases that no count has are one part; nothing is said of them.
            let isTold = axes.cohorts.indices.map { level in relevant.contains { $0.cohorts[level] } }
            guard let counts = counts(set, cohorts, levels) else { return nil }
            for (place, count) in counts where !minimum.allows(count.patients) {
                guard let first = cohorts.firstIndex(of: place[0]), isTold[first] else { continue }
                var region = SeriesRegion(cohorts: cohorts.map { $0 == place[0] }, levels: [:])
                for (number, axis) in set.enumerated() {
                    region.levels[axis] = levels[number].map { $0 == place[number + 1] }
                }
                guard found.count < limit else { return nil }
                found.append((region, max(minimum.least, count.cases)))
            }
        }
        return found
    }

    /// Without scores: true and false positives and negatives may be small (rule 3).
    private var sets: [[Int]] {
        var sets: Set<[Int]> = [[]]
        for edge in Set(regions.map { $0.levels.keys.filter { !axes.axes[$0].isScore }.sorted() }) {
            for subset in 0..<1 << edge.count {
                sets.insert(edge.indices.filter { subset >> $0 & 1 == 1 }.map { edge[$0] })
            }
        }
        return sets.sorted {
            $0.count != $1.count ? $0.count < $1.count : $0.lexicographicallyPrecedes($1)
        }
    }

    /// The part of each level: those that nothing tells apart are one.
    private func parts(_ signatures: [[Bool]]) -> [Int] {
        var known: [[Bool]: Int] = [:]
        return signatures.map { signature in
            let part = known[signature] ?? known.count
            known[signature] = part
            return part
        }
    }

    private struct Size {
        var cases = 0
        var patients = 0
        var last: Int32 = -1
    }

    /// By combination of parts, the cohorts' first; nil when there are more than can be numbered.
    private func counts(_ set: [Int], _ cohorts: [Int], _ levels: [[Int]]) -> [([Int], Size)]? {
        let bases = ([cohorts] + levels).map { ($0.max() ?? 0) + 1 }
        guard bases.reduce(1.0, { $0 * Double($1) }) < 0x1p62 else { return nil }
        var sizes: [Int: Size] = [:]
        for index in patients.indices {
            var place = cohorts[axes.cohortOfCase[index]]
            for (number, axis) in set.enumerated() {
                place = place * bases[number + 1] + levels[number][axes.columns[axis][index]]
            }
            var size = sizes[place] ?? Size()
            size.cases += 1
            if size.last != patients[index] {
                size.patients += 1
                size.last = patients[index]
            }
            sizes[place] = size
        }
        return sizes.sorted { $0.key < $1.key }.map { place, size in
            var rest = place
            var parts: [Int] = []
            for base in bases.reversed() {
                parts.append(rest % base)
                rest /= base
            }
            return (parts.reversed(), size)
        }
    }
}

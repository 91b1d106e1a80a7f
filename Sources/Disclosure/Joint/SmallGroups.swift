import Statistics

/// The groups of 1 to t-1 patients that the answers of a release come close to telling: nobody asks for most of them,
/// but they follow from what is asked, as differences do.
///
/// On every set of axes that some answer has together, the levels that such answers do not tell apart are one part. Each
/// combination of parts with few patients is a group. Of larger unions only those are looked at that hold `t` cases or
/// more: when fewer cases than that are known exactly, the parts that they consist of are known within `t`.
struct SmallGroups {
    let views: JointViews
    let minimum: MinimumCount

    private var space: JointSpace { views.space }

    /// Whether the patients are fewer than `t`, and some.
    static func isSmall(_ patients: Int, _ minimum: MinimumCount) -> Bool { !minimum.allows(patients) }

    var regions: [Region] {
        var found: Set<Region> = []
        var ordered: [Region] = []
        func add(_ region: Region) {
            if found.insert(region).inserted { ordered.append(region) }
        }
        let score = views.axes.firstIndex { $0.axis == .score }
        let reference = views.cases.reference.flatMap { reference in
            views.axes.firstIndex { $0.axis == .variable(reference.variable) }
        }
        let hasLargeLoads = hasLargeLoads
        for axes in axisSets {
            // True and false positives and negatives may be small (rule 3).
            if let score, let reference, axes.contains(score), axes.contains(reference) { continue }
            let parts = axes.map { self.parts(of: $0, beside: axes) }
            for box in space.occupied(axes, parts: parts) {
                // Failed cases are counted as such in the flow only.
                let isFailed = zip(axes, box).contains { axis, part in
                    axis == score && axes.count > 1
                        && views.axes[axis].failed.contains { parts[axes.firstIndex(of: axis) ?? 0][part].contains($0) }
                }
                if isFailed { continue }
                let region = region(axes, zip(parts, box).map { $0[$1] })
                if Self.isSmall(space.patients(in: region), minimum) { add(region) }
                guard hasLargeLoads else { continue }
                for union in unions(around: box, axes, parts) where isSmallAndMany(union) { add(union) }
            }
        }
        return ordered
    }

    private func isSmallAndMany(_ region: Region) -> Bool {
        space.cases(in: region) >= minimum.least && Self.isSmall(space.patients(in: region), minimum)
    }

    /// Whether fewer than `t` patients can have `t` cases.
    private var hasLargeLoads: Bool {
        space.largestLoads(minimum.least - 1) >= minimum.least
    }

    /// Every set of axes, not empty, that an answer has together.
    private var axisSets: [[Int]] {
        var sets: Set<[Int]> = []
        for view in views.views {
            let axes = view.axes.sorted()
            for subset in 1..<max(1, 1 << axes.count) {
                sets.insert(axes.indices.filter { subset >> $0 & 1 == 1 }.map { axes[$0] })
            }
        }
        return sets.sorted { $0.count != $1.count ? $0.count < $1.count : $0.lexicographicallyPrecedes($1) }
    }

    /// The levels of an axis, those together that no answer over all of the given axes tells apart; by their first level.
    private func parts(of axis: Int, beside axes: [Int]) -> [[Int]] {
        let sets = Set(
            views.views.filter { $0.axes.isSuperset(of: axes) }.flatMap { $0.sets(on: axis) })
        let members = sets.sorted { $0.lexicographicallyPrecedes($1) }.map(Set.init)
        var parts: [[Bool]: [Int]] = [:]
        for level in views.axes[axis].possible { parts[members.map { $0.contains(level) }, default: []].append(level) }
        return parts.values.sorted { $0[0] < $1[0] }
    }

    private func region(_ axes: [Int], _ sets: [[Int]]) -> Region {
        var region = Region(axisCount: views.axes.count)
        for (axis, levels) in zip(axes, sets) where levels.count < views.axes[axis].possible.count {
            region.levels[axis] = levels.sorted()
        }
        return region
    }

    /// On one axis at a time: the stretches that begin with the box's part, and everything but it.
    private func unions(around box: [Int], _ axes: [Int], _ parts: [[[Int]]]) -> [Region] {
        axes.indices.flatMap { place -> [Region] in
            func with(_ levels: [Int]) -> Region {
                region(axes, axes.indices.map { $0 == place ? levels : parts[$0][box[$0]] })
            }
            let own = parts[place]
            var unions = [with(own.indices.filter { $0 != box[place] }.flatMap { own[$0] })]
            let ordered = views.axes[axes[place]].orderedCount
            var stretch = own[box[place]]
            for next in own[(box[place] + 1)...] {
                guard let last = next.last, last < ordered else { break }
                stretch += next
                let union = with(stretch)
                unions.append(union)
                if space.patients(in: union) >= minimum.least { break }
            }
            return unions
        }
    }
}

extension JointSpace {
    /// The combinations of parts that hold a case, as places in `parts`, one on each axis.
    func occupied(_ axes: [Int], parts: [[[Int]]]) -> [[Int]] {
        let partOfLevel = zip(axes, parts).map { axis, parts in
            var places = Array(repeating: 0, count: self.axes[axis].count)
            for (place, levels) in parts.enumerated() {
                for level in levels { places[level] = place }
            }
            return places
        }
        let boxes = Set(occurring(axes).map { tuple in zip(tuple, partOfLevel).map { $1[$0] } })
        return boxes.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

import Statistics

/// The axes of several releases of one snapshot, cut as finely as all of them together cut them.
///
/// Criteria decide which cases a release is about, and the attacker knows them: the criteria's variables are therefore
/// one axis of all combinations of levels that the criteria tell apart, the cohorts. Every count of every release is on
/// it. All other axes are free of each other, as in one release.
struct SeriesAxes {
    /// The most combinations of levels of all criteria's variables, and the most cohorts.
    static let combinationLimit = 200_000
    static let cohortLimit = 512

    /// One variable, or one model's score, over all releases.
    struct Axis {
        let isScore: Bool
        /// The releases' own axes of it. Those of criteria are not asked for outside of the cohorts.
        let parts: [(release: Int, own: Int)]
        /// Of each level, the level on each of the parts.
        let levels: [[Int]]
    }

    /// Cases that no criterion and no statement on the criteria's variables tells apart.
    struct CohortLevel: Hashable {
        /// By release: the box, failed cases as analysed ones.
        let boxes: [Int]
        /// By release that has such cases in its cohort: the level on each own axis of the criteria's variables.
        let levels: [[Int: Int]]
    }

    let releases: [EarlierStatements.Content]
    /// Without those of the criteria's variables.
    let axes: [Axis]
    let cohorts: [CohortLevel]
    /// By screened case.
    let cohortOfCase: [Int]
    /// By axis: the level of each screened case, the first of those that the case's releases do not tell apart.
    let columns: [[Int]]
    /// By axis and by the releases that a case is in the cohort of: the levels that these releases tell apart.
    private let distinct: [[[Bool]: [Int]]]

    /// Whether cases of a cohort level are in each release's cohort.
    func membership(_ cohort: Int) -> [Bool] {
        releases.indices.map { cohorts[cohort].boxes[$0] == releases[$0].analysed }
    }

    /// The levels of an axis that are told apart in a cohort level.
    func levels(of axis: Int, in cohort: Int) -> [Int] { distinct[axis][membership(cohort)] ?? [0] }

    /// Nil where the releases cannot be put on common axes: their variables do not mean the same.
    init?(_ releases: [EarlierStatements.Content], caseCount: Int) {
        self.releases = releases
        let places = releases.map(\.places)
        guard places.allSatisfy({ $0.count == caseCount }) else { return nil }

        // Own axes by what they are of.
        var names: [Name] = []
        var parts: [Name: [(release: Int, own: Int)]] = [:]
        for (release, content) in releases.enumerated() {
            for (own, axis) in content.axes.enumerated() {
                let name = Name(isScore: axis.isScore, name: axis.name)
                if parts[name] == nil { names.append(name) }
                parts[name, default: []].append((release, own))
            }
        }
        let deciding = Set(
            releases.flatMap { content in content.criteria.map { content.axes[$0].name } })
        var free: [Axis] = []
        var bound: [Axis] = []
        for name in names {
            guard let parts = parts[name], let axis = Self.axis(name, parts, releases) else { return nil }
            if !name.isScore, deciding.contains(name.name) {
                bound.append(axis)
            } else {
                free.append(axis)
            }
        }

        guard let cohorts = Self.cohorts(bound, releases) else { return nil }
        self.cohorts = cohorts.levels
        axes = free

        func own(_ part: (release: Int, own: Int), _ index: Int) -> Int {
            releases[part.release].tuples[places[part.release][index]][part.own]
        }
        // The cohort level of each case.
        var cohortOfCase: [Int] = []
        cohortOfCase.reserveCapacity(caseCount)
        let boundPlaces = bound.map { axis in
            Dictionary(
                axis.levels.enumerated().map { ($0.element, $0.offset) },
                uniquingKeysWith: { first, _ in first })
        }
        for index in 0..<caseCount {
            var levels: [Int] = []
            for (axis, known) in zip(bound, boundPlaces) {
                guard let level = known[axis.parts.map { own($0, index) }] else { return nil }
                levels.append(level)
            }
            cohortOfCase.append(
                cohorts.ofCombination[EarlierStatements.mixed(levels, bound.map(\.levels.count))])
        }
        self.cohortOfCase = cohortOfCase

        // What the releases of a case tell apart on the free axes.
        let memberships = cohorts.levels.map { level in
            releases.indices.map { level.boxes[$0] == releases[$0].analysed }
        }
        var distinct: [[[Bool]: [Int]]] = []
        var columns: [[Int]] = []
        for axis in free {
            var own: [[Bool]: (levels: [Int], first: [[Int]: Int])] = [:]
            for membership in Set(memberships) {
                var first: [[Int]: Int] = [:]
                var levels: [Int] = []
                for (level, signature) in axis.levels.enumerated() {
                    let seen = Self.seen(signature, axis.parts, membership)
                    if first[seen] == nil {
                        first[seen] = level
                        levels.append(level)
                    }
                }
                own[membership] = (levels, first)
            }
            var column: [Int] = []
            column.reserveCapacity(caseCount)
            for index in 0..<caseCount {
                let membership = memberships[cohortOfCase[index]]
                let signature = axis.parts.map {
                    releases[$0.release].tuples[places[$0.release][index]][$0.own]
                }
                guard let level = own[membership]?.first[Self.seen(signature, axis.parts, membership)]
                else { return nil }
                column.append(level)
            }
            distinct.append(own.mapValues(\.levels))
            columns.append(column)
        }
        self.distinct = distinct
        self.columns = columns
    }

    private struct Name: Hashable {
        let isScore: Bool
        let name: String
    }

    private static func seen(
        _ signature: [Int], _ parts: [(release: Int, own: Int)], _ membership: [Bool]
    ) -> [Int] {
        zip(signature, parts).map { membership[$1.release] ? $0 : -1 }
    }

    // MARK: One axis

    private static func axis(
        _ name: Name, _ parts: [(release: Int, own: Int)], _ releases: [EarlierStatements.Content]
    ) -> Axis? {
        let own = parts.map { releases[$0.release].axes[$0.own] }
        let levels = own.map(\.levels)
        var signatures: [[Int]] = []
        var known: Set<[Int]> = []
        func add(_ signature: [Int]) {
            if known.insert(signature).inserted { signatures.append(signature) }
        }
        switch own[0].kind {
        case .category:
            guard Set(own.map(\.kind)).count == 1 else { return nil }
            for code in own[0].codes { add(levels.map { $0.level(of: code) }) }
        case .quantity:
            var starts: Set<Int64> = []
            var ranges: [ClosedRange<Int64>] = []
            for axis in own {
                guard case .quantity(let lower, let upper, let cuts) = axis.kind, upper < .max else {
                    return nil
                }
                starts.formUnion([lower, upper + 1] + cuts)
                ranges.append(lower...upper)
            }
            for start in starts.sorted() {
                // Beyond a release's range is out of range there.
                add(zip(levels, ranges).map { $0.level(of: $1.contains(start) ? start : Coded.outOfRange) })
            }
            for code in [Coded.missing, Coded.malformed, Coded.outOfRange] {
                add(levels.map { $0.level(of: code) })
            }
        case .score(let one, _, let failed):
            var starts: Set<Int64> = [0]
            for axis in own {
                guard case .score(one, let cuts, failed) = axis.kind else { return nil }
                starts.formUnion(cuts)
            }
            for start in starts.sorted() { add(levels.map { $0.level(of: start) }) }
            for kind in failed.indices { add(own.map { $0.firstFailed + kind }) }
        }
        return Axis(isScore: name.isScore, parts: parts, levels: signatures)
    }

    // MARK: Cohorts

    private static func cohorts(
        _ bound: [Axis], _ releases: [EarlierStatements.Content]
    ) -> (levels: [CohortLevel], ofCombination: [Int])? {
        var combinations: [[Int]] = [[]]
        for axis in bound {
            guard combinations.count * axis.levels.count <= combinationLimit else { return nil }
            combinations = combinations.flatMap { combination in
                axis.levels.indices.map { combination + [$0] }
            }
        }
        // Where a release's own axes are among the bound ones.
        var places: [[(own: Int, axis: Int, part: Int)]] = releases.map { _ in [] }
        for (axis, content) in bound.enumerated() {
            for (number, part) in content.parts.enumerated() {
                places[part.release].append((part.own, axis, number))
            }
        }
        let counts = releases.map { content in content.criteria.map { content.axes[$0].levels.count } }
        var levels: [CohortLevel] = []
        var known: [CohortLevel: Int] = [:]
        var ofCombination: [Int] = []
        for combination in combinations {
            var boxes: [Int] = []
            var own: [[Int: Int]] = []
            for (release, content) in releases.enumerated() {
                var level: [Int: Int] = [:]
                for place in places[release] {
                    level[place.own] = bound[place.axis].levels[combination[place.axis]][place.part]
                }
                let box = content.boxOfLevels[
                    EarlierStatements.mixed(
                        content.criteria.map { level[$0] ?? 0 }, counts[release])]
                boxes.append(box)
                own.append(
                    box == content.analysed ? level.filter { !content.criteria.contains($0.key) } : [:])
            }
            let level = CohortLevel(boxes: boxes, levels: own)
            let place = known[level] ?? levels.count
            if place == levels.count {
                guard levels.count < cohortLimit else { return nil }
                known[level] = place
                levels.append(level)
            }
            ofCombination.append(place)
        }
        return (levels, ofCombination)
    }
}

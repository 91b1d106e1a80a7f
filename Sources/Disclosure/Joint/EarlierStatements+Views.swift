import Foundation
import Statistics

extension EarlierStatements {
    /// The most combinations of levels of a cohort's criteria.
    static let criteriaLimit = 200_000

    /// A count of a release as its views have it.
    struct Told {
        let place: JointStatement.Place
        let value: Int
        let requiredWidth: Int?
    }

    /// - Parameters:
    ///   - views: the release on its axes.
    ///   - model: the digest of the model that is evaluated.
    ///   - told: what is published, and what must stay unknown.
    init(_ views: JointViews, model: String?, told: [Told]) {
        self.init(
            caseCount: views.cases.patients.count, content: Self.content(views, model: model, told: told))
    }

    private static func content(_ views: JointViews, model: String?, told: [Told]) -> Content? {
        let cases = views.cases
        guard let criteria = cases.criteria, let analysed = cases.boxes.firstIndex(of: .analysed) else {
            return nil
        }
        var failed: [(box: Int, code: String)] = []
        for (box, kind) in cases.boxes.enumerated() {
            if case .failed(let code) = kind { failed.append((box, code)) }
        }
        func axis(_ levels: AxisLevels) -> Axis? {
            switch (levels.axis, levels.kind) {
            case (.variable(let name), .category(let count)):
                Axis(name: name, kind: .category(count: count))
            case (.variable(let name), .quantity(let cuts)):
                if case .quantity(let range, _)? = cases.variables[name] {
                    Axis(
                        name: name,
                        kind: .quantity(lower: range.lowerBound, upper: range.upperBound, cuts: cuts))
                } else {
                    nil
                }
            case (.score, .score(let cuts)):
                cases.evaluation.map {
                    Axis(name: model ?? "", kind: .score(one: $0.one, cuts: cuts, failed: failed.map(\.code)))
                }
            default: nil
            }
        }
        var axes = views.axes.compactMap(axis)
        guard axes.count == views.axes.count else { return nil }
        if let evaluation = cases.evaluation, !axes.contains(where: \.isScore) {
            axes.append(
                Axis(
                    name: model ?? "", kind: .score(one: evaluation.one, cuts: [], failed: failed.map(\.code))
                ))
        }
        guard failed.isEmpty || axes.contains(where: \.isScore) else { return nil }
        guard let deciding = criteriaAxes(criteria, cases) else { return nil }
        let first = axes.count
        axes += deciding
        guard let boxOfLevels = boxes(deciding, criteria, cases) else { return nil }

        // Levels of every screened case.
        let counts = deciding.map(\.levels.count)
        let columns = axes.map { column($0, cases, failed: failed.map(\.box)) }
        var tuples: [[Int]] = []
        var known: [[Int]: Int] = [:]
        var bytes = Data(capacity: 4 * cases.patients.count)
        for index in cases.patients.indices {
            let tuple = columns.map { $0[index] }
            let place = known[tuple] ?? tuples.count
            if place == tuples.count {
                known[tuple] = place
                tuples.append(tuple)
            }
            for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: place >> (8 * byte))) }
            // The criteria say of every case what its box says.
            let box = Int(cases.boxOfCase[index])
            let decided = boxOfLevels[mixed(Array(tuple[first...]), counts)]
            guard decided == (failed.contains { $0.box == box } ? analysed : box) else { return nil }
        }
        guard bytes.count + 8 * tuples.count * axes.count <= byteLimit else { return nil }
        return Content(
            axes: axes, criteria: Array(first..<axes.count), boxOfLevels: boxOfLevels, analysed: analysed,
            failed: failed.map(\.box), tuples: tuples, tupleOfCase: bytes,
            statements: statements(told, axes: axes, described: cases.describedBoxes))
    }

    // MARK: Criteria

    private static func criteriaAxes(_ criteria: [CaseAxes.CohortCriterion], _ cases: CaseAxes)
        -> [Axis]?
    {
        let deciding = Set(criteria.map(\.variable) + (cases.reference.map { [$0.variable] } ?? []))
            .sorted()
        let axes = deciding.compactMap { name -> Axis? in
            switch cases.variables[name] {
            case .category(let levels, _): return Axis(name: name, kind: .category(count: levels + 1))
            case .quantity(let range, _):
                let cuts = Set(criteria.filter { $0.variable == name }.flatMap(\.cuts))
                    .filter { $0 > range.lowerBound && $0 <= range.upperBound }
                return Axis(
                    name: name,
                    kind: .quantity(lower: range.lowerBound, upper: range.upperBound, cuts: cuts.sorted()))
            case nil: return nil
            }
        }
        return axes.count == deciding.count ? axes : nil
    }

    private static func boxes(
        _ axes: [Axis], _ criteria: [CaseAxes.CohortCriterion], _ cases: CaseAxes
    ) -> [Int]? {
        let codes = axes.map(\.codes)
        var combinations: [[Int64]] = [[]]
        for codes in codes {
            guard combinations.count * codes.count <= criteriaLimit else { return nil }
            combinations = combinations.flatMap { combination in codes.map { combination + [$0] } }
        }
        let boxes = combinations.compactMap { combination in
            cases.box(criteria) { name in
                axes.firstIndex { $0.name == name }.map { combination[$0] } ?? Coded.missing
            }
        }
        return boxes.count == combinations.count ? boxes : nil
    }

    /// A combination as a place, the last running fastest.
    static func mixed(_ levels: [Int], _ counts: [Int]) -> Int {
        zip(levels, counts).reduce(0) { $0 * $1.1 + $1.0 }
    }

    private static func column(_ axis: Axis, _ cases: CaseAxes, failed: [Int]) -> [Int] {
        let levels = axis.levels
        guard axis.isScore else {
            return cases.patients.indices.map {
                levels.level(of: cases.code(axis.name, $0) ?? Coded.missing)
            }
        }
        return cases.patients.indices.map { index in
            if let kind = failed.firstIndex(of: Int(cases.boxOfCase[index])) {
                return axis.firstFailed + kind
            }
            guard let score = cases.evaluation?.scores[index], Coded.isValue(score) else { return -1 }
            return levels.level(of: score)
        }
    }

    // MARK: Statements

    private static func statements(_ told: [Told], axes: [Axis], described: [Int]) -> [Statement] {
        var published: Set<Place> = []
        var widths: [Place: Int] = [:]
        var statements: [Statement] = []
        var places: [Place] = []
        for entry in told {
            guard let place = place(entry.place, axes: axes, described: described) else { continue }
            if entry.requiredWidth == nil {
                if published.insert(place).inserted {
                    statements.append(Statement(place: place, value: entry.value, requiredWidth: nil))
                }
            } else if widths.updateValue(max(widths[place] ?? 0, entry.requiredWidth ?? 0), forKey: place)
                == nil
            {
                places.append(place)
                statements.append(Statement(place: place, value: entry.value, requiredWidth: 0))
            }
        }
        return statements.compactMap { statement in
            guard statement.requiredWidth != nil else { return statement }
            // What rule 3 lets be told is told.
            if published.contains(statement.place) { return nil }
            return Statement(
                place: statement.place, value: statement.value, requiredWidth: widths[statement.place] ?? 0)
        }
    }

    /// Nil when no case can lie there.
    static func place(_ place: JointStatement.Place, axes: [Axis], described: [Int]) -> Place? {
        switch place {
        case .boxes(let boxes): Place(boxes: boxes.sorted(), restrictions: [])
        case .described(let region):
            region.isImpossible ? nil : Place(boxes: described, restrictions: restrictions(region, axes))
        }
    }

    private static func restrictions(_ region: Region, _ axes: [Axis]) -> [Place.Restriction] {
        region.axes.map { axis in
            let levels = region.levels[axis] ?? []
            guard case .score(_, _, let failed) = axes[axis].kind else {
                return Place.Restriction(axis: axis, levels: levels.sorted())
            }
            // Where the view has one level of failed cases there is one for each code.
            let first = axes[axis].firstFailed
            return Place.Restriction(
                axis: axis,
                levels: levels.sorted().flatMap { $0 < first ? [$0] : Array(first..<first + failed.count) })
        }
    }
}

extension CaseAxes {
    /// The boxes whose cases statistics and evaluation are about.
    var describedBoxes: [Int] { boxes.indices.filter { isDescribed(box: boxes[$0]) } }
}

extension EarlierStatements.Axis {
    /// A code of each level, in their order.
    var codes: [Int64] {
        switch kind {
        case .category(let count): (0..<Int64(max(1, count) - 1)).map { $0 } + [Coded.missing]
        case .quantity(let lower, _, let cuts):
            [lower] + cuts + [Coded.missing, Coded.malformed, Coded.outOfRange]
        case .score(_, let cuts, _): [0] + cuts
        }
    }
}

internal import Statistics
internal import TextCatalogue

/// The distributions of all columns: what the first reading does not decide is settled by a second one.
struct SummaryDistributions {
    /// Values that are kept in the second reading, in all columns together: 8 MiB.
    static let keptLimit = 1 << 20

    /// By column of the plan; nil for a category. Of units, in units.
    let columns: [Distribution?]

    init(
        _ tallies: SummaryTallies, percents: [Int], bins: Int, threads: Int
    ) throws(LocalFileError) {
        let sketched = tallies.tallies.filter { tally in
            switch tally {
            case .quantity: true
            case .units(let tally): tally.sketch != nil
            case .category: false
            }
        }
        let budget = Self.keptLimit / max(sketched.count, 1)
        let plans = tallies.tallies.map { tally -> DistributionPlan? in
            switch tally {
            case .quantity(let tally):
                return DistributionPlan(
                    tally.sketch.bins, isWhole: tally.isWhole, minimum: tally.minimum, maximum: tally.maximum,
                    percents: percents,
                    edges: DistributionPlan.edges(from: tally.minimum, to: tally.maximum, bins: bins), budget: budget)
            case .units(let tally):
                let counted = tally.unitCounts.map { counts in
                    counts.map { entry in
                        ValueSketch.Bin(
                            cell: 0, count: entry.count, lower: Double(entry.units), upper: Double(entry.units))
                    }
                }
                return DistributionPlan(
                    counted ?? tally.sketch?.bins ?? [], isWhole: true, minimum: Double(tally.minimum),
                    maximum: Double(tally.maximum), percents: percents, edges: Self.edges(tally.range, bins: bins),
                    budget: budget)
            case .category: return nil
            }
        }
        let resolvers = try Self.read(tallies, plans, threads: threads)
        var columns: [Distribution?] = []
        for (plan, resolver) in zip(plans, resolvers) {
            guard let plan else {
                columns.append(nil)
                continue
            }
            guard let distribution = plan.distribution(resolver) else {
                throw LocalFileError(.fileChanged, .localFileChanged(tallies.plan.source.file.path))
            }
            columns.append(distribution)
        }
        self.columns = columns

    }

    /// Equal steps over the declared range, each edge rounded to a unit.
    private static func edges(_ range: ClosedRange<Int64>, bins: Int) -> [Double] {
        let width = Int128(range.upperBound - range.lowerBound)
        guard bins > 0, width > 0 else { return [] }
        var edges: [Double] = []
        for index in 0...bins {
            let edge = Double(range.lowerBound + Int64((2 * width * Int128(index) + Int128(bins)) / Int128(2 * bins)))
            if edges.last != edge { edges.append(edge) }
        }
        return edges
    }

    /// The second reading, of those columns alone that need it.
    private static func read(
        _ tallies: SummaryTallies, _ plans: [DistributionPlan?], threads: Int
    ) throws(LocalFileError) -> [ValueResolver?] {
        let plan = tallies.plan
        let places = plans.indices.filter { plans[$0]?.targets.isEmpty == false }
        guard !places.isEmpty else { return plans.map { _ in nil } }
        var forms = [ColumnForm](repeating: .skip, count: plan.source.names.count)
        for place in places {
            let column = plan.columns[place]
            if case .units(let resolution, let range, _) = column.kind {
                forms[column.index] = .units(resolution, range: range)
            } else {
                forms[column.index] = .number
            }
        }
        let read = { (part: Range<Int>) -> Result<Part, LocalFileError> in
            do throws(LocalFileError) {
                return .success(
                    try Part(plan, forms: forms, part: part, tallies: tallies, plans: plans, places: places))
            } catch {
                return .failure(error)
            }
        }
        let parts = plan.source.parts(threads)
        var results: [Part] = []
        for result in TableParts.inParallel(parts, read) {
            if let part = try? result.get() { results.append(part) }
        }
        if results.count != parts.count || !plan.source.areJoined(results.map(\.cursor)) {
            results = [try read(plan.source.parts(1)[0]).get()]
        }
        var resolvers: [ValueResolver?] = plans.map { _ in nil }
        for (slot, place) in places.enumerated() {
            for part in results.dropFirst() { results[0].resolvers[slot].merge(part.resolvers[slot]) }
            resolvers[place] = results[0].resolvers[slot]
        }
        return resolvers
    }

    /// What one thread read.
    private struct Part {
        let cursor: any TableCursor
        let resolvers: [ValueResolver]

        init(
            _ plan: SummaryPlan, forms: [ColumnForm], part: Range<Int>, tallies: SummaryTallies,
            plans: [DistributionPlan?], places: [Int]
        ) throws(LocalFileError) {
            cursor = try plan.source.cursor(forms, part)
            resolvers = places.compactMap { place in plans[place]?.resolver(tallies.tallies[place]) }
            let block = cursor.block
            let scratch = UnsafeMutablePointer<Double>.allocate(capacity: block.rowLimit)
            scratch.initialize(repeating: 0, count: block.rowLimit)
            defer { scratch.deallocate() }
            let areUnits = places.map { place in if case .units = plan.columns[place].kind { true } else { false } }
            while try cursor.next() {
                for slot in places.indices {
                    if areUnits[slot] {
                        UnitTally.doubles(block.units(slot), count: block.rows, into: scratch)
                        resolvers[slot].add(scratch, count: block.rows)
                    } else {
                        resolvers[slot].add(block.numbers(slot), count: block.rows)
                    }
                }
            }
        }
    }
}

extension DistributionPlan {
    /// A second reading's resolver of the column; nil for one without a sketch.
    func resolver(_ tally: SummaryTallies.Tally) -> ValueResolver? {
        let sketch: ValueSketch? =
            switch tally {
            case .quantity(let tally): tally.sketch
            case .units(let tally): tally.sketch
            case .category: nil
            }
        return sketch.map { ValueResolver($0, targets: targets, edges: histogramEdges) }
    }
}

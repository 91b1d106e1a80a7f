internal import Statistics
internal import TextCatalogue

/// The tallies of one part of a table, or of all of it.
final class SummaryTallies {
    enum Tally {
        case quantity(QuantityTally)
        case units(UnitTally)
        case category(CategoryTally)
    }

    let plan: SummaryPlan
    let cursor: any TableCursor
    /// One a column of the plan.
    let tallies: [Tally]
    /// Values of each column that are no numbers.
    private(set) var malformed: [Int] = []
    private(set) var rows = 0
    /// The numbers that the texts of an undeclared grouping stand for, where it is a quantity.
    private var groupNumbers: [Double] = []

    init(_ plan: SummaryPlan, part: Range<Int>) throws(LocalFileError) {
        self.plan = plan
        cursor = try plan.source.cursor(plan.forms, part)
        let groupCount = plan.grouping == nil ? 0 : SummaryPlan.groupLimit + 1
        tallies = plan.columns.enumerated().map { place, column in
            switch column.kind {
            case .quantity(let shift, let origin):
                .quantity(
                    QuantityTally(
                        shift: shift, origin: origin, bits: plan.bits,
                        countsCodes: plan.grouping != nil && plan.grouping != place))
            case .units(let resolution, let range, let isCounted):
                .units(
                    UnitTally(
                        resolution, range: range, isCounted: isCounted, bits: plan.bits, groupCount: groupCount))
            case .category, .grouping: .category(CategoryTally(groupCount: plan.grouping == place ? 0 : groupCount))
            }
        }
    }

    /// Reads the whole part.
    func read() throws(LocalFileError) {
        let block = cursor.block
        let grouped = plan.grouping.map { _ in GroupedRows(limit: SummaryPlan.groupLimit, rowLimit: block.rowLimit) }
        let scratch = UnsafeMutablePointer<Double>.allocate(capacity: block.rowLimit)
        scratch.initialize(repeating: 0, count: block.rowLimit)
        defer { scratch.deallocate() }
        while try cursor.next() {
            rows += block.rows
            if let grouped, let place = plan.grouping, !grouped.assign(block.units(place), rows: block.rows) {
                throw LocalFileError(
                    .tooManyGroups,
                    .localTableTooManyGroups(
                        plan.source.file.path, column: plan.columns[place].name, limit: SummaryPlan.groupLimit))
            }
            for (place, tally) in tallies.enumerated() {
                let others = place == plan.grouping ? nil : grouped
                switch tally {
                case .quantity(let tally):
                    if place == plan.grouping {
                        decode(place, into: scratch)
                        tally.add(scratch, count: block.rows, grouped: nil)
                    } else {
                        tally.add(block.numbers(place), count: block.rows, grouped: others)
                    }
                case .units(let tally):
                    tally.add(block.units(place), count: block.rows, grouped: others, scratch: scratch)
                case .category(let tally): tally.add(block.units(place), count: block.rows, grouped: others)
                }
            }
        }
        malformed = cursor.malformed
    }

    /// The numbers of a grouping that was read as texts.
    private func decode(_ place: Int, into scratch: UnsafeMutablePointer<Double>) {
        let texts = cursor.texts[place]
        if groupNumbers.count < texts.count {
            groupNumbers = texts.texts.map { text in
                var text = text
                return text.withUTF8 { bytes in
                    MissingText.isNaN(bytes) ? .nan : DecimalDouble.double(bytes) ?? TableBlock.malformed
                }
            }
        }
        let codes = cursor.block.units(place)
        for row in 0..<cursor.block.rows {
            let code = Int(codes[row])
            scratch[row] = code < 0 ? .nan : groupNumbers[code]
            if scratch[row].bitPattern == TableBlock.malformed.bitPattern { malformedNumbers += 1 }
        }
    }

    /// Values of the grouping that are no numbers.
    private(set) var malformedNumbers = 0

    /// Adds the next part.
    func merge(_ other: SummaryTallies) throws(LocalFileError) {
        rows += other.rows
        malformedNumbers += other.malformedNumbers
        for place in malformed.indices { malformed[place] += other.malformed[place] }
        var numbers: [Int] = []
        if let place = plan.grouping {
            let codes = codes(of: other, place)
            guard !codes.contains(SummaryPlan.groupLimit) else {
                throw LocalFileError(
                    .tooManyGroups,
                    .localTableTooManyGroups(
                        plan.source.file.path, column: plan.columns[place].name, limit: SummaryPlan.groupLimit))
            }
            numbers = [0] + codes.map { $0 + 1 }
            // Groups that do not occur keep their place.
            numbers += numbers.count..<max(numbers.count, SummaryPlan.groupLimit + 1)
        }
        for (place, pair) in zip(tallies, other.tallies).enumerated() {
            switch pair {
            case (.quantity(let ours), .quantity(let theirs)): ours.merge(theirs, numbers: numbers)
            case (.units(let ours), .units(let theirs)): ours.merge(theirs, numbers: numbers)
            case (.category(let ours), .category(let theirs)):
                ours.merge(
                    theirs, numbers: place == plan.grouping ? [] : numbers, levels: codes(of: other, place))
            default: break
            }
        }
    }

    /// Our code of each of another part's texts.
    private func codes(of other: SummaryTallies, _ place: Int) -> [Int] {
        other.cursor.texts[place].texts.map { Int(cursor.texts[place].code($0)) }
    }
}

/// Reads the parts of a table, each on a thread of its own, and puts them together in their order.
enum SummaryReading {
    static func tallies(_ plan: SummaryPlan, threads: Int) throws(LocalFileError) -> SummaryTallies {
        let read = { (part: Range<Int>) -> Result<SummaryTallies, LocalFileError> in
            do throws(LocalFileError) {
                let tallies = try SummaryTallies(plan, part: part)
                try tallies.read()
                return .success(tallies)
            } catch {
                return .failure(error)
            }
        }
        let parts = plan.source.parts(threads)
        let results = TableParts.inParallel(parts, read)
        let done = results.compactMap { try? $0.get() }
        // An error of a later part may come from beginning within quotes; one reading from the start tells.
        guard done.count == parts.count, plan.source.areJoined(done.map(\.cursor)) else {
            return try (parts.count == 1 ? results[0] : read(plan.source.parts(1)[0])).get()
        }
        for other in done.dropFirst() { try done[0].merge(other) }
        return done[0]
    }
}

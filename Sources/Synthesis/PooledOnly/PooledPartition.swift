/// Counts that add up to totals, at several sites, as they may be shown over the sites together.
///
/// Either every cell passes the rules and all are shown; or a cell that every site released does not pass, and then none
/// is, because it would follow from the others and a total; or some site withheld cells, and then these show as bounds.
struct PooledPartition {
    /// Some cells and what they add up to at each site; nil where a site withheld that.
    struct Line {
        let cells: [Int]
        let totals: [Int?]

        var knownTotals: [Int]? {
            let known = totals.compactMap { $0 }
            return known.count == totals.count ? known : nil
        }
    }

    /// Of all cells; nil when it may not be shown.
    let total: PooledNumber?
    /// In their order.
    let cells: [PooledNumber]
    /// Whether every cell is exact at every site, and shown.
    let isWhole: Bool

    init(totals: [Int?], cells: [[Int?]], rules: PooledRules) {
        self.init(lines: [Line(cells: Array(cells.indices), totals: totals)], cells: cells, rules: rules)
    }

    /// - Parameter lines: the first is that of all cells.
    /// - Parameter cells: of each cell one count a site; nil where the site withheld it.
    init(lines: [Line], cells: [[Int?]], rules: PooledRules) {
        let known = cells.map { $0.compactMap { $0 } }
        let isExact = zip(cells, known).map { $0.count == $1.count }
        let sums = known.map { $0.reduce(0, +) }
        let totals = lines.first?.knownTotals
        let total = totals.flatMap { rules.allows(counts: $0) ? $0.reduce(0, +) : nil }

        guard cells.indices.allSatisfy({ !isExact[$0] || rules.allows(counts: known[$0]) }) else {
            self.init(hiding: cells.count, total: total)
            return
        }
        if isExact.allSatisfy({ $0 }) {
            self.init(total: total.map { .exact($0) }, cells: sums.map { .exact($0) }, isWhole: true)
            return
        }
        guard totals != nil else {
            // The total may be public from elsewhere, and would give away what one site withheld: nothing is exact.
            self.init(
                total: nil,
                cells: known.map {
                    .between(lower: Self.lower($0, step: rules.step(reaching: $0.max() ?? 0), rules), upper: nil)
                }, isWhole: false)
            return
        }
        // What the cells with a withheld part hold together in a line follows from its total and its other cells.
        var rests: [(cells: [Int], rest: Int)] = []
        for line in lines {
            let open = line.cells.filter { !isExact[$0] }
            guard !open.isEmpty, let own = line.knownTotals else { continue }
            let parts = own.indices.map { site in
                own[site] - line.cells.reduce(0) { $0 + (isExact[$1] ? cells[$1][site] ?? 0 : 0) }
            }
            guard parts.allSatisfy({ $0 >= 0 }), rules.allows(counts: parts) else {
                self.init(hiding: cells.count, total: total)
                return
            }
            rests.append((open, parts.reduce(0, +)))
        }
        let steps = cells.indices.map { cell -> Int in
            let room = Self.room(of: cell, lines: lines, cells: cells)
            return rules.step(reaching: room ?? known[cell].max() ?? 0)
        }
        var lowers = cells.indices.map { isExact[$0] ? 0 : Self.lower(known[$0], step: steps[$0], rules) }
        for line in rests {
            // Together the lower bounds bound what the sites withheld from above: not within t, and not within p %.
            let withheld = line.rest - line.cells.reduce(0) { $0 + sums[$1] }
            let share = Int((Double(withheld) * (1 + Double(rules.remainder) / 100)).rounded(.up))
            var excess = max(rules.minimumCell, share) - line.rest + line.cells.reduce(0) { $0 + lowers[$1] }
            while excess > 0, let cell = line.cells.max(by: { lowers[$0] < lowers[$1] }), lowers[cell] > 0 {
                let given = min(lowers[cell], steps[cell])
                lowers[cell] -= given
                excess -= given
            }
        }
        self.init(
            total: total.map { .exact($0) },
            cells: cells.indices.map { cell in
                if isExact[cell] { return .exact(sums[cell]) }
                let own = rests.filter { $0.cells.contains(cell) }
                if let single = own.first(where: { $0.cells.count == 1 }) { return .exact(single.rest) }
                let uppers = own.map { line in
                    line.rest - line.cells.reduce(0) { $0 + ($1 == cell ? 0 : lowers[$1]) }
                }
                return .between(lower: lowers[cell], upper: uppers.min())
            }, isWhole: false)
    }

    private init(total: PooledNumber?, cells: [PooledNumber], isWhole: Bool) {
        self.total = total
        self.cells = cells
        self.isWhole = isWhole
    }

    private init(hiding count: Int, total: Int?) {
        self.init(
            total: total.map { .exact($0) },
            cells: Array(repeating: .between(lower: 0, upper: total), count: count), isWhole: false)
    }

    /// What the known sites have together, rounded down so far that a site cannot tell what is withheld from what is
    /// known; 0 when the known sites alone would not pass.
    private static func lower(_ known: [Int], step: Int, _ rules: PooledRules) -> Int {
        rules.allows(known.map { Int128($0) }) ? known.reduce(0, +) / step * step : 0
    }

    /// What the sites that withheld a cell can have in it at most; nil when nothing says.
    private static func room(of cell: Int, lines: [Line], cells: [[Int?]]) -> Int? {
        var room = 0
        for site in cells[cell].indices where cells[cell][site] == nil {
            let own = lines.filter { $0.cells.contains(cell) }.compactMap { line in
                line.totals[site].map { total in total - line.cells.reduce(0) { $0 + (cells[$1][site] ?? 0) } }
            }
            guard let least = own.min() else { return nil }
            room += least
        }
        return room
    }
}

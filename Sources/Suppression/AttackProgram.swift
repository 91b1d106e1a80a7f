/// The attacker's linear program of a whole component, with every cell free to differ by its share of what withholding
/// it allows; the dual solution of a bound that is too tight says what would have to be withheld.
final class AttackProgram {
    private let component: CountComponent
    private let single: [Int]
    private let sums: [Int]
    private let program: LinearProgram
    /// Of each cell and direction, differences that were found: most still fit when the shares change a little.
    private var known: [Int: [[Double]]] = [:]
    private static let keeps = 4

    /// Columns: the differences of the unknowns. Rows: the sums, then the links.
    init?(_ component: CountComponent, single: [Int]) {
        self.component = component
        self.single = single
        sums = component.cells.indices.filter { component.cells[$0].unknowns.count > 1 }
        var rows: [[(column: Int, coefficient: Double)]] = sums.map { component.cells[$0].unknowns.map { ($0, 1) } }
        for link in component.links {
            var coefficients: [Int: Double] = [:]
            for unknown in link.left { coefficients[unknown, default: 0] += 1 }
            for unknown in link.right { coefficients[unknown, default: 0] -= 1 }
            rows.append(coefficients.keys.sorted().map { ($0, coefficients[$0] ?? 0) })
        }
        let columns = [Double](repeating: 0, count: component.unknowns.count)
        let bounds = [Double](repeating: 0, count: rows.count)
        guard
            let program = LinearProgram(
                rows: rows, columnLower: columns, columnUpper: columns, rowLower: bounds, rowUpper: bounds)
        else { return nil }
        self.program = program
    }

    func cut(_ cell: Int, width: Int, shares: [Double], steps: StepCounter) -> WidthCut? {
        let need = Double(width) * shares[cell] - 1e-6
        let bounds = bounds(cell, width: width, shares: shares)
        var reached = [0.0, 0.0]
        for (side, direction) in [1.0, -1.0].enumerated() {
            reached[side] = known[2 * cell + side, default: []].reduce(0) { best, deltas in
                max(best, fitting(deltas, bounds) * direction * sum(deltas, cell))
            }
        }
        steps.spend(2)
        if reached[0] + reached[1] >= need { return nil }
        program.setColumns(lower: bounds.columnLower, upper: bounds.columnUpper)
        program.setRows(lower: bounds.rowLower, upper: bounds.rowUpper)
        var coefficients: [Int: Double] = [:]
        var free = 0.0
        for (side, direction) in [1.0, -1.0].enumerated() {
            var objective = [Double](repeating: 0, count: component.unknowns.count)
            for unknown in component.cells[cell].unknowns { objective[unknown] = -direction }
            program.setObjective(objective)
            guard program.solve(dual: false, steps: steps) == .optimal else { return nil }
            reached[side] = -program.value
            remember(program.columns(), at: 2 * cell + side)
            if reached[0] + reached[1] >= need { return nil }
            // The difference is at most what each bound gives times its multiplier.
            func add(_ index: Int, value: Int, multiplier: Double) {
                if abs(multiplier) < 1e-9 { return }
                let size = multiplier > 0 ? Double.infinity : -multiplier * Double(value)
                if index < 0 || index == cell { free += size } else { coefficients[index, default: 0] += size }
            }
            for (row, dual) in program.rowDuals(sums.count).enumerated() {
                add(sums[row], value: component.cells[sums[row]].value, multiplier: -dual)
            }
            for (unknown, cost) in program.reducedCosts().enumerated() {
                add(single[unknown], value: component.unknowns[unknown], multiplier: -cost)
            }
        }
        let cells = coefficients.keys.sorted()
        return WidthCut(free: free, cells: cells, coefficients: cells.map { coefficients[$0] ?? 0 })
    }

    private struct Bounds {
        var columnLower: [Double]
        var columnUpper: [Double]
        var rowLower: [Double]
        var rowUpper: [Double]
    }

    /// What may differ: the cell freely (further than its width is of no use), the others by their share.
    private func bounds(_ cell: Int, width: Int, shares: [Double]) -> Bounds {
        var bounds = Bounds(
            columnLower: [Double](repeating: 0, count: component.unknowns.count),
            columnUpper: [Double](repeating: 0, count: component.unknowns.count),
            rowLower: [Double](repeating: 0, count: sums.count + component.links.count),
            rowUpper: [Double](repeating: 0, count: sums.count + component.links.count))
        func upper(_ index: Int) -> Double {
            if index == cell { return Double(width) }
            let share = index < 0 ? 1 : shares[index]
            return share > 1 - 1e-9 ? Double(1 << 24) : share * 2 * Double(width)
        }
        func lower(_ index: Int, _ value: Int) -> Double {
            if index == cell { return -Double(min(value, width)) }
            return index < 0 ? -Double(value) : -Double(value) * shares[index]
        }
        for unknown in bounds.columnLower.indices {
            bounds.columnLower[unknown] = lower(single[unknown], component.unknowns[unknown])
            bounds.columnUpper[unknown] = upper(single[unknown])
        }
        for (row, sum) in sums.enumerated() {
            bounds.rowLower[row] = lower(sum, component.cells[sum].value)
            bounds.rowUpper[row] = upper(sum)
        }
        return bounds
    }

    private func sum(_ deltas: [Double], _ cell: Int) -> Double {
        component.cells[cell].unknowns.reduce(0) { $0 + deltas[$1] }
    }

    /// The largest part of the differences, at most all, that the bounds allow.
    private func fitting(_ deltas: [Double], _ bounds: Bounds) -> Double {
        var part = 1.0
        for (unknown, delta) in deltas.enumerated() {
            if delta * part > bounds.columnUpper[unknown] { part = bounds.columnUpper[unknown] / delta }
            if delta * part < bounds.columnLower[unknown] { part = bounds.columnLower[unknown] / delta }
        }
        for (row, cell) in sums.enumerated() where part > 0 {
            let delta = sum(deltas, cell)
            // What the solver rounds is no difference.
            if abs(delta) < 1e-7 { continue }
            if delta * part > bounds.rowUpper[row] { part = bounds.rowUpper[row] / delta }
            if delta * part < bounds.rowLower[row] { part = bounds.rowLower[row] / delta }
        }
        return part
    }

    private func remember(_ deltas: [Double], at place: Int) {
        let found = [deltas.map { abs($0) < 1e-7 ? 0 : $0 }] + known[place, default: []]
        known[place] = Array(found.prefix(Self.keeps))
    }
}

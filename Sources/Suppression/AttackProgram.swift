/// The attacker's linear program of a whole component, with every cell free to differ by its share of what withholding
/// it allows; the dual solution of a bound that is too tight says what would have to be withheld.
final class AttackProgram {
    private let component: CountComponent
    private let single: [Int]
    private let sums: [Int]
    private let program: LinearProgram

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
        var columnLower = [Double](repeating: 0, count: component.unknowns.count)
        var columnUpper = columnLower
        var rowLower = [Double](repeating: 0, count: sums.count + component.links.count)
        var rowUpper = rowLower
        func upper(_ share: Double) -> Double { share > 1 - 1e-9 ? Double(1 << 24) : share * 2 * Double(width) }
        func isFree(_ index: Int) -> Bool { index < 0 || index == cell }
        for unknown in columnLower.indices {
            let share = isFree(single[unknown]) ? 1 : shares[single[unknown]]
            columnLower[unknown] = -Double(component.unknowns[unknown]) * share
            columnUpper[unknown] = upper(share)
        }
        for (row, sum) in sums.enumerated() {
            let share = isFree(sum) ? 1 : shares[sum]
            rowLower[row] = -Double(component.cells[sum].value) * share
            rowUpper[row] = upper(share)
        }
        program.setColumns(lower: columnLower, upper: columnUpper)
        program.setRows(lower: rowLower, upper: rowUpper)
        let need = Double(width) * shares[cell] - 1e-6
        var coefficients: [Int: Double] = [:]
        var free = 0.0
        var reached = 0.0
        for direction in [1.0, -1.0] {
            var objective = [Double](repeating: 0, count: component.unknowns.count)
            for unknown in component.cells[cell].unknowns { objective[unknown] = -direction }
            program.setObjective(objective)
            program.forget()
            guard program.solve(dual: false, steps: steps) == .optimal else { return nil }
            reached += -program.value
            if reached >= need { return nil }
            // The difference is at most what each bound gives times its multiplier.
            func add(_ index: Int, value: Int, multiplier: Double) {
                if abs(multiplier) < 1e-9 { return }
                let size = multiplier > 0 ? Double.infinity : -multiplier * Double(value)
                if isFree(index) { free += size } else { coefficients[index, default: 0] += size }
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
}

/// The cheapest pattern of a small component, by branch and cut: a linear program over "is withheld", to which the
/// attacker's conditions are added as they turn out to be broken. Source: Fischetti and Salazar 2001, Management Science
/// 47:1008.
struct CutSearch {
    private let component: CountComponent
    private let source: any MoveSource
    private let weights: [Double]
    /// Patterns cheaper than the best by less than this are not looked for.
    private let gap: Double
    /// At most so many secondary statements.
    private let most: Double

    /// The best pattern so far, of the decisions.
    private(set) var best: [Bool]
    private(set) var total: Double
    /// Whether no pattern is cheaper.
    private(set) var isOptimal = false

    /// - Parameter pattern: one that protects.
    init(
        _ component: CountComponent, source: any MoveSource, weights: [Double], pattern: [Bool], gap: Double,
        most: Double
    ) {
        self.component = component
        self.source = source
        self.weights = weights
        self.gap = gap
        self.most = most
        best = pattern
        total = 0
        total = cost(pattern)
    }

    private func cost(_ pattern: [Bool]) -> Double {
        pattern.indices.reduce(0) {
            pattern[$1] && !component.decisions[$1].isSensitive ? $0 + weights[$1] : $0
        }
    }

    mutating func run(steps: StepCounter) {
        let count = component.decisions.count
        let lower = component.decisions.map { $0.isSensitive ? 1.0 : 0 }
        let upper = component.decisions.map { $0.isFixed ? 0.0 : 1 }
        guard
            let master = LinearProgram(rows: [], columnLower: lower, columnUpper: upper, rowLower: [], rowUpper: [])
        else { return }
        master.setObjective(component.decisions.indices.map { component.decisions[$0].isSensitive ? 0 : weights[$0] })
        let secondary = component.decisions.indices.filter { !component.decisions[$0].isSensitive }
        if most < .infinity {
            master.append(
                row: secondary.map { ($0, Double(component.decisions[$0].statements.count)) }, lower: 0, upper: most)
        }
        var stack = [(lower: lower, upper: upper)]
        var nodes = 0
        while let node = stack.popLast() {
            nodes += 1
            master.setColumns(lower: node.lower, upper: node.upper)
            master.forget()
            while true {
                if steps.isSpent { return }
                let outcome = master.solve(dual: true, steps: steps)
                if outcome == .infeasible { break }
                guard outcome == .optimal else { return }
                if master.value > total - gap { break }
                let shares = master.columns().map { min(1, max(0, $0)) }
                let cuts = violated(shares, steps: steps)
                if steps.isSpent { return }
                for cut in cuts { master.append(row: cut, lower: 0, upper: LinearProgram.unlimited) }
                if !cuts.isEmpty { continue }
                if let split = (0..<count).filter({ abs(shares[$0] - shares[$0].rounded()) > 1e-6 })
                    .max(by: { (branching(shares[$0], $0), $1) < (branching(shares[$1], $1), $0) })
                {
                    if nodes % 8 == 1 { complete(shares, steps: steps) }
                    var (without, with) = (node, node)
                    without.upper[split] = 0
                    with.lower[split] = 1
                    stack += shares[split] > 0.5 ? [without, with] : [with, without]
                    break
                }
                // Whole, and the linear programs agree: now whole solutions have to.
                let pattern = shares.map { $0 > 0.5 }
                var search = PatternSearch(component, source: source, weights: weights)
                search.adopt(pattern)
                let unproven = search.unproven(steps: steps)
                if unproven.isEmpty {
                    take(pattern)
                    break
                }
                for cell in unproven {
                    let decision = component.cells[cell].decision
                    var row = (0..<count).filter { !pattern[$0] && !component.decisions[$0].isFixed }
                        .map { (column: $0, coefficient: 1.0) }
                    row.append((decision, -1))
                    master.append(row: row, lower: 0, upper: LinearProgram.unlimited)
                }
            }
        }
        isOptimal = true
    }

    private func branching(_ share: Double, _ decision: Int) -> Double {
        min(share, 1 - share) * (1 + weights[decision])
    }

    private mutating func take(_ pattern: [Bool]) {
        let cost = cost(pattern)
        let number = pattern.indices.reduce(0) {
            pattern[$1] && !component.decisions[$1].isSensitive ? $0 + component.decisions[$1].statements.count : $0
        }
        if cost < total, Double(number) <= most { (best, total) = (pattern, cost) }
    }

    /// A pattern from the shares: what they favour is made cheap.
    private mutating func complete(_ shares: [Double], steps: StepCounter) {
        let prices = weights.indices.map { weights[$0] * (1.001 - shares[$0]) }
        var search = PatternSearch(component, source: source, weights: prices)
        guard search.construct(steps: steps) else { return }
        var own = PatternSearch(component, source: source, weights: weights)
        own.adopt(search.isWithheld)
        guard own.proveAll(steps: steps) else { return }
        own.cleanUp(steps: steps)
        take(own.isWithheld)
    }

    /// Conditions that these shares break, as rows that must not be negative.
    private func violated(_ shares: [Double], steps: StepCounter) -> [[(column: Int, coefficient: Double)]] {
        let cellShares = component.cells.map { shares[$0.decision] }
        let order = component.cells.indices.filter { cellShares[$0] > 1e-6 }
            .sorted { cellShares[$0] != cellShares[$1] ? cellShares[$0] > cellShares[$1] : $0 < $1 }
        var rows: [[(column: Int, coefficient: Double)]] = []
        for cell in order {
            if steps.isSpent { break }
            let width = component.cells[cell].requiredWidth
            guard let cut = source.cut(cell, width: width, shares: cellShares, steps: steps) else { continue }
            let own = component.cells[cell].decision
            var need = Double(width) - cut.free
            var terms: [Int: Double] = [:]
            for (other, coefficient) in zip(cut.cells, cut.coefficients) {
                let decision = component.cells[other].decision
                if decision == own { need -= coefficient } else { terms[decision, default: 0] += coefficient }
            }
            // Rounding of the solver must not make a condition too strong.
            guard need > 1e-6 else { continue }
            var row: [(column: Int, coefficient: Double)] = [(own, -1)]
            var left = -shares[own]
            for decision in terms.keys.sorted() {
                let coefficient = min(1, (terms[decision] ?? 0) / need)
                if coefficient < 1e-7 { continue }
                left += coefficient * shares[decision]
                row.append((decision, coefficient))
            }
            if left < -1e-5 { rows.append(row) }
            if rows.count >= 24 { break }
        }
        return rows
    }
}

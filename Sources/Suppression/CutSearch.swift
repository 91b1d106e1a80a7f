/// The cheapest pattern of a small component, by branch and cut: a linear program over "is withheld", to which the
/// attacker's conditions are added as they turn out to be broken. A condition holds whatever is asked, so that one
/// question leaves the next what it learned. Source: Fischetti and Salazar 2001, Management Science 47:1008.
struct CutSearch {
    /// What is looked for.
    struct Question {
        /// What withholding each decision costs.
        var weights: [Double]
        /// Patterns cheaper than the best by less than this are not looked for.
        var gap: Double
        /// No more than this of either loss.
        var most = PatternLoss.unlimited
    }

    private typealias Row = [(column: Int, coefficient: Double)]

    /// More would slow each pivot down by more than they save.
    private static let mostConditions = 600

    private let component: CountComponent
    private let source: any MoveSource
    /// Of the loss' row, so that its coefficients are of the size of the others.
    private let unit: Double
    /// The two losses, then the conditions.
    private var rows: [Row]
    private var rowUpper: [Double]
    /// When each row was last met without room to spare.
    private var lastTight: [Int] = [0, 0]
    private var clock = 0

    init(_ component: CountComponent, source: any MoveSource) {
        self.component = component
        self.source = source
        let secondary = component.decisions.indices.filter { !component.decisions[$0].isSensitive }
        let unit = secondary.reduce(1) { max($0, Double(component.decisions[$1].loss)) } / 100
        self.unit = unit
        rows = [
            secondary.map { ($0, Double(component.decisions[$0].statements.count)) },
            secondary.map { ($0, Double(component.decisions[$0].loss) / unit) },
        ]
        rowUpper = [LinearProgram.unlimited, LinearProgram.unlimited]
    }

    /// The cheapest pattern, or the best that the steps allow; nil: none was found within the limits.
    ///
    /// - Parameter pattern: one that protects; it counts only when it keeps the limits.
    mutating func cheapest(_ question: Question, from pattern: [Bool]?, steps: StepCounter) -> [Bool]? {
        var best = Incumbent(component, question: question)
        if let pattern { best.take(pattern) }
        run(question, best: &best, steps: steps)
        return best.pattern
    }

    private mutating func run(_ question: Question, best: inout Incumbent, steps: StepCounter) {
        let decisions = component.decisions.indices
        rowUpper[0] = min(LinearProgram.unlimited, question.most.count)
        rowUpper[1] = min(LinearProgram.unlimited, question.most.loss / unit)
        guard var master = program(question.weights) else { return }
        var stack = [
            Node(
                lower: component.decisions.map { $0.isSensitive ? 1 : 0 },
                upper: component.decisions.map { $0.isFixed ? 0 : 1 })
        ]
        var nodes = 0
        let start = steps.left
        var completing = 0
        while var node = stack.popLast() {
            nodes += 1
            if rows.count > Self.mostConditions {
                forget()
                guard let smaller = program(question.weights) else { return }
                master = smaller
            }
            master.setColumns(lower: node.lower, upper: node.upper)
            while true {
                if steps.isSpent { return }
                let outcome = master.solve(dual: true, steps: steps)
                if outcome == .infeasible { break }
                guard outcome == .optimal else { return }
                if master.value > best.total - question.gap { break }
                let shares = master.columns().map { min(1, max(0, $0)) }
                let cuts = violated(shares, steps: steps)
                if steps.isSpent { return }
                for cut in cuts { append(cut, to: master) }
                note(shares)
                if !cuts.isEmpty { continue }
                node.tighten(master.reducedCosts(), shares: shares, room: best.total - question.gap - master.value)
                if let split = decisions.filter({ abs(shares[$0] - shares[$0].rounded()) > 1e-6 })
                    .max(by: {
                        (branching(shares[$0], question.weights[$0]), $1)
                            < (branching(shares[$1], question.weights[$1]), $0)
                    })
                {
                    // At most a quarter of the work.
                    if nodes % 4 == 1, 3 * completing <= start - steps.left {
                        let before = steps.left
                        complete(shares, question.weights, best: &best, steps: steps)
                        completing += before - steps.left
                    }
                    var (without, with) = (node, node)
                    without.upper[split] = 0
                    with.lower[split] = 1
                    stack += shares[split] > 0.5 ? [without, with] : [with, without]
                    break
                }
                // Whole, and the linear programs agree: now whole solutions have to.
                let pattern = shares.map { $0 > 0.5 }
                var search = PatternSearch(component, source: source, weights: question.weights)
                search.adopt(pattern)
                let unproven = search.unproven(steps: steps)
                if steps.isSpent { return }
                if unproven.isEmpty {
                    best.take(pattern)
                    break
                }
                for cell in unproven {
                    let decision = component.cells[cell].decision
                    var row: Row = decisions.filter { !pattern[$0] && !component.decisions[$0].isFixed }.map { ($0, 1) }
                    row.append((decision, -1))
                    append(row, to: master)
                }
            }
        }
    }

    private mutating func append(_ row: Row, to master: LinearProgram) {
        master.append(row: row, lower: 0, upper: LinearProgram.unlimited)
        rows.append(row)
        rowUpper.append(LinearProgram.unlimited)
        lastTight.append(clock)
    }

    private mutating func note(_ shares: [Double]) {
        clock += 1
        for (index, row) in rows.enumerated() {
            let sum = row.reduce(0) { $0 + $1.coefficient * shares[$1.column] }
            if sum < 1e-6 { lastTight[index] = clock }
        }
    }

    /// Keeps the half of the conditions that mattered last.
    private mutating func forget() {
        let kept = rows.indices.dropFirst(2)
            .sorted { lastTight[$0] != lastTight[$1] ? lastTight[$0] > lastTight[$1] : $0 > $1 }
            .prefix(Self.mostConditions / 2).sorted()
        let order = [0, 1] + kept
        rows = order.map { rows[$0] }
        rowUpper = order.map { rowUpper[$0] }
        lastTight = order.map { lastTight[$0] }
    }

    /// nil: no memory.
    private func program(_ weights: [Double]) -> LinearProgram? {
        let zeros = [Double](repeating: 0, count: component.decisions.count)
        let program = LinearProgram(
            rows: rows, columnLower: zeros, columnUpper: zeros, rowLower: rows.map { _ in 0 }, rowUpper: rowUpper)
        program?.setObjective(
            component.decisions.indices.map { component.decisions[$0].isSensitive ? 0 : weights[$0] })
        return program
    }

    private func branching(_ share: Double, _ weight: Double) -> Double { min(share, 1 - share) * (1 + weight) }

    /// A pattern from the shares: what they favour is made cheap.
    private func complete(_ shares: [Double], _ weights: [Double], best: inout Incumbent, steps: StepCounter) {
        let prices = weights.indices.map { weights[$0] * (1.001 - shares[$0]) }
        var search = PatternSearch(component, source: source, weights: prices)
        guard search.construct(steps: steps) else { return }
        var own = PatternSearch(component, source: source, weights: weights)
        own.adopt(search.isWithheld)
        guard own.proveAll(steps: steps) else { return }
        own.cleanUp(steps: steps)
        best.take(own.isWithheld)
    }

    /// Conditions that these shares break, as rows that must not be negative.
    private func violated(_ shares: [Double], steps: StepCounter) -> [Row] {
        let cellShares = component.cells.map { shares[$0.decision] }
        let order = component.cells.indices.filter { cellShares[$0] > 1e-6 }.sorted {
            cellShares[$0] != cellShares[$1] ? cellShares[$0] > cellShares[$1] : $0 < $1
        }
        var rows: [Row] = []
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
            var row: Row = [(own, -1)]
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

/// A part of the patterns: what is decided, and what is not.
private struct Node {
    var lower: [Double]
    var upper: [Double]

    /// Decides what alone would cost more than there is room for.
    mutating func tighten(_ reducedCosts: [Double], shares: [Double], room: Double) {
        for index in lower.indices where lower[index] < upper[index] {
            if shares[index] < 1e-9, reducedCosts[index] > room + 1e-6 { upper[index] = 0 }
            if shares[index] > 1 - 1e-9, -reducedCosts[index] > room + 1e-6 { lower[index] = 1 }
        }
    }
}

/// The best pattern so far.
private struct Incumbent {
    private let component: CountComponent
    private let question: CutSearch.Question
    private(set) var pattern: [Bool]?
    private(set) var total = Double.infinity

    init(_ component: CountComponent, question: CutSearch.Question) {
        self.component = component
        self.question = question
    }

    mutating func take(_ pattern: [Bool]) {
        guard PatternLoss(of: pattern, in: component).fits(question.most) else { return }
        let cost = pattern.indices.reduce(0) {
            pattern[$1] && !component.decisions[$1].isSensitive ? $0 + question.weights[$1] : $0
        }
        if cost < total { (self.pattern, total) = (pattern, cost) }
    }
}

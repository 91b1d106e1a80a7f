/// Looks for what else of one component has to be withheld: cell by cell the cheapest moves that give each withheld cell
/// its width, then whatever turns out not to be needed is published again.
///
/// Every move that was found stays a proof for all cells that it moves, as long as what it moves is withheld.
struct PatternSearch {
    let component: CountComponent
    let source: any MoveSource
    /// What withholding each decision costs.
    let weights: [Double]
    /// What is fixed, or cannot be protected when withheld.
    private(set) var isExcluded: [Bool]
    private(set) var isWithheld: [Bool]
    /// Of each cell: 0 withheld, infinite excluded, else its decision's weight.
    private var cost: [Double]
    private var moves: [Move] = []
    private var isValid: [Bool] = []
    private var movesOf: [[Int]]
    /// How far each cell is known to go down (0 or less) and up.
    private var low: [Int]
    private var high: [Int]

    init(_ component: CountComponent, source: any MoveSource, weights: [Double], excluded: [Bool]? = nil) {
        self.component = component
        self.source = source
        self.weights = weights
        isExcluded = excluded ?? component.decisions.map(\.isFixed)
        isWithheld = [Bool](repeating: false, count: component.decisions.count)
        cost = component.cells.map { weights[$0.decision] }
        movesOf = [[Int]](repeating: [], count: component.cells.count)
        low = [Int](repeating: 0, count: component.cells.count)
        high = low
        for (index, excluded) in isExcluded.enumerated() where excluded { price(index, .infinity) }
        for (index, decision) in component.decisions.enumerated() where decision.isSensitive { withhold(index) }
    }

    /// What the secondary ones cost.
    var total: Double {
        isWithheld.indices.reduce(0) {
            isWithheld[$1] && !component.decisions[$1].isSensitive ? $0 + weights[$1] : $0
        }
    }

    // MARK: State

    private mutating func price(_ decision: Int, _ price: Double) {
        for cell in component.decisions[decision].cells { cost[cell] = price }
    }

    private mutating func withhold(_ decision: Int) {
        isWithheld[decision] = true
        price(decision, 0)
    }

    /// Takes a decision back; the moves that need it no longer prove anything.
    ///
    /// - Returns: the cells that lost a proof.
    private mutating func publish(_ decision: Int, excluding: Bool) -> [Int] {
        isWithheld[decision] = false
        if excluding { isExcluded[decision] = true }
        price(decision, excluding ? .infinity : weights[decision])
        var touched: Set<Int> = []
        for cell in component.decisions[decision].cells {
            for move in movesOf[cell] where isValid[move] {
                isValid[move] = false
                touched.formUnion(moves[move].cells)
            }
        }
        for cell in touched {
            movesOf[cell].removeAll { !isValid[$0] }
            low[cell] = 0
            high[cell] = 0
            for move in movesOf[cell] { note(moves[move], at: cell) }
        }
        return touched.sorted()
    }

    private mutating func note(_ move: Move, at cell: Int) {
        guard let place = move.cells.firstIndex(of: cell) else { return }
        low[cell] = min(low[cell], move.deltas[place])
        high[cell] = max(high[cell], move.deltas[place])
    }

    private mutating func add(_ move: Move) {
        for (cell, delta) in zip(move.cells, move.deltas) {
            let decision = component.cells[cell].decision
            if !isWithheld[decision] { withhold(decision) }
            movesOf[cell].append(moves.count)
            low[cell] = min(low[cell], delta)
            high[cell] = max(high[cell], delta)
        }
        moves.append(move)
        isValid.append(true)
    }

    func isProtected(_ cell: Int) -> Bool { high[cell] - low[cell] >= component.cells[cell].requiredWidth }

    // MARK: One cell

    /// Withholds more until a cell has its width.
    private mutating func protect(_ cell: Int, steps: StepCounter) -> Bool {
        let (width, value) = (component.cells[cell].requiredWidth, component.cells[cell].value)
        if isProtected(cell) { return true }
        var best: (cost: Double, moves: [Move])?
        func consider(_ found: [Move]) -> Bool {
            let cost = price(of: found)
            if cost < best?.cost ?? .infinity { best = (cost, found) }
            return cost == 0
        }
        func finish() -> [Move]? {
            // Up from the lowest value known.
            let up = source.push(cell, by: width + low[cell], cost: cost, steps: steps)
            if let move = up.move, up.reached >= width + low[cell], consider([move]) { return best?.moves }
            // Down from the highest.
            if value >= width - high[cell] {
                let down = source.push(cell, by: high[cell] - width, cost: cost, steps: steps)
                if let move = down.move, down.reached >= width - high[cell], consider([move]) { return best?.moves }
            }
            // Both: to the lowest value that there is, then up for the rest.
            if value > 0, value > -low[cell] {
                let down = source.push(cell, by: -min(value, width), cost: cost, steps: steps)
                if let move = down.move {
                    var free = cost
                    for other in move.cells {
                        for sibling in component.decisions[component.cells[other].decision].cells { free[sibling] = 0 }
                    }
                    let rest = width - down.reached
                    if rest <= high[cell] {
                        _ = consider([move])
                    } else {
                        let up = source.push(cell, by: rest, cost: free, steps: steps)
                        if let other = up.move, up.reached >= rest { _ = consider([move, other]) }
                    }
                }
            }
            return best?.moves
        }
        guard let found = finish() else { return false }
        for move in found { add(move) }
        return isProtected(cell)
    }

    private func price(of moves: [Move]) -> Double {
        var seen: Set<Int> = []
        var total = 0.0
        for move in moves {
            for cell in move.cells {
                let decision = component.cells[cell].decision
                if !isWithheld[decision], seen.insert(decision).inserted { total += weights[decision] }
            }
        }
        return total
    }

    /// Whether a cell has its width as things are.
    private mutating func prove(_ cell: Int, steps: StepCounter) -> Bool {
        let width = component.cells[cell].requiredWidth
        if isProtected(cell) { return true }
        var closed = cost
        for index in closed.indices where closed[index] > 0 { closed[index] = .infinity }
        if let move = source.push(cell, by: width + low[cell], cost: closed, steps: steps).move { add(move) }
        if isProtected(cell) { return true }
        if let move = source.push(cell, by: high[cell] - width, cost: closed, steps: steps).move { add(move) }
        return isProtected(cell)
    }

    /// Whether every withheld cell has its width as things are.
    mutating func proveAll(steps: StepCounter) -> Bool {
        for cell in component.cells.indices where isWithheld[component.cells[cell].decision] {
            if !prove(cell, steps: steps) { return false }
        }
        return true
    }

    /// The withheld cells that are not proven as things are.
    mutating func unproven(steps: StepCounter) -> [Int] {
        component.cells.indices.filter { isWithheld[component.cells[$0].decision] && !prove($0, steps: steps) }
    }

    // MARK: The pattern

    /// Starts from a pattern that someone else found.
    mutating func adopt(_ pattern: [Bool]) {
        for decision in pattern.indices where pattern[decision] && !isWithheld[decision] { withhold(decision) }
    }

    /// Gives every withheld cell its width.
    ///
    /// - Returns: false: a sensitive one cannot be given its width, or the steps ran out.
    mutating func construct(steps: StepCounter) -> Bool {
        while true {
            // The widest needs first: what they withhold helps the others.
            let open = component.cells.indices.filter {
                isWithheld[component.cells[$0].decision] && !isProtected($0)
            }
            if open.isEmpty { return true }
            let order = open.sorted {
                let (a, b) = (component.cells[$0], component.cells[$1])
                let (first, second) = (
                    (a.requiredWidth - a.value, a.value), (b.requiredWidth - b.value, b.value)
                )
                return first != second ? first > second : $0 < $1
            }
            for cell in order {
                let decision = component.cells[cell].decision
                guard isWithheld[decision], !protect(cell, steps: steps) else { continue }
                if steps.isSpent || component.decisions[decision].isSensitive { return false }
                _ = publish(decision, excluding: true)
            }
        }
    }

    /// Publishes again what the proofs of the others can spare, the dearest first.
    mutating func cleanUp(steps: StepCounter) {
        let order = isWithheld.indices
            .filter { isWithheld[$0] && !component.decisions[$0].isSensitive }
            .sorted { weights[$0] != weights[$1] ? weights[$0] > weights[$1] : $0 < $1 }
        for decision in order where isWithheld[decision] && !steps.isSpent {
            var attempt = self
            let touched = attempt.publish(decision, excluding: false)
            if attempt.proves(touched, steps: steps) { self = attempt }
        }
    }

    private mutating func proves(_ cells: [Int], steps: StepCounter) -> Bool {
        for cell in cells where isWithheld[component.cells[cell].decision] && !prove(cell, steps: steps) {
            return false
        }
        return true
    }

    /// Forbids one secondary cell after the other and keeps what comes out cheaper.
    mutating func improve(steps: StepCounter) {
        var next = 0
        var failures = 0
        while !steps.isSpent {
            let secondary = isWithheld.indices.filter { isWithheld[$0] && !component.decisions[$0].isSensitive }
            guard failures < secondary.count else { return }
            let decision = secondary.first { $0 >= next } ?? secondary[0]
            next = decision + 1
            let wasExcluded = isExcluded
            var attempt = self
            _ = attempt.publish(decision, excluding: true)
            if attempt.construct(steps: steps) {
                attempt.cleanUp(steps: steps)
                if attempt.total < total - 1e-9 {
                    self = attempt
                    for index in isExcluded.indices where isExcluded[index] && !wasExcluded[index] {
                        isExcluded[index] = false
                        price(index, weights[index])
                    }
                    failures = 0
                    continue
                }
            }
            failures += 1
        }
    }
}

/// The attacker's problem of one component.
struct ComponentAudit {
    private let component: CountComponent
    private let source: any MoveSource
    /// The cells of each unknown.
    private let cellsOf: [[Int]]

    init(_ component: CountComponent, source: (any MoveSource)? = nil) {
        self.component = component
        self.source = source ?? component.moveSource()
        var cellsOf = [[Int]](repeating: [], count: component.unknowns.count)
        for (index, cell) in component.cells.enumerated() {
            for unknown in cell.unknowns { cellsOf[unknown].append(index) }
        }
        self.cellsOf = cellsOf
    }

    /// The asked cells whose width is not proven.
    func violations(isHidden: [Bool], asked: [Int], steps: StepCounter) -> [Int] {
        var low = [Int](repeating: 0, count: component.cells.count)
        var high = low
        let cost = isHidden.map { $0 ? 0 : Double.infinity }
        func isOpen(_ cell: Int) -> Bool { high[cell] - low[cell] < component.cells[cell].requiredWidth }
        func take(_ push: Push) {
            guard let move = push.move, let changes = changes(move, isHidden: isHidden) else { return }
            for (cell, delta) in changes {
                low[cell] = min(low[cell], delta)
                high[cell] = max(high[cell], delta)
            }
        }
        for cell in asked where isHidden[cell] && isOpen(cell) {
            let width = component.cells[cell].requiredWidth
            take(source.push(cell, by: width + low[cell], cost: cost, steps: steps))
            if isOpen(cell) { take(source.push(cell, by: high[cell] - width, cost: cost, steps: steps)) }
            // Where the program's end is broken, a whole solution may lie further on.
            for amount in [2 * width, -2 * width] where isOpen(cell) {
                take(source.push(cell, by: amount, cost: cost, steps: steps))
            }
        }
        return asked.filter { !isHidden[$0] || isOpen($0) }
    }

    func interval(_ cell: Int, isHidden: [Bool], reach: Int, steps: StepCounter) -> RecoveryInterval {
        let value = component.cells[cell].value
        let cost = isHidden.map { $0 ? 0 : Double.infinity }
        guard isHidden[cell] else {
            return RecoveryInterval(values: value...value, isExact: true, isUnbounded: false)
        }
        var ends = (low: 0, high: 0)
        var isExact = true
        for amount in [-value, reach] where amount != 0 {
            let push = source.push(cell, by: amount, cost: cost, steps: steps)
            isExact = isExact && push.isFarthest
            guard let move = push.move, let delta = changes(move, isHidden: isHidden)?[cell] else { continue }
            ends = (min(ends.low, delta), max(ends.high, delta))
        }
        return RecoveryInterval(
            values: value + ends.low...value + ends.high, isExact: isExact, isUnbounded: ends.high >= reach)
    }

    /// What a move changes in the cells, computed anew from the unknowns; nil when it is no solution or changes a
    /// published cell.
    private func changes(_ move: Move, isHidden: [Bool]) -> [Int: Int]? {
        var delta: [Int: Int] = [:]
        var changes: [Int: Int] = [:]
        for (unknown, change) in zip(move.unknowns, move.unknownDeltas) {
            guard delta.updateValue(change, forKey: unknown) == nil, component.unknowns[unknown] + change >= 0
            else { return nil }
            for cell in cellsOf[unknown] { changes[cell, default: 0] += change }
        }
        for link in component.links {
            let left = link.left.reduce(0) { $0 + (delta[$1] ?? 0) }
            guard left == link.right.reduce(0, { $0 + (delta[$1] ?? 0) }) else { return nil }
        }
        guard changes.allSatisfy({ $0.value == 0 || isHidden[$0.key] }) else { return nil }
        return changes
    }
}

extension CountComponent {
    /// By maximum flows where the structure allows it, else by linear programs.
    func moveSource() -> any MoveSource { CountNetwork(self).map { NetworkMoves($0) } ?? LinearMoves(self) }
}

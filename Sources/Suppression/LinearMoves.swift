/// Moves of any component, by linear programs over the differences from the truth. What they find counts only when it is
/// whole, or can be made whole in a few branches.
final class LinearMoves: MoveSource {
    let component: CountComponent
    /// The cell that is one unknown, or -1.
    let single: [Int]
    /// The unknowns that statements connect, without links: a table.
    private let block: [Int]
    private let members: [[Int]]
    private let linksOf: [[Int]]
    /// The cells that are a side of a link.
    private let sidesOf: [[Int]]
    private var regions: [[Int]: MoveProgram] = [:]
    private var attack: AttackProgram?

    init(_ component: CountComponent) {
        self.component = component
        let count = component.unknowns.count
        var single = [Int](repeating: -1, count: count)
        var sets = DisjointSets(count)
        var cellOf: [[Int]: Int] = [:]
        for (index, cell) in component.cells.enumerated() {
            guard let first = cell.unknowns.first else { continue }
            cellOf[cell.unknowns] = index
            if cell.unknowns.count == 1 { single[first] = index }
            for other in cell.unknowns.dropFirst() { sets.join(first, other) }
        }
        self.single = single
        sidesOf = component.links.map { link in [link.left, link.right].compactMap { cellOf[$0] } }
        var block = [Int](repeating: 0, count: count)
        var members: [[Int]] = []
        var number = [Int](repeating: -1, count: count)
        for unknown in 0..<count {
            let root = sets.root(unknown)
            if number[root] < 0 {
                number[root] = members.count
                members.append([])
            }
            block[unknown] = number[root]
            members[number[root]].append(unknown)
        }
        var linksOf = [[Int]](repeating: [], count: members.count)
        for (index, link) in component.links.enumerated() {
            for touched in Set((link.left + link.right).map { block[$0] }) { linksOf[touched].append(index) }
        }
        self.block = block
        self.members = members
        self.linksOf = linksOf
    }

    func push(_ cell: Int, by amount: Int, cost: [Double], steps: StepCounter) -> Push {
        var best = Push(move: nil, reached: 0, isFarthest: false)
        guard let first = component.cells[cell].unknowns.first else { return best }
        // A move within the cell's own table is the rule; only when there is none the tables that links reach join in.
        var region: Set<Int> = [block[first]]
        while !steps.isSpent {
            let blocks = region.sorted()
            guard let program = program(blocks) else { break }
            let pushed = program.push(cell, by: amount, cost: cost, steps: steps)
            let isFarthest = pushed.isFarthest
            if pushed.reached > best.reached { best = pushed }
            best.isFarthest = best.reached >= abs(amount)
            if best.isFarthest { break }
            let grown = neighbours(of: region, cost: cost)
            if grown.count == region.count {
                best.isFarthest = isFarthest && best.reached == pushed.reached
                break
            }
            region = grown
        }
        return best
    }

    private func program(_ blocks: [Int]) -> MoveProgram? {
        if let known = regions[blocks] { return known }
        let unknowns = blocks.flatMap { members[$0] }.sorted()
        let inside = Set(blocks)
        let links = Set(blocks.flatMap { linksOf[$0] }).sorted()
        let cells = component.cells.indices.filter { index in
            component.cells[index].unknowns.first.map { inside.contains(block[$0]) } ?? false
        }
        let made = MoveProgram(component, single: single, unknowns: unknowns, cells: cells, links: links)
        regions[blocks] = made
        return made
    }

    /// The region with the tables behind links through which something may move.
    private func neighbours(of region: Set<Int>, cost: [Double]) -> Set<Int> {
        var grown = region
        func canMove(_ unknown: Int) -> Bool { single[unknown] < 0 || cost[single[unknown]] < .infinity }
        for index in region.flatMap({ linksOf[$0] }) {
            let link = component.links[index]
            // A side that is known passes nothing on to the other, but its own unknowns still move against each other.
            let isKnown = sidesOf[index].contains { cost[$0] == .infinity }
            let sides = [link.left, link.right]
            let isInside = sides.map { side in side.contains { region.contains(block[$0]) && canMove($0) } }
            for (side, own) in zip(sides, isInside) where isKnown ? own : isInside.contains(true) {
                for unknown in side where !region.contains(block[unknown]) && canMove(unknown) {
                    grown.insert(block[unknown])
                }
            }
        }
        return grown
    }

    func cut(_ cell: Int, width: Int, shares: [Double], steps: StepCounter) -> WidthCut? {
        if attack == nil { attack = AttackProgram(component, single: single) }
        return attack?.cut(cell, width: width, shares: shares, steps: steps)
    }
}

/// The program of the moves within some tables: what a difference costs, less a large reward for the target's.
final class MoveProgram {
    private let component: CountComponent
    private let unknowns: [Int]
    /// The sums, as local rows; a cell of one unknown is a column.
    private let sums: [Int]
    private let links: [Int]
    private let single: [Int]
    private let position: [Int: Int]
    private let sumPosition: [Int: Int]
    private let program: LinearProgram
    /// More than any move costs for each unit, where no cell costs more than `dearest`.
    private static let reward = 20_000.0
    private static let dearest = 200.0
    private static let reach = Double(1 << 24)

    /// Columns: for each unknown its increase and its decrease; then the same for each sum.
    init?(_ component: CountComponent, single: [Int], unknowns: [Int], cells: [Int], links: [Int]) {
        self.component = component
        self.unknowns = unknowns
        self.single = single
        self.links = links
        sums = cells.filter { component.cells[$0].unknowns.count > 1 }
        let position = Dictionary(uniqueKeysWithValues: unknowns.enumerated().map { ($1, $0) })
        self.position = position
        sumPosition = Dictionary(uniqueKeysWithValues: sums.enumerated().map { ($1, $0) })
        var rows: [[(column: Int, coefficient: Double)]] = []
        for (index, cell) in sums.enumerated() {
            var row: [(column: Int, coefficient: Double)] = []
            for unknown in component.cells[cell].unknowns {
                guard let place = position[unknown] else { return nil }
                row += [(2 * place, 1), (2 * place + 1, -1)]
            }
            let slack = 2 * (unknowns.count + index)
            rows.append(row + [(slack, -1), (slack + 1, 1)])
        }
        for link in links {
            var coefficients: [Int: Double] = [:]
            for unknown in component.links[link].left {
                if let place = position[unknown] { coefficients[place, default: 0] += 1 }
            }
            for unknown in component.links[link].right {
                if let place = position[unknown] { coefficients[place, default: 0] -= 1 }
            }
            rows.append(
                coefficients.keys.sorted().flatMap { place in
                    let coefficient = coefficients[place] ?? 0
                    return [(2 * place, coefficient), (2 * place + 1, -coefficient)]
                })
        }
        let columns = 2 * (unknowns.count + sums.count)
        let zeros = [Double](repeating: 0, count: max(columns, rows.count))
        guard
            let program = LinearProgram(
                rows: rows, columnLower: Array(zeros.prefix(columns)), columnUpper: Array(zeros.prefix(columns)),
                rowLower: Array(zeros.prefix(rows.count)), rowUpper: Array(zeros.prefix(rows.count)))
        else { return nil }
        self.program = program
    }

    func push(_ cell: Int, by amount: Int, cost: [Double], steps: StepCounter) -> Push {
        let count = unknowns.count
        var upper = [Double](repeating: 0, count: program.columnCount)
        var objective = upper
        let most = max(
            sums.reduce(0.0) { cost[$1] < .infinity ? max($0, cost[$1]) : $0 },
            unknowns.reduce(0.0) { most, unknown in
                single[unknown] >= 0 && cost[single[unknown]] < .infinity ? max(most, cost[single[unknown]]) : most
            })
        let scale = most > Self.dearest ? Self.dearest / most : 1
        for (place, unknown) in unknowns.enumerated() {
            let price = single[unknown] < 0 ? 0 : cost[single[unknown]]
            if price == .infinity { continue }
            upper[2 * place] = Self.reach
            upper[2 * place + 1] = Double(component.unknowns[unknown])
            objective[2 * place] = scale * price + 1e-3
            objective[2 * place + 1] = scale * price + 1e-3
        }
        for (index, sum) in sums.enumerated() {
            let place = count + index
            if cost[sum] == .infinity { continue }
            upper[2 * place] = Self.reach
            upper[2 * place + 1] = Double(component.cells[sum].value)
            objective[2 * place] = scale * cost[sum]
            objective[2 * place + 1] = scale * cost[sum]
        }
        let first = component.cells[cell].unknowns.first ?? 0
        let place = sumPosition[cell].map { count + $0 } ?? position[first] ?? 0
        let column = amount > 0 ? 2 * place : 2 * place + 1
        let limit = min(upper[column], Double(abs(amount)))
        guard limit >= 1 else { return Push(move: nil, reached: 0, isFarthest: true) }
        upper[column] = limit
        upper[column ^ 1] = 0
        objective[column] -= Self.reward
        program.setObjective(objective)
        return search(target: place, limit: Int(limit), upper: upper, cost: cost, steps: steps)
    }

    /// Depth first over the columns that come out broken, until one solution is whole; at most a few dozen programs.
    private func search(target: Int, limit: Int, upper: [Double], cost: [Double], steps: StepCounter) -> Push {
        var best = Push(move: nil, reached: 0, isFarthest: false)
        var isSettled = true
        var stack = [(lower: [Double](repeating: 0, count: upper.count), upper: upper)]
        var programs = 0
        while let bounds = stack.popLast(), programs < 40, !steps.isSpent {
            programs += 1
            program.setColumns(lower: bounds.lower, upper: bounds.upper)
            program.forget()
            let outcome = program.solve(dual: programs > 1, steps: steps)
            if outcome != .optimal {
                isSettled = isSettled && outcome == .infeasible
                continue
            }
            let columns = program.columns()
            let change = abs(columns[2 * target] - columns[2 * target + 1])
            if change < Double(best.reached) + 1 - 1e-6 { continue }
            let deltas = unknowns.indices.map { columns[2 * $0] - columns[2 * $0 + 1] }
            for times in 1...(programs == 1 ? 4 : 1) {
                let scaled = deltas.map { ($0 * Double(times)).rounded() }
                guard zip(scaled, deltas).allSatisfy({ abs($0 - $1 * Double(times)) < 1e-5 }) else { continue }
                if let move = move(scaled.map { Int($0) }, cost: cost) {
                    let reached = abs(move.cells.firstIndex(of: targetCell(target)).map { move.deltas[$0] } ?? 0)
                    if reached > best.reached { best = Push(move: move, reached: reached, isFarthest: false) }
                }
                break
            }
            if best.reached >= limit { break }
            guard
                let broken = deltas.indices.max(by: {
                    (abs(deltas[$0] - deltas[$0].rounded()), $1) < (abs(deltas[$1] - deltas[$1].rounded()), $0)
                }), abs(deltas[broken] - deltas[broken].rounded()) > 1e-6
            else {
                // Whole, and refused: what the solver says does not hold in whole numbers.
                if change >= Double(best.reached) + 1 - 1e-6 { isSettled = false }
                continue
            }
            let floor = deltas[broken].rounded(.down)
            for isDown in [deltas[broken] - floor > 0.5, deltas[broken] - floor <= 0.5] {
                var branch = bounds
                if isDown {
                    branch.upper[2 * broken] = min(branch.upper[2 * broken], max(0, floor))
                    branch.lower[2 * broken + 1] = max(branch.lower[2 * broken + 1], -floor)
                } else {
                    branch.lower[2 * broken] = max(branch.lower[2 * broken], floor + 1)
                    branch.upper[2 * broken + 1] = min(branch.upper[2 * broken + 1], max(0, -floor - 1))
                }
                let fits = [2 * broken, 2 * broken + 1].allSatisfy { branch.lower[$0] <= branch.upper[$0] }
                if fits { stack.append(branch) }
            }
        }
        best.isFarthest = best.reached >= limit || (isSettled && stack.isEmpty)
        return best
    }

    private func targetCell(_ place: Int) -> Int {
        place < unknowns.count ? single[unknowns[place]] : sums[place - unknowns.count]
    }

    /// In whole numbers, whether this is a solution that leaves what is published as it is.
    private func move(_ deltas: [Int], cost: [Double]) -> Move? {
        var move = Move()
        func add(_ cell: Int, _ delta: Int) -> Bool {
            if delta == 0 { return true }
            if cost[cell] == .infinity { return false }
            move.cells.append(cell)
            move.deltas.append(delta)
            return true
        }
        for (place, unknown) in unknowns.enumerated() {
            guard component.unknowns[unknown] + deltas[place] >= 0 else { return nil }
            if deltas[place] == 0 { continue }
            move.unknowns.append(unknown)
            move.unknownDeltas.append(deltas[place])
            if single[unknown] >= 0, !add(single[unknown], deltas[place]) { return nil }
        }
        func sum(_ list: [Int]) -> Int { list.reduce(0) { $0 + (position[$1].map { deltas[$0] } ?? 0) } }
        for cell in sums where !add(cell, sum(component.cells[cell].unknowns)) { return nil }
        for link in links where sum(component.links[link].left) != sum(component.links[link].right) { return nil }
        return move
    }
}

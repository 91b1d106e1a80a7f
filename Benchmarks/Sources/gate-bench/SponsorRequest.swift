internal import Draws
internal import Ledger

/// What a sponsor asks for in one study: a cohort of one to three criteria, some subgroups of it, and tables of each.
struct SponsorRequest {
    private typealias Variable = Registry.Variable

    private struct Criterion {
        let variable: Variable
        let codes: ClosedRange<Int>
    }

    /// One answer, whose counts leave together or not at all; later ones matter less.
    struct Answer {
        /// The counts that are not zero.
        var rows: [PatientRow]
    }

    private(set) var answers: [Answer] = []
    /// Answers with a cell of 1 to t - 1 patients, which the rules before the ledger withhold.
    private(set) var smallCells = 0
    /// Cohorts, with subgroups.
    private(set) var cohorts = 0

    private let registry: Registry
    private let minimumCount: Int

    /// - Parameter seed: the request that it determines; everything else is the same every time.
    init(_ registry: Registry, seed: UInt64, minimumCount: Int) throws {
        self.registry = registry
        self.minimumCount = minimumCount
        var draws = Draws(seed: seed)
        var criteria: [Criterion] = []
        for _ in 0..<draws.integer(1...3) { criteria.append(Self.criterion(registry, besides: criteria, &draws)) }
        let members = members(of: criteria, among: nil)
        guard members.count >= minimumCount else { return }
        try describe(members, besides: criteria, oneWay: 3, twoWay: 1, &draws)
        for _ in 0..<draws.integer(8...16) {
            var further = criteria
            for _ in 0..<draws.integer(1...2) {
                further.append(Self.criterion(registry, besides: further, &draws))
            }
            let subgroup = self.members(of: further.dropFirst(criteria.count), among: members)
            guard subgroup.count >= minimumCount else {
                smallCells += 1
                continue
            }
            try describe(subgroup, besides: further, oneWay: draws.isHit(0.35) ? 1 : 0, twoWay: 0, &draws)
        }
    }

    /// An interval of an ordered variable, mostly between usual cuts, or one level, frequent ones more often.
    private static func criterion(_ registry: Registry, besides: [Criterion], _ draws: inout Draws) -> Criterion {
        let asked = besides.map(\.variable)
        let open = Variable.allCases.filter { !asked.contains($0) }
        // Age first: nearly every protocol has limits of age.
        let variable = !asked.contains(.age) && draws.isHit(0.4) ? .age : open[draws.integer(0...open.count - 1)]
        guard variable.isOrdered else {
            let weights = registry.frequencies[variable.rawValue].map { Double($0).squareRoot() }
            var rest = draws.uniform() * weights.reduce(0, +)
            let level = weights.indices.first { index in
                rest -= weights[index]
                return rest < 0
            }
            return Criterion(variable: variable, codes: (level ?? 0)...(level ?? 0))
        }
        let last = variable.levelCount - 1
        func cut() -> Int {
            let usual = variable.usualCuts
            return draws.isHit(0.8) ? usual[draws.integer(0...usual.count - 1)] : draws.integer(1...last)
        }
        switch draws.integer(0...3) {
        case 0, 1: return Criterion(variable: variable, codes: cut()...last)
        case 2: return Criterion(variable: variable, codes: 0...cut() - 1)
        default:
            let (first, second) = (cut(), cut())
            return Criterion(variable: variable, codes: min(first, second)...max(first, second))
        }
    }

    private func members(of criteria: some Sequence<Criterion>, among: [UInt32]?) -> [UInt32] {
        var result = among ?? (0..<UInt32(registry.patients)).map { $0 }
        for criterion in criteria {
            let codes = registry.values[criterion.variable.rawValue]
            let (low, high) = (UInt8(criterion.codes.lowerBound), UInt8(criterion.codes.upperBound))
            result = result.filter { codes[Int($0)] >= low && codes[Int($0)] <= high }
        }
        return result
    }

    /// The number of a cohort and its tables.
    private mutating func describe(
        _ members: [UInt32], besides criteria: [Criterion], oneWay: Int, twoWay: Int, _ draws: inout Draws
    ) throws {
        cohorts += 1
        answers.append(Answer(rows: [try PatientRow(patients: members)]))
        func axis() -> (variable: Variable, edges: [Int]) {
            // By what the cohort fixes to one level nobody divides it.
            let open = Variable.allCases.filter { variable in
                variable.isOrdered || !criteria.contains { $0.variable == variable }
            }
            let variable = open[draws.integer(0...open.count - 1)]
            let bins = variable.usualBins
            return (variable, bins[draws.integer(0...bins.count - 1)])
        }
        for _ in 0..<oneWay {
            let (variable, edges) = axis()
            var cells = self.cells(members, variable, edges)
            join(&cells, isOrdered: variable.isOrdered)
            try keep(cells)
        }
        for _ in 0..<twoWay {
            let (first, firstEdges) = axis()
            let (second, secondEdges) = axis()
            guard first != second else { continue }
            var rows = cells(members, first, firstEdges)
            join(&rows, isOrdered: first.isOrdered)
            var table: [[UInt32]] = []
            for row in rows {
                table += cells(row, second, secondEdges)
            }
            try keep(table)
        }
    }

    private func cells(_ members: [UInt32], _ variable: Variable, _ edges: [Int]) -> [[UInt32]] {
        var cellOfCode: [Int] = []
        for code in 0..<variable.levelCount { cellOfCode.append(edges.count { $0 <= code }) }
        var cells = [[UInt32]](repeating: [], count: edges.count + 1)
        let codes = registry.values[variable.rawValue]
        for patient in members { cells[cellOfCode[Int(codes[Int(patient)])]].append(patient) }
        return cells
    }

    /// Small bins join their neighbours (rule 11); small levels the smallest other.
    private func join(_ cells: inout [[UInt32]], isOrdered: Bool) {
        while cells.count > 1, let small = cells.firstIndex(where: { !$0.isEmpty && $0.count < minimumCount }) {
            let other: Int
            if isOrdered {
                other = small == cells.count - 1 ? small - 1 : small + 1
            } else {
                let others = cells.indices.filter { $0 != small && !cells[$0].isEmpty }
                guard let smallest = others.min(by: { cells[$0].count < cells[$1].count }) else { return }
                other = smallest
            }
            cells[other] += cells[small]
            cells.remove(at: small)
        }
    }

    private mutating func keep(_ cells: [[UInt32]]) throws {
        let full = cells.filter { !$0.isEmpty }
        guard full.allSatisfy({ $0.count >= minimumCount }) else {
            smallCells += 1
            return
        }
        answers.append(Answer(rows: try full.map { try PatientRow(patients: $0) }))
    }
}

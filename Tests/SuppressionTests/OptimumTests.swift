import Suppression
import Testing

/// The least that any pattern loses, by trying patterns: it knows the audit, and nothing of how plans are found.
struct EveryPattern {
    private let system: CountSystem
    /// Sums of statements that must be withheld together with another one, or not at all.
    private let relations: [[Int]]
    private let isOpen: [Bool]

    /// - Parameter sizes: of the table that the system is.
    init(_ system: CountSystem, sizes: [Int]) {
        self.system = system
        isOpen = system.statements.map { $0.role == .open }
        var relations: [[Int]] = []
        for (whole, statement) in system.statements.enumerated() {
            let members = Set(statement.unknowns)
            for axis in sizes.indices {
                // What the statement is the sum of, when this axis is kept too.
                let stride = sizes[(axis + 1)...].reduce(1, *)
                func level(_ unknown: Int32) -> Int { Int(unknown) / stride % sizes[axis] }
                guard Set(statement.unknowns.map(level)).count == sizes[axis] else { continue }
                let parts = (0..<sizes[axis]).compactMap { kept in
                    system.statements.firstIndex { part in
                        part.unknowns == statement.unknowns.filter { level($0) == kept }
                    }
                }
                #expect(Set(parts.flatMap { system.statements[$0].unknowns }) == members)
                relations.append([whole] + parts)
            }
        }
        self.relations = relations
    }

    func losses(_ withheld: [Bool]) -> (count: Int, loss: Int) {
        var result = (count: 0, loss: 0)
        for (statement, isWithheld) in zip(system.statements, withheld) where isWithheld && statement.role == .open {
            result.count += 1
            result.loss += statement.loss
        }
        return result
    }

    /// - Parameter price: grows with both; what the cheapest pattern costs. nil: nothing protects.
    func least(_ price: (_ count: Int, _ loss: Int) -> Double) -> Double? {
        var best = Double.infinity
        var withheld = system.statements.map { $0.role == .sensitive }
        var isExcluded = system.statements.map { $0.role == .fixed }
        func extend() {
            let losses = losses(withheld)
            guard price(losses.count, losses.loss) < best else { return }
            var candidates = withheld.indices.filter { !withheld[$0] && !isExcluded[$0] }
            if let torn = relations.first(where: { relation in relation.count { withheld[$0] } == 1 }) {
                candidates = torn.filter { !withheld[$0] && !isExcluded[$0] }
            } else if RecoveryAudit().violations(in: system, withheld: withheld).isEmpty {
                best = price(losses.count, losses.loss)
                return
            }
            for candidate in candidates {
                withheld[candidate] = true
                extend()
                withheld[candidate] = false
                isExcluded[candidate] = true
            }
            for candidate in candidates { isExcluded[candidate] = false }
        }
        extend()
        return best < .infinity ? best : nil
    }
}

@Suite("Plans against the optimum") struct OptimumTests {
    private func check(_ sizes: [Int], seeds: Range<Int>) throws -> (secondary: Int, near: Int) {
        var result = (secondary: 0, near: 0)
        for seed in seeds {
            var random = Seeded(state: UInt64(9_000 + seed))
            let threshold = [3, 5, 10][seed % 3]
            let system = CountSystem.table(sizes, CountSystem.counts(sizes.reduce(1, *), &random), threshold: threshold)
            let every = EveryPattern(system, sizes: sizes)
            let plan = SuppressionPlanner().plan(system)
            guard let fewest = every.least({ count, _ in Double(count) }) else {
                #expect(plan == nil, "seed \(seed)")
                continue
            }
            let least = try #require(every.least { _, loss in Double(loss) })
            func worse(_ count: Int, _ loss: Int) -> Double {
                max(Double(count) / max(1, fewest), Double(loss) / max(1, least))
            }
            let possible = try #require(every.least(worse))
            let own = every.losses(try #require(plan).withheld)
            if own.count > 0 { result.secondary += 1 }
            if possible > 1.25 { continue }
            result.near += 1
            #expect(worse(own.count, own.loss) <= 1.255, "seed \(seed): \(own), optimum \(fewest) and \(least)")
        }
        return result
    }

    @Test func `a plan stays within a quarter more of the fewest cells and of the least count, where any pattern does`()
        throws
    {
        let twoWay = try check([3, 3], seeds: 0..<60)
        #expect(twoWay.secondary > 20 && twoWay.near > 40)
    }

    @Test func `so does the plan of a three-way table`() throws {
        let threeWay = try check([2, 2, 2], seeds: 0..<24)
        #expect(threeWay.secondary > 8 && threeWay.near > 12)
    }
}

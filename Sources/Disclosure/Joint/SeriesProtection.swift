import Statistics
import Suppression

/// Rule 4 over several releases of one snapshot: what left before stays, what was withheld must not become known more
/// closely than it may, and neither must the small groups that only the releases together come close to. What may still
/// be withheld are the new answers, each as a whole.
struct SeriesProtection {
    /// The most small groups that are looked at.
    static let groupLimit = 4000

    /// A count that the new release would publish.
    struct News {
        let item: Int
        let unknowns: [Int32]
        let loss: Int
    }

    private let space: SeriesSpace
    /// What left.
    private let given: [[Int32]]
    private let kept: [(unknowns: [Int32], width: Int)]
    /// What did not leave before.
    let news: [News]
    private let effort: Int

    /// - Parameters:
    ///   - earlier: the releases that left.
    ///   - own: the new one.
    ///   - told: its published counts by answer, with what withholding each would cost.
    /// - Returns: nil when the releases cannot be looked at together, or are too large for it.
    init?(
        earlier: [EarlierStatements.Content], own: EarlierStatements.Content,
        told: [(item: Int, place: EarlierStatements.Place, loss: Int)], patients: [Int32],
        minimum: MinimumCount,
        effort: Int
    ) {
        let releases = earlier + [own]
        guard let axes = SeriesAxes(releases, caseCount: patients.count) else { return nil }
        var regions: [(release: Int, statement: EarlierStatements.Statement, region: SeriesRegion)] = []
        for (release, content) in releases.enumerated() {
            for statement in content.statements {
                guard let region = axes.region(of: statement.place, in: release) else { return nil }
                regions.append((release, statement, region))
            }
        }
        let edges = Set(regions.map { Set($0.region.levels.keys) })
        guard
            let space = SeriesSpace(
                axes, edges: edges.sorted { $0.sorted().lexicographicallyPrecedes($1.sorted()) }),
            let groups = SeriesGroups(
                axes: axes, regions: regions.map(\.region), minimum: minimum, patients: patients
            )
            .found(limit: Self.groupLimit)
        else { return nil }

        var given: Set<[Int32]> = []
        var order: [[Int32]] = []
        for entry in regions where entry.release < earlier.count && entry.statement.requiredWidth == nil {
            guard let unknowns = space.unknowns(of: entry.region),
                unknowns.reduce(0, { $0 + space.system.unknowns[Int($1)] }) == entry.statement.value
            else { return nil }
            if given.insert(unknowns).inserted { order.append(unknowns) }
        }
        var news: [News] = []
        for entry in told {
            guard let region = axes.region(of: entry.place, in: earlier.count),
                let unknowns = space.unknowns(of: region)
            else { return nil }
            // What nobody can be in says nothing.
            if unknowns.isEmpty || given.contains(unknowns) { continue }
            news.append(News(item: entry.item, unknowns: unknowns, loss: entry.loss))
        }
        var widths: [[Int32]: Int] = [:]
        var keptOrder: [[Int32]] = []
        let asked =
            regions.compactMap { entry in entry.statement.requiredWidth.map { (entry.region, $0) } }
            + groups
        for (region, width) in asked where width > 0 {
            guard let unknowns = space.unknowns(of: region) else { return nil }
            // What is impossible for everyone, and what was told, is not kept from anyone.
            if unknowns.isEmpty || given.contains(unknowns) { continue }
            if widths[unknowns] == nil { keptOrder.append(unknowns) }
            widths[unknowns] = max(widths[unknowns] ?? 0, width)
        }
        self.space = space
        self.given = order
        kept = keptOrder.map { ($0, widths[$0] ?? 0) }
        self.news = news
        self.effort = effort
    }

    /// How many unknowns, counts and protected counts there are.
    var size: (unknowns: Int, given: Int, kept: Int, news: Int) {
        (space.system.unknowns.count, given.count, kept.count, news.count)
    }

    /// Whether all that must stay unknown does, when the answers leave but for some.
    func isSafe(without items: Set<Int>) -> Bool { violations(without: items).isEmpty }

    /// How many of the protected counts are not proven to stay unknown.
    func violations(without items: Set<Int>) -> [(value: Int, width: Int)] {
        var system = space.system
        system.statements = given.map {
            Statement(unknowns: $0, role: .fixed, requiredWidth: 0, loss: 0)
        }
        for entry in news where !items.contains(entry.item) {
            system.statements.append(
                Statement(unknowns: entry.unknowns, role: .fixed, requiredWidth: 0, loss: 0))
        }
        let first = system.statements.count
        for entry in kept {
            system.statements.append(
                Statement(unknowns: entry.unknowns, role: .sensitive, requiredWidth: entry.width, loss: 0))
        }
        let withheld = system.statements.indices.map { $0 >= first }
        return RecoveryAudit(effort: effort).violations(in: system, withheld: withheld).map { index in
            (system.value(of: system.statements[index]), system.statements[index].requiredWidth)
        }
    }

    /// Answers that are to be withheld, as cheap as can be had; nil when nothing helps.
    func withheld() -> Set<Int>? {
        var system = space.system
        system.statements = given.map {
            Statement(unknowns: $0, role: .fixed, requiredWidth: 0, loss: 0)
        }
        for entry in kept {
            system.statements.append(
                Statement(unknowns: entry.unknowns, role: .sensitive, requiredWidth: entry.width, loss: 0))
        }
        let first = system.statements.count
        for entry in news {
            system.statements.append(
                Statement(
                    unknowns: entry.unknowns, role: .open, requiredWidth: 0, loss: min(entry.loss, 1 << 36),
                    bundle: Int32(entry.item)))
        }
        guard let plan = SuppressionPlanner(effort: effort).plan(system) else { return nil }
        return Set(news.indices.filter { plan.withheld[first + $0] }.map { news[$0].item })
    }
}

import Foundation
import Statistics
import StudyProtocol
import Suppression

@testable import Disclosure

/// Knows the protocols and the bytes that left, in one release or in a series of one snapshot, and works out what they say
/// about a group of cases.
///
/// It reads the released JSON and writes its own equations, over every combination of box, truth, and whatever else is
/// asked, so that a mistake in the gate's translation shows.
struct ReleaseAttacker {
    /// What a combination is: codes as in `JointSite.Case`, sizes and scores as the index of an interval between cuts.
    struct Atom: Hashable {
        var box = 2
        var size = 0
        var maker = 0
        var truth = 0
        var sex = 0
        var score = 0
        /// The boxes of the later releases of a series.
        var later: [Int] = []
    }

    let site: JointSite
    private let later: [JointSite]
    private let hasCriteria: Bool
    /// Ascending; sizes from one on and below the next are one interval.
    let sizeCuts: [Int64]
    let scoreCuts: [Int64]
    private let atoms: [Atom]
    private var equations: [(value: Int, holds: (Atom) -> Bool)] = []
    /// Of each combination, the equations that it is in, and how many cases have it.
    private var membership: [[Bool]] = []
    private var truth: [Int] = []

    /// - Parameter released: what left, as an attacker sees it.
    init(_ site: JointSite, _ released: [(key: AnswerKey, answer: Answer)]) throws {
        try self.init([(site, released)])
    }

    /// - Parameter series: of each release, the same cases with what was asked of them, and what left.
    init(_ series: [(site: JointSite, released: [(key: AnswerKey, answer: Answer)])]) throws {
        let site = series[0].site
        self.site = site
        later = series.dropFirst().map(\.site)
        var sizes: Set<Int64> = []
        var scores: Set<Int64> = []
        var uses: Set<String> = []
        for (asked, item) in series.flatMap({ entry in entry.site.items.map { (entry.site, $0) } }) {
            if let part = item.key.subgroup {
                uses.insert(part.variable.rawValue)
                if case .units(let range)? = asked.parts[part] {
                    sizes.formUnion([range.lowerBound, range.upperBound + 1])
                }
            }
            guard case .computed(let aggregate) = item.outcome else { continue }
            switch aggregate {
            case .histogram(let histogram):
                sizes.formUnion(histogram.edges)
                sizes.insert(histogram.edges.last! + 1)
                uses.formUnion(["x"] + [histogram.groupedBy].compactMap { $0 })
            case .moments(let moments): uses.formUnion(["x"] + [moments.groupedBy].compactMap { $0 })
            case .table(let table): uses.formUnion(table.axes.map(\.variable))
            case .confusion(let confusion):
                scores.insert(confusion.threshold)
                uses.insert("score")
            case .scoreSteps(let steps):
                scores.formUnion(steps.edges.dropFirst().dropLast())
                uses.insert("score")
            default: break
            }
        }
        for criterion in series.flatMap({ $0.site.criteria ?? [] }) {
            uses.insert(criterion.variable)
            if criterion.variable == "x" { sizes.formUnion(criterion.cuts) }
        }
        sizeCuts = sizes.filter { $0 > 0 && $0 <= 10_000 }.sorted()
        scoreCuts = scores.sorted()
        let sizeLevels = uses.contains("x") ? Array(0..<sizeCuts.count + 4) : [0]
        let scoreLevels = uses.contains("score") ? Array(0..<scoreCuts.count + 1) : [0]
        hasCriteria = series.contains { $0.site.criteria != nil }
        var atoms =
            hasCriteria
            ? [] : [0, 1].map { box in Atom(box: box, later: series.dropFirst().map { _ in box }) }
        // Excluded cases, and failed ones that are left out, are told by their box only.
        if site.failed == .excluded {
            atoms.append(Atom(box: 3, later: series.dropFirst().map { _ in 3 }))
        }
        for size in sizeLevels {
            for maker in uses.contains("y") ? Array(0...3) : [0] {
                for sex in uses.contains("sex") ? Array(0...2) : [0] {
                    for truth in 0...1 {
                        var own = Atom(size: size, maker: maker, truth: truth, sex: sex)
                        if hasCriteria {
                            let example = Self.example(own, sizeCuts)
                            let boxes = series.map { Int($0.site.box(of: example)) }
                            (own.box, own.later) = (boxes[0], Array(boxes.dropFirst()))
                        } else {
                            own.later = series.dropFirst().map { _ in 2 }
                        }
                        for score in scoreLevels {
                            var atom = own
                            atom.score = score
                            atoms.append(atom)
                        }
                        if site.failed == .worstCase {
                            var atom = own
                            atom.box = atom.box == 2 ? 3 : atom.box
                            atom.later = atom.later.map { $0 == 2 ? 3 : $0 }
                            guard atom.box == 3 || atom.later.contains(3) else { continue }
                            atom.score = truth == 1 ? 0 : scoreLevels.count - 1
                            atoms.append(atom)
                        }
                    }
                }
            }
        }
        self.atoms = atoms
        for (release, entry) in series.enumerated() {
            for (key, answer) in entry.released {
                let bytes = try JSONEncoder().encode(answer)
                guard let aggregate = try JSONDecoder().decode(Answer.self, from: bytes).aggregate else { continue }
                read(aggregate, of: key, in: release)
            }
        }
        let equations = equations
        membership = atoms.map { atom in equations.map { $0.holds(atom) } }
        var counts: [Atom: Int] = [:]
        for one in site.cases { counts[self.atom(one), default: 0] += 1 }
        precondition(counts.keys.allSatisfy(Set(atoms).contains), "every case is a combination")
        truth = atoms.map { counts[$0] ?? 0 }
    }

    /// A case as a combination without boxes says it.
    private static func example(_ atom: Atom, _ cuts: [Int64]) -> JointSite.Case {
        let sizes = [0] + cuts
        return JointSite.Case(
            patient: 0,
            size: atom.size < sizes.count ? sizes[atom.size] : Coded.missing + Int64(atom.size - sizes.count),
            maker: atom.maker == 3 ? Coded.missing : Int64(atom.maker), truth: Int64(atom.truth),
            sex: atom.sex == 2 ? Coded.missing : Int64(atom.sex))
    }

    private func atom(_ one: JointSite.Case) -> Atom {
        func place(_ value: Int64, _ cuts: [Int64]) -> Int {
            Coded.isValue(value) ? cuts.count { $0 <= value } : cuts.count + 1 + Int(value &- Coded.missing)
        }
        var atom = Atom(
            box: box(one, site), size: place(one.size, sizeCuts),
            maker: Coded.isValue(one.maker) ? Int(one.maker) : 3, truth: Int(one.truth),
            sex: Coded.isValue(one.sex) ? Int(one.sex) : 2, score: place(one.score, scoreCuts),
            later: later.map { box(one, $0) })
        if one.score == Coded.missing { atom.score = one.truth == 1 ? 0 : scoreCuts.count }
        let known = Set(atoms.map(\.size))
        if known == [0] { atom.size = 0 }
        if Set(atoms.map(\.maker)) == [0] { atom.maker = 0 }
        if Set(atoms.map(\.sex)) == [0] { atom.sex = 0 }
        if Set(atoms.map(\.score)) == [0] { atom.score = 0 }
        if !hasCriteria, atom.box < 2 || (atom.box == 3 && site.failed == .excluded) {
            atom = Atom(box: atom.box, later: later.map { _ in atom.box })
        }
        return atom
    }

    private func box(_ one: JointSite.Case, _ site: JointSite) -> Int {
        let box = Int(site.box(of: one))
        return box == 2 && one.score == Coded.missing ? 3 : box
    }

    // MARK: Reading

    func isDescribed(_ atom: Atom) -> Bool { isCounted(atom, in: 0) }

    func isCounted(_ atom: Atom, in release: Int) -> Bool {
        let box = self.box(atom, in: release)
        return box == 2 || (box == 3 && site.failed == .worstCase)
    }

    private func box(_ atom: Atom, in release: Int) -> Int { release == 0 ? atom.box : atom.later[release - 1] }

    func isSize(_ atom: Atom, from lower: Int64, below upper: Int64) -> Bool {
        let starts = [0] + sizeCuts
        let ends = sizeCuts + [10_001]
        return atom.size < starts.count && starts[atom.size] >= lower && ends[atom.size] <= upper
    }

    func isBelow(_ atom: Atom, _ threshold: Int64) -> Bool {
        (scoreCuts + [1_000_001])[atom.score] <= threshold
    }

    private func level(_ atom: Atom, _ variable: String?) -> Int {
        switch variable {
        case "y": atom.maker
        case "sex": atom.sex
        case "group": atom.truth
        default: 0
        }
    }

    func isIn(_ atom: Atom, _ part: Subgroup?) -> Bool {
        guard let part, let cases = ([site] + later).lazy.compactMap({ $0.parts[part] }).first else {
            return true
        }
        switch cases {
        case .level(let code): return level(atom, part.variable.rawValue) == Int(code)
        case .units(let range): return isSize(atom, from: range.lowerBound, below: range.upperBound + 1)
        }
    }

    private mutating func know(_ count: Count, _ holds: @escaping (Atom) -> Bool) {
        if case .exact(let value) = count { equations.append((value, holds)) }
    }

    private mutating func read(_ aggregate: ReleasedAggregate, of key: AnswerKey, in release: Int) {
        let copy = self
        func described(_ holds: @escaping (Atom) -> Bool) -> (Atom) -> Bool {
            { copy.isCounted($0, in: release) && copy.isIn($0, key.subgroup) && holds($0) }
        }
        switch aggregate {
        case .flow(let flow):
            for box in flow.boxes {
                let boxes: [Int] =
                    switch (box.box, box.reason) {
                    case (.screened, _): [0, 1, 2, 3]
                    case (.excluded, "age"): [0]
                    case (.excluded, _): [1]
                    case (.analysed, _): [2]
                    default: [3]
                    }
                know(box.cases) { boxes.contains(copy.box($0, in: release)) }
            }
        case .table(let table):
            let all = Array(table.axes.indices)
            for kept in ReleasedTable.marginAxes(all.count) + [all] {
                let cells = kept == all ? table.cells : table.margin(on: kept)
                let variables = kept.map { table.axes[$0].variable }
                let sizes = kept.map { table.axes[$0].levels.count }
                for (cell, count) in cells.enumerated() {
                    know(
                        count,
                        described { atom in
                            var rest = cell
                            for (variable, size) in zip(variables, sizes).reversed() {
                                if copy.level(atom, variable) != rest % size { return false }
                                rest /= size
                            }
                            return true
                        })
                }
            }
        case .histogram(let histogram):
            let edges = histogram.edges.map { Int64((Double($0)! * 100).rounded()) }
            for (index, group) in histogram.groups.enumerated() {
                func own(_ holds: @escaping (Atom) -> Bool) -> (Atom) -> Bool {
                    described { copy.level($0, histogram.by) == index && holds($0) }
                }
                let last = edges.last! + 1
                know(group.n, own { copy.isSize($0, from: edges[0], below: last) })
                for (edge, bounds) in zip(edges, zip(group.lower, group.upper)).dropFirst().dropLast()
                where bounds.0 == bounds.1 {
                    know(.exact(bounds.0), own { copy.isSize($0, from: edges[0], below: edge) })
                }
                know(group.missing, own { $0.size == copy.sizeCuts.count + 1 })
                know(group.malformed, own { $0.size == copy.sizeCuts.count + 2 })
                know(
                    group.outOfRange,
                    own {
                        $0.size == copy.sizeCuts.count + 3
                            || ($0.size <= copy.sizeCuts.count && !copy.isSize($0, from: edges[0], below: last))
                    })
            }
        case .moments(let moments):
            for (index, group) in moments.groups.enumerated() {
                func own(_ holds: @escaping (Atom) -> Bool) -> (Atom) -> Bool {
                    described { copy.level($0, moments.by) == index && holds($0) }
                }
                know(group.n, own { $0.size <= copy.sizeCuts.count })
                for (kind, count) in [group.missing, group.malformed, group.outOfRange].enumerated() {
                    know(count, own { $0.size == copy.sizeCuts.count + 1 + kind })
                }
            }
        case .confusion(let confusion):
            let threshold = Int64((Double(confusion.threshold)! * 1e6).rounded())
            for (count, truth, called) in [
                (confusion.tp, 1, true), (confusion.fp, 0, true), (confusion.fn, 1, false), (confusion.tn, 0, false),
            ] { know(count, described { $0.truth == truth && copy.isBelow($0, threshold) != called }) }
        case .scoreSteps(let steps):
            let edges = steps.edges.map { Int64((Double($0)! * 1e6).rounded()) }
            for (part, truth) in [(steps.positives, 1), (steps.negatives, 0)] {
                know(part.n, described { $0.truth == truth })
                for (edge, bounds) in zip(edges, zip(part.lower, part.upper)).dropFirst().dropLast()
                where bounds.0 == bounds.1 {
                    know(.exact(bounds.0), described { $0.truth == truth && copy.isBelow($0, edge) })
                }
            }
        case .roc(let summary):
            know(.exact(summary.positives), described { $0.truth == 1 })
            know(.exact(summary.negatives), described { $0.truth == 0 })
        default: break
        }
    }

    // MARK: Attacking

    /// The true number of cases and patients.
    func size(_ holds: (Atom) -> Bool) -> (cases: Int, patients: Int) {
        let members = site.cases.filter { holds(atom($0)) }
        return (members.count, Set(members.map(\.patient)).count)
    }

    /// How closely the cases of a group are known: 0 for the exact number. A group that nothing bounds from above has a
    /// width beyond all counts.
    func width(_ holds: (Atom) -> Bool) -> Int {
        // Combinations that no equation and not the group tell apart are one unknown.
        var places: [[Bool]: Int] = [:]
        var signatures: [[Bool]] = []
        var counts: [Int] = []
        for (place, atom) in atoms.enumerated() {
            let signature = membership[place] + [holds(atom)]
            let unknown = places[signature] ?? signatures.count
            if unknown == signatures.count {
                places[signature] = unknown
                signatures.append(signature)
                counts.append(0)
            }
            counts[unknown] += truth[place]
        }
        var system = CountSystem(unknowns: counts)
        for statement in 0...equations.count {
            let members = signatures.indices.filter { signatures[$0][statement] }.map(Int32.init)
            system.statements.append(Statement(unknowns: members, requiredWidth: 1, loss: 1))
            precondition(
                statement == equations.count
                    || system.value(of: system.statements[statement]) == equations[statement].value,
                "the attacker reads what was meant")
        }
        let published = system.statements.indices.map { $0 < equations.count }
        let interval = RecoveryAudit().interval(
            of: equations.count, in: system, published: published, reach: 100_000)
        return interval?.width ?? 0
    }
}

import Statistics
import Suppression

/// Rule 4 over the numbers of patients: how many have a case here, there, or in both, are counts of sets that overlap.
/// An attacker's unknowns are the patients by the sets that they are in.
struct PatientProtection {
    /// A published number of patients.
    struct Number {
        let count: JointProtection.Count
        /// The cases that make a patient count.
        let cases: [Int]
        /// Nil where it is published whatever follows.
        let tier: JointStatement.Tier?
        /// Large enough, but its cases are withheld: the patients would be a lower bound of them.
        let isRefused: Bool
    }

    /// The most kinds of patients that are told apart besides those that exist.
    static let kindLimit = 2000

    let numbers: [Number]
    let minimum: MinimumCount
    let effort: Int

    /// The numbers that are withheld; nil when the fixed ones alone say too much.
    func withheld(patients: [Int32]) -> Set<JointProtection.Count>? {
        guard !numbers.isEmpty else { return [] }
        let kinds = kinds(patients)
        var sets: [[Int32]] = []
        for number in numbers.indices {
            sets.append(kinds.indices.filter { kinds[$0].isIn[number] }.map(Int32.init))
        }
        var system = CountSystem(unknowns: kinds.map(\.patients))
        for (number, set) in zip(numbers, sets) {
            let size = system.unknowns(in: set)
            let isSmall = SmallGroups.isSmall(size, minimum)
            let role: Statement.Role =
                number.tier == nil ? .fixed : isSmall || number.isRefused ? .sensitive : .open
            system.statements.append(
                Statement(
                    unknowns: set, role: role, requiredWidth: number.count.part == .whole ? 0 : minimum.least,
                    loss: max(1, size) * (number.tier?.weight ?? 1),
                    bundle: number.count.part == .whole && number.tier != nil ? Int32(number.count.item) : nil))
        }
        for group in smallGroups(Set(sets), in: system) {
            system.statements.append(
                Statement(unknowns: group, role: .sensitive, requiredWidth: minimum.least, loss: 0))
        }
        guard let plan = SuppressionPlanner(effort: effort).plan(system) else { return nil }
        return Set(numbers.indices.filter { plan.withheld[$0] }.map { numbers[$0].count })
    }

    private struct Kind {
        let isIn: [Bool]
        var patients: Int
    }

    /// Patients by the sets that they are in: those that exist, and those that could: with cases of one or two kinds.
    private func kinds(_ patients: [Int32]) -> [Kind] {
        var membership = Array(repeating: Array(repeating: false, count: numbers.count), count: patients.count)
        for (number, entry) in numbers.enumerated() {
            for index in entry.cases { membership[index][number] = true }
        }
        var counts: [[Bool]: Int] = [:]
        var start = 0
        while start < patients.count {
            var end = start
            var isIn = Array(repeating: false, count: numbers.count)
            while end < patients.count, patients[end] == patients[start] {
                isIn = zip(isIn, membership[end]).map { $0 || $1 }
                end += 1
            }
            counts[isIn, default: 0] += 1
            start = end
        }
        let single = Set(membership)
        for first in single { counts[first, default: 0] += 0 }
        if single.count * single.count <= Self.kindLimit {
            for first in single {
                for second in single { counts[zip(first, second).map { $0 || $1 }, default: 0] += 0 }
            }
        }
        return counts.filter { $0.key.contains(true) }.map { Kind(isIn: $0.key, patients: $0.value) }.sorted {
            left, right in
            (zip(left.isIn, right.isIn).first { $0 != $1 }?.0) ?? false
        }
    }

    /// Of every two sets, what they share and what only one of them has, where it is 1 to t-1 patients.
    private func smallGroups(_ sets: Set<[Int32]>, in system: CountSystem) -> [[Int32]] {
        let ordered = sets.sorted { $0.lexicographicallyPrecedes($1) }
        var groups: Set<[Int32]> = []
        for (place, first) in ordered.enumerated() {
            for second in ordered[(place + 1)...] {
                let (left, right) = (Set(first), Set(second))
                for group in [left.intersection(right), left.subtracting(right), right.subtracting(left)] {
                    let group = group.sorted()
                    if SmallGroups.isSmall(system.unknowns(in: group), minimum) { groups.insert(group) }
                }
            }
        }
        return groups.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

extension CountSystem {
    fileprivate func unknowns(in set: [Int32]) -> Int { set.reduce(0) { $0 + unknowns[Int($1)] } }
}

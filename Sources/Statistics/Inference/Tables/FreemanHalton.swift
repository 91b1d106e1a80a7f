internal import Foundation

/// The exact test of independence of a table of any size given its margins: the sum of the probabilities of the tables
/// that are at most as probable as the one seen. G. H. Freeman and J. H. Halton (1951), "Note on an exact treatment of
/// contingency, goodness of fit and other problems of significance", Biometrika 38:141-149.
///
/// The tables are not listed one by one: the columns are halved, for each use of the row totals by a half the
/// distinct log probabilities are counted, and the halves meet by a sorted search.
public enum FreemanHalton {
    /// The most partial tables that are looked at; a larger table is refused.
    public static let workLimit = 5_000_000

    /// The p value; `no-cases`, `zero-margin`, and `bad-argument` for a matrix that is none or a table too large to be
    /// enumerated (use the chi-squared test there).
    public static func pValue(_ counts: [[Int]]) -> Inferred<Double> {
        let width = counts.first?.count ?? 0
        guard counts.allSatisfy({ $0.count == width && $0.allSatisfy { (0..<CaseColumns.caseLimit).contains($0) } })
        else { return .undefined(.badArgument) }
        var rows = counts.map { $0.reduce(0, +) }
        var columns = (0..<width).map { column in counts.reduce(0) { $0 + $1[column] } }
        let total = rows.reduce(0, +)
        guard total < CaseColumns.caseLimit else { return .undefined(.badArgument) }
        guard total > 0 else { return .undefined(.noCases) }
        guard rows.count > 1, columns.count > 1, !rows.contains(0), !columns.contains(0) else {
            return .undefined(.zeroMargin)
        }
        if rows.count == 2, columns.count == 2,
            let distribution = HypergeometricDistribution(row: rows[0], column: columns[0], total: total)
        {
            return .value(distribution.asProbableOrLess(counts[0][0]))
        }
        // The shorter side's totals are what a partial table has used up.
        if rows.count > columns.count { (rows, columns) = (columns, rows) }
        columns.sort(by: >)
        guard total <= 1_000_000 else { return .undefined(.tooLarge) }
        let factorials = LogFactorials(upTo: total)
        // Every other column, so that the halves are alike.
        let halves = [0, 1].map { parity in columns.indices.filter { $0 % 2 == parity }.map { columns[$0] } }
        var work = workLimit
        guard let first = PartialTables(columns: halves[0], rows: rows, factorials: factorials, work: &work),
            let second = PartialTables(columns: halves[1], rows: rows, factorials: factorials, work: &work)
        else { return .undefined(.tooLarge) }
        let constant =
            (rows + columns).reduce(0) { $0 + factorials.values[$1] } - factorials.values[total]
        let observed = constant - counts.joined().reduce(0) { $0 + factorials.values[$1] }
        let sum = first.probability(with: second, rows: rows, constant: constant, atMost: observed + log1p(1e-7))
        return .value(min(1, sum))
    }

    /// The p value of a released table without its missing levels; also `withheld` and `not-two-way`.
    public static func pValue(_ table: ReleasedTable) -> Inferred<Double> {
        switch TwoByTwo.matrix(table) {
        case .value(let counts): pValue(counts)
        case .undefined(let reason): .undefined(reason)
        }
    }
}

/// ln x! for small x.
private struct LogFactorials {
    let values: [Double]

    init(upTo limit: Int) {
        var values = [0.0]
        var sum = DoubleDouble.zero
        for x in 1...max(1, limit) {
            sum = sum + log(Double(x))
            values.append(sum.value)
        }
        self.values = values
    }
}

/// How many partial tables have which −Σ ln cell!, ascending and each value once.
private struct PathCounts {
    /// Log values are told apart to 2⁻³⁶, far below the tolerance of the comparison.
    static let scale = 0x1p36

    private(set) var paths: [(value: Int, count: Double)] = []
    private var merged = 0

    /// Adds paths whose values are all moved by a step.
    mutating func add(_ others: PathCounts, step: Int) {
        for path in others.paths { paths.append((path.value + step, path.count)) }
        if paths.count > 2 * merged + 4096 { merge() }
    }

    mutating func addOne() { paths.append((0, 1)) }

    /// Sorts, and joins equal values.
    mutating func merge() {
        paths.sort { $0.value < $1.value }
        var joined: [(value: Int, count: Double)] = []
        for path in paths {
            if let last = joined.last, last.value == path.value {
                joined[joined.count - 1].count += path.count
            } else {
                joined.append(path)
            }
        }
        paths = joined
        merged = joined.count
    }
}

/// The fillings of some columns, by what they use of each row's total.
private struct PartialTables {
    /// From the row use, in mixed radix, to the counts.
    private var uses: [Int: PathCounts]
    /// The radix weight of each row.
    private let weights: [Int]

    /// Nil when the work runs out.
    init?(columns: [Int], rows: [Int], factorials: LogFactorials, work: inout Int) {
        var weights = [1]
        for row in rows {
            let (weight, overflow) = weights[weights.count - 1].multipliedReportingOverflow(by: row + 1)
            guard !overflow else { return nil }
            weights.append(weight)
        }
        self.weights = weights
        var start = PathCounts()
        start.addOne()
        uses = [0: start]
        for column in columns {
            var next: [Int: PathCounts] = [:]
            for (use, counts) in uses {
                let free = rows.indices.map { rows[$0] - use / weights[$0] % (rows[$0] + 1) }
                guard free.reduce(0, +) >= column else { continue }
                Self.fill(column, free: free, from: 0, weights: weights, factorials: factorials, use: use, value: 0) {
                    work -= counts.paths.count
                    guard work > 0 else { return false }
                    next[$0, default: PathCounts()].add(counts, step: Int(($1 * PathCounts.scale).rounded()))
                    return true
                }
                guard work > 0 else { return nil }
            }
            uses = next.mapValues { counts in
                var counts = counts
                counts.merge()
                return counts
            }
        }
    }

    /// Every way to put `left` cases into the rows from one on; stops when `take` says no.
    @discardableResult
    private static func fill(
        _ left: Int, free: [Int], from row: Int, weights: [Int], factorials: LogFactorials, use: Int, value: Double,
        take: (Int, Double) -> Bool
    ) -> Bool {
        if row == free.count - 1 {
            guard left <= free[row] else { return true }
            return take(use + left * weights[row], value - factorials.values[left])
        }
        for count in 0...min(left, free[row]) {
            let goesOn = fill(
                left - count, free: free, from: row + 1, weights: weights, factorials: factorials,
                use: use + count * weights[row], value: value - factorials.values[count], take: take)
            guard goesOn else { return false }
        }
        return true
    }

    /// Σ of exp(constant + v₁ + v₂) over the pairs that complete each other and are at most `limit`.
    func probability(
        with other: PartialTables, rows: [Int], constant: Double, atMost limit: Double
    ) -> Double {
        let whole = zip(rows, weights).reduce(0) { $0 + $1.0 * $1.1 }
        var sum = 0.0
        for use in uses.keys.sorted() {
            guard let mine = uses[use]?.paths, let theirs = other.uses[whole - use]?.paths else { continue }
            let highest = Double(theirs.last?.value ?? 0) / PathCounts.scale
            // cumulative[i] is Σ count · exp(v − highest) of the first i.
            var cumulative = [0.0]
            for path in theirs {
                cumulative.append(
                    cumulative[cumulative.count - 1] + path.count
                        * exp(Double(path.value) / PathCounts.scale - highest))
            }
            for path in mine {
                let base = constant + Double(path.value) / PathCounts.scale
                let bound = (limit - base) * PathCounts.scale
                var (low, high) = (0, theirs.count)
                while low < high {
                    let middle = (low + high) / 2
                    if Double(theirs[middle].value) <= bound { low = middle + 1 } else { high = middle }
                }
                sum += path.count * cumulative[low] * exp(base + highest)
            }
        }
        return sum
    }
}

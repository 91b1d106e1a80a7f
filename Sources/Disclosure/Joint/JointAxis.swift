import Statistics

/// An axis that answers share: a variable, or the model's score.
enum JointAxis: Hashable {
    case score
    case variable(String)
}

/// An axis cut as finely as the answers of a release cut it, and no finer. What no answer tells apart is one level.
struct AxisLevels {
    enum Kind {
        /// Declared levels, then the missing one.
        case category(count: Int)
        /// `cuts` are ascending units at which a level begins; then missing, malformed, out of range.
        case quantity(cuts: [Int64])
        /// Likewise of scores, then the failed cases.
        case score(cuts: [Int64])
    }

    let axis: JointAxis
    let kind: Kind
    /// Levels that no case of the population can have, as everybody knows: the reference of an evaluated case is there.
    let impossible: Set<Int>
    /// The values that a case can have.
    private let bounds: Range<Int64>

    init(category: String, count: Int, impossible: Set<Int> = []) {
        axis = .variable(category)
        kind = .category(count: count)
        bounds = 0..<0
        self.impossible = impossible
    }

    /// Nothing lies outside the declared range but what counts as out of range.
    init(quantity: String, range: ClosedRange<Int64>, cuts: Set<Int64>) {
        axis = .variable(quantity)
        kind = .quantity(cuts: cuts.filter { $0 > range.lowerBound && $0 <= range.upperBound }.sorted())
        bounds = range.lowerBound..<range.upperBound + 1
        impossible = []
    }

    /// - Parameter hasFailed: whether failed cases are in the population.
    init(scoreUpTo one: Int64, cuts: Set<Int64>, hasFailed: Bool) {
        axis = .score
        let inner = cuts.filter { $0 > 0 && $0 <= one }.sorted()
        kind = .score(cuts: inner)
        bounds = 0..<one + 1
        impossible = hasFailed ? [] : [inner.count + 1]
    }

    var count: Int {
        switch kind {
        case .category(let count): count
        case .quantity(let cuts): cuts.count + 4
        case .score(let cuts): cuts.count + 2
        }
    }

    /// Levels that a case can have.
    var possible: [Int] { (0..<count).filter { !impossible.contains($0) } }

    /// How many levels follow each other along a scale, from the first on; none of a category.
    var orderedCount: Int {
        switch kind {
        case .category: 0
        case .quantity(let cuts), .score(let cuts): cuts.count + 1
        }
    }

    // MARK: Levels of codes

    func level(of code: Int64) -> Int {
        switch kind {
        case .category(let count): return CategoryColumn.index(of: code, count: count)
        case .quantity(let cuts):
            return Coded.isValue(code) ? Self.place(code, cuts) : cuts.count + 1 + Int(code &- Coded.missing)
        case .score(let cuts): return Coded.isValue(code) ? Self.place(code, cuts) : cuts.count + 1
        }
    }

    private static func place(_ value: Int64, _ cuts: [Int64]) -> Int {
        var (low, high) = (0, cuts.count)
        while low < high {
            let middle = (low + high) / 2
            if cuts[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: Levels of sets

    /// Levels of the values from `lower` on and below `upper`; both are cuts, or lie outside of the range.
    func levels(from lower: Int64 = .min, below upper: Int64 = .max) -> [Int] {
        let cuts: [Int64]
        switch kind {
        case .category: return []
        case .quantity(let inner), .score(let inner): cuts = inner
        }
        let starts = [bounds.lowerBound] + cuts
        let ends = cuts + [bounds.upperBound]
        return starts.indices.filter { starts[$0] >= lower && ends[$0] <= upper }
    }

    /// The level of a reserved code.
    func level(reserved code: Int64) -> [Int] {
        guard case .quantity(let cuts) = kind else { return [] }
        return [cuts.count + 1 + Int(code &- Coded.missing)]
    }

    /// The level of the failed cases.
    var failed: [Int] {
        guard case .score(let cuts) = kind else { return [] }
        return impossible.contains(cuts.count + 1) ? [] : [cuts.count + 1]
    }
}

extension CategoryColumn {
    /// The level's index of a code; reserved and undeclared codes are the last level.
    static func index(of code: Int64, count: Int) -> Int {
        code >= 0 && code < Int64(count - 1) ? Int(code) : count - 1
    }
}

/// Quantiles and a histogram of one column, from the bins of the first reading and, where those do not decide, from the
/// values that a second reading kept.
struct Distribution {
    struct Quantile {
        let percent: Int
        /// Hyndman and Fan's type 7, when the order statistics are known.
        let value: Double?
        /// Limits of all nine types.
        let lower: Double
        let upper: Double
    }

    struct Bar {
        let lower: Double
        let upper: Double
        let count: Int
    }

    let quantiles: [Quantile]
    /// Ascending bins of equal width, the last one closed; nil where the levels say more.
    let bars: [Bar]?
    /// Every distinct value with its count, where they are few and whole.
    let levels: [(value: Double, count: Int)]?
}

/// What the second reading must find out about one column.
struct DistributionPlan {
    /// The most distinct values that are counted one by one.
    static let levelLimit = 50

    private struct Bin {
        let lower: Double
        let upper: Double
        let count: Int
        /// Values below the bin.
        let before: Int
        let cell: Int32
        /// The place among the targets, -1 for none.
        var targetPlace: Int32 = -1

        /// The one value that it holds.
        var exact: Double? { lower == upper ? lower : nil }
        var target: Int? { targetPlace < 0 ? nil : Int(targetPlace) }
    }

    private var bins: [Bin] = []
    private let n: Int
    private let percents: [Int]
    /// Of the histogram; empty for none.
    private let edges: [Double]
    private let isLevelled: Bool
    private(set) var targets: [(cell: Int, target: ValueResolver.Target)] = []

    /// - Parameters:
    ///   - sketch: ascending.
    ///   - isWhole: whether every value is a whole number.
    ///   - edges: of the histogram, from the smallest to the largest value or beyond; empty for none.
    ///   - budget: values that may be kept in the second reading.
    init(
        _ sketch: [ValueSketch.Bin], isWhole: Bool, minimum: Double, maximum: Double, percents: [Int], edges: [Double],
        budget: Int
    ) {
        self.percents = percents
        var before = 0
        bins.reserveCapacity(sketch.count)
        for bin in sketch {
            let lower = max(isWhole ? bin.lower.rounded(.up) : bin.lower, minimum)
            let upper = min(isWhole ? bin.upper.rounded(.down) : bin.upper, maximum)
            bins.append(
                Bin(lower: lower, upper: upper, count: bin.count, before: before, cell: Int32(bin.cell)))
            before += bin.count
        }
        n = before
        isLevelled = bins.count <= Self.levelLimit && bins.allSatisfy { $0.exact != nil }
        self.edges = isLevelled ? [] : edges
        plan(budget: budget)
    }

    /// The edges in equal steps, as `numpy.linspace` computes them; empty when there is no width.
    static func edges(from lower: Double, to upper: Double, bins: Int) -> [Double] {
        let step = (upper - lower) / Double(bins)
        guard bins > 0, step.isFinite, step > 0 else { return [] }
        var edges = (0..<bins).map { Double($0) * step + lower }
        edges.append(upper)
        return zip(edges, edges.dropFirst()).allSatisfy(<) ? edges : []
    }

    private mutating func plan(budget: Int) {
        guard n > 0 else { return }
        var budget = budget
        var kept: Set<Int> = []
        for percent in percents {
            for rank in ranks(percent) {
                let bin = bin(ofRank: rank)
                guard bins[bin].exact == nil, !kept.contains(bin), bins[bin].target == nil else { continue }
                // Beyond the budget only the smallest and the largest value of the bin are kept.
                let isKept = bins[bin].count <= budget
                if isKept {
                    budget -= bins[bin].count
                    kept.insert(bin)
                }
                addTarget(bin, isKept: isKept)
            }
        }
        guard edges.count > 1 else { return }
        for index in bins.indices where bins[index].exact == nil && bins[index].target == nil {
            if crossedEdge(bins[index]) != nil { addTarget(index, isKept: false) }
        }
    }

    private mutating func addTarget(_ index: Int, isKept: Bool) {
        bins[index].targetPlace = Int32(targets.count)
        targets.append(
            (Int(bins[index].cell), ValueResolver.Target(isKept: isKept, edge: crossedEdge(bins[index]))))
    }

    /// The first edge above the bin's lower end when it is not above the upper one.
    private func crossedEdge(_ bin: Bin) -> Int? {
        guard edges.count > 1 else { return nil }
        let first = bar(bin.lower) + 1
        return first < edges.count - 1 && edges[first] <= bin.upper ? first : nil
    }

    /// The bar of a value, by bisection.
    private func bar(_ value: Double) -> Int {
        var (low, high) = (0, edges.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if edges[middle] <= value { low = middle } else { high = middle }
        }
        return low
    }

    /// The ranks, from 0, between which type 7 interpolates.
    private func ranks(_ percent: Int) -> [Int] {
        let position = (n - 1) * percent
        return position % 100 == 0 ? [position / 100] : [position / 100, position / 100 + 1]
    }

    /// The bin with the order statistic of a rank, by bisection.
    private func bin(ofRank rank: Int) -> Int {
        var (low, high) = (0, bins.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if bins[middle].before <= rank { low = middle } else { high = middle }
        }
        return low
    }

    /// The edges of the histogram; empty for none.
    var histogramEdges: [Double] { edges }

    /// The distribution; nil when the second reading did not see what the first one counted.
    func distribution(_ resolver: ValueResolver?) -> Distribution? {
        guard n > 0 else { return Distribution(quantiles: [], bars: nil, levels: []) }
        var sorted: [Int: [Double]] = [:]
        for bin in bins {
            guard let target = bin.target, targets[target].target.isKept else { continue }
            guard let values = resolver?.kept[target], values.count == bin.count else { return nil }
            sorted[target] = values.sorted()
        }
        let quantiles = percents.map { quantile($0, resolver, sorted) }
        if isLevelled {
            return Distribution(
                quantiles: quantiles, bars: nil, levels: bins.map { (value: $0.exact ?? $0.lower, count: $0.count) })
        }
        guard edges.count > 1 else { return Distribution(quantiles: quantiles, bars: nil, levels: nil) }
        var counts = resolver?.counts ?? [Int](repeating: 0, count: edges.count - 1)
        for bin in bins {
            if let target = bin.target, targets[target].target.edge != nil { continue }
            counts[bar(bin.lower)] += bin.count
        }
        guard counts.reduce(0, +) == n else { return nil }
        let bars = counts.indices.map {
            Distribution.Bar(lower: edges[$0], upper: edges[$0 + 1], count: counts[$0])
        }
        return Distribution(quantiles: quantiles, bars: bars, levels: nil)
    }

    private func quantile(
        _ percent: Int, _ resolver: ValueResolver?, _ sorted: [Int: [Double]]
    ) -> Distribution.Quantile {
        // All nine types lie between these order statistics (see `QuantileBounds`).
        let first = max(1, n * percent / 100) - 1
        let last = min(n, (n * percent + 99) / 100 + 1) - 1
        let lower = limits(first, resolver, sorted).lower
        let upper = limits(last, resolver, sorted).upper
        let parts = ranks(percent).map { limits($0, resolver, sorted) }
        var value: Double?
        if parts.allSatisfy({ $0.lower == $0.upper }) {
            let (low, high) = (parts[0].lower, parts[parts.count - 1].lower)
            let fraction = Double((n - 1) * percent % 100) / 100
            value = low + fraction * (high - low)
        }
        return Distribution.Quantile(percent: percent, value: value, lower: lower, upper: upper)
    }

    /// Between which values the order statistic of a rank lies.
    private func limits(
        _ rank: Int, _ resolver: ValueResolver?, _ sorted: [Int: [Double]]
    ) -> (lower: Double, upper: Double) {
        let bin = bins[bin(ofRank: rank)]
        if let exact = bin.exact { return (exact, exact) }
        guard let target = bin.target, let resolver else { return (bin.lower, bin.upper) }
        if let values = sorted[target] { return (values[rank - bin.before], values[rank - bin.before]) }
        return (max(bin.lower, resolver.minimum[target]), min(bin.upper, resolver.maximum[target]))
    }
}

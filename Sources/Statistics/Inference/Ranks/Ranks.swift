/// Ranks of values, tied ones sharing the average; as twice the rank, which is a whole number.
struct Ranks {
    /// Twice the rank of each value, from 2 for a smallest without ties.
    let doubled: [Int]
    /// The sizes of the groups of equal values, those of one included.
    let ties: [Int]

    /// Nil when a value is not finite.
    init?(_ values: [Double]) {
        guard values.allSatisfy(\.isFinite) else { return nil }
        let order = values.indices.sorted { values[$0] < values[$1] }
        var doubled = [Int](repeating: 0, count: values.count)
        var ties: [Int] = []
        var first = 0
        while first < order.count {
            var last = first + 1
            while last < order.count, values[order[last]] == values[order[first]] { last += 1 }
            // Ranks first + 1 ... last have the average (first + 1 + last)/2.
            for index in first..<last { doubled[order[index]] = first + 1 + last }
            ties.append(last - first)
            first = last
        }
        self.doubled = doubled
        self.ties = ties
    }

    /// Σ(t³ − t) over the groups of equal values.
    var tieCubes: Int128 {
        ties.reduce(0) { sum, size in
            let wide = Int128(size)
            return sum + wide * wide * wide - wide
        }
    }
}

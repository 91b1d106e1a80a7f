/// Looks for a vector of a space of vectors that is not zero for few patients only: decides whether there is one, within
/// a number of steps.
///
/// Modulo a prime a vector can only lose patients: where the rows are independent modulo the prime, a rational combination
/// of them that is not zero can be scaled so that it is not zero modulo the prime either. So "none" is a proof.
///
/// The method is that of minimum distances of codes (Brouwer and Zimmermann; Grassl 2006, "Searching for linear codes with
/// large minimum distance"), over columns with weights and a space that shrinks. Sets of columns, disjoint up to their
/// weights, in each of which the space is in unit-vector form: a vector of weight `b` at most is not zero on `k` columns
/// at most of one of them, when all `k + 1` add up to more than `b`. Choosing those columns leaves a small space over
/// the other columns, where the same is asked again. Columns that are multiples of each other are one; a column heavier
/// than the weight that is left must be zero.
struct SmallSupportSearch {
    enum Outcome {
        case none
        /// The number of patients, and the coefficients of the rows where the matrix has a tail.
        case found(weight: Int, coefficients: [UInt32])
        case exhausted
    }

    /// Entries that may still be worked on.
    var steps: Int

    /// - Parameters:
    ///   - space: independent rows.
    ///   - budget: the largest weight to look for.
    mutating func search(_ space: FieldMatrix, budget: Int) -> Outcome { search(space, budget: budget, spent: 0) }

    private mutating func search(_ space: FieldMatrix, budget: Int, spent: Int) -> Outcome {
        guard budget >= 0, space.rowCount > 0 else { return .none }
        var matrix = space
        // Columns that must be zero are taken out with a dimension each, until nothing changes.
        while true {
            steps -= matrix.rowCount * matrix.width * 2
            guard steps > 0 else { return .exhausted }
            if matrix.rowCount == 1 { return single(matrix, budget: budget, spent: spent) }
            matrix = matrix.merged()
            if matrix.weights.reduce(0, +) <= budget { return whole(matrix, spent: spent) }
            let heavy = matrix.weights.indices.filter { matrix.weights[$0] > budget }
            if heavy.isEmpty { break }
            for column in heavy {
                guard let row = (0..<matrix.rowCount).first(where: { matrix.entry($0, column) != 0 }) else { continue }
                steps -= matrix.rowCount * matrix.width
                matrix.pivot(row: row, column: column)
                matrix.removeRow(row)
                if matrix.rowCount == 0 { return .none }
            }
        }
        return matrix.rowCount == 2
            ? pair(matrix, budget: budget, spent: spent) : divide(matrix, budget: budget, spent: spent)
    }

    /// One dimension: one vector.
    private func single(_ matrix: FieldMatrix, budget: Int, spent: Int) -> Outcome {
        var weight = 0
        for column in 0..<matrix.columnCount where matrix.entries[column] != 0 { weight += matrix.weights[column] }
        return weight <= budget ? .found(weight: spent + weight, coefficients: tail(matrix, row: 0)) : .none
    }

    /// Any vector is light enough.
    private func whole(_ matrix: FieldMatrix, spent: Int) -> Outcome {
        .found(weight: spent + matrix.weights.reduce(0, +), coefficients: tail(matrix, row: 0))
    }

    /// Two dimensions, merged: the lightest vector is zero on the heaviest column.
    private func pair(_ matrix: FieldMatrix, budget: Int, spent: Int) -> Outcome {
        let total = matrix.weights.reduce(0, +)
        guard let heaviest = matrix.weights.indices.max(by: { matrix.weights[$0] < matrix.weights[$1] }) else {
            return .found(weight: spent, coefficients: tail(matrix, row: 0))
        }
        let weight = total - matrix.weights[heaviest]
        guard weight <= budget else { return .none }
        var reduced = matrix
        guard let row = (0..<2).first(where: { reduced.entry($0, heaviest) != 0 }) else { return .none }
        reduced.pivot(row: row, column: heaviest)
        return .found(weight: spent + weight, coefficients: tail(reduced, row: 1 - row))
    }

    private func tail(_ matrix: FieldMatrix, row: Int) -> [UInt32] {
        Array(matrix.entries[row * matrix.width + matrix.columnCount..<(row + 1) * matrix.width])
    }

    /// The space in unit-vector form over a set of columns.
    private struct Set {
        let matrix: FieldMatrix
        /// The column of each row that has one.
        let pivots: [Int?]
        /// The most of its columns that are tried as not zero; below 0 for none of it.
        var most: Int

        var size: Int { pivots.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }
        var kernel: [Int] { pivots.indices.filter { pivots[$0] == nil } }
    }

    private mutating func divide(_ matrix: FieldMatrix, budget: Int, spent: Int) -> Outcome {
        guard var sets = sets(of: matrix, budget: budget) else { return .exhausted }
        if let first = sets.first, first.size < matrix.rowCount {
            // The columns leave a combination that is zero on all of them.
            return .found(weight: spent, coefficients: tail(first.matrix, row: first.kernel[0]))
        }
        spread(&sets, budget: budget)
        let largest = sets.reduce(-1) { max($0, $1.most) }
        guard largest >= 0 else { return .none }
        // Few columns first: what isolates somebody is mostly found there.
        for count in 0...largest {
            for set in sets where set.most >= count {
                let rows = set.pivots.indices.filter { set.pivots[$0] != nil }
                let taken = Swift.Set(set.pivots.compactMap { $0 })
                let rest = (0..<set.matrix.columnCount).filter { !taken.contains($0) }
                var chosen = Array(0..<count)
                while true {
                    steps -= 8
                    guard steps > 0 else { return .exhausted }
                    let weight = chosen.reduce(0) { sum, place in
                        sum + (set.pivots[rows[place]].map { set.matrix.weights[$0] } ?? 0)
                    }
                    if weight <= budget {
                        let part = set.matrix.part(rows: chosen.map { rows[$0] } + set.kernel, columns: rest)
                        let outcome = search(part, budget: budget - weight, spent: spent + weight)
                        if case .none = outcome {} else { return outcome }
                    }
                    guard Self.advance(&chosen, below: rows.count) else { break }
                }
            }
        }
        return .none
    }

    /// The next ascending choice, in lexicographic order.
    private static func advance(_ chosen: inout [Int], below end: Int) -> Bool {
        var place = chosen.count - 1
        while place >= 0, chosen[place] == end - chosen.count + place { place -= 1 }
        guard place >= 0 else { return false }
        chosen[place] += 1
        for next in chosen.indices where next > place { chosen[next] = chosen[next - 1] + 1 }
        return true
    }

    /// Sets of columns, each column in as many as its weight says; nil when the steps ran out.
    private mutating func sets(of matrix: FieldMatrix, budget: Int) -> [Set]? {
        var copies = matrix.weights
        var sets: [Set] = []
        var current = matrix
        while sets.count <= budget {
            var pivots = [Int?](repeating: nil, count: matrix.rowCount)
            var free = matrix.rowCount
            // Columns that many sets can use come first, so that the light ones last.
            let order = copies.indices.filter { copies[$0] > 0 }.sorted {
                (copies[$0], $1) > (copies[$1], $0)
            }
            if order.isEmpty { break }
            for column in order where free > 0 {
                let candidate = pivots.indices.first { pivots[$0] == nil && current.entry($0, column) != 0 }
                guard let row = candidate else { continue }
                steps -= current.rowCount * current.width
                guard steps > 0 else { return nil }
                current.pivot(row: row, column: column)
                pivots[row] = column
                copies[column] -= 1
                free -= 1
            }
            if free == matrix.rowCount { break }
            sets.append(Set(matrix: current, pivots: pivots, most: -1))
        }
        return sets
    }

    /// Chooses how many columns of each set are tried, so that all `most + 1` are more than the budget, at little cost.
    private func spread(_ sets: inout [Set], budget: Int) {
        var missing = budget + 1
        while missing > 0 {
            var best: (set: Int, cost: Double)?
            for (index, set) in sets.enumerated() where set.most < set.size {
                let count = set.most + 1
                var cost = 1.0
                for place in 0..<count { cost *= Double(set.size - place) / Double(place + 1) }
                let dimension = count + set.matrix.rowCount - set.size
                cost *= Self.estimate(
                    dimension: dimension, budget: budget - count, patients: set.matrix.weights.reduce(0, +) - set.size)
                if best.map({ cost < $0.cost }) ?? true { best = (index, cost) }
            }
            guard let best else { return }
            sets[best.set].most += 1
            missing -= 1
        }
    }

    /// Roughly what a search costs.
    private static func estimate(dimension: Int, budget: Int, patients: Int) -> Double {
        guard dimension > 2, budget >= 0 else { return Double(max(0, dimension) * max(1, patients)) }
        let sets = max(1, patients / dimension)
        let count = (budget + sets) / sets - 1
        let base = Double(dimension * dimension * max(1, patients) * min(sets + 1, budget + 1))
        if count <= 0 { return base }
        guard count < dimension else { return base }
        var choices = Double(sets)
        for place in 0..<count { choices *= Double(dimension - place) / Double(place + 1) }
        return base + choices * estimate(dimension: count, budget: budget - count, patients: patients - dimension)
    }
}

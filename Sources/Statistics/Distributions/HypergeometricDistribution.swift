internal import Foundation

/// The number in the first cell of a two-by-two table with fixed margins, at an odds ratio: the hypergeometric
/// distribution at 1, Fisher's noncentral one otherwise. R. A. Fisher (1935), "The logic of inductive inference", J R
/// Stat Soc 98:39-82.
public struct HypergeometricDistribution: Hashable, Sendable {
    /// The first row's total.
    public let row: Int
    /// The first column's total.
    public let column: Int
    /// All cases of the table.
    public let total: Int

    /// Nil unless 0 ≤ row, column ≤ total < 2³¹.
    public init?(row: Int, column: Int, total: Int) {
        guard (0..<CaseColumns.caseLimit).contains(total), (0...total).contains(row), (0...total).contains(column)
        else { return nil }
        self.row = row
        self.column = column
        self.total = total
    }

    /// The possible numbers.
    public var support: ClosedRange<Int> { max(0, row + column - total)...min(row, column) }

    /// ln P(X = x) at odds ratio 1; x lies in the support.
    public func logProbability(_ x: Int) -> Double {
        TableProbability.logarithm([[x, row - x], [column - x, total - row - column + x]])
    }

    /// P(X ≤ x), accurate relative to itself.
    public func cdf(_ x: Int) -> Double {
        guard x >= support.lowerBound else { return 0 }
        guard x < support.upperBound else { return 1 }
        return min(1, probability(support.lowerBound...x))
    }

    /// P(X ≥ x), accurate relative to itself.
    public func upperTail(from x: Int) -> Double {
        guard x > support.lowerBound else { return 1 }
        guard x <= support.upperBound else { return 0 }
        return min(1, probability(x...support.upperBound))
    }

    /// P(X = x or any number that is at most as probable), with Fisher's rule as R states it: probabilities within
    /// 1e-7 of each other, relatively, count as equal.
    public func asProbableOrLess(_ x: Int) -> Double {
        let threshold = logProbability(x) + log1p(1e-7)
        let mode = mode(logOdds: 0)
        guard logProbability(mode) > threshold else { return 1 }
        // The probabilities rise to the mode and fall from it, so that each side is cut at one place.
        var sum = 0.0
        if let last = Self.last(in: support.lowerBound...mode, where: { logProbability($0) <= threshold }) {
            sum += probability(support.lowerBound...last)
        }
        if let before = Self.last(in: mode...support.upperBound, where: { logProbability($0) > threshold }),
            before < support.upperBound
        {
            sum += probability(before + 1...support.upperBound)
        }
        return min(1, sum)
    }

    /// The last element for which the condition holds, when it holds up to some place; nil when for none.
    private static func last(in range: ClosedRange<Int>, where holds: (Int) -> Bool) -> Int? {
        guard holds(range.lowerBound) else { return nil }
        var (low, high) = (range.lowerBound, range.upperBound + 1)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if holds(middle) { low = middle } else { high = middle }
        }
        return low
    }

    /// P(X in the range) at odds ratio 1.
    private func probability(_ range: ClosedRange<Int>) -> Double {
        let sums = sums(over: range, logOdds: 0)
        return exp(logProbability(sums.anchor)) * sums.weight
    }

    /// The most probable number.
    func mode(logOdds: Double) -> Int {
        let odds = exp(logOdds)
        let (r, c) = (Double(row), Double(column))
        let linear = r + c - Double(total) - (r + c + 2) * odds
        let constant = (r + 1) * (c + 1) * odds
        let root = max(0, linear * linear - 4 * (odds - 1) * constant).squareRoot()
        let estimate = -2 * constant / (linear - root)
        var mode = estimate.isFinite ? Int(max(-1, min(estimate, Double(row) + 1))) : support.upperBound
        mode = min(max(mode, support.lowerBound), support.upperBound)
        // The root is right to a few units.
        while mode < support.upperBound, step(mode) * odds > 1 { mode += 1 }
        while mode > support.lowerBound, step(mode - 1) * odds < 1 { mode -= 1 }
        return mode
    }

    /// P(X = x + 1) / P(X = x) at odds ratio 1.
    private func step(_ x: Int) -> Double {
        Double(row - x) * Double(column - x) / (Double(x + 1) * Double(total - row - column + x + 1))
    }

    /// Sums of weights over a range, with the weight of the anchor as unit.
    struct Sums {
        /// The most probable number of the range.
        let anchor: Int
        /// Σ w.
        let weight: Double
        /// Σ w (x − anchor).
        let first: Double
        /// Σ w (x − anchor)².
        let second: Double

        var mean: Double { Double(anchor) + first / weight }
        var variance: Double { max(0, second / weight - (first / weight) * (first / weight)) }
    }

    /// The sums over a range at any odds ratio, from its most probable number outwards until nothing is added: about
    /// as many terms as some forty standard deviations.
    func sums(over range: ClosedRange<Int>, logOdds: Double) -> Sums {
        let odds = exp(logOdds)
        let anchor = min(max(mode(logOdds: logOdds), range.lowerBound), range.upperBound)
        var (weight, first, second) = (1.0, 0.0, 0.0)
        var (x, term) = (anchor, 1.0)
        while x < range.upperBound {
            term *= step(x) * odds
            x += 1
            let distance = Double(x - anchor)
            let square = term * distance * distance
            weight += term
            first += term * distance
            second += square
            if term < 1e-18 * weight, square < 1e-18 * second { break }
        }
        (x, term) = (anchor, 1.0)
        while x > range.lowerBound {
            x -= 1
            term /= step(x) * odds
            let distance = Double(x - anchor)
            let square = term * distance * distance
            weight += term
            first += term * distance
            second += square
            if term < 1e-18 * weight, square < 1e-18 * second { break }
        }
        return Sums(anchor: anchor, weight: weight, first: first, second: second)
    }

    /// E(X) at an odds ratio.
    public func mean(logOdds: Double) -> Double { sums(over: support, logOdds: logOdds).mean }

    /// P(X ≤ x) at an odds ratio, accurate relative to itself.
    public func cdf(_ x: Int, logOdds: Double) -> Double {
        guard x >= support.lowerBound else { return 0 }
        guard x < support.upperBound else { return 1 }
        let whole = sums(over: support, logOdds: logOdds)
        return min(1, exp(logProbability(support.lowerBound...x, logOdds: logOdds, whole: whole).value))
    }

    /// P(X ≥ x) at an odds ratio, accurate relative to itself.
    public func upperTail(from x: Int, logOdds: Double) -> Double {
        guard x > support.lowerBound else { return 1 }
        guard x <= support.upperBound else { return 0 }
        let whole = sums(over: support, logOdds: logOdds)
        return min(1, exp(logProbability(x...support.upperBound, logOdds: logOdds, whole: whole).value))
    }

    /// ln P(X in the range) at an odds ratio.
    func logProbability(_ range: ClosedRange<Int>, logOdds: Double, whole: Sums) -> (value: Double, mean: Double) {
        let part = sums(over: range, logOdds: logOdds)
        let shift =
            logProbability(part.anchor) - logProbability(whole.anchor) + logOdds * Double(part.anchor - whole.anchor)
        return (shift + log(part.weight / whole.weight), part.mean)
    }
}

/// The probability of a table of counts given its margins, when rows and columns are independent.
enum TableProbability {
    /// ln of Π(row!)Π(column!) / (n! Π(cell!)) by Stirling's formula with its errors: the large terms come together as
    /// −Σ (o ln(o/e) + e − o) over cells o with expected counts e, in which nothing cancels.
    static func logarithm(_ counts: [[Int]]) -> Double {
        let rows = counts.map { $0.reduce(0, +) }
        let columns = (counts.first ?? []).indices.map { column in counts.reduce(0) { $0 + $1[column] } }
        let total = rows.reduce(0, +)
        guard total > 0 else { return 0 }
        var sum = -stirling(total)
        for margin in rows + columns { sum += stirling(margin) }
        for (row, cells) in counts.enumerated() {
            for (column, count) in cells.enumerated() {
                sum -= stirling(count)
                let product = Int128(rows[row]) * Int128(columns[column])
                guard product > 0 else { continue }
                let expected = Double(product) / Double(total)
                // n · o − row · column is exact, and divided once.
                let difference = Double(Int128(count) * Int128(total) - product) / Double(total)
                sum -= count == 0 ? expected : SaddlePoint.deviance(Double(count), expected, difference: difference)
            }
        }
        return sum
    }

    /// ln x! − x ln x + x: zero for zero.
    private static func stirling(_ x: Int) -> Double {
        guard x > 0 else { return 0 }
        return SaddlePoint.stirlingError(Double(x)) + log(2 * Double.pi * Double(x)) / 2
    }
}

internal import Foundation

/// The covariates of a meta-regression: an intercept and any number of columns, which are kept about their means and in units
/// of their largest deviation, so that a column of years costs no digits.
struct Design {
    /// The columns after the intercept, centred and scaled.
    private let standardised: [[Double]]
    private let centers: [Double]
    private let scales: [Double]
    let rows: Int

    init(covariates: [[Double]], rows: Int) {
        self.rows = rows
        centers = covariates.map { column in
            let first = column.first ?? 0
            return first + column.reduce(0) { $0 + ($1 - first) } / Double(max(rows, 1))
        }
        scales = zip(covariates, centers).map { column, center in column.reduce(0) { max($0, abs($1 - center)) } }
        standardised = zip(covariates, zip(centers, scales)).map { column, unit in
            column.map { unit.1 > 0 ? ($0 - unit.0) / unit.1 : 0 }
        }
    }

    var columns: Int { standardised.count + 1 }

    func value(_ row: Int, _ column: Int) -> Double { column == 0 ? 1 : standardised[column - 1][row] }

    /// Coefficients of the columns as they were given.
    func original(coefficients: [Double]) -> [Double] {
        (0..<columns).map { row in (0..<columns).reduce(0) { $0 + back(row, $1) * coefficients[$1] } }
    }

    /// Their covariance.
    func original(covariance: [[Double]]) -> [[Double]] {
        (0..<columns).map { i in
            (0..<columns).map { j in
                var sum = 0.0
                for a in 0..<columns {
                    for b in 0..<columns { sum += back(i, a) * covariance[a][b] * back(j, b) }
                }
                return sum
            }
        }
    }

    /// The matrix that takes coefficients of the standardised columns to those of the given ones.
    private func back(_ row: Int, _ column: Int) -> Double {
        if column == 0 { return row == 0 ? 1 : 0 }
        let index = column - 1
        if row == 0 { return -centers[index] / scales[index] }
        return row == column ? 1 / scales[index] : 0
    }

    /// ln det XᵀX.
    var logDeterminant: Double? {
        WeightedFit(y: [Double](repeating: 0, count: rows), weights: [Double](repeating: 1, count: rows), design: self)
            .map(\.logDeterminant)
    }
}

/// Weighted least squares, by Householder's reflections; with the intercept alone by weighted means, where every sum has
/// positive terms.
struct WeightedFit {
    let weights: [Double]
    /// Of the standardised columns, see ``Design``.
    let coefficients: [Double]
    /// (XᵀWX)⁻¹, of the standardised columns.
    let inverse: [[Double]]
    /// ln det XᵀWX.
    let logDeterminant: Double
    let residuals: [Double]
    /// Σ w r².
    let residualSumOfSquares: Double
    let design: Design

    /// Nil when the columns are (nearly) dependent or there are fewer rows than columns.
    init?(y: [Double], weights: [Double], design: Design) {
        guard y.count >= design.columns, !y.isEmpty else { return nil }
        // About a value of the middle, so that an offset of the estimates costs no digits.
        let origin = y[weights.indices.max { weights[$0] < weights[$1] } ?? 0]
        let shifted = y.map { $0 - origin }
        self.weights = weights
        self.design = design
        if design.columns == 1 {
            let total = weights.reduce(0, +)
            let mean = zip(weights, shifted).reduce(0) { $0 + $1.0 * $1.1 } / total
            coefficients = [origin + mean]
            inverse = [[1 / total]]
            logDeterminant = log(total)
            residuals = shifted.map { $0 - mean }
        } else {
            guard let solution = HouseholderLeastSquares(y: shifted, weights: weights, design: design) else {
                return nil
            }
            residuals = shifted.indices.map { row in
                (0..<design.columns).reduce(shifted[row]) { $0 - design.value(row, $1) * solution.coefficients[$1] }
            }
            coefficients = solution.coefficients.enumerated().map { $0.offset == 0 ? $0.element + origin : $0.element }
            inverse = solution.inverse
            logDeterminant = solution.logDeterminant
        }
        residualSumOfSquares = zip(weights, residuals).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
    }

    /// xᵢᵀ (XᵀWX)⁻¹ xⱼ.
    func form(_ i: Int, _ j: Int) -> Double {
        var sum = 0.0
        for a in 0..<design.columns {
            for b in 0..<design.columns { sum += design.value(i, a) * inverse[a][b] * design.value(j, b) }
        }
        return sum
    }

    /// The leverages wᵢ xᵢᵀ(XᵀWX)⁻¹xᵢ.
    var leverages: [Double] { weights.indices.map { weights[$0] * form($0, $0) } }

    /// tr P alone.
    var firstTrace: Double {
        guard design.columns == 1 else {
            return weights.indices.reduce(0) { $0 + weights[$1] * (1 - weights[$1] * form($1, $1)) }
        }
        let total = weights.reduce(0, +)
        return zip(weights, Self.sumsOfOthers(weights)).reduce(0) { $0 + $1.0 / total * $1.1 }
    }

    /// The traces of P = W − WX(XᵀWX)⁻¹XᵀW and of P².
    var traces: (first: Double, second: Double) {
        let k = weights.count
        guard design.columns == 1 else {
            var second = 0.0
            for i in 0..<k {
                for j in 0..<k {
                    let entry = projection(i, j)
                    second += entry * entry
                }
            }
            return (firstTrace, second)
        }
        // tr P = Σ wᵢ(W − wᵢ)/W and tr P² = Σ wᵢ²((W − wᵢ)² + Σⱼ≠ᵢ wⱼ²)/W², the sums of the others without subtraction.
        let total = weights.reduce(0, +)
        let others = Self.sumsOfOthers(weights)
        let otherSquares = Self.sumsOfOthers(weights.map { $0 * $0 })
        var second = 0.0
        for i in 0..<k {
            let share = weights[i] / total
            second += share * share * (others[i] * others[i] + otherSquares[i])
        }
        return (firstTrace, second)
    }

    /// An entry of P.
    func projection(_ i: Int, _ j: Int) -> Double {
        (i == j ? weights[i] : 0) - weights[i] * weights[j] * form(i, j)
    }

    private static func sumsOfOthers(_ values: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: values.count)
        var sum = 0.0
        for i in values.indices {
            result[i] = sum
            sum += values[i]
        }
        sum = 0
        for i in values.indices.reversed() {
            result[i] += sum
            sum += values[i]
        }
        return result
    }
}

/// min Σ w (y − Xβ)² by Householder's reflections (Golub and Van Loan, Matrix Computations, 4th ed., 5.3).
private struct HouseholderLeastSquares {
    let coefficients: [Double]
    let inverse: [[Double]]
    let logDeterminant: Double

    init?(y: [Double], weights: [Double], design: Design) {
        let (k, p) = (y.count, design.columns)
        let roots = weights.map { $0.squareRoot() }
        var columns = (0..<p).map { column in (0..<k).map { roots[$0] * design.value($0, column) } }
        var right = zip(roots, y).map { $0 * $1 }
        for pivot in 0..<p {
            let whole = columns[pivot].reduce(0) { $0 + $1 * $1 }.squareRoot()
            let length = columns[pivot][pivot...].reduce(0) { $0 + $1 * $1 }.squareRoot()
            // What is left of a column beside the earlier ones; nothing but rounding when they are dependent.
            guard length > 1e-11 * whole, length.isFinite else { return nil }
            let head = columns[pivot][pivot]
            let image = head > 0 ? -length : length
            var direction = Array(columns[pivot][pivot...])
            direction[0] = head - image
            let square = direction.reduce(0) { $0 + $1 * $1 }
            func reflect(_ vector: inout [Double]) {
                var product = 0.0
                for row in pivot..<k { product += direction[row - pivot] * vector[row] }
                let factor = 2 * product / square
                for row in pivot..<k { vector[row] -= factor * direction[row - pivot] }
            }
            for column in pivot..<p { reflect(&columns[column]) }
            reflect(&right)
            columns[pivot][pivot] = image
        }
        let entry = { (i: Int, j: Int) in columns[j][i] }
        func solveUpper(_ vector: [Double]) -> [Double] {
            var x = vector
            for i in stride(from: p - 1, through: 0, by: -1) {
                for j in (i + 1)..<max(p, i + 1) { x[i] -= entry(i, j) * x[j] }
                x[i] /= entry(i, i)
            }
            return x
        }
        coefficients = solveUpper(Array(right[0..<p]))
        // R⁻¹ by columns, then R⁻¹R⁻ᵀ.
        let inverseColumns = (0..<p).map { column in solveUpper((0..<p).map { $0 == column ? 1 : 0 }) }
        inverse = (0..<p).map { i in
            (0..<p).map { j in inverseColumns.reduce(0) { $0 + $1[i] * $1[j] } }
        }
        logDeterminant = (0..<p).reduce(0) { $0 + 2 * log(abs(entry($1, $1))) }
    }
}

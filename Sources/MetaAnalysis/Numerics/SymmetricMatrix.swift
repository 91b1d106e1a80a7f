internal import Foundation

/// Small symmetric positive definite matrices, as rows.
enum SymmetricMatrix {
    /// The lower triangle L with A = L Lᵀ; nil when A is not positive definite.
    static func cholesky(_ matrix: [[Double]]) -> [[Double]]? {
        let n = matrix.count
        var lower = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
        for i in 0..<n {
            for j in 0...i {
                var sum = matrix[i][j]
                for m in 0..<j { sum -= lower[i][m] * lower[j][m] }
                if i == j {
                    guard sum > 0, sum.isFinite else { return nil }
                    lower[i][i] = sum.squareRoot()
                } else {
                    lower[i][j] = sum / lower[j][j]
                }
            }
        }
        return lower
    }

    /// The x with L Lᵀ x = b.
    static func solve(cholesky lower: [[Double]], _ right: [Double]) -> [Double] {
        let n = right.count
        var x = right
        for i in 0..<n {
            for j in 0..<i { x[i] -= lower[i][j] * x[j] }
            x[i] /= lower[i][i]
        }
        for i in stride(from: n - 1, through: 0, by: -1) {
            for j in (i + 1)..<max(n, i + 1) { x[i] -= lower[j][i] * x[j] }
            x[i] /= lower[i][i]
        }
        return x
    }

    /// The inverse; nil when the matrix is not positive definite.
    static func inverse(_ matrix: [[Double]]) -> [[Double]]? {
        guard let lower = cholesky(matrix) else { return nil }
        let columns = matrix.indices.map { column in
            solve(cholesky: lower, matrix.indices.map { $0 == column ? 1 : 0 })
        }
        return matrix.indices.map { row in matrix.indices.map { (columns[$0][row] + columns[row][$0]) / 2 } }
    }

    /// xᵀ A⁻¹ x; nil when the matrix is not positive definite.
    static func inverseQuadraticForm(_ matrix: [[Double]], _ x: [Double]) -> Double? {
        guard let lower = cholesky(matrix) else { return nil }
        return zip(x, solve(cholesky: lower, x)).reduce(0) { $0 + $1.0 * $1.1 }
    }
}

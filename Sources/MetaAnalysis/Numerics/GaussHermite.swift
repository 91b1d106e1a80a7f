internal import Foundation

/// Gauss-Hermite quadrature for the standard normal density: Σ wᵢ f(xᵢ) is the mean of f, exact for polynomials of degree
/// below twice the number of points. Abramowitz and Stegun 25.4.46, with nodes rescaled by √2.
struct GaussHermite {
    let nodes: [Double]
    /// They sum to one.
    let weights: [Double]

    /// - Returns: nil outside 1...50 points.
    init?(points: Int) {
        guard (1...50).contains(points) else { return nil }
        let n = points
        // Newton's method on the orthonormal Hermite polynomials, with the roots found so far divided out.
        var nodes: [Double] = []
        var weights: [Double] = []
        for index in 0..<n {
            var x = index == 0 ? 2 * Double(n).squareRoot() : (nodes.last ?? 0) - 0.2
            var slope = 1.0
            for _ in 0..<200 {
                let (value, previous) = Self.polynomial(n, x)
                slope = Double(n).squareRoot() * previous
                let rest = nodes.reduce(0) { $0 + 1 / (x - $1) }
                let step = value / (slope - value * rest)
                x -= step
                if abs(step) <= 1e-15 * max(abs(x), 1) { break }
            }
            let previous = Self.polynomial(n, x).previous
            nodes.append(x)
            weights.append(1 / (Double(n) * previous * previous))
        }
        self.nodes = nodes
        self.weights = weights
    }

    /// The orthonormal polynomials of degree n and n − 1 under the standard normal density.
    private static func polynomial(_ n: Int, _ x: Double) -> (value: Double, previous: Double) {
        var (value, previous) = (1.0, 0.0)
        for degree in 0..<n {
            let next = (x * value - Double(degree).squareRoot() * previous) / Double(degree + 1).squareRoot()
            (previous, value) = (value, next)
        }
        return (value, previous)
    }
}

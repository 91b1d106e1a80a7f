/// The maximum of a smooth function by Newton's method with exact derivatives; steps are damped until they climb
/// (Levenberg and Marquardt's damping), so that it works far from the maximum and where the curvature is flat.
struct Maximum {
    /// Parameters are logits and their standard deviations; one beyond this is on its way to infinity.
    static let farthest = 1e3

    let point: [Double]
    let value: Double
    /// The matrix of second derivatives at the point.
    let curvature: [[Double]]

    /// - Parameter function: of parameters as jets; the derivatives are taken by their numbers.
    /// - Returns: nil when the steps have not settled, or the function has no finite value.
    static func find(from start: [Double], function: ([Jet]) -> Jet?) -> Maximum? {
        let n = start.count
        func evaluate(_ point: [Double]) -> Jet? {
            function(point.enumerated().map { Jet($0.element, parameter: $0.offset) })
        }
        guard var here = evaluate(start), here.value.isFinite else { return nil }
        var point = start
        var damping = 1e-3
        var settled = 0
        for _ in 0..<500 {
            let gradient = (0..<n).map { here.gradient[$0] }
            var curvature = (0..<n).map { i in (0..<n).map { j in -here.curvature(i, j) } }
            let scale = curvature.indices.reduce(1e-300) { max($0, abs(curvature[$1][$1])) }
            for i in 0..<n { curvature[i][i] += damping * scale }
            guard let lower = SymmetricMatrix.cholesky(curvature) else {
                damping = max(damping * 8, 1e-12)
                if damping > 1e20 { return nil }
                continue
            }
            let step = SymmetricMatrix.solve(cholesky: lower, gradient)
            // The gain that the quadratic model promises; below the rounding of the value no step can be judged by it.
            let promised = zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 }
            let rounding = 1e-15 * max(abs(here.value), 1)
            let candidate = zip(point, step).map { $0 + $1 }
            guard candidate.allSatisfy({ abs($0) < farthest }) else { return nil }
            guard let there = evaluate(candidate), there.value.isFinite else {
                damping = max(damping * 8, 1e-12)
                if damping > 1e20 { return nil }
                continue
            }
            if promised <= 4 * rounding {
                // Within rounding of the top: a few undamped steps polish the point by the gradient alone.
                let isCloser = norm(there, n) <= norm(here, n)
                if isCloser { (point, here) = (candidate, there) }
                settled += 1
                damping *= 1e-4
                if settled >= 4 || !isCloser {
                    return Maximum(
                        point: point, value: here.value,
                        curvature: (0..<n).map { i in (0..<n).map { j in here.curvature(i, j) } })
                }
                continue
            }
            if there.value - here.value >= 1e-4 * promised - rounding {
                (point, here) = (candidate, there)
                damping = damping < 1e-12 ? 0 : damping / 16
            } else {
                damping = max(damping * 8, 1e-12)
                if damping > 1e20 { return nil }
            }
        }
        return nil
    }

    private static func norm(_ jet: Jet, _ n: Int) -> Double {
        (0..<n).reduce(0) { $0 + jet.gradient[$1] * jet.gradient[$1] }
    }
}

internal import Foundation

extension BetaDistribution {
    /// P(X > x), accurate relative to itself. - Parameter complement: 1 − x, as the caller knows it best.
    func upperTail(_ x: Double, complement: Double) -> Double { Tails.beta(a, b, x: x, y: complement).upper }

    /// The point that leaves the probability `tail` (above 0, below 1) on the named side, with its complement, both
    /// accurate relative to themselves.
    func point(leaving tail: Double, above: Bool) -> (x: Double, complement: Double) {
        // In u = ln(x/(1−x)), where both ends have full relative precision.
        let root = MonotoneRoot.find(in: -700...700, from: log(a / b)) { u in
            let (x, y) = (1 / (1 + exp(-u)), 1 / (1 + exp(u)))
            let tails = Tails.beta(a, b, x: x, y: y)
            let probability = above ? tails.upper : tails.lower
            let slope = SaddlePoint.binomial(a, b, x: x, y: y) * (a * b / (a + b)) / probability
            return (above ? log(tail / probability) : log(probability / tail), slope)
        }
        return (1 / (1 + exp(-root)), 1 / (1 + exp(root)))
    }
}

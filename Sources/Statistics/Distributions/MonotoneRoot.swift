/// The root of an increasing function by Newton's method, kept inside a bracket.
enum MonotoneRoot {
    /// The point in `lower...upper` at which `function` is zero, to the last bits; the nearer end when it has no root
    /// there. `function` gives its value and its derivative.
    static func find(
        in bracket: ClosedRange<Double>, from start: Double, function: (Double) -> (value: Double, slope: Double)
    ) -> Double {
        var (low, high) = (bracket.lowerBound, bracket.upperBound)
        var point = min(max(start, low), high)
        for _ in 0..<400 {
            let (value, slope) = function(point)
            if value == 0 { return point }
            if value < 0 { low = point } else { high = point }
            var next = point - value / slope
            if !(next > low && next < high) { next = low + (high - low) / 2 }
            if next == point || abs(next - point) <= 1e-16 * abs(next) || next <= low || next >= high { return next }
            point = next
        }
        return point
    }
}

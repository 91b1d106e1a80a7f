/// Many cases gathered by narrow intervals of the logit: from the moments of each interval the derivatives of the
/// logistic log-likelihood follow in thousands of steps instead of millions.
///
/// Within an interval of half width h around c, the probability at logit c + d is its Taylor series in d up to d⁵. For a
/// slope s the rest is below (s·h/π)⁶ of a case's weight, in the information below (s·h/π)⁴ of what d adds to it:
/// `slopeLimit` keeps both out of twelve digits. The events of an interval are counted for themselves, so that nothing
/// cancels where nearly all cases are events or none.
struct LogitMoments: Hashable, Sendable {
    /// The width of an interval; a power of two, so that centres are exact.
    private static let width = 0x1p-7
    private static let intervalLimit = 1 << 14
    /// The largest slope for which the series is taken.
    static let slopeLimit = 4.0

    /// Sums over the cases of an interval: of 1, d, …, d⁵; over its events of 1 and d.
    private let sums: [SIMD8<Double>]
    /// The centre of each interval that holds cases.
    private let centers: [Double]

    /// Cases, events, and the mean of the logits.
    let size: Double
    let events: Double
    let mean: Double
    /// The standard deviation of the logits.
    let deviation: Double

    /// Gathers groups whose logits lie in a range; nil when the range is too wide.
    init?(_ groups: LogitGroups, range: ClosedRange<Double>) {
        let low = (range.lowerBound / Self.width).rounded(.down) * Self.width
        let intervals = (range.upperBound - low) / Self.width
        guard intervals < Double(Self.intervalLimit) else { return nil }
        var all = [SIMD8<Double>](repeating: .zero, count: Int(intervals) + 1)
        all.withUnsafeMutableBufferPointer { all in
            groups.visitEach { logit, events, rest in
                let index = min(max(Int((logit - low) * (1 / Self.width)), 0), all.count - 1)
                let weight = events + rest
                let d = logit - (low + (Double(index) + 0.5) * Self.width)
                let square = d * d
                let cube = square * d
                all[index] +=
                    weight * SIMD8(1, d, square, cube, square * square, square * cube, 0, 0)
                    + events * SIMD8(0, 0, 0, 0, 0, 0, 1, d)
            }
        }
        var (sums, centers) = ([SIMD8<Double>](), [Double]())
        var (size, events, first) = (0.0, 0.0, 0.0)
        for index in all.indices where all[index][0] > 0 {
            let center = low + (Double(index) + 0.5) * Self.width
            sums.append(all[index])
            centers.append(center)
            size += all[index][0]
            events += all[index][6]
            first += all[index][0] * center + all[index][1]
        }
        let mean = first / size
        var second = 0.0
        for (sum, center) in zip(sums, centers) {
            let shift = center - mean
            second += sum[0] * shift * shift + 2 * shift * sum[1] + sum[2]
        }
        self.sums = sums
        self.centers = centers
        self.size = size
        self.events = events
        self.mean = mean
        deviation = (second / size).squareRoot()
    }

    /// The derivatives at `intercept + slope · (logit − center) / width`; nil beyond `slopeLimit`.
    func derivatives(
        _ point: (intercept: Double, slope: Double), center: Double, width: Double
    ) -> LogisticFit.Derivatives? {
        let s = point.slope / width
        guard abs(s) <= Self.slopeLimit else { return nil }
        var result = LogisticFit.Derivatives()
        for index in sums.indices {
            let m = sums[index]
            let shift = (centers[index] - center) / width
            let (p, q) = LogisticFit.probabilities(point.intercept + point.slope * shift)
            // σ and its derivatives, each over the factorial and with the power of the slope.
            let w = p * q
            let lean = q - p
            let first = s * w
            let second = s * s * w * lean / 2
            let third = s * s * s * w * (1 - 6 * w) / 6
            let fourth = s * s * s * s * w * lean * (1 - 12 * w) / 24
            let fifth = s * s * s * s * s * w * (1 - 30 * w + 120 * w * w) / 120
            // What the series adds to p·1 and p·d over the cases.
            let change = first * m[1] + second * m[2] + third * m[3] + fourth * m[4] + fifth * m[5]
            let changeByDistance = first * m[2] + second * m[3] + third * m[4] + fourth * m[5]
            // Events less expected, from the smaller of both probabilities.
            let isLikely = p > q
            let expected = (isLikely ? (m[6] - m[0]) + q * m[0] : m[6] - p * m[0]) - change
            let byDistance = (isLikely ? (m[7] - m[1]) + q * m[1] : m[7] - p * m[1]) - changeByDistance
            result.intercept += expected
            result.slope += expected * shift + byDistance / width
            // Weights p·q: the derivative of the series.
            let a = w
            let b = s * w * lean
            let c = s * s * w * (1 - 6 * w) / 2
            let e = s * s * s * w * lean * (1 - 12 * w) / 6
            let f = s * s * s * s * w * (1 - 30 * w + 120 * w * w) / 24
            let w0 = a * m[0] + b * m[1] + c * m[2] + e * m[3] + f * m[4]
            let w1 = (a * m[1] + b * m[2] + c * m[3] + e * m[4] + f * m[5]) / width
            let w2 = (a * m[2] + b * m[3] + c * m[4] + e * m[5]) / (width * width)
            result.information.0 += w0
            result.information.1 += w0 * shift + w1
            result.information.2 += w0 * shift * shift + 2 * shift * w1 + w2
        }
        return result
    }
}

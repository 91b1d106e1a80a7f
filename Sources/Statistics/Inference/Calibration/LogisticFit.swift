internal import Foundation

/// Newton's method for the two logistic fits of recalibration.
enum LogisticFit {
    /// The derivatives of the log-likelihood at a point: the score and the observed information.
    struct Derivatives {
        var intercept = 0.0
        var slope = 0.0
        var information = (0.0, 0.0, 0.0)
    }

    /// Intercept and slope.
    private typealias Point = (intercept: Double, slope: Double)

    /// The mean and standard deviation of the logits over cases, and numbers of cases and events.
    private struct Scale {
        let center: Double
        let width: Double
        let size: Double
        let events: Double
    }

    private static let iterationLimit = 100

    /// The squared Newton decrement, in squared standard errors, after which one step is the last. That step squares
    /// the error of the estimate; the covariance is of the point before it, off by decrement / √n of itself.
    private static func tolerance(_ size: Double) -> Double { min(1e-22 * size, 1e-14) }

    /// The fit of intercept and slope. The logits are centred and scaled while it iterates, so that the information is
    /// well conditioned; the classes overlap, which makes the maximum finite and unique.
    static func recalibration(_ groups: LogitGroups) throws(Undefined) -> LogisticRecalibration {
        let scale = scale(groups)
        guard scale.width > 0, scale.width.isFinite else { throw .noVariance }
        // From the prevalence, where no weight is near zero.
        var point: Point = (log(scale.events / (scale.size - scale.events)), 0)
        var here = derivatives(groups, point, scale)
        for _ in 0..<iterationLimit {
            let (a, b, c) = here.information
            let determinant = a * c - b * b
            guard determinant > 0 else { throw .notConverged }
            let step: Point = (
                (c * here.intercept - b * here.slope) / determinant, (a * here.slope - b * here.intercept) / determinant
            )
            let decrement = step.intercept * here.intercept + step.slope * here.slope
            guard decrement.isFinite else { throw .notConverged }
            if decrement <= tolerance(scale.size) {
                let slope = (point.slope + step.slope) / scale.width
                let variance = (c / determinant, -b / determinant, a / determinant)
                // intercept = a′ − b′·center/width and slope = b′/width of the centred fit.
                let shift = scale.center / scale.width
                return LogisticRecalibration(
                    intercept: point.intercept + step.intercept - slope * scale.center, slope: slope,
                    interceptVariance: variance.0 - 2 * shift * variance.1 + shift * shift * variance.2,
                    slopeVariance: variance.2 / (scale.width * scale.width),
                    covariance: (variance.1 - shift * variance.2) / scale.width, count: Int(scale.size))
            }
            // The log-likelihood is concave: along the step its derivative falls from `decrement`. Past the maximum it
            // is negative, and a step that goes too far is cut until the derivative is at most half of what it was.
            var share = 1.0
            while true {
                let next: Point = (point.intercept + share * step.intercept, point.slope + share * step.slope)
                let there = derivatives(groups, next, scale)
                if step.intercept * there.intercept + step.slope * there.slope >= -0.5 * decrement {
                    point = next
                    here = there
                    break
                }
                share /= 2
                guard share > 1e-12 else { throw .notConverged }
            }
        }
        throw .notConverged
    }

    /// The fit of the intercept with slope 1.
    static func inTheLarge(_ groups: LogitGroups) throws(Undefined) -> CalibrationInTheLarge {
        var point = 0.0
        let size = groups.size
        var here = derivatives(groups, intercept: point)
        var (lower, upper) = (-Double.infinity, Double.infinity)
        for _ in 0..<iterationLimit {
            if here.score > 0 { lower = point } else { upper = point }
            let step = here.score / here.information
            if step * here.score <= tolerance(size), step.isFinite {
                return CalibrationInTheLarge(
                    intercept: point + step, standardError: 1 / here.information.squareRoot(), count: Int(size))
            }
            // A step is at most 4, a factor of 55 in the odds; where Newton leaves the bracket, halve that.
            var next = step.isFinite ? point + min(max(step, -4), 4) : point + (here.score > 0 ? 4 : -4)
            if !(next > lower && next < upper) { next = lower + (upper - lower) / 2 }
            point = next
            here = derivatives(groups, intercept: point)
        }
        throw .notConverged
    }

    private static func scale(_ groups: LogitGroups) -> Scale {
        if let moments = groups.moments {
            return Scale(center: moments.mean, width: moments.deviation, size: moments.size, events: moments.events)
        }
        let size = groups.size
        var sums = SIMD4<Double>.zero
        groups.visit { logits, events, rest in sums += (events + rest) * logits }
        let center = sums.sum() / size
        var squares = SIMD4<Double>.zero
        groups.visit { logits, events, rest in
            let deviations = logits - center
            squares += (events + rest) * deviations * deviations
        }
        return Scale(
            center: center, width: (squares.sum() / size).squareRoot(), size: size, events: groups.eventCount)
    }

    /// e^x for x ≤ 0, within a few last bits: x = k ln 2 + r with |r| ≤ ½ ln 2 (ln 2 in two parts, W. J. Cody and W.
    /// Waite 1980, Software Manual for the Elementary Functions, chapter 6), e^r by its series to r¹³. Below −700 it is
    /// e^−700, which is as good as zero here.
    @inline(__always)
    private static func exponential(_ x: SIMD4<Double>) -> SIMD4<Double> {
        // Adding 1.5·2⁵² leaves k in the low bits.
        let magic = 0x1.8p52
        let x = x.replacing(with: -700, where: x .< -700)
        let shifted = x * 1.442_695_040_888_963_4 + magic
        let k = shifted - magic
        let r = (x - k * 6.931_471_803_691_238e-1) - k * 1.908_214_929_270_587_7e-10
        var series = SIMD4(repeating: 1.0 / 6_227_020_800)
        series = series * r + 1.0 / 479_001_600
        series = series * r + 1.0 / 39_916_800
        series = series * r + 1.0 / 3_628_800
        series = series * r + 1.0 / 362_880
        series = series * r + 1.0 / 40_320
        series = series * r + 1.0 / 5_040
        series = series * r + 1.0 / 720
        series = series * r + 1.0 / 120
        series = series * r + 1.0 / 24
        series = series * r + 1.0 / 6
        series = series * r + 0.5
        series = series * r + 1
        series = series * r + 1
        let power =
            SIMD4(
                shifted[0].bitPattern, shifted[1].bitPattern, shifted[2].bitPattern, shifted[3].bitPattern) &<< 52
        let bits =
            SIMD4(series[0].bitPattern, series[1].bitPattern, series[2].bitPattern, series[3].bitPattern) &+ power
        return SIMD4(
            Double(bitPattern: bits[0]), Double(bitPattern: bits[1]), Double(bitPattern: bits[2]),
            Double(bitPattern: bits[3]))
    }

    /// Both probabilities of the logit x, from e^−|x|, without a difference.
    @inline(__always)
    private static func probabilities(_ x: SIMD4<Double>) -> (event: SIMD4<Double>, none: SIMD4<Double>) {
        let isPositive = x .>= 0
        let e = exponential(x.replacing(with: -x, where: isPositive))
        let larger = 1 / (1 + e)
        let smaller = e * larger
        return (
            smaller.replacing(with: larger, where: isPositive), larger.replacing(with: smaller, where: isPositive)
        )
    }

    /// Both probabilities of the logit x.
    static func probabilities(_ x: Double) -> (event: Double, none: Double) {
        let e = exp(-abs(x))
        let larger = 1 / (1 + e)
        return x >= 0 ? (larger, e * larger) : (e * larger, larger)
    }

    private static func derivatives(_ groups: LogitGroups, _ point: Point, _ scale: Scale) -> Derivatives {
        if let sums = groups.moments?.derivatives(point, center: scale.center, width: scale.width) { return sums }
        let (center, inverse) = (scale.center, 1 / scale.width)
        var (score, slope) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        var (first, second, third) = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
        groups.visit { logits, events, rest in
            let x = (logits - center) * inverse
            let (event, none) = probabilities(x * point.slope + point.intercept)
            let residual = events * none - rest * event
            let weight = (events + rest) * event * none
            score += residual
            slope += residual * x
            first += weight
            second += weight * x
            third += weight * x * x
        }
        return Derivatives(
            intercept: score.sum(), slope: slope.sum(), information: (first.sum(), second.sum(), third.sum()))
    }

    private static func derivatives(
        _ groups: LogitGroups, intercept: Double
    ) -> (score: Double, information: Double) {
        if let sums = groups.moments?.derivatives((intercept, 1), center: 0, width: 1) {
            return (sums.intercept, sums.information.0)
        }
        var (score, information) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        groups.visit { logits, events, rest in
            let (event, none) = probabilities(logits + intercept)
            score += events * none - rest * event
            information += (events + rest) * event * none
        }
        return (score.sum(), information.sum())
    }
}

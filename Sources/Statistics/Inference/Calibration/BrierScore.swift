/// The Brier score, its skill and its decomposition.
///
/// BS = Σ(p − y)²/n, from 0 (certain and right) to 1 (certain and wrong); the lower the better. G. W. Brier (1950), Mon
/// Weather Rev 78:1-3, in the one-class form.
public enum BrierScore {
    /// The score of cases. `no-cases`, or `not-probabilities` when a score lies outside 0...1.
    public static func score(_ cases: BinaryCases) -> Inferred<Double> {
        guard !cases.scores.isEmpty else { return .undefined(.noCases) }
        guard cases.areProbabilities else { return .undefined(.notProbabilities) }
        var sum = CompensatedLanes()
        cases.scores.withUnsafeBufferPointer { scores in
            cases.labels.withUnsafeBufferPointer { labels in
                let whole = scores.count & ~3
                for index in stride(from: 0, to: whole, by: 4) {
                    let score = SIMD4(scores[index], scores[index + 1], scores[index + 2], scores[index + 3])
                    let label = SIMD4(labels[index], labels[index + 1], labels[index + 2], labels[index + 3])
                    let error = score - SIMD4<Double>(label)
                    sum.add(error * error)
                }
                for index in whole..<scores.count {
                    let error = scores[index] - Double(labels[index])
                    sum.add(error * error)
                }
            }
        }
        return .value(sum.value / Double(cases.scores.count))
    }

    /// The skill against the prevalence as forecast, 1 − BS/(ȳ(1 − ȳ)): 1 is perfect, 0 no better than the prevalence.
    /// `single-class` where the reference score is zero. D. S. Wilks (2011), Statistical Methods in the Atmospheric
    /// Sciences, 3rd ed., section 8.1.4.
    public static func skill(score: Double, events: Int, count: Int) -> Inferred<Double> {
        guard count > 0 else { return .undefined(.noCases) }
        guard events > 0, events < count else { return .undefined(.singleClass) }
        let (events, rest) = (Double(events) / Double(count), Double(count - events) / Double(count))
        return .value(1 - score / (events * rest))
    }
}

/// Murphy's decomposition of the Brier score over bins, with what the bins leave:
///
///     BS = reliability − resolution + uncertainty + within
///     reliability = Σ n(k) (p̄(k) − ȳ(k))² / n      resolution = Σ n(k) (ȳ(k) − ȳ)² / n      uncertainty = ȳ(1 − ȳ)
///
/// A. H. Murphy (1973), J Appl Meteorol 12:595-600, where each distinct probability is its own bin and `within` is
/// zero. In wider bins `within` is the within-bin variance of p less twice its within-bin covariance with y (D. B.
/// Stephenson, C. A. S. Coelho and I. T. Jolliffe 2008, "Two extra components in the Brier score decomposition",
/// Weather Forecast 23:752-757); resolution − within is their generalised resolution. The identity holds for any
/// binning.
public struct BrierDecomposition: Hashable, Sendable {
    /// Σ(p − y)²/n.
    public let score: Double
    /// Miscalibration, at least 0; 0 is best.
    public let reliability: Double
    /// How far the bins' event rates are from the prevalence, 0...uncertainty; the larger the better.
    public let resolution: Double
    /// ȳ(1 − ȳ), which the model cannot change.
    public let uncertainty: Double
    /// The within-bin variance less the within-bin covariance, doubled; zero when a bin has one probability only.
    public let within: Double

    /// resolution − within.
    public var generalizedResolution: Double { resolution - within }
}

extension CalibrationBins {
    /// The Brier score, Σ(p − y)²/n, the same for every binning.
    public var brier: Inferred<Double> {
        let total = count
        return total > 0 ? .value(sumSquaredError / Double(total)) : .undefined(.noCases)
    }

    /// The decomposition over these bins.
    public var decomposition: Inferred<BrierDecomposition> {
        let total = count
        guard total > 0 else { return .undefined(.noCases) }
        let (size, events) = (Double(total), events)
        var reliability = Compensated()
        var resolution = Compensated()
        var within = Compensated()
        for bin in occupied {
            let cases = Double(bin.count)
            let gap = Double(bin.events) - bin.sumPredicted
            reliability.add(gap * gap / cases)
            // n(k)(ȳ(k) − ȳ) is (n·Σy(k) − n(k)·Σy)/n, exact in integers.
            let shift = Double(Int128(total) * Int128(bin.events) - Int128(bin.count) * Int128(events)) / size
            resolution.add(shift * shift / cases)
            within.add(bin.sumSquaredError)
            within.add(-gap * gap / cases)
            within.add(-Double(bin.events) / cases * Double(bin.count - bin.events))
        }
        return .value(
            BrierDecomposition(
                score: sumSquaredError / size, reliability: reliability.value / size,
                resolution: resolution.value / size,
                uncertainty: Double(events) / size * (Double(total - events) / size),
                within: binning == .distinct ? 0 : within.value / size))
    }
}

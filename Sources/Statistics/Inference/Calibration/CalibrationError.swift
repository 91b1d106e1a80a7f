/// The binned calibration errors: how far event rates are from mean predictions.
///
/// ECE = Σ n(k)/n · |ȳ(k) − p̄(k)|, MCE the largest |ȳ(k) − p̄(k)|, RMS-ECE = √(Σ n(k)/n · (ȳ(k) − p̄(k))²), over the
/// occupied bins. M. P. Naeini, G. F. Cooper and M. Hauskrecht (2015), AAAI 29:2901-2907; C. Guo et al. (2017), ICML,
/// PMLR 70:1321-1330. All are biased upwards in small bins and depend on the binning, whose name goes with them.
public struct CalibrationError: Hashable, Sendable {
    /// The expected calibration error, 0...1.
    public let expected: Double
    /// The maximum calibration error, 0...1.
    public let maximum: Double
    /// The root-mean-square calibration error, 0...1.
    public let rootMeanSquare: Double
}

extension CalibrationBins {
    /// The calibration errors; `no-cases` without any.
    public var calibrationError: Inferred<CalibrationError> {
        let total = count
        guard total > 0 else { return .undefined(.noCases) }
        var absolute = Compensated()
        var squares = Compensated()
        var largest = 0.0
        for bin in occupied {
            // n·|ȳ − p̄| is |Σy − Σp|.
            let deviation = abs(Double(bin.events) - bin.sumPredicted)
            absolute.add(deviation)
            squares.add(deviation * deviation / Double(bin.count))
            largest = max(largest, deviation / Double(bin.count))
        }
        return .value(
            CalibrationError(
                expected: absolute.value / Double(total), maximum: largest,
                rootMeanSquare: (squares.value / Double(total)).squareRoot()))
    }

    /// The reliability diagram: one point an occupied bin, with Wilson's interval of the event rate (independent
    /// cases).
    public func curve(level: Double) -> Inferred<[CalibrationPoint]> {
        guard Interval.upperProbability(level) != nil else { return .undefined(.badArgument) }
        guard count > 0 else { return .undefined(.noCases) }
        return .value(
            occupied.compactMap { bin in
                Wilson.interval(successes: bin.events, trials: bin.count, level: level).value.map {
                    CalibrationPoint(
                        bin: bin.index, count: bin.count, meanPredicted: bin.meanPredicted, eventRate: bin.eventRate,
                        interval: $0)
                }
            })
    }
}

/// One point of a calibration curve.
public struct CalibrationPoint: Hashable, Sendable {
    /// The bin's number, from 0.
    public let bin: Int
    /// Cases.
    public let count: Int
    /// The mean predicted probability.
    public let meanPredicted: Double
    /// The share of events.
    public let eventRate: Double
    /// Wilson's interval of the event rate.
    public let interval: Interval
}

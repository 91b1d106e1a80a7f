/// The sums of one bin of predicted probabilities.
public struct CalibrationBin: Hashable, Sendable {
    /// The bin's number, from 0.
    public let index: Int
    /// Cases, n.
    public let count: Int
    /// Σp, the events expected.
    public let sumPredicted: Double
    /// Σy, the events observed.
    public let events: Int
    /// Σ(p − y)².
    public let sumSquaredError: Double

    /// Takes sums, such as a site's; the number of events is 0...count.
    public init(index: Int, count: Int, sumPredicted: Double, events: Int, sumSquaredError: Double) {
        self.index = index
        self.count = count
        self.sumPredicted = sumPredicted
        self.events = events
        self.sumSquaredError = sumSquaredError
    }

    /// Σp/n; of an occupied bin.
    public var meanPredicted: Double { sumPredicted / Double(count) }
    /// Σy/n; of an occupied bin.
    public var eventRate: Double { Double(events) / Double(count) }
    /// Event rate minus mean prediction; of an occupied bin.
    public var gap: Double { eventRate - meanPredicted }
}

/// Cases by bins of their predicted probability, from which the calibration curve, the calibration errors, the Brier
/// score and its decomposition follow, by whatever way the sums were got.
public struct CalibrationBins: Hashable, Sendable {
    /// How cases are put into bins. The same cases give another calibration error under another binning, so that its
    /// name travels with the number.
    public enum Binning: String, Hashable, Sendable, CaseIterable {
        /// Equal widths, closed on the left: min(⌊p·bins⌋, bins − 1) in Double, as most programs do. The product is
        /// rounded: 0.29 is in bin 28 of 100. Programs that compare with printed edges put 0.3 in bin 2 of 10, because
        /// the Double 3 · 0.1 lies above it.
        case equalWidth = "equal_width"
        /// Equal widths, closed on the right, the first bin on both sides: ⌈p·bins⌉ − 1 in Double, at least 0.
        case equalWidthRight = "equal_width_right"
        /// Equal widths, closed on the left, decided in integers over scores at a declared decimal resolution: a score
        /// of 0.29 is in bin 29 of 100 and one of 0.3 in bin 3 of 10, whatever the Doubles are.
        case equalWidthDecimal = "equal_width_decimal"
        /// Equal numbers: the cases in ascending order of score, tied ones in the order given, cut into parts of which
        /// the first n mod bins have one case more. Ties across a cut make the result depend on the order of the cases.
        case equalMass = "equal_mass"
        /// One bin for each distinct score.
        case distinct
        /// Bins that were set elsewhere, such as those of a protocol.
        case declared
    }

    /// Every bin in order, the empty ones too.
    public let bins: [CalibrationBin]
    public let binning: Binning

    /// Takes sums by bin.
    public init(_ bins: [CalibrationBin], binning: Binning) {
        self.bins = bins
        self.binning = binning
    }

    /// The occupied bins.
    public var occupied: [CalibrationBin] { bins.filter { $0.count > 0 } }
    /// Cases.
    public var count: Int { bins.reduce(0) { $0 + $1.count } }
    /// Events.
    public var events: Int { bins.reduce(0) { $0 + $1.events } }
    /// Σp.
    public var expected: Double { sum(\.sumPredicted) }
    /// Σ(p − y)².
    public var sumSquaredError: Double { sum(\.sumSquaredError) }

    private func sum(_ part: KeyPath<CalibrationBin, Double>) -> Double {
        var sum = Compensated()
        for bin in bins { sum.add(bin[keyPath: part]) }
        return sum.value
    }

    /// The most bins, 10⁶.
    public static let binLimit = 1_000_000

    /// Bins the cases. Undefined: `no-cases`; `not-probabilities` for a score outside 0...1; `bad-argument` for a number of bins below 1 or
    /// above the limit, or a binning that needs another function.
    /// - Parameter bins: the number of bins; not used by `distinct`.
    public static func of(_ cases: BinaryCases, _ binning: Binning, bins: Int) -> Inferred<CalibrationBins> {
        guard (1...binLimit).contains(bins) else { return .undefined(.badArgument) }
        guard !cases.scores.isEmpty else { return .undefined(.noCases) }
        guard cases.areProbabilities else { return .undefined(.notProbabilities) }
        let width = Double(bins)
        switch binning {
        case .equalWidth:
            return .value(
                of(cases.scores, cases.labels, bins: bins, binning) { _, score in min(Int(score * width), bins - 1) })
        case .equalWidthRight:
            return .value(
                of(cases.scores, cases.labels, bins: bins, binning) { _, score in
                    min(max(Int((score * width).rounded(.up)) - 1, 0), bins - 1)
                })
        case .equalMass:
            let order = ascending(cases.scores)
            let (size, larger) = (order.count / bins, order.count % bins)
            var binOf = [Int32](repeating: 0, count: order.count)
            for (rank, index) in order.enumerated() {
                let inLarger = rank < larger * (size + 1)
                let bin = inLarger ? rank / (size + 1) : larger + (rank - larger * (size + 1)) / max(size, 1)
                binOf[Int(index)] = Int32(bin)
            }
            return .value(of(cases.scores, cases.labels, bins: bins, binning) { index, _ in Int(binOf[index]) })
        case .distinct:
            var binOf = [Int32](repeating: 0, count: cases.scores.count)
            var bin: Int32 = -1
            var last = -1.0
            for index in ascending(cases.scores) {
                let score = cases.scores[Int(index)]
                if score != last { bin += 1 }
                last = score
                binOf[Int(index)] = bin
            }
            return .value(
                of(cases.scores, cases.labels, bins: Int(bin) + 1, binning) { index, _ in Int(binOf[index]) })
        case .equalWidthDecimal, .declared:
            return .undefined(.badArgument)
        }
    }

    /// Bins scores that are held in units of a resolution, without rounding: bin ⌊units · bins / one⌋, the last closed.
    /// Undefined: `no-cases`; `bad-argument` for columns that differ in length, scores outside 0...1, a label that is
    /// neither 0 nor 1, or a resolution that does not divide 1.
    public static func of(
        units: [Int64], labels: [UInt8], resolution: Resolution, bins: Int
    ) -> Inferred<CalibrationBins> {
        guard let one = resolution.units(1.0), one > 0, resolution.value(one) == 1, (1...binLimit).contains(bins),
            units.count == labels.count, labels.allSatisfy({ $0 <= 1 }), units.allSatisfy({ 0...one ~= $0 })
        else { return .undefined(.badArgument) }
        guard !units.isEmpty else { return .undefined(.noCases) }
        let scores = units.map { resolution.value($0) }
        return .value(
            of(scores, labels, bins: bins, .equalWidthDecimal) { index, _ in
                min(Int(Int128(units[index]) * Int128(bins) / Int128(one)), bins - 1)
            })
    }

    /// The top-label bins of binary cases (Guo et al. 2017): the confidence max(p, 1 − p) against whether the likelier
    /// class is the true one, in equal widths over 0...1. At p = ½ the lower class, the negative, counts as called, as
    /// in an argmax. Σ(p − y)² is then that of the confidence.
    public static func topLabel(_ cases: BinaryCases, bins: Int) -> Inferred<CalibrationBins> {
        guard (1...binLimit).contains(bins) else { return .undefined(.badArgument) }
        guard !cases.scores.isEmpty else { return .undefined(.noCases) }
        guard cases.areProbabilities else { return .undefined(.notProbabilities) }
        let confidences = cases.scores.map { max($0, 1 - $0) }
        let correct = zip(cases.scores, cases.labels).map { UInt8(($0 > 0.5) == ($1 == 1) ? 1 : 0) }
        return .value(topLabel(confidences: confidences, correct: correct, bins: bins))
    }

    /// The bins of confidences against whether the call was correct.
    static func topLabel(confidences: [Double], correct: [UInt8], bins: Int) -> CalibrationBins {
        of(confidences, correct, bins: bins, .equalWidth) { _, score in min(Int(score * Double(bins)), bins - 1) }
    }

    /// Case numbers in ascending order of score, tied ones in the order given.
    private static func ascending(_ scores: [Double]) -> [Int32] {
        var order = scores.indices.map { (score: scores[$0], index: Int32($0)) }
        order.sort { $0.score < $1.score || ($0.score == $1.score && $0.index < $1.index) }
        return order.map(\.index)
    }

    /// The sums of a bin under way.
    private struct Sums {
        var predicted = Compensated()
        var squares = Compensated()
        var count = 0
        var events = 0
    }

    @inline(__always)
    private static func of(
        _ scores: [Double], _ labels: [UInt8], bins: Int, _ binning: Binning, bin: (Int, Double) -> Int
    ) -> CalibrationBins {
        var sums = [Sums](repeating: Sums(), count: bins)
        scores.withUnsafeBufferPointer { scores in
            labels.withUnsafeBufferPointer { labels in
                sums.withUnsafeMutableBufferPointer { sums in
                    for index in scores.indices {
                        let score = scores[index]
                        let label = Int(labels[index])
                        let bin = bin(index, score)
                        let error = score - Double(label)
                        sums[bin].count += 1
                        sums[bin].events += label
                        sums[bin].predicted.add(score)
                        sums[bin].squares.add(error * error)
                    }
                }
            }
        }
        return CalibrationBins(
            sums.enumerated().map { index, sums in
                CalibrationBin(
                    index: index, count: sums.count, sumPredicted: sums.predicted.value, events: sums.events,
                    sumSquaredError: sums.squares.value)
            }, binning: binning)
    }
}

extension BinaryCases {
    /// Whether every score lies in 0...1, as a probability does.
    public var areProbabilities: Bool {
        scores.withUnsafeBufferPointer { scores in
            var outside = 0
            for score in scores { outside |= (score >= 0 && score <= 1) ? 0 : 1 }
            return outside == 0
        }
    }
}

internal import Foundation

/// Cases by the logit of their predicted probability: what the logistic fits are made from. A group may be one case.
public struct LogitGroups: Hashable, Sendable {
    /// Finite, one a group, in any order; a value may come in several groups. Filled up with groups without cases to a
    /// multiple of four.
    let logits: [Double]
    /// Events of each group.
    let events: [Int32]
    /// Other cases of each group.
    let rest: [Int32]
    /// The same cases by narrow intervals of the logit, where there are many.
    private(set) var moments: LogitMoments?
    private var range = Range()

    /// From this many groups the fits are made from ``moments``.
    static let momentsFloor = 1 << 14

    /// Takes groups; `malformed-columns` for lengths that differ, `unexpected-value` for a logit that is not finite or
    /// a count that is not in 0..<2³¹.
    public init(logits: [Double], events: [Int], rest: [Int]) throws(StatisticsError) {
        guard logits.count == events.count, events.count == rest.count else {
            throw StatisticsError(.malformedColumns, "logits and counts differ in length")
        }
        let isCount = { (count: Int) in 0..<CaseColumns.caseLimit ~= count }
        guard logits.allSatisfy(\.isFinite), events.allSatisfy(isCount), rest.allSatisfy(isCount) else {
            throw StatisticsError(.unexpectedValue, "a logit is finite and a count natural")
        }
        self.init(logits, events.map(Int32.init), rest.map(Int32.init))
    }

    private init(_ logits: [Double], _ events: [Int32], _ rest: [Int32]) {
        let missing = -logits.count & 3
        self.logits = logits + repeatElement(0, count: missing)
        self.events = events + repeatElement(0, count: missing)
        self.rest = rest + repeatElement(0, count: missing)
        range = foundRange()
        if logits.count >= Self.momentsFloor, (try? ranges()) != nil {
            moments = LogitMoments(self, range: range.lowest...range.highest)
        }
    }

    /// One group a case; see ``LogisticRecalibration/fit(_:clip:)``.
    public static func of(_ cases: BinaryCases, clip: Double? = nil) -> Inferred<LogitGroups> {
        if let clip, !(clip > 0 && clip < 0.5) { return .undefined(.badArgument) }
        guard cases.areProbabilities else { return .undefined(.notProbabilities) }
        let (lower, upper) = (clip ?? 0, 1 - (clip ?? 0))
        var notFinite = 0
        let logits = cases.scores.map { score in
            let p = min(max(score, lower), upper)
            // To the last digits in absolute terms, which is what a fit needs; zero near one half has none to lose.
            let logit = log(p / (1 - p))
            notFinite |= logit.isFinite ? 0 : 1
            return logit
        }
        guard notFinite == 0 else { return .undefined(.notFinite) }
        return .value(LogitGroups(logits, cases.labels.map(Int32.init), cases.labels.map { 1 - Int32($0) }))
    }

    /// The number of cases.
    var size: Double { eventCount + Double(rest.reduce(0) { $0 + Int($1) }) }

    /// The number of events.
    var eventCount: Double { Double(events.reduce(0) { $0 + Int($1) }) }

    /// Calls `body` with the logit, events and other cases of each group that has cases.
    @inline(__always)
    func visitEach(_ body: (_ logit: Double, _ events: Double, _ rest: Double) -> Void) {
        logits.withUnsafeBufferPointer { logits in
            events.withUnsafeBufferPointer { events in
                rest.withUnsafeBufferPointer { rest in
                    for index in 0..<logits.count where events[index] | rest[index] != 0 {
                        body(logits[index], Double(events[index]), Double(rest[index]))
                    }
                }
            }
        }
    }

    /// Calls `body` with the logits, events and other cases of four groups at a time.
    @inline(__always)
    func visit(_ body: (_ logits: SIMD4<Double>, _ events: SIMD4<Double>, _ rest: SIMD4<Double>) -> Void) {
        logits.withUnsafeBufferPointer { logits in
            events.withUnsafeBufferPointer { events in
                rest.withUnsafeBufferPointer { rest in
                    for index in stride(from: 0, to: logits.count, by: 4) {
                        body(
                            SIMD4(logits[index], logits[index + 1], logits[index + 2], logits[index + 3]),
                            SIMD4<Double>(
                                SIMD4(events[index], events[index + 1], events[index + 2], events[index + 3])),
                            SIMD4<Double>(SIMD4(rest[index], rest[index + 1], rest[index + 2], rest[index + 3])))
                    }
                }
            }
        }
    }

    /// The ranges of the logits by class.
    struct Range: Hashable {
        var lowestEvent = Double.infinity
        var highestEvent = -Double.infinity
        var lowestRest = Double.infinity
        var highestRest = -Double.infinity
        var lowest: Double { min(lowestEvent, lowestRest) }
        var highest: Double { max(highestEvent, highestRest) }

        /// Whether no threshold parts the classes, so that the logistic fit has a finite maximum.
        var overlaps: Bool { lowestEvent < highestRest && lowestRest < highestEvent }
    }

    /// The ranges; `no-cases`, or `single-class`, where there are none.
    func ranges() throws(Undefined) -> Range {
        guard range.lowest <= range.highest else { throw .noCases }
        guard range.lowestEvent <= range.highestEvent, range.lowestRest <= range.highestRest else {
            throw .singleClass
        }
        return range
    }

    private func foundRange() -> Range {
        var range = Range()
        let few = SIMD4(repeating: Double.infinity)
        var (lowestEvent, highestEvent, lowestRest, highestRest) = (few, -few, few, -few)
        visit { logits, events, rest in
            lowestEvent.replace(with: logits, where: (events .> 0) .& (logits .< lowestEvent))
            highestEvent.replace(with: logits, where: (events .> 0) .& (logits .> highestEvent))
            lowestRest.replace(with: logits, where: (rest .> 0) .& (logits .< lowestRest))
            highestRest.replace(with: logits, where: (rest .> 0) .& (logits .> highestRest))
        }
        range.lowestEvent = lowestEvent.min()
        range.highestEvent = highestEvent.max()
        range.lowestRest = lowestRest.min()
        range.highestRest = highestRest.max()
        return range
    }
}

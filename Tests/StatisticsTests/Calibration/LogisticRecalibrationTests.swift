import Foundation
import Testing

@testable import Statistics

@Suite struct LogisticRecalibrationTests {
    private func isClose(_ left: Double, _ right: Double, _ tolerance: Double = 1e-12) -> Bool {
        abs(left - right) <= tolerance * max(abs(right), 1e-3)
    }

    /// Two logits leave no degree of freedom, so that the fit is known in closed form.
    @Test func twoGroupsAreFittedExactly() throws {
        let groups = try LogitGroups(logits: [-2, 1], events: [3, 30], rest: [17, 10])
        let fit = try LogisticRecalibration.fit(groups).get()
        let (low, high) = (log(3.0 / 17), log(3.0))
        #expect(isClose(fit.slope, (high - low) / 3) && isClose(fit.intercept, high - (high - low) / 3))
        let (lowVariance, highVariance) = (1.0 / 3 + 1.0 / 17, 1.0 / 30 + 1.0 / 10)
        #expect(isClose(fit.slopeVariance, (lowVariance + highVariance) / 9))
        #expect(isClose(fit.interceptVariance, (lowVariance + 4 * highVariance) / 9))
        #expect(isClose(fit.covariance, (2 * highVariance - lowVariance) / 9))
        #expect(fit.count == 60)
    }

    @Test func groupsAndTheirCasesHaveTheSameFit() throws {
        let probabilities = [0.1, 0.3, 0.35, 0.8, 0.9]
        let events = [2, 5, 1, 7, 11]
        let rest = [9, 3, 4, 2, 3]
        var scores: [Double] = []
        var labels: [UInt8] = []
        for (index, score) in probabilities.enumerated() {
            scores += Array(repeating: score, count: events[index] + rest[index])
            labels += Array(repeating: 1, count: events[index]) + Array(repeating: 0, count: rest[index])
        }
        let cases = try LogisticRecalibration.fit(try BinaryCases(scores: scores, labels: labels)).get()
        let logits = probabilities.map { log($0 / (1 - $0)) }
        let groups = try LogitGroups(logits: logits, events: events, rest: rest)
        let grouped = try LogisticRecalibration.fit(groups).get()
        #expect(isClose(cases.slope, grouped.slope) && isClose(cases.intercept, grouped.intercept))
        #expect(isClose(cases.slopeVariance, grouped.slopeVariance))
        let large = try CalibrationInTheLarge.fit(groups).get()
        let many = try CalibrationInTheLarge.fit(
            try LogitGroups(logits: logits, events: events.map { $0 * 400 }, rest: rest.map { $0 * 400 })
        ).get()
        #expect(isClose(large.intercept, many.intercept) && isClose(large.standardError, 20 * many.standardError))
    }

    /// Many groups are fitted from moments of intervals of the logit, which must not show: 12,000 cases taken once go
    /// the plain way, taken four times the other.
    @Test(arguments: [0.2, 1.0, 3.9, 7.0])
    func momentsGiveTheSameFit(slope: Double) throws {
        var generator = SeededGenerator(seed: 7)
        var logits: [Double] = []
        var events: [Int] = []
        for _ in 0..<12_000 {
            let logit =
                4
                * (Double.random(in: 0..<1, using: &generator) + Double.random(in: 0..<1, using: &generator)
                    + Double.random(in: 0..<1, using: &generator) - 1.5) / slope
            logits.append(logit)
            events.append(Double.random(in: 0..<1, using: &generator) < 1 / (1 + exp(-slope * logit - 0.3)) ? 1 : 0)
        }
        let once = try LogitGroups(logits: logits, events: events, rest: events.map { 1 - $0 })
        let times = 4
        let often = try LogitGroups(
            logits: Array(repeatElement(logits, count: times).joined()),
            events: Array(repeatElement(events, count: times).joined()),
            rest: Array(repeatElement(events.map { 1 - $0 }, count: times).joined()))
        #expect(once.moments == nil && often.moments != nil)
        let (plain, gathered) = (
            try LogisticRecalibration.fit(once).get(), try LogisticRecalibration.fit(often).get()
        )
        #expect(isClose(plain.slope, gathered.slope) && isClose(plain.intercept, gathered.intercept))
        #expect(isClose(plain.slopeVariance, 4 * gathered.slopeVariance))
        #expect(isClose(plain.interceptVariance, 4 * gathered.interceptVariance))
        #expect(isClose(plain.covariance, 4 * gathered.covariance))
        let (large, largeGathered) = (
            try CalibrationInTheLarge.fit(once).get(), try CalibrationInTheLarge.fit(often).get()
        )
        #expect(isClose(large.intercept, largeGathered.intercept))
        #expect(isClose(large.standardError, 2 * largeGathered.standardError))
    }

    @Test func manyCasesAreFittedAsFewAre() throws {
        let probabilities = [0.02, 0.2, 0.4, 0.7, 0.95]
        var scores: [Double] = []
        var labels: [UInt8] = []
        for round in 0..<20_000 {
            for (index, score) in probabilities.enumerated() {
                scores.append(score)
                labels.append((round * 7 + index) % 10 < index * 2 + 1 ? 1 : 0)
            }
        }
        let cases = try BinaryCases(scores: scores, labels: labels)
        let fit = try LogisticRecalibration.fit(cases).get()
        let groups = try LogitGroups(
            logits: probabilities.map { log($0 / (1 - $0)) }, events: [2000, 6000, 10000, 14000, 18000],
            rest: [18000, 14000, 10000, 6000, 2000])
        let few = try LogisticRecalibration.fit(groups).get()
        #expect(isClose(fit.slope, few.slope) && isClose(fit.intercept, few.intercept))
        #expect(isClose(fit.slopeVariance, few.slopeVariance, 1e-11))
        let (own, other) = (try CalibrationInTheLarge.fit(cases).get(), try CalibrationInTheLarge.fit(groups).get())
        #expect(isClose(own.intercept, other.intercept))
    }

    @Test func aConstantPredictionIsMovedToThePrevalence() throws {
        let groups = try LogitGroups(logits: [0.7], events: [3], rest: [9])
        let large = try CalibrationInTheLarge.fit(groups).get()
        #expect(isClose(large.intercept, log(1.0 / 3) - 0.7))
        #expect(isClose(large.standardError, (1.0 / 3 + 1.0 / 9).squareRoot()))
        #expect(LogisticRecalibration.fit(groups).undefined == .noVariance)
    }

    /// The likelihood is flat where the iterations begin; statsmodels answers 10¹⁵. Expected values by mpmath.
    @Test func predictionsThatAreFarOffAreStillFitted() throws {
        let groups = try LogitGroups(logits: [-13.8, 13.8], events: [6, 1], rest: [1, 3])
        let large = try CalibrationInTheLarge.fit(groups).get()
        #expect(isClose(large.intercept, 13.5123179275514282) && isClose(large.standardError, 0.763762615824572754))
        let fit = try LogisticRecalibration.fit(groups).get()
        #expect(isClose(fit.slope, (log(1.0 / 3) - log(6.0)) / 27.6))
    }

    @Test func whatHasNoMaximumHasNoValue() throws {
        let fit = { (scores: [Double], labels: [UInt8]) in
            LogisticRecalibration.fit(try BinaryCases(scores: scores, labels: labels)).undefined
        }
        #expect(try fit([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]) == .separated)
        #expect(try fit([0.1, 0.2, 0.8, 0.9], [1, 1, 0, 0]) == .separated)
        // One shared logit does not help.
        #expect(try fit([0.1, 0.5, 0.5, 0.9], [0, 0, 1, 1]) == .separated)
        #expect(try fit([0.1, 0.6, 0.5, 0.9], [0, 0, 1, 1]) == nil)
        #expect(try fit([0.1, 0.2], [1, 1]) == .singleClass)
        #expect(try fit([], []) == .noCases)
        #expect(try fit([0, 0.6, 0.5, 0.9], [0, 0, 1, 1]) == .notFinite)
        let single = try LogitGroups(logits: [1, 2], events: [1, 1], rest: [0, 0])
        #expect(CalibrationInTheLarge.fit(single).undefined == .singleClass)
    }

    @Test func aClipIsPartOfTheNumber() throws {
        let cases = try BinaryCases(scores: [0, 0.6, 0.5, 1, 0.3], labels: [0, 0, 1, 1, 1])
        let (first, second) = (
            try LogisticRecalibration.fit(cases, clip: 1e-6).get(),
            try LogisticRecalibration.fit(cases, clip: 1e-3).get()
        )
        #expect(abs(first.slope - second.slope) > 1e-3)
        #expect(LogisticRecalibration.fit(cases, clip: 0.7).undefined == .badArgument)
    }

    @Test func malformedGroupsAreRefused() {
        #expect(throws: StatisticsError.self) { try LogitGroups(logits: [1], events: [1, 2], rest: [1]) }
        #expect(throws: StatisticsError.self) { try LogitGroups(logits: [.infinity], events: [1], rest: [1]) }
        #expect(throws: StatisticsError.self) { try LogitGroups(logits: [1], events: [-1], rest: [1]) }
    }
}

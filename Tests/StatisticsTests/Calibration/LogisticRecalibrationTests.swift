import Foundation
import Statistics
import Testing

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

    /// Above 65,536 groups the iterations start from a part of them, which must not show.
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

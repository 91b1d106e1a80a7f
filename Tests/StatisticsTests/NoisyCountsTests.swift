import Foundation
@_spi(ReleaseGate) import Statistics
import Testing

extension Examples {
    static var noisyTable: ReleasedNoisyCounts {
        ReleasedNoisyCounts(
            subject: .table(axes: [
                TableAxis(variable: "manufacturer", levels: ["GE", "missing"]),
                TableAxis(variable: "malignant", levels: ["0", "1", "missing"]),
            ]), casesPerPatient: 1, numbers: [20, 31, -4, 0, 3, -1],
            noise: ReleasedNoisyCounts.Noise(mechanism: .discreteGaussian, scale: "3.72543"))
    }
}

@Suite("Counts with noise")
struct NoisyCountsTests {
    private typealias Noise = ReleasedNoisyCounts.Noise

    private func counts(
        _ numbers: [Int64], _ mechanism: Noise.Mechanism, _ scale: String, cases: Int = 1
    )
        -> ReleasedNoisyCounts
    {
        ReleasedNoisyCounts(
            subject: .confusion(operatingPoint: "a", threshold: "0.5"), casesPerPatient: cases,
            numbers: numbers,
            noise: Noise(mechanism: mechanism, scale: scale))
    }

    private func encoded(_ counts: ReleasedNoisyCounts) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(
            decoding: try encoder.encode(ReleasedAggregate.noisyCounts(counts)), as: UTF8.self)
    }

    private func decoded(_ text: String) throws -> ReleasedAggregate {
        try JSONDecoder().decode(ReleasedAggregate.self, from: Data(text.utf8))
    }

    @Test("merging adds the numbers, also negative ones, and keeps every site's noise, in any order")
    func merging() throws {
        let a = counts([5, -3, 0, 7], .discreteGaussian, "2")
        let b = counts([-9, 1, 1, 1], .discreteLaplace, "1/3", cases: 4)
        let c = counts([1, 1, 1, 1], .discreteGaussian, "2")
        let left = try a.merged(with: b).merged(with: c)
        let right = try c.merged(with: b.merged(with: a))
        #expect(left == right)
        #expect(left.numbers == [-3, -1, 2, 9])
        #expect(left.casesPerPatient == 4 && left.sites == 3)
        #expect(
            left.noise == [
                Noise(mechanism: .discreteGaussian, scale: "2", sites: 2),
                Noise(mechanism: .discreteLaplace, scale: "1/3", sites: 1),
            ])
        #expect(abs(left.varianceBound - (2 * 4 + 2.0 / 9)) < 1e-12)
        #expect(try decoded(encoded(left)) == .noisyCounts(left))
        #expect(throws: StatisticsError(.shapeMismatch, "")) { try a.merged(with: Examples.noisyTable) }
        let one = ReleasedAggregate.noisyCounts(a)
        #expect(one.numberCount == 4 && !one.hasProtectedCounts)
    }

    @Test("every subject is written and read back the same")
    func subjects() throws {
        let micro = try Resolution("0.000001")
        let subjects: [ReleasedNoisyCounts.Subject] = [
            .flow(boxes: [
                .init(box: .excluded, reason: "age"), .init(box: .missingReference, reason: nil),
                .init(box: .failed, reason: "model-failed"), .init(box: .analysed, reason: nil),
            ]),
            Examples.noisyTable.subject,
            .histogram(variable: "x", resolution: micro, by: nil, levels: [], edges: ["0", "0.5", "3"]),
            .histogram(
                variable: "x", resolution: micro, by: "y", levels: ["a", "missing"], edges: ["-1", "3"]),
            .confusion(operatingPoint: "a", threshold: "0.5"),
            .scoreSteps(resolution: micro, edges: ["0", "0.25", "1"]),
        ]
        #expect(subjects.map(\.cellCount) == [4, 6, 5, 8, 4, 4])
        for subject in subjects {
            let whole = ReleasedNoisyCounts(
                subject: subject, casesPerPatient: 2,
                numbers: Array(repeating: -1, count: subject.cellCount),
                noise: Noise(mechanism: .discreteLaplace, scale: "22/7"))
            #expect(try decoded(encoded(whole)) == .noisyCounts(whole))
        }
    }

    @Test(
        "a form from outside that does not hold together is refused",
        arguments: [
            (#""scale":"2""#, #""scale":"0""#), (#""scale":"2""#, #""scale":"-2""#),
            (#""scale":"2""#, #""scale":"1e3""#),
            (#""scale":"2""#, #""scale":"9999999999""#), (#""scale":"2""#, #""scale":"1/0""#),
            (#""scale":"2""#, #""scale":"1/2/3""#), (#""sites":1"#, #""sites":0"#),
            (#""mechanism":"discrete-gaussian""#, #""mechanism":"uniform""#), ("[5,-3,0,7]", "[5,-3,0]"),
            ("[5,-3,0,7]", "[5,-3,0,9007199254740993]"), ("[5,-3,0,7]", "[5,-3,0,0.5]"),
            (#""casesPerPatient":1"#, #""casesPerPatient":0"#),
            (#""kind":"confusion""#, #""kind":"roc""#),
            (#""noise":[{"#, #""noise":[{"mechanism":"discrete-gaussian","scale":"2","sites":1},{"#),
        ])
    func refused(part: String, replacement: String) throws {
        let text = try encoded(counts([5, -3, 0, 7], .discreteGaussian, "2"))
        _ = try decoded(text)
        let changed = text.replacingOccurrences(of: part, with: replacement)
        try #require(changed != text)
        #expect(throws: (any Error).self) { try decoded(changed) }
    }
}

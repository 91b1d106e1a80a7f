@_spi(ReleaseGate) import Statistics
import Testing

@Suite("Proportions")
struct ProportionTests {
    @Test("Wilson and Clopper-Pearson intervals agree with R")
    func reference() throws {
        let records = try referenceFile("stats/proportions.json").records("proportion_ci95")
        #expect(records.count == 11)
        for record in records {
            let k = Int(try #require(record.params["k"].number))
            let n = Int(try #require(record.params["n"].number))
            for (name, interval) in [
                ("wilson", Wilson.interval(successes: k, trials: n, level: 0.95)),
                ("clopper_pearson", ClopperPearson.interval(successes: k, trials: n, level: 0.95)),
            ] {
                let expected = try #require(record.value[name].numbers)
                let interval = try interval.get()
                #expect(agree(interval.lower, expected[0], relative: 1e-11), "\(name) \(k)/\(n)")
                #expect(agree(interval.upper, expected[1], relative: 1e-11), "\(name) \(k)/\(n)")
            }
        }
    }

    @Test("ends are exact and arguments that are none have no value")
    func ends() {
        #expect(Wilson.interval(successes: 0, trials: 10, level: 0.95).value?.lower == 0)
        #expect(Wilson.interval(successes: 10, trials: 10, level: 0.95).value?.upper == 1)
        #expect(Wilson.interval(successes: 0, trials: 0, level: 0.95) == .undefined(.noCases))
        #expect(Wilson.interval(successes: 3, trials: 2, level: 0.95) == .undefined(.badArgument))
        #expect(Wilson.interval(successes: 1, trials: 2, level: 1) == .undefined(.badArgument))
        #expect(Wilson.interval(successes: .protected, failures: .exact(3), level: 0.95) == .undefined(.withheld))
        #expect(ClopperPearson.interval(successes: 0, trials: 0, level: 0.95) == .undefined(.noCases))
        #expect(ClopperPearson.interval(successes: -1, trials: 3, level: 0.95) == .undefined(.badArgument))
    }

    private struct Clustered: Decodable {
        struct Case: Decodable {
            struct Expected: Decodable { let estimate, variance, effectiveSize, lower, upper: Double }
            let sizes, hits: [Int]
            let expected: Expected
        }
        let proportions: [Case]
    }

    private func confusion(sizes: [Int], hits: [Int]) throws -> Confusion {
        var patients: [Int32] = []
        var scores: [Int64] = []
        for (patient, size) in sizes.enumerated() {
            for index in 0..<size {
                patients.append(Int32(patient))
                scores.append(index < hits[patient] ? 1 : 0)
            }
        }
        return try Confusion(
            operatingPoint: "op", threshold: 1, scores: scores, reference: scores.map { _ in 1 }, patients: patients,
            selection: scores.indices.map(Int32.init), resolution: Resolution("1"))
    }

    @Test("the effective-size interval agrees with exact fractions of its formula")
    func effectiveSize() throws {
        let cases = try vectorFile("clustered.json", as: Clustered.self).proportions
        #expect(cases.count == 5)
        for item in cases {
            let confusion = try confusion(sizes: item.sizes, hits: item.hits)
            let inference = try EffectiveSizeWilson.infer(
                hits: .exact(confusion.cases(.truePositive)), misses: .exact(confusion.cases(.falseNegative)),
                totals: ClusterTotals(confusion.positives), level: 0.95
            ).get()
            #expect(agree(inference.estimate, item.expected.estimate))
            #expect(agree(inference.variance, item.expected.variance))
            #expect(agree(inference.effectiveSize, item.expected.effectiveSize))
            #expect(agree(inference.interval.lower, item.expected.lower, absolute: 1e-15))
            #expect(agree(inference.interval.upper, item.expected.upper))
            #expect(inference.degreesOfFreedom == item.sizes.count - 1)
        }
    }

    @Test("clustered proportions without enough patients, or with a withheld part, have no value")
    func effectiveSizeUndefined() throws {
        let totals = ClusterTotals(try confusion(sizes: [3], hits: [2]).positives)
        #expect(
            EffectiveSizeWilson.infer(hits: .exact(2), misses: .exact(1), totals: totals, level: 0.95)
                == .undefined(.tooFewClusters))
        #expect(
            EffectiveSizeWilson.infer(hits: .exact(2), misses: .protected, totals: totals, level: 0.95)
                == .undefined(.withheld))
        #expect(
            EffectiveSizeWilson.infer(hits: .exact(2), misses: .exact(1), totals: nil, level: 0.95)
                == .undefined(.withheld))
        let none = ClusterTotals(try confusion(sizes: [], hits: []).positives)
        #expect(
            EffectiveSizeWilson.infer(hits: .exact(0), misses: .exact(0), totals: none, level: 0.95)
                == .undefined(.noCases))
        #expect(
            EffectiveSizeWilson.infer(hits: .exact(1), misses: .exact(1), totals: totals, level: 0.95)
                == .undefined(.badArgument))
    }
}

@Suite("Moments")
struct MomentsInferenceTests {
    private func infer(_ values: [String], resolution text: String) throws -> MomentsInference {
        let resolution = try Resolution(text)
        let column = try values.map { try #require(resolution.units(decimal: $0)) }
        let moments = try Moments(
            variable: "x", column: column, patients: column.indices.map(Int32.init),
            selection: column.indices.map(Int32.init), resolution: resolution)
        guard case .moments(let released) = released(.moments(moments)) else { throw Undefined.withheld }
        return try MomentsInference.infer(released.groups[0], resolution: resolution, level: 0.95).get()
    }

    @Test("NIST's univariate certified values, to their last certified digit")
    func nist() throws {
        let file = try referenceFile("nist/univariate.json")
        let resolutions = ["Mavro": "0.00001", "NumAcc3": "0.1"]
        #expect(file.expected.count == 6)
        for record in file.expected {
            let name = try #require(record.params["dataset"].text)
            let values = try #require(file.inputs?[name]?.list).compactMap(\.text)
            let inference = try infer(values, resolution: resolutions[name] ?? "1")
            #expect(inference.n == Int(try #require(record.value["n"].number)))
            #expect(agree(inference.mean.value, try #require(record.value["mean"].number), relative: 1e-15), "\(name)")
            let deviation = try #require(record.value["sd"].number)
            #expect(agree(inference.standardDeviation.value, deviation, relative: 2e-15), "\(name)")
        }
    }

    @Test("mean and standard deviation agree with R", arguments: ["meal_cal", "wt_loss", "small", "two"])
    func descriptive(name: String) throws {
        let file = try referenceFile("stats/descriptive.json")
        let values = try #require(file.inputs?[name]?.numbers)
        let expected = try #require(file.records("summary").first { $0.params["data"].text == name }).value
        let inference = try infer(values.map { String(Int($0)) }, resolution: "1")
        #expect(agree(inference.mean.value, try #require(expected["mean"].number), relative: 1e-14))
        #expect(agree(inference.standardDeviation.value, try #require(expected["sd"].number), relative: 1e-14))
        let error = try #require(expected["sd"].number) / Double(values.count).squareRoot()
        #expect(agree(inference.standardError.value, error, relative: 1e-14))
    }

    @Test("Student's interval of a mean is R's t.test")
    func interval() throws {
        // t.test(c(3, 1, 4, 1, 5, 9, 2, 6))$conf.int
        let inference = try infer(["3", "1", "4", "1", "5", "9", "2", "6"], resolution: "1")
        let half = 2.364624251592785 * 2.748376143938713 / 8.0.squareRoot()
        #expect(agree(inference.interval.value?.lower, 3.875 - half))
        #expect(agree(inference.interval.value?.upper, 3.875 + half))
    }

    @Test("too few or equal values have no interval")
    func undefined() throws {
        let none = try infer([], resolution: "0.1")
        #expect(none.mean == .undefined(.noCases))
        #expect(none.standardDeviation == .undefined(.noCases))
        let one = try infer(["7.5"], resolution: "0.1")
        #expect(one.mean == .value(7.5))
        #expect(one.standardDeviation == .undefined(.tooFewCases))
        let same = try infer(["7.5", "7.5", "7.5"], resolution: "0.1")
        #expect(same.standardDeviation == .value(0))
        #expect(same.interval == .undefined(.noVariance))
    }

    @Test("the extreme of the proven range neither overflows nor loses digits")
    func extremes() throws {
        let limit = Resolution.unitLimit
        let column = [limit, -limit, limit, limit]
        let moments = try Moments(
            variable: "x", column: column, patients: [0, 0, 1, 2], selection: [0, 1, 2, 3], resolution: Resolution("1"))
        #expect(moments.groups[0].sum == 2 * Int128(limit))
        #expect(moments.groups[0].sumSquares == 4 * Int128(limit) * Int128(limit))
        let group = ReleasedMoments.Group(
            level: nil, n: .exact((1 << 31) - 1), patients: .exact(1), missing: .exact(0), malformed: .exact(0),
            outOfRange: .exact(0), sum: WideInteger(Int128(limit)),
            sumSquares: WideInteger(Int128((1 << 31) - 1) * Int128(limit) * Int128(limit)))
        let inference = try MomentsInference.infer(group, resolution: Resolution("1"), level: 0.95).get()
        #expect(agree(inference.standardDeviation.value, Double(limit) * (1 + 0.5 / 2_147_483_646), relative: 1e-15))
    }
}

@Suite("Quantile bounds")
struct QuantileBoundsTests {
    @Test("hold each of R's nine quantiles", arguments: ["meal_cal", "wt_loss", "small"])
    func reference(name: String) throws {
        let file = try referenceFile("stats/descriptive.json")
        let values = try #require(file.inputs?[name]?.numbers).map(Int64.init)
        let range = try #require(values.min())...(try #require(values.max()))
        let records = file.records("quantile").filter { $0.params["data"].text == name }
        #expect(records.count == 9)
        for step in [1, 7, 50, 400] as [Int64] {
            let inner = stride(from: range.lowerBound + step, to: range.upperBound, by: Int(step))
            let histogram = try Histogram(
                variable: name, column: values, edges: [range.lowerBound] + inner + [range.upperBound],
                patients: values.indices.map(Int32.init), selection: values.indices.map(Int32.init),
                resolution: Resolution("1"))
            guard case .histogram(let form) = released(.histogram(histogram)) else { throw Undefined.withheld }
            let bounds = try QuantileBounds.infer(form.groups[0], edges: form.edges).get()
            for bound in bounds {
                let lower = try #require(Double(bound.lower))
                let upper = try #require(Double(bound.upper))
                for record in records {
                    let probabilities = try #require(record.params["probs"].numbers)
                    let place = try #require(probabilities.firstIndex(of: Double(bound.percent) / 100))
                    let quantile = try #require(record.value.numbers)[place]
                    #expect(lower <= quantile && quantile <= upper, "\(name) \(bound)")
                }
            }
            // The edges are informative: not always the whole range.
            #expect(step > 1 || bounds.contains { $0.lower != form.edges[0] && $0.upper != form.edges.last })
        }
    }

    @Test("use the lower and upper counts of merged bins")
    func merged() throws {
        let group = ReleasedHistogram.Group(
            level: nil, n: .exact(100), lower: [0, 0, 40, 100], upper: [0, 40, 40, 100], missing: .exact(0),
            malformed: .exact(0), outOfRange: .exact(0))
        let bounds = try QuantileBounds.infer(group, edges: ["0", "1", "2", "3"], percents: [25, 50]).get()
        #expect(bounds.map { [String($0.percent), $0.lower, $0.upper] } == [["25", "0", "2"], ["50", "2", "3"]])
    }
}

@Suite("Chi-squared")
struct ChiSquaredTests {
    private func table(_ rows: [[Int]], missing: [Int] = []) -> ReleasedTable {
        let columns = rows[0].count
        var cells: [Count] = []
        for row in rows { cells += row.map { Count.exact($0) } + [.exact(0)] }
        cells += Array(repeating: .protected, count: columns + 1)
        return ReleasedTable(
            axes: [
                TableAxis(variable: "r", levels: rows.indices.map { "\($0)" } + ["missing"]),
                TableAxis(variable: "c", levels: (0..<columns).map { "\($0)" } + ["missing"]),
            ], cells: cells)
    }

    @Test("agrees with R, and leaves out the missing level")
    func reference() throws {
        let file = try referenceFile("stats/tests.json")
        var checked = 0
        for record in file.records("chisq") where record.params["yates"].bool == false {
            let name = try #require(record.params["table"].text)
            let rows = try #require(file.inputs?[name]?.list).compactMap(\.numbers).map { $0.map { Int($0) } }
            let test = try ChiSquared.test(table(rows)).get()
            #expect(agree(test.statistic, try #require(record.value["stat"].number), relative: 1e-13))
            #expect(test.degreesOfFreedom == Int(try #require(record.value["df"].number)))
            #expect(agree(test.pValue, try #require(record.value["p"].number), relative: 1e-12))
            let expected = try #require(record.value["expected"].list).compactMap(\.numbers).joined()
            #expect(agree(test.smallestExpected, try #require(expected.min())))
            let n = Double(rows.joined().reduce(0, +))
            let shorter = Double(min(rows.count, rows[0].count) - 1)
            #expect(agree(test.cramersV * test.cramersV * n * shorter, test.statistic))
            checked += 1
        }
        #expect(checked == 3)
    }

    @Test("says why it has no value")
    func undefined() {
        #expect(ChiSquared.test(table([[1, 2], [0, 0]])) == .undefined(.zeroMargin))
        #expect(ChiSquared.test(table([[0, 0], [0, 0]])) == .undefined(.noCases))
        #expect(ChiSquared.test(table([[1, 2]])) == .undefined(.zeroMargin))
        #expect(ChiSquared.test(table([[1, 2], [3, 4]]), includingMissing: true) == .undefined(.withheld))
        let oneWay = ReleasedTable(axes: [TableAxis(variable: "r", levels: ["a"])], cells: [.exact(3)])
        #expect(ChiSquared.test(oneWay) == .undefined(.notTwoWay))
    }
}

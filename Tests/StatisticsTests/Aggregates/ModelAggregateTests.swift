import Foundation
@_spi(ReleaseGate) import Statistics
import Testing

/// Each raw kind against plain loops over the columns of a made-up site.
@Suite("Aggregates of quantities together, of two models, and of probabilities")
struct ModelAggregateTests {
    private let site: SampleSite
    private let micro: Resolution

    init() throws {
        var generator = SeededGenerator(seed: 7)
        site = SampleSite(patients: 130, casesAtMost: 5, using: &generator)
        micro = try Resolution(SampleSite.micro)
    }

    private func byPatient(where holds: (Int) -> Bool) -> [[Int]] {
        var cases: [Int32: [Int]] = [:]
        for index in site.patients.indices where holds(index) { cases[site.patients[index], default: []].append(index) }
        return Array(cases.values)
    }

    @Test("co-moments are of the cases that have every quantity")
    func coMoments() throws {
        let raw = try site.coMoments()
        let columns = [site.quantity, site.otherQuantity, site.second]
        let has = { (index: Int, place: Int) -> Bool in
            Coded.isValue(columns[place][index]) && (place > 0 || (0...10_000).contains(columns[place][index]))
        }
        let complete = { (index: Int) -> Bool in (0..<3).allSatisfy { has(index, $0) } }
        let cases = byPatient(where: complete)
        let sums = raw.sums
        #expect(sums.n == cases.joined().count)
        #expect(sums.patients == cases.count)
        #expect(sums.n + sums.missing + sums.malformed + sums.outOfRange == site.patients.count)
        #expect(
            sums.missing == site.patients.indices.count { index in columns.contains { $0[index] == Coded.missing } })
        for first in 0..<3 {
            #expect(sums.sums[first] == cases.joined().reduce(0) { $0 + Int128(columns[first][$1]) })
            for second in first..<3 {
                let own = cases.map { $0.reduce(Int128(0)) { $0 + Int128(columns[first][$1] * columns[second][$1]) } }
                let place = CoMoments.place(first, second, of: 3)
                #expect(sums.products[place] == own.reduce(0, +))
                let magnitudes = own.map { abs($0) }.sorted(by: >)
                let contributions = raw.contributions[3 + place]
                #expect([contributions.largest, contributions.second] == magnitudes.prefix(2))
                #expect(contributions.total == magnitudes.reduce(0, +))
            }
        }
        #expect(raw.distinct == [.many, .many, .few([0, 1])])
        let lackingFirst = byPatient { !complete($0) && !has($0, 0) }.count
        let havingFirst = byPatient { !complete($0) && has($0, 0) }.count
        #expect(raw.incompletePatients[0] == (lackingFirst, havingFirst))
    }

    @Test("the sums of the largest units and the largest offset do not lose a digit")
    func exact() throws {
        let one = try Resolution("1")
        let large = (0..<100).map { Resolution.unitLimit - Int64($0) }
        let small = (0..<100).map { -Resolution.unitLimit + Int64($0 % 7) }
        let patients = (0..<100).map(Int32.init)
        let raw = try CoMoments(
            variables: ["a", "b"].map { CoMoments.Variable(variable: $0, resolution: one) }, columns: [large, small],
            patients: patients, selection: patients)
        #expect(raw.sums.products[1] == zip(large, small).reduce(0) { $0 + Int128($1.0) * Int128($1.1) })
        // The covariance does not see the offset.
        let expected = zip(0..<100, (0..<100).map { Double($0 % 7) })
        let (meanA, meanB) = (49.5, expected.reduce(0) { $0 + $1.1 } / 100)
        let covariance = expected.reduce(0) { $0 - (Double($1.0) - meanA) * ($1.1 - meanB) } / 99
        #expect(agree(ReleasedCoMoments(raw).covariance(0, 1).value, covariance, relative: 1e-13))
        #expect(throws: StatisticsError(.unexpectedValue, "")) {
            try CoMoments(
                variables: [
                    CoMoments.Variable(variable: "a", resolution: one, range: 0...(1 << 48)),
                    CoMoments.Variable(variable: "b", resolution: one),
                ], columns: [large, small], patients: patients, selection: patients)
        }
        #expect(throws: StatisticsError(.shapeMismatch, "")) {
            try CoMoments(
                variables: [CoMoments.Variable(variable: "a", resolution: one)], columns: [large], patients: patients,
                selection: patients)
        }
    }

    @Test("a leverage is the patient's share of the most one-sided combination")
    func leverages() throws {
        // One quantity differs from the other on one patient only: their difference is that patient's indicator.
        let base = (0..<40).map(Int64.init)
        var twin = (0..<40).map { Int64(($0 * 17) % 40) }
        let patients = (0..<40).map(Int32.init)
        func leverages(_ columns: [[Int64]]) throws -> (largest: Double, second: Double)? {
            try CoMoments(
                variables: zip(["a", "b", "c"], columns).map {
                    CoMoments.Variable(variable: $0.0, resolution: try Resolution("1"))
                }, columns: columns, patients: patients, selection: patients
            ).largestLeverages
        }
        let even = try #require(try leverages([base, twin]))
        #expect(even.largest < 0.2 && even.second <= even.largest)
        let copy = twin
        twin[5] += 1
        // Up to the 1/n of the mean.
        #expect(try #require(try leverages([base, copy, twin])).largest > 0.97)
        #expect(try leverages([base, base.map { 3 * $0 + 1 }]) == nil)
        #expect(try leverages([base, base.map { _ in 4 }]) == nil)
    }

    @Test("joint counts of two calls with their patient totals")
    func pairedConfusion() throws {
        let raw = try site.jointConfusion()
        let isRight = { (scores: [Int64], threshold: Int64, index: Int) -> Bool in
            scores[index] != Coded.missing && (scores[index] >= threshold) == (site.reference[index] == 1)
        }
        for positive in [true, false] {
            let patients = byPatient { site.reference[$0] == (positive ? 1 : 0) }
            let totals = patients.map { cases in
                (
                    m: cases.count, a: cases.count { isRight(site.score, 500_000, $0) },
                    b: cases.count { isRight(site.otherScore, 400_000, $0) }
                )
            }
            let cases = patients.joined()
            #expect(
                raw.cases(positive: positive, .firstOnly)
                    == cases.count { isRight(site.score, 500_000, $0) && !isRight(site.otherScore, 400_000, $0) })
            #expect(
                raw.cases(positive: positive, .neither)
                    == cases.count { !isRight(site.score, 500_000, $0) && !isRight(site.otherScore, 400_000, $0) })
            let sums = raw.sums(positive: positive)
            #expect(sums.patients == patients.count)
            #expect(sums.m2 == totals.reduce(0) { $0 + Int128($1.m * $1.m) })
            #expect(sums.a2 == totals.reduce(0) { $0 + Int128($1.a * $1.a) })
            #expect(sums.b2 == totals.reduce(0) { $0 + Int128($1.b * $1.b) })
            #expect(sums.ab == totals.reduce(0) { $0 + Int128($1.a * $1.b) })
            #expect(sums.am == totals.reduce(0) { $0 + Int128($1.a * $1.m) })
            #expect(sums.bm == totals.reduce(0) { $0 + Int128($1.b * $1.m) })
            // Each call alone is the confusion at its operating point.
            let single = try Confusion(
                operatingPoint: "b", threshold: 400_000, scores: site.otherScore, reference: site.reference,
                failed: .worstCase, patients: site.patients, selection: site.everyCase, resolution: micro)
            let part = positive ? single.positives : single.negatives
            #expect([sums.m2, sums.b2, sums.bm] == [part.m2, part.h2, part.hm])
        }
        let called = JointConfusion.cells(calledPositive: true, bySecond: false)
        let expected = byPatient { index in
            (0...1).contains(site.reference[index])
                && (site.score[index] == Coded.missing ? site.reference[index] == 0 : site.score[index] >= 500_000)
        }
        #expect(raw.cells.patients(inAnyOf: called) == expected.count)
    }

    @Test("the clustered difference is the ratio estimator's over patients")
    func clusteredDifference() throws {
        let raw = try site.jointConfusion()
        guard case .pairedConfusion(let pair)? = released(.pairedConfusion(raw)) else {
            Issue.record("not released")
            return
        }
        let patients = byPatient { site.reference[$0] == 1 }
        let isRight = { (scores: [Int64], threshold: Int64, index: Int) -> Double in
            scores[index] != Coded.missing && scores[index] >= threshold ? 1 : 0
        }
        let differences = patients.map { cases in
            cases.reduce(0.0) { $0 + isRight(site.score, 500_000, $1) - isRight(site.otherScore, 400_000, $1) }
        }
        let size = Double(patients.joined().count)
        let mean = differences.reduce(0, +) / size
        let squares = zip(patients, differences).reduce(0.0) { sum, part in
            let residual = part.1 - mean * Double(part.0.count)
            return sum + residual * residual
        }
        let groups = Double(patients.count)
        let inference = try pair.clusteredDifference(positive: true, level: 0.95).get()
        #expect(agree(inference.estimate, mean))
        #expect(agree(inference.standardError, (squares * groups / (groups - 1)).squareRoot() / size))
        #expect(inference.degreesOfFreedom == patients.count - 1)
    }

    @Test("calibration sums by bin, squared errors exactly, log loss to a unit a case")
    func calibration() throws {
        let raw = try site.calibration()
        let cases = site.score.indices.filter {
            Coded.isValue(site.score[$0]) && (0...1).contains(site.reference[$0])
        }
        let whole = ReleasedCalibration(raw, cuts: Array(0...10))
        #expect(whole.caseCount == cases.count)
        for (place, bin) in whole.bins.enumerated() {
            let members = cases.filter {
                let score = site.score[$0]
                return score >= Int64(place) * 100_000 && (score < Int64(place + 1) * 100_000 || place == 9)
            }
            #expect(bin.cases == members.count)
            #expect(bin.positives == members.count { site.reference[$0] == 1 })
            #expect(bin.scores.value == members.reduce(0) { $0 + Int128(site.score[$1]) })
        }
        let squares = cases.reduce(Int128(0)) { sum, index in
            let error = Int128(site.score[index] - site.reference[index] * 1_000_000)
            return sum + error * error
        }
        #expect(whole.squaredErrors?.value == squares)
        let loss = cases.reduce(0.0) { sum, index in
            let p = Double(site.score[index]) / 1_000_000
            return sum - log(max(0x1p-52, site.reference[index] == 1 ? p : 1 - p))
        }
        #expect(agree(whole.meanLogLoss.value, loss / Double(cases.count), relative: 1e-11))
        #expect(agree(whole.brier.value, Double(squares) / 1e12 / Double(cases.count)))
        let decomposition = try whole.brierDecomposition.get()
        #expect(
            agree(
                decomposition.reliability - decomposition.resolution + decomposition.uncertainty + decomposition.within,
                whole.brier.value ?? .nan))
    }

    @Test("the logistic fit and its clustered covariance are those of statsmodels 0.15.0")
    func recalibration() throws {
        let scores: [Int64] = [900_000, 100_000, 700_000, 600_000, 200_000, 0, 650_000]
        let raw = try CalibrationSample(
            edges: [0, 1_000_000], scores: scores, reference: [1, 1, 1, 0, 0, 0, 1], patients: [0, 0, 1, 1, 2, 3, 4],
            selection: [0, 1, 2, 3, 4, 5, 6], resolution: micro)
        // Logit(y, [1, logit p]) with p = 5e-7 for the score of 0; cov_type="cluster" without correction, times 5/4.
        let fit = try #require(ReleasedCalibration(raw, cuts: [0, 1]).recalibration)
        for (ours, theirs) in [
            (fit.intercept, 0.7167641693688934), (fit.slope, 0.43462742468592996),
            (fit.independent.interceptVariance, 0.8323193255969494), (fit.independent.covariance, 0.0703751295596651),
            (fit.independent.slopeVariance, 0.3055208938456853), (fit.clustered.interceptVariance, 0.8030711931411534),
            (fit.clustered.covariance, -0.1895984283826479), (fit.clustered.slopeVariance, 0.11364993670156537),
        ] { #expect(agree(ours, theirs)) }
        // One class, or classes that a threshold parts, have no fit.
        for reference: [Int64] in [[1, 1, 1, 1, 1, 1, 1], [1, 0, 1, 1, 0, 0, 1]] {
            let without = try CalibrationSample(
                edges: [0, 1_000_000], scores: scores, reference: reference, patients: [0, 0, 1, 1, 2, 3, 4],
                selection: [0, 1, 2, 3, 4, 5, 6], resolution: micro)
            #expect(ReleasedCalibration(without, cuts: [0, 1]).recalibration == nil)
        }
    }

    @Test("the log loss of a case is −ln p to the nearest 2^-40")
    func logLossUnits() throws {
        var generator = SeededGenerator(seed: 21)
        for resolution in ["0.000001", "0.01", "1e-14", "0.25"] {
            let one = try #require(try Resolution(resolution).units(1.0))
            for _ in 0..<200 {
                let score = Int64.random(in: 0...one, using: &generator)
                let isPositive = Bool.random(using: &generator)
                let sample = try CalibrationSample(
                    edges: [0, one], scores: [score], reference: [isPositive ? 1 : 0], patients: [0], selection: [0],
                    resolution: Resolution(resolution))
                let right = isPositive ? score : one - score
                let p = Double(right) / Double(one)
                let expected = right == 0 ? 52 * log(2.0) : -log1p(-Double(one - right) / Double(one))
                let units = Double(sample.losses.logLoss)
                #expect(abs(units - expected * 0x1p40) <= 0.501 + expected * 0x1p-10, "\(resolution) \(p)")
            }
        }
    }

    @Test("the paired areas are those of each model alone")
    func pairedAreas() throws {
        guard
            case .pairedROC(let raw)? = try site.aggregates().first(where: {
                if case .pairedROC = $0 { true } else { false }
            })
        else { throw Undefined.noCases }
        let summary = try #require(PairedROCSummary(raw, method: .obuchowski))
        for isSecond in [false, true] {
            let single = try RankSample(
                scores: isSecond ? site.otherScore : site.score, reference: site.reference, failed: .worstCase,
                patients: site.patients, selection: site.everyCase, resolution: micro)
            #expect(try raw.sample(second: isSecond) == single)
            let statistics = try single.statistics().get()
            #expect((isSecond ? summary.secondTwiceU : summary.firstTwiceU).value == statistics.twiceU)
            #expect(
                agree(isSecond ? summary.secondVariance : summary.firstVariance, statistics.obuchowskiVariance ?? .nan))
            #expect(summary.patients == statistics.patients)
        }
        let variance = summary.firstVariance + summary.secondVariance - 2 * summary.covariance
        #expect(agree(summary.differenceVariance, variance, relative: 1e-9))
        #expect(agree(summary.difference, summary.firstArea - summary.secondArea, relative: 1e-9))
    }

    @Test(
        "score sums count undefined scores as the protocol says",
        arguments: [UndefinedScoreRule.excluded, .counted(as: -100)])
    func scoreSums(rule: UndefinedScoreRule) throws {
        let raw = try site.scoreSums(firstRule: rule)
        let counted = { (index: Int) -> Int64? in
            let code = site.caseScore[index]
            if code == ScoreSums.code(reason: 0) {
                if case .counted(let value) = rule { return value } else { return nil }
            }
            if code == ScoreSums.code(reason: 1) { return 100 }
            return (-100...100).contains(code) ? code : nil
        }
        let patients = byPatient { counted($0) != nil }.map { $0.compactMap(counted) }
        let sums = raw.sums
        #expect(sums.n == patients.joined().count)
        #expect(sums.patients == patients.count)
        #expect(sums.sum == patients.joined().reduce(0) { $0 + Int128($1) })
        #expect(sums.sumSquares == patients.joined().reduce(0) { $0 + Int128($1 * $1) })
        #expect(sums.m2 == patients.reduce(0) { $0 + Int128($1.count * $1.count) })
        let totals = patients.map { (m: Int128($0.count), s: Int128($0.reduce(0, +))) }
        #expect(sums.s2 == totals.reduce(0) { $0 + $1.s * $1.s })
        #expect(sums.ms == totals.reduce(0) { $0 + $1.m * $1.s })
        #expect(sums.undefined[1] == site.caseScore.count { $0 == ScoreSums.code(reason: 1) })
        #expect(sums.missing == site.caseScore.count { $0 == Coded.missing || $0 == Coded.malformed })
        #expect(
            sums.n + sums.missing + sums.outOfRange + (rule == .excluded ? sums.undefined[0] : 0)
                == site.caseScore.count)
        let values = patients.joined()
        #expect(raw.cumulative == [-100, -50, 0, 80, 100].map { edge in values.count { $0 < edge || edge == 100 } })
        let defined = site.caseScore.filter { (-100...100).contains($0) }
        #expect(sums.defined.sum == defined.reduce(0) { $0 + Int128($1) })
        #expect(sums.defined.n == defined.count)
        #expect(sums.defined.minimum == defined.min() && sums.defined.maximum == defined.max())
    }

    @Test("sites with another rule for undefined scores, or another class, do not add up")
    func otherShapes() throws {
        let excluded = Aggregate.scoreSums(try site.scoreSums(firstRule: .excluded))
        let counted = Aggregate.scoreSums(try site.scoreSums(firstRule: .counted(as: -100)))
        #expect(throws: StatisticsError(.shapeMismatch, "")) { try excluded.merged(with: counted) }
        let released = try Examples.confusion()
        #expect(throws: StatisticsError(.shapeMismatch, "")) {
            try released.merged(with: Examples.confusion(classLabel: "benign"))
        }
    }
}

@_spi(ReleaseGate) import Statistics
import Testing

@testable import Synthesis

@Suite("Metrics of one released answer")
struct SiteMetricsTests {
    private let micro = Result { try Resolution("0.000001") }
    private let reference: [Int64] = (0..<60).map { Int64($0 % 2) }
    private let patients: [Int32] = (0..<60).map { Int32($0 / 2) }
    private let first: [Int64] = (0..<60).map { Int64($0 % 2) * 250_000 + Int64($0 * 37 % 60) * 12_000 }
    private let second: [Int64] = (0..<60).map { Int64($0 % 2) * 150_000 + Int64($0 * 41 % 60) * 13_000 }
    private var all: [Int32] { (0..<60).map { $0 } }

    private func metric(
        _ name: String, of metrics: [Metric], definition: String? = nil, group: String? = nil
    ) throws -> Metric {
        try #require(
            metrics.first {
                $0.name == name && (definition == nil || $0.definition == definition)
                    && (group == nil || $0.group == group)
            })
    }

    @Test("co-moments give covariance, correlation with Fisher's interval, and R2")
    func coMoments() throws {
        let x = (0..<60).map { Int64($0) }
        let y = (0..<60).map { Int64(2 * $0 + $0 % 5) }
        let raw = try CoMoments(
            variables: [
                CoMoments.Variable(variable: "x", resolution: try Resolution("0.1")),
                CoMoments.Variable(variable: "y", resolution: try Resolution("0.5")),
            ], columns: [x, y], patients: patients, selection: all)
        let metrics = SiteMetrics.of(.coMoments(ReleasedCoMoments(raw)))
        let (meanX, meanY) = (Double(x.reduce(0, +)) / 60, Double(y.reduce(0, +)) / 60)
        func product(_ left: [Int64], _ right: [Int64], _ leftMean: Double, _ rightMean: Double) -> Double {
            zip(left, right).reduce(0) { $0 + (Double($1.0) - leftMean) * (Double($1.1) - rightMean) }
        }
        let xy = product(x, y, meanX, meanY)
        let r = xy / (product(x, x, meanX, meanX) * product(y, y, meanY, meanY)).squareRoot()
        let covariance = try metric("covariance", of: metrics)
        #expect(abs((covariance.value ?? 0) - xy / 59 * 0.05) < 1e-12)
        #expect(covariance.variable == "x x y")
        let correlation = try metric("pearson_r", of: metrics)
        #expect(abs((correlation.value ?? 0) - r) < 1e-14)
        let interval = try #require(correlation.interval)
        #expect(interval.method == "fisher-z" && interval.lower < r && r < interval.upper)
        #expect(abs((try metric("r_squared", of: metrics).value ?? 0) - r * r) < 1e-14)
        let withheld = SiteMetrics.of(.coMoments(ReleasedCoMoments(raw, withholdingSums: true)))
        #expect(withheld.allSatisfy { $0.value == nil && $0.undefined == "withheld" })
    }

    @Test("paired calls give both differences, clustered and plain, with McNemar's test")
    func pairedConfusion() throws {
        let micro = try micro.get()
        func call(_ name: String) -> JointConfusion.Call {
            JointConfusion.Call(operatingPoint: name, threshold: 500_000, resolution: micro)
        }
        let raw = try JointConfusion(
            first: call("a"), firstScores: first, second: call("b"), secondScores: second, reference: reference,
            patients: patients, selection: all)
        func counts(_ positive: Bool) -> ReleasedPairedConfusion.Class {
            let counts = JointConfusion.Agreement.allCases.map { Count.exact(raw.cases(positive: positive, $0)) }
            return ReleasedPairedConfusion.Class(
                both: counts[0], firstOnly: counts[1], secondOnly: counts[2], neither: counts[3],
                clusters: positive ? PairedClusterTotals(raw.sums(positive: positive)) : nil)
        }
        let released = ReleasedPairedConfusion(
            first: ReleasedPairedConfusion.Call(operatingPoint: "a", threshold: "0.5"),
            second: ReleasedPairedConfusion.Call(operatingPoint: "b", threshold: "0.5"), positives: counts(true),
            negatives: counts(false))
        let metrics = SiteMetrics.of(.pairedConfusion(released))
        let (b, c) = (raw.cases(positive: true, .firstOnly), raw.cases(positive: true, .secondOnly))
        let difference = Double(b - c) / 30
        let clustered = try metric("sensitivity_difference", of: metrics, definition: "clustered")
        let plain = try metric("sensitivity_difference", of: metrics, definition: "independent-cases")
        #expect(abs((clustered.value ?? 9) - difference) < 1e-15)
        #expect(plain.value == difference)
        #expect(plain.interval?.method == "newcombe-paired")
        // Patient totals were withheld for the negatives: the clustered difference has no value, the plain one has.
        let negatives = try metric("specificity_difference", of: metrics, definition: "clustered")
        #expect(negatives.undefined == "withheld")
        #expect(try metric("specificity_difference", of: metrics, definition: "independent-cases").value != nil)
        let test = try metric("mcnemar_p", of: metrics, group: "positive")
        #expect(test.value == McNemar.test(firstOnly: b, secondOnly: c, corrected: false).value?.pValue)
    }

    @Test("paired areas give both areas and their difference")
    func pairedROC() throws {
        let micro = try micro.get()
        let raw = try PairedRankSample(
            first: PairedRankSample.Model(model: "a", resolution: micro), firstScores: first,
            second: PairedRankSample.Model(model: "b", resolution: micro), secondScores: second, reference: reference,
            patients: patients, selection: all)
        let summary = try #require(PairedROCSummary(raw, method: .obuchowski))
        let metrics = SiteMetrics.of(.pairedROC(summary))
        #expect(metrics.filter { $0.name == "auroc" }.map(\.parameters) == [["model": "a"], ["model": "b"]])
        let difference = try metric("auroc_difference", of: metrics, definition: "obuchowski")
        #expect(difference.value == summary.difference)
        let interval = try #require(difference.interval)
        let half = 1.959963984540054 * summary.differenceVariance.squareRoot()
        #expect(abs(interval.upper - summary.difference - half) < 1e-12)
        #expect(abs(interval.lower - summary.difference + half) < 1e-12)
        let p = try #require(try metric("auroc_difference_p", of: metrics).value)
        #expect((p < 0.05) == (interval.lower > 0 || interval.upper < 0))
    }

    @Test("calibration gives Brier score, log loss, ECE over the released bins and the site's own fit")
    func calibration() throws {
        let raw = try CalibrationSample(
            edges: (0...4).map { Int64($0) * 250_000 }, scores: first, reference: reference, patients: patients,
            selection: all, resolution: micro.get(), classLabel: "malignant")
        let released = ReleasedCalibration(raw, cuts: [0, 1, 2, 4])
        let metrics = SiteMetrics.of(.calibration(released))
        let p = first.map { Double($0) / 1e6 }
        let errors: [Double] = zip(p, reference).map { $0.0 - Double($0.1) }
        let brier: Double = errors.map { $0 * $0 }.reduce(0, +) / 60
        #expect(abs((try metric("brier", of: metrics).value ?? 9) - brier) < 1e-15)
        let bins: [Range<Double>] = [0..<0.25, 0.25..<0.5, 0.5..<2]
        let gaps = bins.map { range -> Double in
            let members = p.indices.filter { range.contains(p[$0]) }
            return abs(members.map { errors[$0] }.reduce(0, +)) / 60
        }
        let ece = try metric("ece", of: metrics, definition: "declared")
        #expect(abs((ece.value ?? 9) - gaps.reduce(0, +)) < 1e-14)
        #expect(ece.parameters == ["bins": "3"])
        #expect(metrics.allSatisfy { $0.classLabel == "malignant" && $0.n == 60 })
        #expect(try metric("calibration_slope", of: metrics).interval?.method == "wald-clustered")
        // Of two sites together there is no fit.
        let pooled = try released.merged(with: released)
        #expect(!SiteMetrics.of(.calibration(pooled)).contains { $0.name == "calibration_slope" })
        #expect(abs((try metric("brier", of: SiteMetrics.of(.calibration(pooled))).value ?? 9) - brier) < 1e-15)
    }

    @Test("score sums give the mean with its clustered interval, quantile bounds and the undefined by reason")
    func scoreSums() throws {
        let column = (0..<60).map { (index: Int) -> Int64 in
            index % 12 == 0 ? ScoreSums.code(reason: 0) : Int64(500 + index * 83 % 480)
        }
        let raw = try ScoreSums(
            score: "dice", definition: "voxel-overlap", column: column, edges: [0, 500, 700, 1000],
            reasons: [ScoreSums.Reason(code: "empty-prediction", rule: .counted(as: 0))], patients: patients,
            selection: all, resolution: try Resolution("0.001"))
        let released = ReleasedScoreSums(raw, bounds: (raw.cumulative, raw.cumulative))
        let metrics = SiteMetrics.of(.scoreSums(released))
        let values = column.map { (code: Int64) -> Double in code >= 0 ? Double(code) / 1000 : 0 }
        let mean = try metric("mean", of: metrics, definition: "voxel-overlap")
        let expected = values.reduce(0, +) / 60
        #expect(abs((mean.value ?? 9) - expected) < 1e-14)
        let clustered = try ClusteredMean.infer(values: values, patients: patients.map(Int.init), level: 0.95).get()
        #expect(abs((mean.interval?.lower ?? 9) - clustered.interval.lower) < 1e-12)
        let undefined = try metric("undefined_scores", of: metrics)
        #expect(undefined.value == 5)
        #expect(undefined.parameters == ["reason": "empty-prediction", "countedAs": "0"])
        #expect(metrics.filter { $0.name == "quantile" }.count == 5)
    }
}

import Foundation
import Statistics

extension ReferenceFamily {
    /// Descriptive statistics, proportions, classical tests and NIST's univariate and ANOVA sets.
    static let stats = ReferenceFamily(
        files: [
            "stats/descriptive.json", "stats/proportions.json", "stats/tests.json", "nist/univariate.json",
            "nist/anova.json",
        ]
    ) { record in
        switch record.file {
        case "stats/descriptive.json": StatsRecords.descriptive(record)
        case "stats/proportions.json": StatsRecords.proportion(record)
        case "stats/tests.json": StatsRecords.test(record)
        case "nist/univariate.json": try StatsRecords.univariate(record)
        default: try StatsRecords.oneWay(record)
        }
    }
}

/// Our answers, by file.
private enum StatsRecords {
    // MARK: stats/descriptive.json

    static func descriptive(_ record: ReferenceRecord) -> Evaluation? {
        guard let name = record.params["data"].text, let values = record.inputs[name].numbers,
            let quantiles = SampleQuantiles(values)
        else { return nil }
        switch record.name {
        case "quantile":
            guard let type = record.params["type"].integer.flatMap(HyndmanFan.init),
                let probabilities = record.params["probs"].numbers
            else { return nil }
            return .value(.list(probabilities.map { json(quantiles.quantile($0, type)) }))
        case "summary":
            let moments = CompensatedMoments(values)
            let shape = SampleShape.infer(values)
            return .value(
                .object([
                    "n": .number(Double(moments.count)), "mean": json(moments.mean),
                    "sd": json(moments.standardDeviation), "var": json(moments.variance),
                    "min": json(moments.minimum), "max": json(moments.maximum), "median": json(quantiles.median),
                    "mad_raw": json(quantiles.medianAbsoluteDeviation),
                    "iqr_type7": json(quantiles.interquartileRange()), "sum": json(moments.sum),
                    "skew_g1": json(shape.map(\.skewness)), "kurt_excess_g2": json(shape.map(\.excessKurtosis)),
                ]))
        default: return nil
        }
    }

    // MARK: stats/proportions.json

    static func proportion(_ record: ReferenceRecord) -> Evaluation? {
        guard record.name == "proportion_ci95", let k = record.params["k"].integer, let n = record.params["n"].integer
        else { return nil }
        return .value(
            .object([
                "estimate": .number(Double(k) / Double(n)),
                "clopper_pearson": limits(ClopperPearson.interval(successes: k, trials: n, level: 0.95)),
                "wilson": limits(Wilson.interval(successes: k, trials: n, level: 0.95)),
                "agresti_coull": limits(AgrestiCoull.interval(successes: k, trials: n, level: 0.95)),
                "jeffreys": limits(JeffreysInterval.interval(successes: k, trials: n, level: 0.95)),
                "wald": limits(WaldProportion.interval(successes: k, trials: n, level: 0.95)),
            ]))
    }

    // MARK: stats/tests.json

    static func test(_ record: ReferenceRecord) -> Evaluation? {
        switch record.name {
        case "chisq", "fisher", "mcnemar", "mcnemar_exact": return table(record)
        case "cmh": return strata(record)
        case "kruskal", "anova": return groups(record)
        case "holm_bh_adjust":
            guard let p = record.value["p"].numbers else { return nil }
            return .value(
                .object([
                    "p": .list(p.map { .number($0) }), "bonferroni": list(AdjustedPValues.bonferroni(p)),
                    "holm": list(AdjustedPValues.holm(p)), "bh": list(AdjustedPValues.benjaminiHochberg(p)),
                ]))
        default: return twoSamples(record)
        }
    }

    private static func twoSamples(_ record: ReferenceRecord) -> Evaluation? {
        guard let names = record.params["data"].text?.split(separator: " ").map(String.init), names.count == 3,
            let x = record.inputs[names[0]].numbers, let y = record.inputs[names[2]].numbers,
            let first = SampleMoments(x), let second = SampleMoments(y)
        else { return nil }
        switch record.name {
        case "welch_t", "student_t":
            let test =
                record.name == "welch_t"
                ? WelchTTest.twoSample(first, second, level: 0.95) : StudentTTest.twoSample(first, second, level: 0.95)
            return .value(
                .object([
                    "statistic": json(test.map(\.statistic)), "parameter": json(test.map(\.degreesOfFreedom)),
                    "p.value": json(test.map(\.pValue)), "conf.int": limits(test.map(\.interval)),
                    "estimate": .list([json(first.mean), json(second.mean)]),
                ]))
        case "mann_whitney":
            guard let corrected = record.params["continuity_correction"].bool,
                record.params["tie_corrected"].bool == true
            else { return nil }
            let test = MannWhitney.test(x, y, corrected: corrected)
            return .value(
                .object(["statistic": json(test.map(\.statistic)), "p.value": json(test.map(\.pValue))]))
        case "smd":
            return switch record.params["denominator"].text {
            case "sqrt((s1^2+s2^2)/2)":
                .value(.object(["d_pooled": json(StandardizedMeanDifference.averagedVariances(first, second))]))
            case nil, "pooled": .value(.object(["d_pooled": json(StandardizedMeanDifference.cohensD(first, second))]))
            default: nil
            }
        case "ks_two_sample":
            let test = KolmogorovSmirnov.test(x, y)
            return .value(
                .object([
                    "D": json(test.map(\.distance)), "p": json(test.map { $0.exactPValue ?? $0.asymptoticPValue }),
                ]))
        default: return nil
        }
    }

    private static func table(_ record: ReferenceRecord) -> Evaluation? {
        guard let counts = record.params["table"].text.flatMap({ record.inputs[$0].list })?.compactMap(\.integers)
        else { return nil }
        switch record.name {
        case "chisq":
            let test = ChiSquared.test(counts, yates: record.params["yates"].bool ?? false)
            return .value(
                .object([
                    "stat": json(test.map(\.statistic)), "df": json(test.map { Double($0.degreesOfFreedom) }),
                    "p": json(test.map(\.pValue)),
                    "expected": .list(ChiSquared.expected(counts).map { .list($0.map { .number($0) }) }),
                ]))
        case "fisher" where counts.count == 2 && counts[0].count == 2:
            guard let table = TwoByTwo(counts[0][0], counts[0][1], counts[1][0], counts[1][1]),
                let answer = UnirootFisher(table)
            else { return nil }
            return .value(
                .object([
                    "p": json(FisherExact.test(table, level: 0.95).map(\.pValue)),
                    "conditional_mle_or": .number(answer.estimate),
                    "ci": .list([.number(answer.lower), .number(answer.upper)]),
                ]))
        case "fisher": return .value(.object(["p": json(FreemanHalton.pValue(counts))]))
        case "mcnemar":
            let test = McNemar.test(
                firstOnly: counts[0][1], secondOnly: counts[1][0], corrected: record.params["correction"].bool ?? true)
            return .value(.object(["stat": json(test.map(\.statistic)), "p": json(test.map(\.pValue))]))
        case "mcnemar_exact":
            return .value(
                .object(["p": json(McNemar.exactPValue(firstOnly: counts[0][1], secondOnly: counts[1][0]))]))
        default: return nil
        }
    }

    private static func strata(_ record: ReferenceRecord) -> Evaluation? {
        guard let tables = record.params["tables"].text.flatMap({ record.inputs[$0].list }) else { return nil }
        let strata = tables.compactMap { table -> TwoByTwo? in
            guard let rows = table.list?.compactMap(\.integers), rows.count == 2 else { return nil }
            return TwoByTwo(rows[0][0], rows[0][1], rows[1][0], rows[1][1])
        }
        guard strata.count == tables.count else { return nil }
        let test = CochranMantelHaenszel.test(strata, corrected: record.params["correct"].bool ?? true)
        let odds = MantelHaenszel.oddsRatio(strata, level: 0.95)
        return .value(
            .object([
                "stat": json(test.map(\.statistic)), "p": json(test.map(\.pValue)),
                "common_or": json(odds.map(\.estimate)), "ci": limits(odds.map(\.interval)),
            ]))
    }

    private static func groups(_ record: ReferenceRecord) -> Evaluation? {
        guard let names = record.params["data"].text?.split(separator: " ").map(String.init), names.count == 3,
            let values = record.inputs[names[0]].numbers, let groups = record.inputs[names[2]].integers,
            values.count == groups.count
        else { return nil }
        let samples = Set(groups).sorted().map { group in
            zip(values, groups).filter { $0.1 == group }.map(\.0)
        }
        switch record.name {
        case "kruskal":
            let test = KruskalWallis.test(samples)
            return .value(
                .object([
                    "statistic": json(test.map(\.statistic)),
                    "parameter": json(test.map { Double($0.degreesOfFreedom) }), "p.value": json(test.map(\.pValue)),
                ]))
        case "anova":
            let test = OneWayANOVA.infer(samples.compactMap { SampleMoments($0) })
            return .value(
                .object([
                    "F": json(test.map(\.statistic)), "p": json(test.map(\.pValue)),
                    "ms_between": json(test.map(\.betweenMeanSquare)), "ms_within": json(test.map(\.withinMeanSquare)),
                ]))
        default: return nil
        }
    }

    // MARK: nist

    /// The decimals as a user's column with a declared resolution: that of the finest decimal.
    private static func moments(_ decimals: [String]) throws -> (sums: MomentsGroup, column: [Int64], Resolution)? {
        let digits = decimals.map { $0.split(separator: ".").dropFirst().first?.count ?? 0 }.max() ?? 0
        let resolution = try Resolution("1e-\(digits)")
        let column = decimals.compactMap { resolution.units(decimal: $0) }
        guard column.count == decimals.count else { return nil }
        let moments = try Moments(
            variable: "x", column: column, patients: column.indices.map(Int32.init),
            selection: column.indices.map(Int32.init), resolution: resolution)
        return (moments.groups[0], column, resolution)
    }

    static func univariate(_ record: ReferenceRecord) throws -> Evaluation? {
        guard record.name == "univariate", let name = record.params["dataset"].text,
            let decimals = record.inputs[name].texts, let (sums, column, resolution) = try moments(decimals),
            let sample = SampleMoments(
                n: sums.n, sum: sums.sum, sumSquares: sums.sumSquares, resolution: resolution)
        else { return nil }
        return .value(
            .object([
                "n": .number(Double(sample.n)), "mean": json(sample.mean), "sd": json(sample.standardDeviation),
                "lag1_autocorr": json(SerialCorrelation.lag1(units: column)),
            ]))
    }

    static func oneWay(_ record: ReferenceRecord) throws -> Evaluation? {
        guard record.name == "oneway", let name = record.params["dataset"].text,
            let groups = record.inputs[name].fields
        else { return nil }
        let samples = try groups.keys.sorted().compactMap { key -> SampleMoments? in
            guard let decimals = groups[key]?.texts, let (sums, _, resolution) = try moments(decimals) else {
                return nil
            }
            return SampleMoments(n: sums.n, sum: sums.sum, sumSquares: sums.sumSquares, resolution: resolution)
        }
        guard samples.count == groups.count else { return nil }
        let test = OneWayANOVA.infer(samples)
        return .value(
            .object([
                "df_between": json(test.map { Double($0.betweenDegrees) }),
                "ss_between": json(test.map(\.betweenSquares)), "ms_between": json(test.map(\.betweenMeanSquare)),
                "F": json(test.map(\.statistic)), "df_within": json(test.map { Double($0.withinDegrees) }),
                "ss_within": json(test.map(\.withinSquares)), "ms_within": json(test.map(\.withinMeanSquare)),
                "r2": json(test.map(\.determination)), "residual_sd": json(test.map(\.residualStandardDeviation)),
            ]))
    }

    // MARK: forms

    private static func json(_ value: Inferred<Double>) -> JSON { value.value.map { .number($0) } ?? .null }

    private static func list(_ values: Inferred<[Double]>) -> JSON {
        values.value.map { .list($0.map { .number($0) }) } ?? .null
    }

    private static func limits(_ interval: Inferred<Interval>) -> JSON {
        interval.value.map { .list([.number($0.lower), .number($0.upper)]) } ?? .null
    }
}

/// The odds ratio and limits of Fisher's exact test as R's `fisher.test` prints them.
///
/// R solves its equations by `uniroot` with the default tolerance of 1.2e-4 on the odds ratio or its inverse, so that
/// its limits are right to three or four digits only; ours are solved to the last ones. To compare at R's own digits,
/// our distribution is put through R's root finder here. `FisherExact` itself must lie within that tolerance of it.
struct UnirootFisher {
    /// R's tolerance: the fourth root of the machine epsilon.
    static let tolerance = 0x1p-13

    let estimate: Double
    let lower: Double
    let upper: Double

    /// Nil where our own solutions are not within R's tolerance of R's.
    init?(_ table: TwoByTwo, level: Double = 0.95) {
        let (row, column, total) = (table.a + table.b, table.a + table.c, table.a + table.b + table.c + table.d)
        guard let distribution = HypergeometricDistribution(row: row, column: column, total: total),
            let ours = FisherExact.test(table, level: level).value
        else { return nil }
        let (x, support, tail) = (table.a, distribution.support, (1 - level) / 2)
        let start = support.lowerBound
        let mean = { (t: Double) in
            (t == 0 ? Double(start) : distribution.mean(logOdds: log(t))) - Double(x)
        }
        let above = { (t: Double) in
            (t == 0 ? (x <= start ? 1 : 0) : distribution.upperTail(from: x, logOdds: log(t))) - tail
        }
        let below = { (t: Double) in
            (t == 0 ? (x >= start ? 1 : 0) : distribution.cdf(x, logOdds: log(t))) - tail
        }
        estimate = x == start ? 0 : x == support.upperBound ? .infinity : Self.root(mean)
        lower = x == start ? 0 : Self.root(above)
        upper = x == support.upperBound ? .infinity : Self.root(below)
        let pairs = [
            (estimate, ours.oddsRatio.value ?? .infinity), (lower, ours.lower), (upper, ours.upper.value ?? .infinity),
        ]
        let isClose = { (theirs: Double, ours: Double) in
            theirs == ours || abs(theirs - ours) <= Self.tolerance || abs(1 / theirs - 1 / ours) <= Self.tolerance
        }
        guard pairs.allSatisfy(isClose) else { return nil }
    }

    /// The odds ratio at which a monotone function is zero, as R looks for it: below one directly, above by its
    /// inverse.
    private static func root(_ function: (Double) -> Double) -> Double {
        let atOne = function(1)
        if atOne == 0 { return 1 }
        let atZero = function(0)
        if (atZero < 0) != (atOne < 0) { return brent(0, 1, function) }
        return 1 / brent(.ulpOfOne, 1) { function(1 / $0) }
    }

    /// R's `zeroin`: R. P. Brent (1973), Algorithms for Minimization without Derivatives, chapter 4.
    private static func brent(_ start: Double, _ end: Double, _ function: (Double) -> Double) -> Double {
        var (a, b) = (start, end)
        var (fa, fb) = (function(a), function(b))
        var (c, fc) = (a, fa)
        for _ in 0...1000 {
            let previous = b - a
            if abs(fc) < abs(fb) {
                (a, b, c) = (b, c, b)
                (fa, fb, fc) = (fb, fc, fb)
            }
            let limit = 2 * Double.ulpOfOne * abs(b) + tolerance / 2
            var step = (c - b) / 2
            if abs(step) <= limit || fb == 0 { return b }
            if abs(previous) >= limit, abs(fa) > abs(fb) {
                let width = c - b
                var (p, q): (Double, Double)
                if a == c {
                    let ratio = fb / fa
                    (p, q) = (width * ratio, 1 - ratio)
                } else {
                    let (r, s, t) = (fa / fc, fb / fc, fb / fa)
                    p = t * (width * r * (r - s) - (b - a) * (s - 1))
                    q = (r - 1) * (s - 1) * (t - 1)
                }
                if p > 0 { q = -q } else { p = -p }
                if p < 0.75 * width * q - abs(limit * q) / 2, p < abs(previous * q / 2) { step = p / q }
            }
            if abs(step) < limit { step = step > 0 ? limit : -limit }
            (a, fa) = (b, fb)
            b += step
            fb = function(b)
            if (fb > 0) == (fc > 0), fb != 0, fc != 0 { (c, fc) = (a, fa) }
        }
        return b
    }
}

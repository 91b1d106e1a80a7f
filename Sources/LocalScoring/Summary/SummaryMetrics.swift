internal import Statistics

/// The metrics of a table that was read.
struct SummaryMetrics {
    let tallies: SummaryTallies
    let distributions: SummaryDistributions
    let level: Double

    /// Definitions by name.
    static let compensated = "compensated"
    static let exact = "exact"
    static let interpolated = "hyndman-fan-7"
    static let bounds = "hyndman-fan-bounds"
    static let equalWidth = "equal-width-bins"
    static let levels = "levels"
    /// Texts that are no number and more than are listed.
    static let furtherLevels = Undefined.tooManyLevels.rawValue

    private var plan: SummaryPlan { tallies.plan }

    /// Every metric, in the order of the columns in the file.
    var metrics: [Metric] {
        var metrics: [Metric] = []
        for place in plan.columns.indices {
            switch tallies.tallies[place] {
            case .quantity(let tally): quantity(tally, place, &metrics)
            case .units(let tally): units(tally, place, &metrics)
            case .category(let tally): category(tally, place, &metrics)
            }
        }
        return metrics
    }

    /// The groups in the order they are shown, by number: numbers ascending, then texts, then missing values.
    private var groups: [(number: Int, name: String)] {
        guard let place = plan.grouping else { return [] }
        let texts = tallies.cursor.texts[place].texts
        var groups: [(number: Int, name: String)] = []
        if case .category(let levels?) = plan.columns[place].kind {
            for level in levels { groups.append(((texts.firstIndex(of: level) ?? SummaryPlan.groupLimit) + 1, level)) }
            groups = groups.filter { $0.number <= SummaryPlan.groupLimit }
            let others = texts.indices.filter { !levels.contains(texts[$0]) }
            // Undeclared levels are as good as missing, as in a release; they are told apart here.
            groups += Self.sorted(others, texts)
        } else {
            groups = Self.sorted(Array(texts.indices), texts)
        }
        return groups + [(0, CategoryColumn.missingLevel)]
    }

    private static func sorted(_ indices: [Int], _ texts: [String]) -> [(number: Int, name: String)] {
        let keyed = indices.map { index in (number: Double(texts[index]) ?? .infinity, index: index) }
        return keyed.sorted { ($0.number, texts[$0.index]) < ($1.number, texts[$1.index]) }.map {
            ($0.index + 1, texts[$0.index])
        }
    }

    // MARK: - Quantities

    private func quantity(_ tally: QuantityTally, _ place: Int, _ metrics: inout [Metric]) {
        let name = plan.columns[place].name
        let n = tally.moments.count
        let unread = place == plan.grouping ? tallies.malformedNumbers : tallies.malformed[place]
        let malformed = unread + tally.infinite
        metrics.append(Metric("n", value: Double(n), variable: name))
        metrics.append(Metric("missing", value: Double(tally.rows - n - malformed), variable: name))
        metrics.append(Metric("malformed", value: Double(malformed), variable: name))
        moments(
            Self.inferred(tally.moments, isConstant: tally.minimum == tally.maximum), Self.compensated, name, nil,
            &metrics)
        extremes(n, tally.minimum, tally.maximum, name, &metrics)
        let distribution = distributions.columns[place]
        distributed(distribution, n, name, &metrics, value: { $0 }, text: ShortestDecimal.text)
        guard place != plan.grouping else { return }
        for group in groups where group.number < tally.groups.count && tally.groupRows[group.number] > 0 {
            let part = tally.groups[group.number]
            metrics.append(Metric("n", value: Double(part.count), variable: name, group: group.name))
            moments(Self.inferred(part, isConstant: false), Self.compensated, name, group.name, &metrics)
            guard let levels = distribution?.levels, tally.joint != nil else { continue }
            for level in levels {
                let count = tally.jointCount(Int(level.value), group: group.number)
                metrics.append(
                    Metric(
                        "count", value: Double(count), n: part.count, variable: name, group: group.name,
                        parameters: ["level": ShortestDecimal.text(level.value)], definition: Self.levels))
            }
        }
    }

    private struct InferredMoments {
        let n: Int
        let mean: Inferred<Double>
        let deviation: Inferred<Double>
    }

    private static func inferred(_ moments: ShiftedMoments, isConstant: Bool) -> InferredMoments {
        let n = moments.count
        let mean: Inferred<Double> = n == 0 ? .undefined(.noCases) : finite(moments.mean)
        let squares = isConstant ? 0 : moments.squaredDeviations
        let deviation: Inferred<Double> =
            n < 2 ? .undefined(n == 0 ? .noCases : .tooFewCases) : finite((squares / Double(n - 1)).squareRoot())
        return InferredMoments(n: n, mean: mean, deviation: deviation)
    }

    private static func finite(_ value: Double) -> Inferred<Double> {
        value.isFinite ? .value(value) : .undefined(.notFinite)
    }

    private func units(_ tally: UnitTally, _ place: Int, _ metrics: inout [Metric]) {
        let name = plan.columns[place].name
        let n = tally.sums.count
        let resolution = tally.resolution
        metrics.append(Metric("n", value: Double(n), variable: name))
        metrics.append(Metric("missing", value: Double(tally.missing), variable: name))
        metrics.append(Metric("malformed", value: Double(tally.malformed), variable: name))
        metrics.append(Metric("out_of_range", value: Double(tally.outOfRange), variable: name))
        moments(Self.inferred(tally.sums, resolution), Self.exact, name, nil, &metrics)
        extremes(
            n, resolution.value(n > 0 ? tally.minimum : 0), resolution.value(n > 0 ? tally.maximum : 0), name, &metrics)
        distributed(
            distributions.columns[place], n, name, &metrics,
            value: { units in
                // Between two units by interpolation, at a unit exactly.
                let low = units.rounded(.down)
                let value = resolution.value(Int64(low))
                return low == units ? value : value + (units - low) * resolution.unit
            },
            text: { resolution.text(Int64($0)) })
        for group in groups {
            let part = tally.groups[group.number]
            guard part.count + tally.groupMissing[group.number] > 0 else { continue }
            metrics.append(Metric("n", value: Double(part.count), variable: name, group: group.name))
            moments(Self.inferred(part, resolution), Self.exact, name, group.name, &metrics)
        }
    }

    private static func inferred(_ sums: UnitSums, _ resolution: Resolution) -> InferredMoments {
        let moments = DecimalMoments(
            n: sums.count, sum: sums.sum, sumSquares: sums.squares, resolution: resolution)
        return InferredMoments(n: sums.count, mean: moments.mean, deviation: moments.standardDeviation)
    }

    private func moments(
        _ moments: InferredMoments, _ definition: String, _ name: String, _ group: String?, _ metrics: inout [Metric]
    ) {
        var interval: Metric.Interval?
        let size = Double(moments.n)
        if let mean = moments.mean.value, let deviation = moments.deviation.value, deviation > 0, level > 0, level < 1,
            let critical = StudentTDistribution(degreesOfFreedom: size - 1)?.quantile(0.5 + level / 2)
        {
            let half = critical * deviation / size.squareRoot()
            interval = Metric.Interval(lower: mean - half, upper: mean + half, level: level, method: "student-t")
        }
        metrics.append(
            Metric(
                "mean", moments.mean, interval: interval, n: moments.n, variable: name, group: group,
                definition: definition))
        metrics.append(
            Metric("sd", moments.deviation, n: moments.n, variable: name, group: group, definition: definition))
    }

    private func extremes(
        _ n: Int, _ minimum: Double, _ maximum: Double, _ name: String, _ metrics: inout [Metric]
    ) {
        for (metric, value) in [("min", minimum), ("max", maximum)] {
            let inferred: Inferred<Double> = n > 0 ? .value(value) : .undefined(.noCases)
            metrics.append(Metric(metric, inferred, n: n, variable: name))
        }
    }

    private func distributed(
        _ distribution: Distribution?, _ n: Int, _ name: String, _ metrics: inout [Metric],
        value: (Double) -> Double, text: (Double) -> String
    ) {
        guard let distribution else { return }
        for quantile in distribution.quantiles {
            let parameters = ["percent": String(quantile.percent)]
            if let exact = quantile.value {
                metrics.append(
                    Metric(
                        "quantile", value: value(exact), n: n, variable: name, parameters: parameters,
                        definition: Self.interpolated))
            } else {
                let bounds = Metric.Interval(
                    lower: value(quantile.lower), upper: value(quantile.upper), level: nil, method: "bounds")
                metrics.append(
                    Metric(
                        "quantile", bounds: bounds, n: n, variable: name, parameters: parameters,
                        definition: Self.bounds))
            }
        }
        for level in distribution.levels ?? [] {
            metrics.append(
                Metric(
                    "count", value: Double(level.count), n: n, variable: name,
                    parameters: ["level": text(level.value)], definition: Self.levels))
        }
        for bar in distribution.bars ?? [] {
            metrics.append(
                Metric(
                    "count", value: Double(bar.count), n: n, variable: name,
                    parameters: ["lower": text(bar.lower), "upper": text(bar.upper)], definition: Self.equalWidth))
        }
    }

    // MARK: - Categories

    private func category(_ tally: CategoryTally, _ place: Int, _ metrics: inout [Metric]) {
        let column = plan.columns[place]
        guard case .category(let declared) = column.kind else { return }
        let texts = tallies.cursor.texts[place].texts
        let codes: [(code: Int?, name: String)]
        if let declared {
            codes = declared.map { level in (texts.firstIndex(of: level), level) }
        } else {
            codes = Self.sorted(Array(texts.indices), texts).map { ($0.number - 1, $0.name) }
        }
        let missing = tally.missing
        let known = codes.reduce(0) { $0 + ($1.code.map { tally.count($0) } ?? 0) }
        // Without a declaration every text is a level, listed or not.
        let n = declared == nil ? tally.rows - missing : known
        metrics.append(Metric("n", value: Double(n), variable: column.name))
        metrics.append(Metric("missing", value: Double(missing), variable: column.name))
        metrics.append(
            Metric(
                "malformed", value: Double(declared == nil ? 0 : tally.rows - missing - known), variable: column.name))
        guard declared != nil || tally.further == 0 else {
            metrics.append(Metric("count", undefined: Self.furtherLevels, n: n, variable: column.name))
            return
        }
        for level in codes {
            metrics.append(count(level.code.map { tally.count($0) } ?? 0, n, column.name, level.name, nil))
        }
        guard place != plan.grouping else { return }
        for group in groups {
            let cells = codes.map { $0.code.map { tally.count($0, group: group.number) } ?? 0 }
            let total = cells.reduce(0, +)
            guard total + tally.missing(group: group.number) > 0 else { continue }
            for (level, cell) in zip(codes, cells) {
                metrics.append(count(cell, total, column.name, level.name, group.name))
            }
        }
    }

    private func count(_ value: Int, _ n: Int, _ variable: String, _ level: String, _ group: String?) -> Metric {
        Metric(
            "count", value: Double(value), n: n, variable: variable, group: group, parameters: ["level": level],
            definition: Self.levels)
    }
}

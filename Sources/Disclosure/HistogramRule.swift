@_spi(ReleaseGate) import Statistics

/// Rule 11: bins under `t` patients are merged with their neighbours, in each group on its own; the edges are the
/// signed protocol's. Cases outside the bins are under rule 1.
struct HistogramRule {
    let minimum: MinimumCount
    /// False where a policy withholds zeros (rule 2): then an empty bin is merged like a small one.
    var allowsZero = true

    /// The runs of bins of each group; nil for a group that has too few patients in all.
    ///
    /// Nothing is said of the first and the last value (rule 9): no empty run is at an end. And an empty run of one group
    /// holds no bin that has few patients of the others (rule 2): they would be known to be none of this group.
    func runs(_ histogram: Histogram) -> [MergedBins?] {
        let groups = Array(0..<histogram.groupCount)
        let isSmall = (0..<histogram.binCount).map { bin in
            !minimum.allows(histogram.cells.patients(inAnyOf: groups.map { histogram.cell(group: $0, bin: bin) }))
        }
        return groups.map { group in
            let cumulative = histogram.cumulative(group: group)
            let total = cumulative[histogram.binCount]
            return MergedBins.finest(0...histogram.binCount) { run in
                let patients = histogram.cells.patients(inAnyOf: run.map { histogram.cell(group: group, bin: $0) })
                guard minimum.allows(patients) else { return false }
                if patients > 0 || run.count == histogram.binCount { return true }
                let isInner = cumulative[run.lowerBound] > 0 && cumulative[run.upperBound] < total
                return allowsZero && isInner && !run.contains { isSmall[$0] }
            }
        }
    }

    func decide(_ histogram: Histogram) -> Proposal {
        var groups: [ReleasedHistogram.Group] = []
        var numbers = 0
        for (group, merged) in runs(histogram).enumerated() {
            let outside = [
                histogram.missingCell(group: group), histogram.malformedCell(group: group),
                histogram.outOfRangeCell(group: group),
            ]
            guard minimum.allows(all: outside.map { histogram.cells.patients(inCell: $0) }) else {
                return .withhold(rule: 1, .fewPatients)
            }
            guard let merged else { return .withhold(rule: 11, .fewPatients) }
            let cumulative = histogram.cumulative(group: group)
            let bounds = merged.bounds(cumulative)
            numbers += merged.numberCount + 4
            groups.append(
                ReleasedHistogram.Group(
                    level: histogram.levels?[group], n: .exact(cumulative[histogram.binCount]),
                    lower: bounds.lower, upper: bounds.upper,
                    missing: .exact(histogram.cells.cases(inCell: outside[0])),
                    malformed: .exact(histogram.cells.cases(inCell: outside[1])),
                    outOfRange: .exact(histogram.cells.cases(inCell: outside[2]))))
        }
        return .release(
            .histogram(
                ReleasedHistogram(
                    variable: histogram.variable, resolution: histogram.resolution, by: histogram.groupedBy,
                    edges: histogram.edges, groups: groups)), numbers: numbers)
    }
}

@_spi(ReleaseGate) import Statistics

/// Rule 11: bins under `t` patients are merged with their neighbours, in each group on its own; the edges are the
/// signed protocol's. Cases outside the bins are under rule 1.
struct HistogramRule {
    let minimum: MinimumCount
    /// False where a policy withholds zeros (rule 2): then an empty bin is merged like a small one.
    var allowsZero = true

    /// The runs of bins of each group; nil for a group that has too few patients in all.
    func runs(_ histogram: Histogram) -> [MergedBins?] {
        (0..<histogram.groupCount).map { group in
            MergedBins.finest(0...histogram.binCount) { run in
                let patients = histogram.cells.patients(inAnyOf: run.map { histogram.cell(group: group, bin: $0) })
                return minimum.allows(patients) && (allowsZero || patients > 0 || run.count == histogram.binCount)
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

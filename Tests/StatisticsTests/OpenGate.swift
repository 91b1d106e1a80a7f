@_spi(ReleaseGate) import Statistics

/// A gate that withholds nothing, for tests of what released forms do.
func released(_ aggregate: Aggregate) -> ReleasedAggregate? {
    switch aggregate {
    case .flow(let flow):
        let screened = ReleasedFlow.Box(
            box: .screened, reason: nil, cases: .exact(flow.screenedCases), patients: .exact(flow.screenedPatients))
        return .flow(ReleasedFlow(boxes: [screened] + flow.boxes.enumerated().map { released($1, at: $0, of: flow) }))
    case .moments(let moments):
        return .moments(
            ReleasedMoments(
                variable: moments.variable, resolution: moments.resolution, by: moments.groupedBy,
                groups: moments.groups.map(released)))
    case .histogram(let histogram):
        return .histogram(
            ReleasedHistogram(
                variable: histogram.variable, resolution: histogram.resolution, by: histogram.groupedBy,
                edges: histogram.edges, groups: (0..<histogram.groupCount).map { released(histogram, group: $0) }))
    case .table(let table):
        let cells = (0..<table.cells.cellCount).map { Count.exact(table.cells.cases(inCell: $0)) }
        return .table(ReleasedTable(axes: table.axes, cells: cells))
    case .confusion(let confusion):
        return .confusion(
            ReleasedConfusion(
                operatingPoint: confusion.operatingPoint,
                threshold: confusion.resolution.text(confusion.threshold),
                tp: .exact(confusion.cases(.truePositive)), fp: .exact(confusion.cases(.falsePositive)),
                fn: .exact(confusion.cases(.falseNegative)), tn: .exact(confusion.cases(.trueNegative)),
                positives: ClusterTotals(confusion.positives), negatives: ClusterTotals(confusion.negatives)))
    case .scoreSteps(let steps):
        return .scoreSteps(
            ReleasedScoreSteps(
                resolution: steps.resolution, edges: steps.edges, positives: released(steps, positive: true),
                negatives: released(steps, positive: false), classLabel: steps.classLabel))
    case .roc(let sample):
        return sample.statistics().value.flatMap { ROCSummary($0, method: .obuchowski) }.map { .roc($0) }
    case .coMoments(let coMoments): return .coMoments(ReleasedCoMoments(coMoments))
    case .pairedConfusion(let pair):
        return .pairedConfusion(
            ReleasedPairedConfusion(
                first: released(pair.first), second: released(pair.second), positives: released(pair, positive: true),
                negatives: released(pair, positive: false)))
    case .calibration(let sample):
        return .calibration(ReleasedCalibration(sample, cuts: Array(0...sample.steps.stepCount)))
    case .pairedROC(let sample): return PairedROCSummary(sample, method: .obuchowski).map { .pairedROC($0) }
    case .scoreSums(let sums):
        return .scoreSums(ReleasedScoreSums(sums, bounds: (sums.cumulative, sums.cumulative)))
    }
}

private func released(_ call: JointConfusion.Call) -> ReleasedPairedConfusion.Call {
    ReleasedPairedConfusion.Call(operatingPoint: call.operatingPoint, threshold: call.resolution.text(call.threshold))
}

private func released(_ pair: JointConfusion, positive: Bool) -> ReleasedPairedConfusion.Class {
    let counts = JointConfusion.Agreement.allCases.map { Count.exact(pair.cases(positive: positive, $0)) }
    return ReleasedPairedConfusion.Class(
        both: counts[0], firstOnly: counts[1], secondOnly: counts[2], neither: counts[3],
        clusters: PairedClusterTotals(pair.sums(positive: positive)))
}

private func released(_ box: FlowBox, at index: Int, of flow: Flow) -> ReleasedFlow.Box {
    let name: ReleasedFlow.Box.Name
    var label: String?
    switch box {
    case .excluded(let reason): (name, label) = (.excluded, reason)
    case .missingReference: name = .missingReference
    case .failed(let code): (name, label) = (.failed, code)
    case .analysed: name = .analysed
    }
    return ReleasedFlow.Box(
        box: name, reason: label, cases: .exact(flow.cells.cases(inCell: index)),
        patients: .exact(flow.cells.patients(inCell: index)))
}

private func released(_ group: MomentsGroup) -> ReleasedMoments.Group {
    ReleasedMoments.Group(
        level: group.level, n: .exact(group.n), patients: .exact(group.patients), missing: .exact(group.missing),
        malformed: .exact(group.malformed), outOfRange: .exact(group.outOfRange), sum: WideInteger(group.sum),
        sumSquares: WideInteger(group.sumSquares))
}

private func released(_ histogram: Histogram, group: Int) -> ReleasedHistogram.Group {
    let counts = histogram.cumulative(group: group)
    return ReleasedHistogram.Group(
        level: histogram.levels?[group], n: .exact(counts.last ?? 0), lower: counts, upper: counts,
        missing: .exact(histogram.cells.cases(inCell: histogram.missingCell(group: group))),
        malformed: .exact(histogram.cells.cases(inCell: histogram.malformedCell(group: group))),
        outOfRange: .exact(histogram.cells.cases(inCell: histogram.outOfRangeCell(group: group))))
}

private func released(_ steps: ScoreSteps, positive: Bool) -> ReleasedScoreSteps.Class {
    let counts = steps.cumulative(positive: positive)
    return ReleasedScoreSteps.Class(n: .exact(counts.last ?? 0), lower: counts, upper: counts)
}

@_spi(ReleaseGate) import Statistics

/// Released forms with some of their counts withheld.
struct ProtectedForms {
    let minimum: MinimumCount
    /// The counts of cases, and of patients, that are withheld.
    let withheld: Set<JointStatement.Part>
    let patients: Set<JointStatement.Part>
    var allowsZero = true

    func flow(_ flow: Flow) -> Proposal {
        func box(
            _ name: (box: ReleasedFlow.Box.Name, reason: String?), _ part: JointStatement.Part, _ cases: Int,
            _ people: Int
        )
            -> ReleasedFlow.Box
        {
            let hides = withheld.contains(part)
            return ReleasedFlow.Box(
                box: name.box, reason: name.reason, cases: hides ? .protected : .exact(cases),
                patients: hides || patients.contains(part) ? .protected : .exact(people))
        }
        let boxes =
            [box((.screened, nil), .screened, flow.screenedCases, flow.screenedPatients)]
            + flow.boxes.indices.map { index in
                box(
                    flow.boxes[index].released, .box(index), flow.cells.cases(inCell: index),
                    flow.cells.patients(inCell: index))
            }
        let numbers = boxes.reduce(0) { $0 + ($1.cases.exact == nil ? 0 : 1) + ($1.patients.exact == nil ? 0 : 1) }
        return numbers == 0
            ? .withhold(rule: 1, .fewPatients) : .release(.flow(ReleasedFlow(boxes: boxes)), numbers: numbers)
    }

    func table(_ table: ContingencyTable) -> Proposal {
        let counts = (0..<table.cells.cellCount).map { table.cells.cases(inCell: $0) }
        let sizes = table.axes.map(\.levels.count)
        func cells(_ axes: Int) -> [Count] {
            TableMargin(sizes: sizes, axes: axes).sums(counts).enumerated().map { cell, count in
                withheld.contains(.cell(cell, axes: axes)) ? .protected : .exact(count)
            }
        }
        let own = cells(1 << sizes.count - 1)
        let margins =
            own.contains(.protected)
            ? ReleasedTable.marginAxes(sizes.count).map { kept in
                ReleasedTable.Margin(
                    axes: kept.map { table.axes[$0].variable }, cells: cells(kept.reduce(0) { $0 | 1 << $1 }))
            } : []
        let numbers = (own + margins.flatMap(\.cells)).count { $0 != .protected }
        return numbers == 0
            ? .withhold(rule: 1, .fewPatients)
            : .release(.table(ReleasedTable(axes: table.axes, cells: own, margins: margins)), numbers: numbers)
    }

    func histogram(_ histogram: Histogram) -> Proposal {
        var numbers = 0
        let groups = HistogramRule(minimum: minimum, allowsZero: allowsZero).runs(histogram).enumerated().map {
            group, runs in
            let cumulative = histogram.cumulative(group: group)
            func count(_ part: JointStatement.Part, _ number: Int) -> Count {
                if withheld.contains(part) { return .protected }
                numbers += 1
                return .exact(number)
            }
            let outside = [
                histogram.missingCell(group: group), histogram.malformedCell(group: group),
                histogram.outOfRangeCell(group: group),
            ].enumerated().map { kind, cell in
                count(.outside(kind, group: group), histogram.cells.cases(inCell: cell))
            }
            let total = count(.total(group: group), cumulative[histogram.binCount])
            var bounds: (lower: [Int], upper: [Int]) = ([], [])
            if total != .protected {
                let inner = (runs?.cuts ?? []).dropFirst().dropLast()
                    .filter { !withheld.contains(.below(edge: $0, group: group)) }
                numbers += inner.count
                bounds = MergedBins(cuts: [0] + inner + [histogram.binCount]).bounds(cumulative)
            }
            return ReleasedHistogram.Group(
                level: histogram.levels?[group], n: total, lower: bounds.lower, upper: bounds.upper,
                missing: outside[0], malformed: outside[1], outOfRange: outside[2])
        }
        // Without a group that has bins nothing is left that was asked for.
        guard groups.contains(where: { $0.n != .protected }) else { return .withhold(rule: 1, .fewPatients) }
        return .release(
            .histogram(
                ReleasedHistogram(
                    variable: histogram.variable, resolution: histogram.resolution, by: histogram.groupedBy,
                    edges: histogram.edges, groups: groups)), numbers: numbers)
    }

    /// The area stays without the number of all patients; without any other number there is none.
    func roc(_ proposal: Proposal) -> Proposal {
        guard case .release(.roc(let summary), let numbers) = proposal, withheld.isEmpty,
            patients.isSubset(of: [.total(group: 0)])
        else { return .withhold(rule: 4, .anotherCellWithheld) }
        return patients.isEmpty ? proposal : .release(.roc(summary.withholdingPatients), numbers: numbers - 1)
    }
}

@_spi(ReleaseGate) import Statistics

/// The flow is under rule 1 like anything else: each box, and each group of patients that two boxes leave between them
/// (56 screened and 54 analysed must not reveal two patients). Where one box may not be published the whole breakdown
/// is withheld, and only the analysed cases, which other answers state anyway, are given.
struct FlowRule {
    let minimum: MinimumCount

    /// Every box, to be protected together with the other answers; nothing when the analysed patients are too few.
    func candidate(_ flow: Flow) -> Proposal {
        guard let analysed = flow.boxes.firstIndex(of: .analysed),
            minimum.allows(flow.cells.patients(inCell: analysed))
        else { return .withhold(rule: 1, .fewPatients) }
        return ProtectedForms(minimum: minimum, withheld: [], patients: []).flow(flow)
    }

    func decide(_ flow: Flow) -> Proposal {
        let boxes = flow.boxes.indices.map { index in
            (cases: flow.cells.cases(inCell: index), patients: flow.cells.patients(inCell: index))
        }
        guard let analysed = flow.boxes.firstIndex(of: .analysed), minimum.allows(boxes[analysed].patients) else {
            return .withhold(rule: 1, .fewPatients)
        }
        let screened = (cases: flow.screenedCases, patients: flow.screenedPatients)
        let remainders = boxes.map { screened.patients - $0.patients }
        let isWhole =
            minimum.allows(screened.patients) && minimum.allows(all: boxes.map(\.patients))
            && minimum.allows(all: remainders)
            // The patients with lesions in several boxes are what the boxes' patients have over the screened.
            && minimum.allows(boxes.reduce(-screened.patients) { $0 + $1.patients })

        func counts(_ box: (cases: Int, patients: Int), published: Bool) -> (cases: Count, patients: Count) {
            published ? (.exact(box.cases), .exact(box.patients)) : (.protected, .protected)
        }
        let first = counts(screened, published: isWhole)
        let rest = flow.boxes.indices.map { index in
            let published = counts(boxes[index], published: isWhole || index == analysed)
            let name = flow.boxes[index].released
            return ReleasedFlow.Box(
                box: name.box, reason: name.reason, cases: published.cases, patients: published.patients)
        }
        return .release(
            .flow(
                ReleasedFlow(
                    boxes: [ReleasedFlow.Box(box: .screened, reason: nil, cases: first.cases, patients: first.patients)]
                        + rest)),
            numbers: isWhole ? 2 * (rest.count + 1) : 2)
    }
}

extension FlowBox {
    var released: (box: ReleasedFlow.Box.Name, reason: String?) {
        switch self {
        case .excluded(let reason): (.excluded, reason)
        case .missingReference: (.missingReference, nil)
        case .failed(let code): (.failed, code)
        case .analysed: (.analysed, nil)
        }
    }
}

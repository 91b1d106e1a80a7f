extension ReleasedAggregate {
    /// Whether some number in it is withheld.
    public var hasProtectedCounts: Bool {
        switch self {
        case .flow(let flow): flow.boxes.contains { $0.cases == .protected || $0.patients == .protected }
        case .moments(let moments):
            moments.groups.contains {
                [$0.n, $0.patients, $0.missing, $0.malformed, $0.outOfRange].contains(.protected) || $0.sum == nil
                    || $0.sumSquares == nil
            }
        case .histogram(let histogram):
            histogram.groups.contains { [$0.n, $0.missing, $0.malformed, $0.outOfRange].contains(.protected) }
        case .table(let table): table.cells.contains(.protected)
        case .confusion(let confusion):
            [confusion.tp, confusion.fp, confusion.fn, confusion.tn].contains(.protected)
                || confusion.positives == nil || confusion.negatives == nil
        case .scoreSteps(let steps): steps.positives.n == .protected || steps.negatives.n == .protected
        case .roc(let summary): summary.patients == .protected
        case .pairedROC: false
        case .coMoments(let value):
            [value.n, value.patients, value.missing, value.malformed, value.outOfRange].contains(.protected)
                || value.sums == nil || value.products == nil
        case .pairedConfusion(let value):
            [value.positives, value.negatives].contains { part in
                [part.both, part.firstOnly, part.secondOnly, part.neither].contains(.protected)
                    || part.clusters == nil
            }
        case .noisyCounts: false
        case .calibration(let value): value.squaredErrors == nil || value.logLoss == nil
        case .scoreSums(let value):
            [value.n, value.patients, value.missing, value.outOfRange].contains(.protected)
                || value.undefined.map(\.cases).contains(.protected) || value.sum == nil || value.sumSquares == nil
                || value.clusters == nil
        }
    }
}

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
        case .roc: false
        }
    }
}

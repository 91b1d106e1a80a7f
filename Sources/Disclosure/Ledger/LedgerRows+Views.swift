internal import Ledger
internal import Statistics
internal import StudyProtocol

extension LedgerRows {
    /// The counts that an answer publishes.
    /// - Parameter withheld: counts of any answer that are withheld.
    func places(
        of view: JointView, in views: JointViews, aggregate: Aggregate, subgroup: Subgroup?,
        withheld: Set<JointProtection.Count>
    ) -> [PublishedPlace] {
        let described = cases.described
        return view.statements.enumerated().compactMap { number, statement in
            guard !withheld.contains(JointProtection.Count(item: view.item, part: statement.part)) else { return nil }
            let indices: [Int] =
                switch statement.place {
                case .boxes(let boxes): cases.boxOfCase.indices.filter { boxes.contains(Int(cases.boxOfCase[$0])) }
                case .described(let region):
                    region.isImpossible ? [] : views.space.indices(in: region).map { described[$0] }
                }
            return PublishedPlace(
                item: view.item, cases: indices,
                performance: performance(aggregate, subgroup, statement: number, of: view.statements.count))
        }
    }

    /// The order of the statements is that of `JointViewBuilder`.
    private func performance(
        _ aggregate: Aggregate, _ subgroup: Subgroup?, statement: Int, of count: Int
    ) -> PublishedPlace.Performance? {
        let part = subgroup.map { "\($0.variable)=\($0.level)" } ?? ""
        switch aggregate {
        case .confusion(let confusion):
            let side = statement < 2 ? "above" : "below"
            return PublishedPlace.Performance(
                part: part, isPositive: statement.isMultiple(of: 2), call: "\(side) \(confusion.threshold)")
        case .scoreSteps:
            let half = count / 2
            let call = statement % half == 0 ? "all" : "step \(statement % half)"
            return PublishedPlace.Performance(part: part, isPositive: statement < half, call: call)
        case .roc: return PublishedPlace.Performance(part: part, isPositive: statement == 0, call: "all")
        case .flow, .moments, .histogram, .table, .coMoments, .pairedConfusion, .calibration, .pairedROC, .scoreSums:
            return nil
        }
    }
}

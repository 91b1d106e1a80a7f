/// Plans one component.
struct ComponentPlanner {
    /// Components with at most so many decisions are solved to the optimum when the steps suffice.
    static let exactLimit = 80

    let component: CountComponent
    private let source: any MoveSource

    init(_ component: CountComponent) {
        self.component = component
        source = component.moveSource()
    }

    /// What is withheld of the decisions, and whether that is all that is needed; nil: nothing protects.
    func plan(steps: StepCounter) -> (withheld: [Bool], isComplete: Bool)? {
        guard !component.isContradictory else { return nil }
        guard component.isSensitive else {
            return ([Bool](repeating: false, count: component.decisions.count), true)
        }
        if let pattern = search(steps: steps), isSafe(pattern) { return (pattern, true) }
        return everything().map { ($0, false) }
    }

    /// The final check: it knows the pattern only.
    private func isSafe(_ pattern: [Bool]) -> Bool { open(pattern).isEmpty }

    private func open(_ pattern: [Bool]) -> [Int] {
        let isHidden = component.cells.map { pattern[$0.decision] }
        return ComponentAudit(component, source: source).violations(
            isHidden: isHidden, asked: component.cells.indices.filter { isHidden[$0] },
            steps: StepCounter(4_000_000))
    }

    /// The largest pattern that protects: all that is not fixed, less what even then is known.
    private func everything() -> [Bool]? {
        var pattern = component.decisions.map { !$0.isFixed }
        while true {
            let open = Set(open(pattern).map { component.cells[$0].decision })
            if open.isEmpty { return pattern }
            if open.contains(where: { component.decisions[$0].isSensitive }) { return nil }
            for decision in open { pattern[decision] = false }
        }
    }

    // MARK: Searching

    private func search(steps: StepCounter) -> [Bool]? {
        let isSmall = component.decisions.count <= Self.exactLimit
        // One cell costs as much as the count that a usual secondary cell holds.
        let singles = component.decisions.filter { !$0.isSensitive && !$0.isFixed && $0.cells.count == 1 }
            .map { Double($0.loss) / Double(max(1, $0.statements.count)) }.sorted()
        let usual = max(1, singles.isEmpty ? 1 : singles[singles.count / 3])
        guard let first = heuristic(weights(count: 1, loss: 1 / usual), improves: isSmall, steps: steps) else {
            return nil
        }
        if first.total == 0 { return first.isWithheld }
        // Then both losses in proportion to what they are in the first pattern.
        let (count, loss) = losses(first.isWithheld)
        var objective = weights(count: 1 / max(1, count), loss: 1 / max(1, loss))
        var best = first.isWithheld
        func take(_ pattern: [Bool]) {
            if cost(pattern, objective) < cost(best, objective) - 1e-12 { best = pattern }
        }
        if let again = heuristic(objective, improves: true, steps: steps) { take(again.isWithheld) }
        guard isSmall else { return best }
        let countBest = exact(weights(count: 1, loss: 1e-4 / max(1, loss)), from: best, gap: 0.99, share: 4, steps)
        let lossBest = exact(
            weights(count: 1e-3, loss: 1),
            from: cost(countBest, weights(count: 0, loss: 1)) < losses(best).loss
                ? countBest : best, gap: 0.5, share: 3, steps)
        objective = weights(count: 1 / max(1, losses(countBest).count), loss: 1 / max(1, losses(lossBest).loss))
        take(countBest)
        take(lossBest)
        let (fewest, least) = (max(1, losses(countBest).count), max(1, losses(lossBest).loss))
        func worse(_ pattern: [Bool]) -> Double { max(losses(pattern).count / fewest, losses(pattern).loss / least) }
        best = exact(objective, from: best, gap: 1e-3, share: 2, steps)
        // The sum of both may hide that one is far off: then the least loss with at most a quarter more cells.
        guard worse(best) > 1.25, losses(lossBest).count > 1.25 * fewest else { return best }
        let start = losses(best).count <= 1.25 * fewest ? best : countBest
        let bounded = exact(
            weights(count: 1e-3, loss: 1), from: start, gap: 0.5, share: 1, most: 1.25 * fewest, steps)
        return worse(bounded) < worse(best) ? bounded : best
    }

    private func exact(
        _ weights: [Double], from pattern: [Bool], gap: Double, share: Int, most: Double = .infinity,
        _ steps: StepCounter
    ) -> [Bool] {
        var search = CutSearch(
            component, source: source, weights: weights, pattern: pattern, gap: gap, most: most)
        let size = steps.left / share
        let part = steps.share(size)
        search.run(steps: part)
        steps.close(part, of: size)
        return search.best
    }

    private func heuristic(_ weights: [Double], improves: Bool, steps: StepCounter) -> PatternSearch? {
        var search = PatternSearch(component, source: source, weights: weights)
        guard search.construct(steps: steps) else { return nil }
        search.cleanUp(steps: steps)
        guard improves else { return search }
        // Large tables are mostly many: what they would gain is little against the time.
        let size = steps.left / (component.decisions.count <= Self.exactLimit ? 4 : 12)
        let part = steps.share(size)
        search.improve(steps: part)
        steps.close(part, of: size)
        return search
    }

    private func weights(count: Double, loss: Double) -> [Double] {
        component.decisions.map { count * Double($0.statements.count) + loss * Double($0.loss) + 1e-9 }
    }

    private func losses(_ pattern: [Bool]) -> (count: Double, loss: Double) {
        (cost(pattern, weights(count: 1, loss: 0)), cost(pattern, weights(count: 0, loss: 1)))
    }

    private func cost(_ pattern: [Bool], _ weights: [Double]) -> Double {
        pattern.indices.reduce(0) {
            pattern[$1] && !component.decisions[$1].isSensitive ? $0 + weights[$1] : $0
        }
    }
}

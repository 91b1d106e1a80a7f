/// Plans one component.
struct ComponentPlanner {
    /// Components with at most so many decisions are solved to the optimum, when the steps suffice for it.
    private static let exactLimit = 200

    let component: CountComponent
    /// Whether there are steps for more than one look at each decision.
    private let isThorough: Bool
    private let source: any MoveSource

    init(_ component: CountComponent, isThorough: Bool) {
        self.component = component
        self.isThorough = isThorough
        source = component.moveSource()
    }

    /// What is withheld of the decisions, and whether that is all that is needed; nil: nothing protects.
    func plan(steps: StepCounter) -> (withheld: [Bool], isComplete: Bool)? {
        guard !component.isContradictory else { return nil }
        guard component.isSensitive else { return ([Bool](repeating: false, count: component.decisions.count), true) }
        if let pattern = search(steps: steps), isSafe(pattern) { return (pattern, true) }
        return everything().map { ($0, false) }
    }

    /// The final check: it knows the pattern only.
    private func isSafe(_ pattern: [Bool]) -> Bool { open(pattern).isEmpty }

    private func open(_ pattern: [Bool]) -> [Int] {
        let isHidden = component.cells.map { pattern[$0.decision] }
        return ComponentAudit(component, source: source).violations(
            isHidden: isHidden, asked: component.cells.indices.filter { isHidden[$0] }, steps: StepCounter(4_000_000))
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
        let isExact = isThorough && component.decisions.count <= Self.exactLimit
        // One cell costs as much as the count that a usual secondary cell holds.
        let singles = component.decisions.filter { !$0.isSensitive && !$0.isFixed && $0.cells.count == 1 }
            .map { Double($0.loss) / Double(max(1, $0.statements.count)) }.sorted()
        let usual = max(1, singles.isEmpty ? 1 : singles[singles.count / 3])
        let guess = weights(count: 1, loss: 1 / usual)
        guard
            let first = heuristic(guess, improves: isExact, steps: steps)
                ?? (steps.isSpent ? nil : reduced(guess, steps: steps))
        else { return nil }
        if first.total == 0 { return first.isWithheld }
        // Then both losses in proportion to what they are in the first pattern.
        let loss = PatternLoss(of: first.isWithheld, in: component)
        let objective = weights(count: 1 / max(1, loss.count), loss: 1 / max(1, loss.loss))
        var found = [first.isWithheld]
        if let again = heuristic(objective, improves: true, steps: steps) { found.append(again.isWithheld) }
        return isExact ? balanced(found, steps: steps) : cheapest(of: found, objective)
    }

    /// How many times the least that is possible may be lost of either, where that can be had.
    private static let overhead = 1.25

    /// The fewest statements and the least loss are found each on its own. Then the pattern for which the sum of both, in
    /// these units, is least among those that stay within a quarter more of each; where there is none, within a quarter
    /// more with what is sensitive counted in; where there is none, the one that exceeds the worse of both by least.
    private func balanced(_ patterns: [[Bool]], steps: StepCounter) -> [Bool] {
        var found = patterns
        var search = CutSearch(component, source: source)
        func ask(_ question: CutSearch.Question, share: Int) -> [Bool]? {
            let size = steps.left / share
            let part = steps.share(size)
            defer { steps.close(part, of: size) }
            let known = found.filter { PatternLoss(of: $0, in: component).fits(question.most) }
            let start = known.isEmpty ? nil : cheapest(of: known, question.weights)
            let pattern = search.cheapest(question, from: start, steps: part)
            if let pattern { found.append(pattern) }
            return pattern
        }
        func least(_ part: (PatternLoss) -> Double) -> Double {
            found.reduce(.infinity) { min($0, part(PatternLoss(of: $1, in: component))) }
        }
        let scale = least(\.loss)
        // Less than one cell, all together.
        let tie = component.decisions.map { 1e-4 * min(1, Double($0.loss) / max(1, scale)) }
        _ = ask(CutSearch.Question(weights: zip(weights(count: 1, loss: 0), tie).map { $0 + $1 }, gap: 0.95), share: 4)
        _ = ask(
            CutSearch.Question(weights: weights(count: 1e-3, loss: 1), gap: max(0.5, 0.004 * least(\.loss))), share: 3)
        let ideal = PatternLoss(count: least(\.count), loss: least(\.loss))
        let units = weights(count: 1 / max(1, ideal.count), loss: 1 / max(1, ideal.loss))
        let own = component.decisions.filter(\.isSensitive).reduce(into: PatternLoss(count: 0, loss: 0)) {
            $0.count += Double($1.statements.count)
            $0.loss += Double($1.loss)
        }
        func limit(_ times: Double, with own: PatternLoss) -> PatternLoss {
            PatternLoss(
                count: times * (ideal.count + own.count) - own.count, loss: times * (ideal.loss + own.loss) - own.loss)
        }
        let alone = limit(Self.overhead, with: PatternLoss(count: 0, loss: 0))
        if let pattern = ask(CutSearch.Question(weights: units, gap: 0.005, most: alone), share: 2) { return pattern }
        let whole = limit(Self.overhead, with: own)
        if let pattern = ask(CutSearch.Question(weights: units, gap: 0.005, most: whole), share: 2) { return pattern }
        func worse(_ pattern: [Bool]) -> Double {
            let loss = PatternLoss(of: pattern, in: component)
            return max(
                (loss.count + own.count) / max(1, ideal.count + own.count),
                (loss.loss + own.loss) / max(1, ideal.loss + own.loss))
        }
        var best = found.min { worse($0) < worse($1) } ?? found[0]
        while let pattern = ask(
            CutSearch.Question(weights: units, gap: 0.005, most: limit(worse(best) - 0.01, with: own)), share: 2),
            worse(pattern) < worse(best)
        {
            best = pattern
        }
        return best
    }

    private func cheapest(of patterns: [[Bool]], _ weights: [Double]) -> [Bool] {
        func cost(_ pattern: [Bool]) -> Double {
            pattern.indices.reduce(0) { pattern[$1] && !component.decisions[$1].isSensitive ? $0 + weights[$1] : $0 }
        }
        return patterns.min { cost($0) < cost($1) } ?? patterns[0]
    }

    /// From the largest pattern, where cell by cell nothing was found.
    private func reduced(_ weights: [Double], steps: StepCounter) -> PatternSearch? {
        guard let pattern = everything() else { return nil }
        var search = PatternSearch(component, source: source, weights: weights)
        search.adopt(pattern)
        guard search.proveAll(steps: steps) else { return nil }
        search.cleanUp(steps: steps)
        return search
    }

    private func heuristic(_ weights: [Double], improves: Bool, steps: StepCounter) -> PatternSearch? {
        var search = PatternSearch(component, source: source, weights: weights)
        guard search.construct(steps: steps) else { return nil }
        search.cleanUp(steps: steps)
        guard improves else { return search }
        // Large tables are mostly many: what they would gain is little against the time.
        let size = steps.left / (component.decisions.count <= 80 ? 4 : 12)
        let part = steps.share(size)
        search.improve(steps: part)
        steps.close(part, of: size)
        return search
    }

    private func weights(count: Double, loss: Double) -> [Double] {
        component.decisions.map { count * Double($0.statements.count) + loss * Double($0.loss) + 1e-9 }
    }
}

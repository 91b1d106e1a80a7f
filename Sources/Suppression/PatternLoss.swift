/// What a pattern withholds beyond what is sensitive: how many statements, and what they count together.
struct PatternLoss {
    var count: Double
    var loss: Double

    static let unlimited = PatternLoss(count: .infinity, loss: .infinity)

    init(count: Double, loss: Double) {
        self.count = count
        self.loss = loss
    }

    init(of pattern: [Bool], in component: CountComponent) {
        self.init(count: 0, loss: 0)
        for (decision, isWithheld) in zip(component.decisions, pattern) where isWithheld && !decision.isSensitive {
            count += Double(decision.statements.count)
            loss += Double(decision.loss)
        }
    }

    func fits(_ most: PatternLoss) -> Bool { count <= most.count + 1e-9 && loss <= most.loss + 1e-9 }
}

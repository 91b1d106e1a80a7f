// What follows from co-moments alone. Every numerator is a difference of exact integers.
extension ReleasedCoMoments {
    /// The sample covariance of two quantities, (n·Σxy − ΣxΣy) / (n(n − 1)), in the product of their units; of one with
    /// itself the variance. `withheld`; `no-cases`, `too-few-cases` below two.
    public func covariance(_ first: Int, _ second: Int) -> Inferred<Double> {
        switch deviations(first, second) {
        case .undefined(let reason): return .undefined(reason)
        case .value(let value):
            let size = Double(value.n)
            let units = variables[first].resolution.exactUnit * variables[second].resolution.exactUnit
            return .value((value.difference.doubleDouble / size / (size - 1) * units).value)
        }
    }

    /// Pearson's correlation of two quantities over cases; `withheld`, and as ``PearsonCorrelation`` says.
    public func correlation(_ first: Int, _ second: Int, level: Double) -> Inferred<PearsonCorrelation> {
        guard let n = n.exact, let sums, let product = self.product(first, second),
            let left = self.product(first, first),
            let right = self.product(second, second)
        else { return .undefined(.withheld) }
        return PearsonCorrelation.infer(
            n: n, sumX: sums[first].value, sumY: sums[second].value, sumXX: left.value, sumYY: right.value,
            sumXY: product.value, level: level)
    }

    /// n·Σxy − ΣxΣy.
    private func deviations(_ first: Int, _ second: Int) -> Inferred<(n: Int, difference: ExactInteger)> {
        guard let n = n.exact, let sums, let product = product(first, second) else { return .undefined(.withheld) }
        guard n > 1 else { return .undefined(n == 0 ? .noCases : .tooFewCases) }
        let difference =
            ExactInteger(n) * ExactInteger(product.value)
            - ExactInteger(sums[first].value) * ExactInteger(sums[second].value)
        return .value((n, difference))
    }
}

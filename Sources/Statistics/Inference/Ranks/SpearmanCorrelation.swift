/// Spearman's rank correlation: Pearson's r of the ranks, tied values sharing the average; exact in integers. C.
/// Spearman (1904), "The proof and measurement of association between two things", Am J Psychol 15:72-101.
public enum SpearmanCorrelation {
    /// ρ with the t test of n − 2 degrees of freedom (M. G. Kendall and A. Stuart, The Advanced Theory of Statistics 2,
    /// section 31.19) and Fisher's interval with the variance 1/(n − 3), which is approximate for ranks. Undefined as
    /// ``PearsonCorrelation/infer(_:_:level:)``.
    public static func infer(_ x: [Double], _ y: [Double], level: Double) -> Inferred<PearsonCorrelation> {
        guard x.count == y.count, x.count < CaseColumns.caseLimit else { return .undefined(.badArgument) }
        guard let first = Ranks(x), let second = Ranks(y) else { return .undefined(.notFinite) }
        let sum = { (ranks: [Int]) in ranks.reduce(Int128(0)) { $0 + Int128($1) } }
        let product = { (a: [Int], b: [Int]) in zip(a, b).reduce(Int128(0)) { $0 + Int128($1.0) * Int128($1.1) } }
        return PearsonCorrelation.infer(
            n: x.count, sumX: sum(first.doubled), sumY: sum(second.doubled),
            sumXX: product(first.doubled, first.doubled), sumYY: product(second.doubled, second.doubled),
            sumXY: product(first.doubled, second.doubled), level: level)
    }
}

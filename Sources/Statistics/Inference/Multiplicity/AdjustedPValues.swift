/// P values adjusted for testing several hypotheses: a hypothesis is rejected at a level when its adjusted p value is
/// at most the level. S. P. Wright (1992), "Adjusted p-values for simultaneous inference", Biometrics 48:1005-1013.
public enum AdjustedPValues {
    /// min(1, m·p): the family-wise error under any dependence. C. E. Bonferroni (1936).
    public static func bonferroni(_ p: [Double]) -> Inferred<[Double]> {
        guard isValid(p) else { return .undefined(.badArgument) }
        return .value(p.map { min(1, Double(p.count) * $0) })
    }

    /// The largest of (m − j + 1)·p₍ⱼ₎ over j ≤ i: the family-wise error under any dependence. S. Holm (1979), "A
    /// simple sequentially rejective multiple test procedure", Scand J Stat 6:65-70.
    public static func holm(_ p: [Double]) -> Inferred<[Double]> {
        guard isValid(p) else { return .undefined(.badArgument) }
        var adjusted = p
        var largest = 0.0
        for (rank, index) in ascending(p).enumerated() {
            largest = max(largest, min(1, Double(p.count - rank) * p[index]))
            adjusted[index] = largest
        }
        return .value(adjusted)
    }

    /// The smallest of m/j · p₍ⱼ₎ over j ≥ i: the false discovery rate of independent tests. Y. Benjamini and Y.
    /// Hochberg (1995), "Controlling the false discovery rate", J R Stat Soc B 57:289-300.
    public static func benjaminiHochberg(_ p: [Double]) -> Inferred<[Double]> {
        guard isValid(p) else { return .undefined(.badArgument) }
        var adjusted = p
        var smallest = 1.0
        for (rank, index) in ascending(p).enumerated().reversed() {
            smallest = min(smallest, Double(p.count) / Double(rank + 1) * p[index])
            adjusted[index] = smallest
        }
        return .value(adjusted)
    }

    /// The largest p value up to each, in the declared order: a hypothesis is tested only when all before it are
    /// rejected, each at the full level. W. Maurer, L. A. Hothorn and W. Lehmacher (1995), "Multiple comparisons in
    /// drug clinical trials and preclinical assays: a-priori ordered hypotheses"; P. H. Westfall and A. Krishen (2001),
    /// J Stat Plan Inference 99:25-40.
    public static func fixedSequence(_ p: [Double]) -> Inferred<[Double]> {
        guard isValid(p) else { return .undefined(.badArgument) }
        var largest = 0.0
        return .value(
            p.map { value in
                largest = max(largest, value)
                return largest
            })
    }

    private static func isValid(_ p: [Double]) -> Bool { p.allSatisfy { $0 >= 0 && $0 <= 1 } }

    private static func ascending(_ p: [Double]) -> [Int] { p.indices.sorted { p[$0] < p[$1] } }
}

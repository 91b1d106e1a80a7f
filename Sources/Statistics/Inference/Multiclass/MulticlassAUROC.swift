/// Areas under ROC curves for several classes.
public enum MulticlassAUROC {
    /// Each class against the rest by that class's score, with the area's variances; `single-class` where one side is
    /// empty.
    public static func oneVersusRest(_ cases: MulticlassCases) -> [Inferred<ROCStatistics>] {
        (0..<cases.classCount).map { label in
            guard cases.count > 0 else { return .undefined(.noCases) }
            var positives: [Double] = []
            var negatives: [Double] = []
            for (index, own) in cases.labels.enumerated() {
                let score = cases.scores[index * cases.classCount + label]
                if Int(own) == label { positives.append(score) } else { negatives.append(score) }
            }
            return statistics(positives, negatives)
        }
    }

    /// The one-vs-rest areas averaged: `macro` over classes, `weighted` by the classes' cases (F. Provost and P.
    /// Domingos 2003, Mach Learn 52:199-215), `micro` over all pairs of case and class taken as binary. Undefined when
    /// a class's area is.
    public static func oneVersusRest(_ cases: MulticlassCases, average: Metric.Average) -> Inferred<Double> {
        guard cases.count > 0 else { return .undefined(.noCases) }
        if average == .micro {
            var positives: [Double] = []
            var negatives: [Double] = []
            for (index, score) in cases.scores.enumerated() {
                let isOwn = Int(cases.labels[index / cases.classCount]) == index % cases.classCount
                if isOwn { positives.append(score) } else { negatives.append(score) }
            }
            return area(positives, negatives)
        }
        return combined(oneVersusRest(cases), of: cases, average: average)
    }

    /// The average of areas that are known already.
    static func combined(
        _ statistics: [Inferred<ROCStatistics>], of cases: MulticlassCases, average: Metric.Average
    ) -> Inferred<Double> {
        let areas = statistics.map { $0.map(\.area) }
        if let reason = areas.lazy.compactMap(\.undefined).first { return .undefined(reason) }
        var sizes = [Double](repeating: 0, count: cases.classCount)
        for label in cases.labels { sizes[Int(label)] += 1 }
        return ClassAverage.mean(areas, weights: average == .macro ? areas.map { _ in 1 } : sizes)
    }

    /// The one-vs-one area: for each pair of classes the mean of the area by the first one's score and that by the
    /// second one's, among the cases of these two. `macro` is the M of D. J. Hand and R. J. Till (2001), Mach Learn
    /// 45:171-186; `weighted` takes the pairs' cases as weights. `single-class` when a class has no case;
    /// `bad-argument` for `micro`.
    public static func oneVersusOne(_ cases: MulticlassCases, average: Metric.Average) -> Inferred<Double> {
        guard average != .micro else { return .undefined(.badArgument) }
        return switch pairs(cases) {
        case .value(let pairs): combined(pairs, average: average)
        case .undefined(let reason): .undefined(reason)
        }
    }

    /// Two classes' mean area and their cases.
    struct Pair {
        let area: Double
        let cases: Int
    }

    /// Every pair of classes.
    static func pairs(_ cases: MulticlassCases) -> Inferred<[Pair]> {
        guard cases.count > 0 else { return .undefined(.noCases) }
        var members = [[Int]](repeating: [], count: cases.classCount)
        for (index, label) in cases.labels.enumerated() { members[Int(label)].append(index) }
        let column = { (label: Int, indices: [Int]) in indices.map { cases.scores[$0 * cases.classCount + label] } }
        var pairs: [Pair] = []
        for first in 0..<cases.classCount {
            for second in first + 1..<cases.classCount {
                let forward = area(column(first, members[first]), column(first, members[second]))
                let backward = area(column(second, members[second]), column(second, members[first]))
                guard let forward = forward.value, let backward = backward.value else {
                    return .undefined(.singleClass)
                }
                pairs.append(
                    Pair(area: (forward + backward) / 2, cases: members[first].count + members[second].count))
            }
        }
        return .value(pairs)
    }

    /// The average of pairs that are known already; macro or weighted.
    static func combined(_ pairs: [Pair], average: Metric.Average) -> Inferred<Double> {
        ClassAverage.mean(
            pairs.map { .value($0.area) }, weights: pairs.map { average == .macro ? 1 : Double($0.cases) })
    }

    /// The rank statistics of one class's score, by the cases of the class and the others.
    static func statistics(_ positives: [Double], _ negatives: [Double]) -> Inferred<ROCStatistics> {
        let labels = [UInt8](repeating: 1, count: positives.count) + [UInt8](repeating: 0, count: negatives.count)
        guard let cases = try? BinaryCases(scores: positives + negatives, labels: labels) else {
            return .undefined(.badArgument)
        }
        return ROCAnalysis(cases).statistics
    }

    private static func area(_ positives: [Double], _ negatives: [Double]) -> Inferred<Double> {
        statistics(positives, negatives).map(\.area)
    }
}

/// The counts of calls over several labels that a case may have at once.
public struct MultilabelConfusion: Hashable, Sendable {
    /// The counts of each label.
    public let labels: [ConfusionCounts]
    /// Cases whose labels are all called right.
    public let exactMatches: Int
    /// Cases.
    public let count: Int
    /// Calls that are wrong, over all labels.
    public let wrongCalls: Int
    /// By case, the counts over its labels.
    private let byCase: [ConfusionCounts]

    /// Counts the cases. A label is called when its score is at or above its threshold.
    /// - Parameter thresholds: one a label, or one for all; nil for another number.
    public init?(_ cases: MultilabelCases, thresholds: [Double]) {
        guard thresholds.count == 1 || thresholds.count == cases.labelCount else { return nil }
        let width = cases.labelCount
        var sums = [SIMD4<Int>](repeating: .zero, count: width)
        var byCase: [ConfusionCounts] = []
        byCase.reserveCapacity(cases.count)
        var exact = 0
        var wrong = 0
        for start in stride(from: 0, to: cases.truths.count, by: width) {
            var own = SIMD4<Int>.zero
            for label in 0..<width {
                let isCalled = cases.scores[start + label] >= thresholds[thresholds.count == 1 ? 0 : label]
                let cell = cases.truths[start + label] == 1 ? (isCalled ? 0 : 2) : (isCalled ? 1 : 3)
                own[cell] += 1
                sums[label][cell] += 1
            }
            byCase.append(ConfusionCounts(tp: own[0], fp: own[1], fn: own[2], tn: own[3]))
            wrong += own[1] + own[2]
            if own[1] + own[2] == 0 { exact += 1 }
        }
        labels = sums.map { ConfusionCounts(tp: $0[0], fp: $0[1], fn: $0[2], tn: $0[3]) }
        exactMatches = exact
        wrongCalls = wrong
        count = byCase.count
        self.byCase = byCase
    }

    /// The share of cases whose labels are all called right, the exact match ratio.
    public var subsetAccuracy: Inferred<Double> {
        count > 0 ? .value(Double(exactMatches) / Double(count)) : .undefined(.noCases)
    }

    /// The share of wrong calls over cases and labels. R. E. Schapire and Y. Singer (2000), Mach Learn 39:135-168.
    public var hammingLoss: Inferred<Double> {
        count > 0 ? .value(Double(wrongCalls) / Double(count) / Double(labels.count)) : .undefined(.noCases)
    }

    /// A number averaged over labels: see ``MulticlassConfusion/average(_:of:)``.
    public func average(
        _ average: Metric.Average, of number: KeyPath<ConfusionCounts, Inferred<Double>>
    ) -> Inferred<Double> {
        ClassAverage.of(labels, average, of: number)
    }

    /// A number averaged over cases, each over its own labels (example-based: M.-L. Zhang and Z.-H. Zhou 2014, IEEE
    /// Trans Knowl Data Eng 26:1819-1837). Undefined when a case's is, such as the F1 of a case without any label, true
    /// or called; peers count such a case as 0 or 1.
    public func averageOverCases(of number: KeyPath<ConfusionCounts, Inferred<Double>>) -> Inferred<Double> {
        ClassAverage.mean(byCase.map { $0[keyPath: number] }, weights: byCase.map { _ in 1 })
    }
}

extension MultilabelCases {
    /// The label-ranking average precision: over cases and their true labels, the share of true labels among those
    /// ranked at or above it (Schapire and Singer 2000; scikit-learn's form, in which a case with no label or with all
    /// of them counts 1). `no-cases`.
    public var labelRankingAveragePrecision: Inferred<Double> {
        guard count > 0 else { return .undefined(.noCases) }
        var sum = Compensated()
        for start in stride(from: 0, to: truths.count, by: labelCount) {
            let own = (0..<labelCount).filter { truths[start + $0] == 1 }
            guard !own.isEmpty, own.count < labelCount else {
                sum.add(1)
                continue
            }
            var precision = 0.0
            for label in own {
                let score = scores[start + label]
                let ranked = (0..<labelCount).count { scores[start + $0] >= score }
                let hits = own.count { scores[start + $0] >= score }
                precision += Double(hits) / Double(ranked)
            }
            sum.add(precision / Double(own.count))
        }
        return .value(sum.value / Double(count))
    }
}

/// The confusion matrix of several classes, with the numbers that follow from it.
public struct MulticlassConfusion: Hashable, Sendable {
    /// Rows by the true class, columns by the called one.
    public let table: [[Int]]

    /// Takes a square table of natural numbers; nil otherwise, with fewer than two or too many classes, or with a count
    /// of 2³¹ or above.
    public init?(_ table: [[Int]]) {
        guard (2...MulticlassCases.classLimit).contains(table.count),
            table.allSatisfy({ $0.count == table.count && $0.allSatisfy { 0..<CaseColumns.caseLimit ~= $0 } }),
            table.joined().reduce(0, +) <= ConfusionCounts.countLimit / MulticlassCases.classLimit
        else { return nil }
        self.table = table
    }

    /// Counts the cases by true class and by the class with the largest score, of tied ones the lowest.
    public init(_ cases: MulticlassCases) {
        var counts = [Int](repeating: 0, count: cases.classCount * cases.classCount)
        for (label, call) in zip(cases.labels, cases.calls) {
            counts[Int(label) * cases.classCount + Int(call)] += 1
        }
        table = (0..<cases.classCount).map { row in
            Array(counts[row * cases.classCount..<(row + 1) * cases.classCount])
        }
    }

    /// The number of classes.
    public var classCount: Int { table.count }
    /// All cases.
    public var total: Int { table.reduce(0) { $0 + $1.reduce(0, +) } }
    /// Cases whose call is right.
    public var correct: Int { table.indices.reduce(0) { $0 + table[$1][$1] } }
    /// Cases by true class.
    public var rowTotals: [Int] { table.map { $0.reduce(0, +) } }
    /// Cases by called class.
    public var columnTotals: [Int] {
        table.indices.map { column in table.reduce(0) { $0 + $1[column] } }
    }

    /// One class against the rest.
    public func oneVersusRest(_ label: Int) -> ConfusionCounts {
        let hits = table[label][label]
        let (row, column) = (rowTotals[label], columnTotals[label])
        return ConfusionCounts(tp: hits, fp: column - hits, fn: row - hits, tn: total - row - column + hits)
    }

    /// correct / total.
    public var accuracy: Inferred<Double> {
        total > 0 ? .value(Double(correct) / Double(total)) : .undefined(.noCases)
    }

    /// The mean sensitivity over classes; `zero-denominator` when a class has no case (a class that is left out
    /// silently would make the number incomparable).
    public var balancedAccuracy: Inferred<Double> { average(.macro, of: \.sensitivity) }

    /// The Matthews correlation coefficient for several classes, R_K, from −1 to 1: (s·c − Σ t(k)p(k)) / √((s² −
    /// Σp(k)²)(s² − Σt(k)²)) with s cases, c correct, t(k) true and p(k) called. J. Gorodkin (2004), Comput Biol Chem
    /// 28:367-374. `zero-denominator` when all cases are, or are called, one class.
    public var matthews: Inferred<Double> {
        guard total > 0 else { return .undefined(.noCases) }
        let (rows, columns) = (rowTotals, columnTotals)
        let size = Int128(total) * Int128(total)
        let both = zip(rows, columns).reduce(Int128(0)) { $0 + Int128($1.0) * Int128($1.1) }
        let called = size - columns.reduce(Int128(0)) { $0 + Int128($1) * Int128($1) }
        let truth = size - rows.reduce(Int128(0)) { $0 + Int128($1) * Int128($1) }
        guard called > 0, truth > 0 else { return .undefined(.zeroDenominator) }
        let covariance = Double(Int128(total) * Int128(correct) - both)
        return .value(min(max(covariance / (Double(called).squareRoot() * Double(truth).squareRoot()), -1), 1))
    }

    /// Cohen's kappa of call and class; the weighted forms take the classes as ordered.
    public func kappa(_ weights: CohenKappa.Weights = .none) -> Inferred<CohenKappa> {
        CohenKappa.infer(table, weights: weights)
    }

    /// A one-vs-rest number averaged over classes. `macro`: the mean over classes; `weighted`: the mean with the
    /// classes' true cases as weights; `micro`: from the sums of the classes' counts. Macro is undefined when a class's
    /// number is, and weighted when that of a class with cases is: a class never counts as zero because nothing was
    /// called it. M. Sokolova and G. Lapalme (2009), Inf Process Manag 45:427-437.
    public func average(
        _ average: Metric.Average, of number: KeyPath<ConfusionCounts, Inferred<Double>>
    ) -> Inferred<Double> {
        ClassAverage.of(table.indices.map(oneVersusRest), average, of: number)
    }
}

/// Averages of one-vs-rest numbers over classes or labels.
enum ClassAverage {
    static func of(
        _ classes: [ConfusionCounts], _ average: Metric.Average, of number: KeyPath<ConfusionCounts, Inferred<Double>>
    ) -> Inferred<Double> {
        switch average {
        case .micro:
            let sums = classes.reduce(into: SIMD4<Int>.zero) { $0 &+= SIMD4($1.tp, $1.fp, $1.fn, $1.tn) }
            return ConfusionCounts(tp: sums[0], fp: sums[1], fn: sums[2], tn: sums[3])[keyPath: number]
        case .macro:
            return mean(classes.map { $0[keyPath: number] }, weights: classes.map { _ in 1 })
        case .weighted:
            return mean(classes.map { $0[keyPath: number] }, weights: classes.map { Double($0.positives) })
        }
    }

    /// Σ weight · value / Σ weight over the values with a weight; the reason of the first that has no value.
    static func mean(_ values: [Inferred<Double>], weights: [Double]) -> Inferred<Double> {
        var sum = 0.0
        var total = 0.0
        for (value, weight) in zip(values, weights) where weight > 0 {
            switch value {
            case .value(let value):
                sum += weight * value
                total += weight
            case .undefined(let reason): return .undefined(reason)
            }
        }
        return total > 0 ? .value(sum / total) : .undefined(.noCases)
    }
}

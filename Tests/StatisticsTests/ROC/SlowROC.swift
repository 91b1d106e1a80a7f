/// The definitions written out, pair by pair and in Doubles, to check the fast exact ones.
struct SlowROC {
    let scores: [Double]
    let labels: [UInt8]
    let patients: [Int32]

    init(_ scores: [Double], _ labels: [UInt8], patients: [Int32]? = nil) {
        self.scores = scores
        self.labels = labels
        self.patients = patients ?? scores.indices.map(Int32.init)
    }

    var positives: [Int] { labels.indices.filter { labels[$0] == 1 } }
    var negatives: [Int] { labels.indices.filter { labels[$0] == 0 } }

    private static func kernel(_ positive: Double, _ negative: Double) -> Double {
        positive > negative ? 1 : positive == negative ? 0.5 : 0
    }

    /// By case: the share of the other class that it is ranked rightly against.
    var placements: [Double] {
        labels.indices.map { index in
            let isPositive = labels[index] == 1
            let others = isPositive ? negatives : positives
            let sum = others.reduce(0.0) {
                $0 + (isPositive ? Self.kernel(scores[index], scores[$1]) : Self.kernel(scores[$1], scores[index]))
            }
            return sum / Double(others.count)
        }
    }

    var area: Double {
        let placements = placements
        return positives.reduce(0) { $0 + placements[$1] } / Double(positives.count)
    }

    /// DeLong's covariance, as printed in the paper.
    static func deLong(_ first: SlowROC, _ second: SlowROC) -> Double {
        let (one, two) = (first.placements, second.placements)
        let (areaOne, areaTwo) = (first.area, second.area)
        let part = { (cases: [Int]) in
            cases.reduce(0.0) { $0 + (one[$1] - areaOne) * (two[$1] - areaTwo) } / Double(cases.count - 1)
                / Double(cases.count)
        }
        return part(first.positives) + part(first.negatives)
    }

    /// Obuchowski's covariance, as printed in the paper.
    static func obuchowski(_ first: SlowROC, _ second: SlowROC) -> Double {
        let patients = Set(first.patients)
        let (m, n) = (Double(first.positives.count), Double(first.negatives.count))
        let deviations = { (curve: SlowROC, cases: [Int]) in
            let (placements, area) = (curve.placements, curve.area)
            var sums: [Int32: Double] = [:]
            for index in cases { sums[curve.patients[index], default: 0] += placements[index] - area }
            return sums
        }
        let (a1, a2) = (deviations(first, first.positives), deviations(second, second.positives))
        let (b1, b2) = (deviations(first, first.negatives), deviations(second, second.negatives))
        let product = { (left: [Int32: Double], right: [Int32: Double]) in
            patients.reduce(0.0) { $0 + (left[$1] ?? 0) * (right[$1] ?? 0) }
        }
        let correction = { (count: Int) in Double(count) / Double(count - 1) }
        let s10 = correction(a1.count) / m * product(a1, a2)
        let s01 = correction(b1.count) / n * product(b1, b2)
        let s11 = correction(patients.count) * (product(a1, b2) + product(a2, b1))
        return s10 / m + s01 / n + s11 / (m * n)
    }

    /// The mean over the positives of the precision at their score.
    var averagePrecision: Double {
        let precisions = positives.map { index in
            let called = scores.indices.filter { scores[$0] >= scores[index] }
            return Double(called.count { labels[$0] == 1 }) / Double(called.count)
        }
        return precisions.reduce(0, +) / Double(precisions.count)
    }
}

/// Random cases with ties, in one of several kinds of scores.
struct RandomCases {
    var scores: [Double] = []
    var labels: [UInt8] = []
    var patients: [Int32] = []

    init(_ count: Int, kind: Int, prevalence: Double, using generator: inout SeededGenerator) {
        var patient: Int32 = 0
        for _ in 0..<count {
            let isPositive = Double.random(in: 0..<1, using: &generator) < prevalence
            let shift = isPositive ? 0.4 : 0
            let uniform = Double.random(in: 0..<1, using: &generator) + shift
            let score: Double =
                switch kind {
                case 0: uniform
                case 1: (uniform * 8).rounded() / 8
                case 2: (uniform - 0.7) * 1e300
                case 3:
                    Double.random(in: 0..<1, using: &generator) < 0.1 ? (isPositive ? .infinity : -.infinity) : -uniform
                case 4: Double(sign: .plus, exponent: Int(uniform * 600) - 1050, significand: 1 + uniform)
                default: uniform < 0.7 ? 0 : -0.0
                }
            scores.append(score)
            labels.append(isPositive ? 1 : 0)
            patients.append(patient)
            if Int.random(in: 0..<3, using: &generator) == 0 { patient += 1 }
        }
        // Both classes, and patients numbered without gaps.
        labels[0] = 1
        labels[count - 1] = 0
    }

    static let kinds = 6
}

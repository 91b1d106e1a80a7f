/// The empirical area under the ROC curve of a ``RankSample`` with its variances. Raw until the gate releases it.
///
/// With m positives and n negatives, the doubled placement of a positive with score s is
/// `X = 2·#(negatives below s) + #(negatives equal to s)`, that of a negative `Y = 2·#(positives above s) +
/// #(positives equal to s)`; both are integers, their sums are equal to `twiceU`, and the area is
/// θ = twiceU / (2mn). With the totals Xᵢ, Yᵢ over patient i's mᵢ positives and nᵢ negatives, the patient's deviations
///
///     aᵢ = m·Xᵢ − mᵢ·twiceU   (2mn times Σ V₁₀ − mᵢθ)
///     bᵢ = n·Yᵢ − nᵢ·twiceU   (2mn times Σ V₀₁ − nᵢθ)
///
/// are integers too, and with I patients, of whom I₁₀ have a positive and I₀₁ a negative,
///
///     var(θ) = [ I₁₀/(I₁₀−1) · Σaᵢ²/m² + I₀₁/(I₀₁−1) · Σbᵢ²/n² + 2·I/(I−1) · Σaᵢbᵢ/(mn) ] / (2mn)²
///
/// which is S₁₀/m + S₀₁/n + 2·S₁₁/(mn) of Obuchowski (1997), "Nonparametric analysis of clustered ROC curve data",
/// Biometrics 53:567-578, with S₁₀ = I₁₀/((I₁₀−1)m)·Σ(Xᵢ−mᵢθ)², S₀₁ likewise and
/// S₁₁ = I/(I−1)·Σ(Xᵢ−mᵢθ)(Yᵢ−nᵢθ). DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44:837-845, is the same with
/// every case as its own patient. The sums are exact integers (their magnitude is at most (2mn)²·max(m,n)² < 2¹²⁷ for
/// m + n ≤ 2²¹), so that the result is the same to the last bit for any order and partition.
public struct ROCStatistics: Hashable, Sendable {
    /// Positive cases, m.
    public let positives: Int
    /// Negative cases, n.
    public let negatives: Int
    /// Patients with at least one positive case, I₁₀.
    public let positivePatients: Int
    /// Patients with at least one negative case, I₀₁.
    public let negativePatients: Int
    /// Patients, I.
    public let patients: Int
    /// Twice the Mann-Whitney statistic: 2 for each pair in the right order, 1 for each tie.
    public let twiceU: Int128
    /// Obuchowski's variance for clustered cases; nil with fewer than two patients of a class.
    public let obuchowskiVariance: Double?
    /// DeLong's variance, for one case a patient; nil with fewer than two cases of a class.
    public let deLongVariance: Double?

    /// The area, from 0 to 1.
    public var area: Double { Double(twiceU) / Double(2 * Int128(positives) * Int128(negatives)) }
}

extension RankSample {
    /// The rank statistics; undefined `no-cases` or `single-class` when there are no pairs.
    public func statistics() -> Inferred<ROCStatistics> {
        var positives: [Int64] = []
        var negatives: [Int64] = []
        for key in singles { Self.isPositive(key) ? positives.append(key >> 1) : negatives.append(key >> 1) }
        for key in clusters.joined() { Self.isPositive(key) ? positives.append(key >> 1) : negatives.append(key >> 1) }
        guard !positives.isEmpty || !negatives.isEmpty else { return .undefined(.noCases) }
        guard !positives.isEmpty, !negatives.isEmpty else { return .undefined(.singleClass) }
        if !clusters.isEmpty {
            positives.sort()
            negatives.sort()
        }
        var ranks = Placements(positives: positives, negatives: negatives)
        for key in singles { ranks.addPatient(CollectionOfOne(key)) }
        for keys in clusters { ranks.addPatient(keys) }
        return .value(ranks.statistics())
    }
}

/// Placement sums while patients are walked.
private struct Placements {
    let positives: [Int64]
    let negatives: [Int64]
    private let m: Int128
    private let n: Int128
    private var patients = 0
    private var positivePatients = 0
    private var negativePatients = 0
    private var twiceU: Int128
    // By patient: Σa², Σb², Σab; by case: Σa², Σb².
    private var clusteredPositive: Int128 = 0
    private var clusteredNegative: Int128 = 0
    private var clusteredCross: Int128 = 0
    private var singlePositive: Int128 = 0
    private var singleNegative: Int128 = 0

    /// The ascending scores of both classes.
    init(positives: [Int64], negatives: [Int64]) {
        self.positives = positives
        self.negatives = negatives
        m = Int128(positives.count)
        n = Int128(negatives.count)
        var below = 0
        var atMost = 0
        var twiceU = 0
        for score in positives {
            while below < negatives.count, negatives[below] < score { below += 1 }
            atMost = max(atMost, below)
            while atMost < negatives.count, negatives[atMost] == score { atMost += 1 }
            twiceU += below + atMost
        }
        self.twiceU = Int128(twiceU)
    }

    mutating func addPatient(_ keys: some Collection<Int64>) {
        var (positiveCases, negativeCases): (Int128, Int128) = (0, 0)
        var (positivePlacements, negativePlacements): (Int128, Int128) = (0, 0)
        for key in keys {
            let score = RankSample.score(key)
            if RankSample.isPositive(key) {
                let placement = Int128(negatives.count(below: score) + negatives.count(below: score + 1))
                let deviation = m * placement - twiceU
                singlePositive += deviation * deviation
                positiveCases += 1
                positivePlacements += placement
            } else {
                let notAbove = positives.count(below: score) + positives.count(below: score + 1)
                let placement = 2 * m - Int128(notAbove)
                let deviation = n * placement - twiceU
                singleNegative += deviation * deviation
                negativeCases += 1
                negativePlacements += placement
            }
        }
        patients += 1
        if positiveCases > 0 { positivePatients += 1 }
        if negativeCases > 0 { negativePatients += 1 }
        let positive = m * positivePlacements - positiveCases * twiceU
        let negative = n * negativePlacements - negativeCases * twiceU
        clusteredPositive += positive * positive
        clusteredNegative += negative * negative
        clusteredCross += positive * negative
    }

    func statistics() -> ROCStatistics {
        let pairs = Double(2 * m * n)
        let obuchowski: Double? =
            positivePatients > 1 && negativePatients > 1
            ? (Self.correction(positivePatients) * Double(clusteredPositive) / Double(m * m)
                + Self.correction(negativePatients) * Double(clusteredNegative) / Double(n * n)
                + 2 * Self.correction(patients) * Double(clusteredCross) / Double(m * n)) / (pairs * pairs)
            : nil
        let deLong: Double? =
            m > 1 && n > 1
            ? (Self.correction(positives.count) * Double(singlePositive) / Double(m * m)
                + Self.correction(negatives.count) * Double(singleNegative) / Double(n * n)) / (pairs * pairs)
            : nil
        return ROCStatistics(
            positives: positives.count, negatives: negatives.count, positivePatients: positivePatients,
            negativePatients: negativePatients, patients: patients, twiceU: twiceU, obuchowskiVariance: obuchowski,
            deLongVariance: deLong)
    }

    /// The factor k/(k-1) of an unbiased variance.
    private static func correction(_ count: Int) -> Double { Double(count) / Double(count - 1) }
}

extension [Int64] {
    /// How many elements of an ascending array are below a value.
    fileprivate func count(below value: Int64) -> Int {
        withUnsafeBufferPointer { values in
            var low = 0
            var width = values.count
            while width > 0 {
                let half = width >> 1
                if values[low + half] < value {
                    low += half + 1
                    width -= half + 1
                } else {
                    width = half
                }
            }
            return low
        }
    }
}

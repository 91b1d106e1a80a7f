/// The cases of each patient, by class.
struct ClusterCounts: Sendable {
    /// mᵢ, by patient.
    let positives: [UInt32]
    /// nᵢ, by patient.
    let negatives: [UInt32]
    /// Patients with a positive case, I₁₀.
    let positivePatients: Int
    /// Patients with a negative case, I₀₁.
    let negativePatients: Int
    /// Patients with a case, I.
    let patients: Int
}

extension ClusterCounts {
    /// Counts cases; patients are numbered from 0 to `count` − 1, and those without a case do not count.
    init(patients: [Int32], count: Int, isPositive: (Int) -> Bool) {
        var positives = [UInt32](repeating: 0, count: count)
        var negatives = [UInt32](repeating: 0, count: count)
        for (index, patient) in patients.enumerated() {
            if isPositive(index) { positives[Int(patient)] += 1 } else { negatives[Int(patient)] += 1 }
        }
        self.positives = positives
        self.negatives = negatives
        positivePatients = positives.count { $0 > 0 }
        negativePatients = negatives.count { $0 > 0 }
        self.patients = zip(positives, negatives).count { $0 > 0 || $1 > 0 }
    }
}

/// The doubled placements of each patient's cases, summed by class: Xᵢ and Yᵢ of ``ROCStatistics``.
struct ClusterPlacements: Sendable {
    let positives: [UInt64]
    let negatives: [UInt64]
    /// The sum of either.
    let twiceU: UInt64
}

extension ClusterPlacements {
    /// Sums placements by patient and class.
    init(_ placements: [UInt32], twiceU: UInt64, patients: [Int32], count: Int, isPositive: (Int) -> Bool) {
        var positives = [UInt64](repeating: 0, count: count)
        var negatives = [UInt64](repeating: 0, count: count)
        for (index, patient) in patients.enumerated() {
            let placement = UInt64(placements[index])
            if isPositive(index) { positives[Int(patient)] += placement } else { negatives[Int(patient)] += placement }
        }
        self.positives = positives
        self.negatives = negatives
        self.twiceU = twiceU
    }
}

/// Sums over patients of products of their deviations in one ROC curve with those in another (or the same), exact:
/// Σaᵢa′ᵢ, Σbᵢb′ᵢ and Σaᵢb′ᵢ + a′ᵢbᵢ with aᵢ = m·Xᵢ − mᵢ·twiceU and bᵢ = n·Yᵢ − nᵢ·twiceU.
///
/// For m + n ≤ 2³⁰ every sum of products below is at most ΣX·ΣX′ ≤ (2mn)² ≤ 2¹¹⁸ and fits 128 bits; what they are combined
/// to has no limit.
struct ClusterDeviations: Hashable, Sendable {
    let positive: ExactInteger
    let negative: ExactInteger
    let cross: ExactInteger

    init(_ first: ClusterPlacements, _ second: ClusterPlacements, counts: ClusterCounts, m: Int, n: Int) {
        var (xx, xm, mx, mm) = (UInt128(0), UInt128(0), UInt128(0), UInt128(0))
        var (yy, yn, ny, nn) = (UInt128(0), UInt128(0), UInt128(0), UInt128(0))
        var (xy, yx, xn, nx, my, ym, mn) = (
            UInt128(0), UInt128(0), UInt128(0), UInt128(0), UInt128(0), UInt128(0), UInt128(0)
        )
        for patient in counts.positives.indices {
            let (mi, ni) = (UInt64(counts.positives[patient]), UInt64(counts.negatives[patient]))
            let (x1, x2) = (first.positives[patient], second.positives[patient])
            let (y1, y2) = (first.negatives[patient], second.negatives[patient])
            if mi > 0 {
                xx &+= Self.product(x1, x2)
                xm &+= Self.product(x1, mi)
                mx &+= Self.product(x2, mi)
                mm &+= Self.product(mi, mi)
            }
            if ni > 0 {
                yy &+= Self.product(y1, y2)
                yn &+= Self.product(y1, ni)
                ny &+= Self.product(y2, ni)
                nn &+= Self.product(ni, ni)
            }
            if mi > 0, ni > 0 {
                xy &+= Self.product(x1, y2)
                yx &+= Self.product(x2, y1)
                xn &+= Self.product(x1, ni)
                nx &+= Self.product(x2, ni)
                my &+= Self.product(mi, y2)
                ym &+= Self.product(mi, y1)
                mn &+= Self.product(mi, ni)
            }
        }
        let sum = { (value: UInt128) in ExactInteger(Int128(value)) }
        let (m, n) = (ExactInteger(m), ExactInteger(n))
        let (u1, u2) = (sum(UInt128(first.twiceU)), sum(UInt128(second.twiceU)))
        positive = m * m * sum(xx) - m * (u2 * sum(xm) + u1 * sum(mx)) + u1 * u2 * sum(mm)
        negative = n * n * sum(yy) - n * (u2 * sum(yn) + u1 * sum(ny)) + u1 * u2 * sum(nn)
        let mixed = m * (u2 * sum(xn) + u1 * sum(nx)) + n * (u1 * sum(my) + u2 * sum(ym))
        cross = m * n * sum(xy + yx) - mixed + u1 * u2 * sum(2 * mn)
    }

    private init(positive: ExactInteger, negative: ExactInteger, cross: ExactInteger) {
        self.positive = positive
        self.negative = negative
        self.cross = cross
    }

    /// The deviations of the difference of two areas, from those of each and of both.
    static func ofDifference(
        _ first: ClusterDeviations, _ second: ClusterDeviations, both: ClusterDeviations
    ) -> ClusterDeviations {
        let difference = { (part: (ClusterDeviations) -> ExactInteger) in
            part(first) + part(second) - ExactInteger(2) * part(both)
        }
        return ClusterDeviations(
            positive: difference(\.positive), negative: difference(\.negative), cross: difference(\.cross))
    }

    @inline(__always)
    private static func product(_ left: UInt64, _ right: UInt64) -> UInt128 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return UInt128(high) &<< 64 | UInt128(low)
    }

    /// Obuchowski's variance or covariance of the areas, one quotient of integers; nil with fewer than two patients of a
    /// class.
    func covariance(counts: ClusterCounts, m: Int, n: Int) -> Double? {
        guard counts.positivePatients > 1, counts.negativePatients > 1 else { return nil }
        let (m, n) = (ExactInteger(m), ExactInteger(n))
        let counts = [counts.positivePatients, counts.negativePatients, counts.patients]
        let (all, less) = (counts.map { ExactInteger($0) }, counts.map { ExactInteger($0 - 1) })
        let numerator =
            all[0] * less[1] * less[2] * n * n * positive + less[0] * all[1] * less[2] * m * m * negative
            + less[0] * less[1] * all[2] * m * n * cross
        let scale = ExactInteger(2) * m * m * n * n
        return (numerator.doubleDouble / (less[0] * less[1] * less[2] * scale * scale).doubleDouble).value
    }
}

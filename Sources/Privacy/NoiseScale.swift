/// Which noise is added.
public enum NoiseMechanism: String, Hashable, Sendable, Codable, CaseIterable {
    /// Lighter tails: the better choice for many cells at once.
    case gaussian = "discrete-gaussian"
    /// Pure ε-differential privacy: the better choice for one answer alone.
    case laplace = "discrete-laplace"
}

/// A mechanism and its scale: σ of the discrete Gaussian, b of the discrete Laplace.
public struct NoiseScale: Hashable, Sendable {
    /// Squared sensitivities lie below: 2⁸⁶.
    static let sensitivityLimit: UInt128 = 1 << 86
    /// The largest scale: at 2³¹ a draw is below 2⁵², so that it is exact in JSON.
    public static let largestScale: UInt64 = 1 << 31

    public let mechanism: NoiseMechanism
    public let scale: Fraction

    /// `privacy-beyond-limits` unless the scale is positive, at most ``largestScale``, and has terms below 2³², so that its
    /// square is exact.
    public init(_ mechanism: NoiseMechanism, scale: Fraction) throws(PrivacyError) {
        guard !scale.isZero, scale <= Fraction(whole: Self.largestScale), scale.numerator < 1 << 32,
            scale.denominator < 1 << 32
        else { throw PrivacyError(.beyondLimits, "a scale is positive, at most 2^31, and has terms below 2^32") }
        self.mechanism = mechanism
        self.scale = scale
    }

    /// The least scale of six significant decimal digits with Δ² / 2 scale² ≤ rho: a short number that is published as it is
    /// used. Rounding up costs less than 1e-5 of the scale.
    ///
    /// The same formula serves both: the Gaussian costs Δ₂² / 2σ², the Laplace (Δ₁ / b)² / 2.
    public static func least(_ mechanism: NoiseMechanism, for sensitivity: Sensitivity, within cost: PrivacyCost)
        throws(PrivacyError) -> NoiseScale
    {
        guard cost.units > 0 else { throw PrivacyError(.beyondLimits, "a positive share of the budget") }
        var exponent = 9
        // From the finest decimal grid that six digits can be written on to the coarsest: at most 10⁻⁹ to 10⁴.
        while exponent >= -4 {
            let unit =
                exponent >= 0
                ? try Fraction(reducing: 1, Fraction.powerOfTen(exponent))
                : Fraction(whole: UInt64(Fraction.powerOfTen(-exponent)))
            if let digits = try leastMultiple(of: unit, mechanism, for: sensitivity, within: cost) {
                return try NoiseScale(mechanism, scale: Fraction(whole: digits).multiplied(by: unit))
            }
            exponent -= 1
        }
        throw PrivacyError(.beyondLimits, "a scale of at most 2^31")
    }

    /// The least multiple of `unit` below 10⁶ that costs no more; by bisection on the exact cost.
    private static func leastMultiple(
        of unit: Fraction, _ mechanism: NoiseMechanism, for sensitivity: Sensitivity, within cost: PrivacyCost
    ) throws(PrivacyError) -> UInt64? {
        func suffices(_ digits: UInt64) -> Bool {
            guard let scale = try? Fraction(whole: digits).multiplied(by: unit),
                let asked = try? Self.cost(mechanism, scale: scale, for: sensitivity)
            else { return false }
            return asked <= cost
        }
        var (low, high): (UInt64, UInt64) = (0, 1_000_000)
        guard suffices(high) else { return nil }
        while high - low > 1 {
            let middle = (low + high) / 2
            if suffices(middle) { high = middle } else { low = middle }
        }
        return high
    }

    private static func cost(_ mechanism: NoiseMechanism, scale: Fraction, for sensitivity: Sensitivity)
        throws(PrivacyError) -> PrivacyCost
    {
        switch mechanism {
        case .gaussian: try .gaussian(l2Squared: sensitivity.l2Squared, scale: scale)
        case .laplace: try .laplace(l1: sensitivity.l1, scale: scale)
        }
    }

    /// What noise of this scale costs for an answer.
    public func cost(for sensitivity: Sensitivity) throws(PrivacyError) -> PrivacyCost {
        try Self.cost(mechanism, scale: scale, for: sensitivity)
    }

    /// One draw.
    public func draw<Generator>(from bits: inout RandomBits<Generator>) throws(PrivacyError) -> Int64 {
        switch mechanism {
        case .gaussian: try DiscreteGaussian(sigmaSquared: scale.multiplied(by: scale)).draw(from: &bits)
        case .laplace: try DiscreteLaplace(scale: scale).draw(from: &bits)
        }
    }

    /// P(noise > x).
    public func upperTail(_ x: Int64) -> Double {
        // Both succeed: the initialiser checked what they ask for. A reader who got no answer would get no interval.
        switch mechanism {
        case .gaussian: (try? DiscreteGaussian(sigmaSquared: scale.multiplied(by: scale)).upperTail(x)) ?? 1
        case .laplace: (try? DiscreteLaplace(scale: scale).upperTail(x)) ?? 1
        }
    }

    /// The variance of the noise, for pooling.
    public var variance: Double {
        switch mechanism {
        case .gaussian: (try? DiscreteGaussian(sigmaSquared: scale.multiplied(by: scale)).variance) ?? .infinity
        case .laplace: (try? DiscreteLaplace(scale: scale).variance) ?? .infinity
        }
    }

    /// The least q such that the noise lies within -q...q with probability `confidence` or more, each side being exceeded
    /// with at most half of the rest.
    /// - Parameter confidence: above 0 and below 1; `privacy-beyond-limits` otherwise.
    public func halfWidth(confidence: Double) throws(PrivacyError) -> Int64 {
        guard confidence > 0, confidence < 1 else {
            throw PrivacyError(.beyondLimits, "a confidence above 0 and below 1")
        }
        // A little less than half, more than `upperTail` can be off, so that the coverage is never below.
        let side = (1 - confidence) / 2 * (1 - 0x1p-36)
        // 40 standard deviations, or 750 Laplace scales, leave less than the least Double.
        var (low, high): (Int64, Int64) = (-1, 750 * Int64(scale.value.rounded(.up)) + 64)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if upperTail(middle) <= side { high = middle } else { low = middle }
        }
        return high
    }
}

extension NoiseScale: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case mechanism, scale }

    public init(from decoder: any Decoder) throws {
        try OnlyKeys.check(decoder, CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            container.decode(NoiseMechanism.self, forKey: .mechanism),
            scale: container.decode(Fraction.self, forKey: .scale))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(mechanism, forKey: .mechanism)
        try container.encode(scale, forKey: .scale)
    }
}

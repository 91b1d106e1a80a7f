/// What a release costs in zero-concentrated differential privacy (zCDP): rho as a whole number of 10⁻¹², always rounded
/// up, so that a sum of costs is never less than the true sum.
///
/// M. Bun and T. Steinke (2016), "Concentrated Differential Privacy: Simplifications, Extensions, and Lower Bounds",
/// arXiv:1605.02065: costs of releases about the same patients add (Lemma 1.7), whatever each was chosen by.
public struct PrivacyCost: Hashable, Sendable, Comparable {
    /// One unit is rho = 10⁻¹².
    public static let unitsPerRho: UInt64 = 1_000_000_000_000
    /// The largest rho: a million. Nothing above 10 protects anybody; the limit only keeps sums within 64 bits.
    public static let largestUnits: UInt64 = 1_000_000 * unitsPerRho

    public static let zero = PrivacyCost(uncheckedUnits: 0)

    /// Rho in units of 10⁻¹².
    public let units: UInt64

    private init(uncheckedUnits: UInt64) { units = uncheckedUnits }

    /// `privacy-beyond-limits` above ``largestUnits``.
    public init(units: UInt64) throws(PrivacyError) {
        guard units <= Self.largestUnits else { throw PrivacyError(.beyondLimits, "a cost of rho = 1000000 at most") }
        self.units = units
    }

    /// The least cost that covers rho.
    public init(roundingUp rho: Fraction) throws(PrivacyError) {
        let product = WideInteger256(UInt128(rho.numerator), times: UInt128(Self.unitsPerRho))
        try self.init(wide: product.dividedRoundingUp(by: UInt128(rho.denominator)))
    }

    private init(wide units: UInt128?) throws(PrivacyError) {
        try self.init(units: units.flatMap { UInt64(exactly: $0) } ?? .max)
    }

    /// The cost of discrete Gaussian noise of `scale` σ: Δ² / 2σ², Δ² the squared L2 sensitivity. Canonne, Kamath and
    /// Steinke 2020, Theorem 14 (many cells at once; each may have its own scale, and the ratios add).
    public static func gaussian(l2Squared: UInt64, scale: Fraction) throws(PrivacyError) -> PrivacyCost {
        try halfSquare(sensitivitySquared: UInt128(l2Squared), scale: scale)
    }

    /// The cost of discrete Laplace noise: ε = Δ₁ / scale is pure differential privacy, which is ε²/2-zCDP (Bun and Steinke
    /// 2016, Proposition 1.4).
    public static func laplace(l1: UInt64, scale: Fraction) throws(PrivacyError) -> PrivacyCost {
        try halfSquare(sensitivitySquared: UInt128(l1) * UInt128(l1), scale: scale)
    }

    /// The cost of any mechanism that is ε-differentially private: ε²/2.
    public static func pure(epsilon: Fraction) throws(PrivacyError) -> PrivacyCost {
        guard !epsilon.isZero else { return .zero }
        return try halfSquare(sensitivitySquared: 1, scale: Fraction(epsilon.denominator, epsilon.numerator))
    }

    /// ⌈10¹² s d² / 2n²⌉ for the scale n/d. Scales have terms below 2⁶⁴, so the products need 256 bits.
    private static func halfSquare(sensitivitySquared: UInt128, scale: Fraction) throws(PrivacyError) -> PrivacyCost {
        guard !scale.isZero else { throw PrivacyError(.beyondLimits, "no noise has no finite cost") }
        let (n, d) = (UInt128(scale.numerator), UInt128(scale.denominator))
        guard n < 1 << 63, sensitivitySquared < NoiseScale.sensitivityLimit else {
            throw PrivacyError(.beyondLimits, "a sensitivity below 2^43 and a scale with a numerator below 2^63")
        }
        // s · 10¹² < 2⁸⁶ · 2⁴⁰.
        let product = WideInteger256(sensitivitySquared * UInt128(unitsPerRho), times: d * d)
        return try PrivacyCost(wide: product.dividedRoundingUp(by: 2 * n * n))
    }

    /// The cost of several releases about the same patients.
    public func adding(_ other: PrivacyCost) throws(PrivacyError) -> PrivacyCost {
        // Both are at most 10¹⁸.
        try PrivacyCost(units: units + other.units)
    }

    /// Rho as an exact fraction.
    public var rho: Fraction {
        // The denominator is not zero and both terms fit.
        (try? Fraction(units, Self.unitsPerRho)) ?? .zero
    }

    public static func < (left: PrivacyCost, right: PrivacyCost) -> Bool { left.units < right.units }
}

extension PrivacyCost: Codable, CustomStringConvertible {
    /// Rho as a decimal: `0.125`.
    public var description: String { rho.description }

    /// Reads the canonical decimal of a multiple of 10⁻¹².
    public init(from decoder: any Decoder) throws {
        let fraction = try Fraction(from: decoder)
        try self.init(roundingUp: fraction)
        guard rho == fraction else { throw PrivacyError(.malformedFraction, "rho has at most 12 decimal places") }
    }

    public func encode(to encoder: any Encoder) throws { try rho.encode(to: encoder) }
}

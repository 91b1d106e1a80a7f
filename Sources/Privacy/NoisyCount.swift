/// A count or a sum of units with noise added: what may leave, with all that a reader needs to use it.
///
/// It can be negative or too large: that is not repaired, because sums over sites and cells would then be biased. It is
/// safe to show whatever is computed from it.
public struct NoisyCount: Hashable, Sendable {
    /// The true number plus one draw.
    public let value: Int64
    /// How the draw was made.
    public let noise: NoiseScale

    public init(value: Int64, noise: NoiseScale) {
        self.value = value
        self.noise = noise
    }

    /// An interval that holds the true number with probability `confidence` or more, over the noise alone: value ± the exact
    /// quantile of the discrete distribution. The true number of the dataset, that is; that the dataset is a sample is not
    /// in it.
    public func interval(confidence: Double) throws(PrivacyError) -> ClosedRange<Int64> {
        let q = try noise.halfWidth(confidence: confidence)
        let (low, under) = value.subtractingReportingOverflow(q)
        let (high, over) = value.addingReportingOverflow(q)
        return (under ? .min : low)...(over ? .max : high)
    }

    /// The same for a count, which is known not to be negative. Still right in at least `confidence` of all cases.
    public func countInterval(confidence: Double) throws(PrivacyError) -> ClosedRange<Int64> {
        let interval = try interval(confidence: confidence)
        return max(0, interval.lowerBound)...max(0, interval.upperBound)
    }
}

extension NoisyCount: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case value, mechanism, scale }

    public init(from decoder: any Decoder) throws {
        try OnlyKeys.check(decoder, CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        value = try StoredInteger.read(container.decode(String.self, forKey: .value))
        noise = try NoiseScale(
            container.decode(NoiseMechanism.self, forKey: .mechanism),
            scale: container.decode(Fraction.self, forKey: .scale))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(String(value), forKey: .value)
        try container.encode(noise.mechanism, forKey: .mechanism)
        try container.encode(noise.scale, forKey: .scale)
    }
}

/// Whole numbers of 64 bits as canonical decimal text: sums may pass what a JSON number holds exactly.
enum StoredInteger {
    static func read(_ text: String) throws(PrivacyError) -> Int64 {
        guard let value = Int64(text), String(value) == text else {
            throw PrivacyError(.malformedRecord, "a whole number in its canonical form")
        }
        return value
    }
}

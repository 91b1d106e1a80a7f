/// The whole privacy budget of a dataset, as a site states it.
public enum PrivacyTarget: Hashable, Sendable {
    /// As rho of zCDP.
    case rho(PrivacyCost)
    /// As (ε, δ)-differential privacy of everything that is ever released from the dataset.
    case approximate(epsilon: Fraction, delta: Fraction)

    /// The cost that it allows in all, rounded down.
    public func allowance() throws(PrivacyError) -> PrivacyCost {
        switch self {
        case .rho(let cost): cost
        case .approximate(let epsilon, let delta): try .allowed(epsilon: epsilon, delta: delta)
        }
    }
}

extension PrivacyTarget: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case rho, epsilon, delta }

    /// Either `rho` or both `epsilon` and `delta`.
    public init(from decoder: any Decoder) throws {
        try OnlyKeys.check(decoder, CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if container.contains(.rho) {
            guard !container.contains(.epsilon), !container.contains(.delta) else {
                throw PrivacyError(.malformedRecord, "rho, or epsilon and delta, not both")
            }
            self = .rho(try container.decode(PrivacyCost.self, forKey: .rho))
        } else {
            self = .approximate(
                epsilon: try container.decode(Fraction.self, forKey: .epsilon),
                delta: try container.decode(Fraction.self, forKey: .delta))
        }
        _ = try allowance()
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .rho(let cost): try container.encode(cost, forKey: .rho)
        case .approximate(let epsilon, let delta):
            try container.encode(epsilon, forKey: .epsilon)
            try container.encode(delta, forKey: .delta)
        }
    }
}

/// How several endpoints with hypotheses share the chance of a false claim.
public struct Multiplicity: Hashable, Sendable {
    public enum Rule: String, Codable, Hashable, Sendable, CaseIterable {
        /// The family holds one endpoint.
        case none
        /// Every endpoint of the family must succeed (an intersection-union test: no adjustment is needed).
        case all
        /// Each endpoint is tested only when the one before it in the family succeeded.
        case fixedSequence = "fixed-sequence"
        /// Each endpoint at alpha over the number of endpoints. Bonferroni 1936.
        case bonferroni
        /// From the smallest p value on, each at alpha over the number of endpoints not yet shown. Holm 1979, Scand J
        /// Stat 6:65.
        case holm

        /// Whether the endpoints share one alpha.
        public var dividesAlpha: Bool { self == .bonferroni || self == .holm }
    }

    public let family: [EndpointID]
    public let rule: Rule
}

/// How large the study must be for its endpoints to be decided at all.
public struct SampleSize: Hashable, Sendable {
    public let minimumSites: Int
    /// Over all sites, of analysed cases.
    public let minimumPositives: Int
    public let minimumNegatives: Int
    public let rationale: LocalizedText
}

/// How results are put together across sites.
public struct SynthesisPlan: Hashable, Sendable {
    public enum Transform: String, Codable, Hashable, Sendable, CaseIterable {
        case logit
        /// The arcsine of the square root.
        case arcsine
        case log
        /// The scale of the metric itself.
        case none
    }

    /// The scale of the random-effects estimator.
    public let transform: Transform
    /// Whether each estimate is repeated with one site left out in turn.
    public let leaveOneOut: Bool

    public static let standard = SynthesisPlan(transform: .logit, leaveOneOut: true)
}

/// What the protocol asks of the sites' release gates; a site's own policy can only be stricter.
public struct DisclosureRequest: Hashable, Sendable {
    /// The fewest patients that a published count may stand for, when it is not zero.
    public let minimumCell: Int
    /// Noise on every released count (differential privacy); nil asks for none.
    public let noise: NoiseRequest?

    init(minimumCell: Int, noise: NoiseRequest? = nil) {
        self.minimumCell = minimumCell
        self.noise = noise
    }

    public static let standard = DisclosureRequest(minimumCell: 10)
}

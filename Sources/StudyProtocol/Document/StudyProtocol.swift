public import Evidence

/// The signed document that says everything about a study before it starts: which cases, which statistics, which
/// model, which endpoints, which sites.
///
/// A value exists only of a document whose form is right and whose references resolve (`parse`); whether it also
/// makes sense is what `check(now:)` says. The JSON form is `protocols/schema/study-protocol.schema.json`.
public struct StudyProtocol: Hashable, Sendable {
    public static let schemaVersion = "1.0"

    public let identifier: ProtocolIdentifier
    /// Numbers with dots: `1.0.0`. A changed protocol is a new version.
    public let version: String
    /// The digest of the protocol that this one replaces.
    public let supersedes: Digest?
    public let title: LocalizedText
    public let intendedUse: LocalizedText
    /// Why the study is done; a site's policy names the purposes that it allows.
    public let purpose: Purpose
    public let sponsor: Sponsor
    public let variables: [Variable]
    public let cohort: Cohort
    public let referenceStandard: ReferenceStandard?
    public let model: ModelReference?
    public let statistics: [Statistic]
    public let evaluation: Evaluation?
    public let endpoints: [Endpoint]
    public let multiplicity: Multiplicity?
    public let sampleSize: SampleSize?
    public let synthesis: SynthesisPlan
    public let disclosure: DisclosureRequest
    public let invitedSites: [SiteID]
    public let ethics: [EthicsStatement]
    /// From this instant on nothing may be run under the protocol.
    public let expires: Timestamp

    public func variable(_ id: VariableID) -> Variable? {
        variables.first { $0.id == id }
    }

    public func operatingPoint(_ id: OperatingPointID) -> OperatingPoint? {
        evaluation?.operatingPoints.first { $0.id == id }
    }

    public func endpoint(_ id: EndpointID) -> Endpoint? {
        endpoints.first { $0.id == id }
    }

    public func invites(_ site: SiteID) -> Bool { invitedSites.contains(site) }

    /// Whether the model under test was trained on data of this site.
    public func isTrainingSite(_ site: SiteID) -> Bool { model?.trainingSites.contains(site) ?? false }

    /// `identifier@version`: how people and statements name this protocol.
    public var name: String { "\(identifier)@\(version)" }
}

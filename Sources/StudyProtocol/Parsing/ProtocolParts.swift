internal import Evidence

/// A protocol as far as it could be read: what is nil or missing in a list was at fault, and said so.
///
/// Checks of meaning work on this, so that one fault of form does not hide all others.
struct ProtocolParts {
    var identifier: ProtocolIdentifier?
    var version: String?
    var supersedes: Digest?
    var title: LocalizedText?
    var intendedUse: LocalizedText?
    var purpose: Purpose?
    var sponsor: Sponsor?
    var variables: [Variable?] = []
    var cohort: Cohort?
    var referenceStandard: ReferenceStandard?
    var model: ModelReference?
    var statistics: [Statistic?] = []
    var evaluation: Evaluation?
    var endpoints: [Endpoint?] = []
    var multiplicity: Multiplicity?
    var sampleSize: SampleSize?
    var synthesis: SynthesisPlan?
    var disclosure: DisclosureRequest?
    var invitedSites: [SiteID]?
    var ethics: [EthicsStatement?] = []
    var expires: Timestamp?
    /// The members that the document has, whether they could be read or not.
    var present: Set<String> = []
}

extension ProtocolParts {
    init(of study: StudyProtocol) {
        identifier = study.identifier
        version = study.version
        supersedes = study.supersedes
        title = study.title
        intendedUse = study.intendedUse
        purpose = study.purpose
        sponsor = study.sponsor
        variables = study.variables
        cohort = study.cohort
        referenceStandard = study.referenceStandard
        model = study.model
        statistics = study.statistics
        evaluation = study.evaluation
        endpoints = study.endpoints
        multiplicity = study.multiplicity
        sampleSize = study.sampleSize
        synthesis = study.synthesis
        disclosure = study.disclosure
        invitedSites = study.invitedSites
        ethics = study.ethics
        expires = study.expires
        present = Set(
            [
                referenceStandard.map { _ in "referenceStandard" }, model.map { _ in "model" },
                evaluation.map { _ in "evaluation" }, multiplicity.map { _ in "multiplicity" },
                sampleSize.map { _ in "sampleSize" },
            ].compactMap { $0 })
    }

    /// The protocol; nil when a part is missing.
    var whole: StudyProtocol? {
        guard let identifier, let version, let title, let intendedUse, let purpose, let sponsor, let cohort,
            let synthesis,
            let disclosure, let invitedSites, let expires
        else { return nil }
        return StudyProtocol(
            identifier: identifier, version: version, supersedes: supersedes, title: title, intendedUse: intendedUse,
            purpose: purpose, sponsor: sponsor, variables: variables.compactMap { $0 }, cohort: cohort,
            referenceStandard: referenceStandard, model: model, statistics: statistics.compactMap { $0 },
            evaluation: evaluation, endpoints: endpoints.compactMap { $0 }, multiplicity: multiplicity,
            sampleSize: sampleSize, synthesis: synthesis, disclosure: disclosure, invitedSites: invitedSites,
            ethics: ethics.compactMap { $0 }, expires: expires)
    }
}

import Evidence
import Foundation
import Messages
import StrictJSON
import StudyProtocol
import Synthesis

/// A study as its envelopes prove it: the protocol, and what the sites signed. Needs no coordinator.
struct VerifiedStudy {
    let id: StudyID
    let document: StudyProtocol
    let digest: Digest
    let releases: [SiteID: ReleasePredicate]

    /// - Throws: the code of the first envelope that does not verify; `protocol-differs` when they do not belong to one
    ///   study.
    init(_ envelopes: [Data], trust: TrustStore) throws {
        let findings = EvidenceChain.check(
            envelopes.enumerated().map { EvidenceChain.File(name: String($0.offset), data: $0.element) }, trust: trust)
        if let wrong = findings.first(where: { !$0.isVerified }) {
            throw CommandError(code: wrong.code, phrase: wrong.phrase)
        }
        var protocols: [ProtocolStatement] = []
        var studies: Set<StudyID> = []
        var releases: [SiteID: ReleasePredicate] = [:]
        for data in envelopes {
            let verified = try trust.verify(Envelope(data))
            switch verified.statement.predicateType {
            case .studyProtocol: protocols.append(try ProtocolStatement(verified: verified))
            case .job: studies.insert(try JobStatement(verified: verified).predicate.study)
            case .release:
                let release = try ReleaseStatement(verified: verified).predicate
                guard releases.updateValue(release, forKey: release.site) == nil else {
                    throw CommandError.protocolDiffers
                }
            case .report, .siteApproval: break
            }
        }
        guard protocols.count == 1, let statement = protocols.first, studies.count == 1, let id = studies.first,
            releases.values.allSatisfy({ $0.studyProtocol == statement.digest && $0.study == id })
        else { throw CommandError.protocolDiffers }
        self.id = id
        document = try ProtocolCommand.parsed(statement.document)
        digest = statement.digest
        self.releases = releases
    }

    /// The results. Where a site has not released, nobody but the coordinator can say why; its word is taken for that
    /// and for nothing else.
    func results(otherwise status: (SiteID) -> JobStatus?) -> StudyResults {
        StudyResults(
            id: id, protocol: document, digest: digest,
            contributions: document.invitedSites.map { site in
                SiteContribution(site: site, status: status(site) ?? .queued, release: releases[site])
            })
    }
}

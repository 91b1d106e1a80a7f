internal import Evidence
internal import Foundation
internal import GRDB
internal import Messages
internal import StrictJSON
internal import StudyProtocol
internal import Synthesis

extension StudyDesk {
    /// What the study has shown so far: a function of the stored protocol and releases alone.
    func results(of id: StudyID, for person: Person) async throws -> StudyResults {
        try await JobExpiry(office: office).settle()
        return try await office.store.read { db in
            let study = try Self.study(id, for: person, in: db)
            let document = try Self.protocolDocument(of: study, in: db)
            let contributions = try JobRecord.filter(Column("study") == id.rawValue).fetchAll(db).map { job in
                SiteContribution(site: job.site, status: try job.status, release: try Self.release(for: job, in: db))
            }
            return StudyResults(
                id: id, protocol: document, digest: try Digest(hex: study.protocol), contributions: contributions)
        }
    }

    /// The predicate of a stored release, which was verified when it came.
    private static func release(for job: JobRecord, in db: Database) throws -> ReleasePredicate? {
        guard let record = try ReleaseRecord.fetchOne(db, key: job.digest) else { return nil }
        guard let stored = try EnvelopeRecord.fetchOne(db, key: record.digest) else { throw Problem(.internalError) }
        return try Envelope(stored.bytes).unverifiedStatement.predicate.decode(ReleasePredicate.self)
    }

    /// Every signed document of the study: the protocol, then each site's job and release in the protocol's order.
    func envelopes(of id: StudyID, for person: Person) async throws -> EnvelopeList {
        try await office.store.read { db in
            let study = try Self.study(id, for: person, in: db)
            var entries = [
                EnvelopeList.Entry(
                    digest: try Digest(hex: study.protocol), predicateType: .studyProtocol, site: nil)
            ]
            let jobs = try JobRecord.fetchAll(
                db,
                sql: """
                    SELECT job.* FROM job JOIN studySite USING (study, site) WHERE job.study = ?
                    ORDER BY studySite.position
                    """, arguments: [id.rawValue])
            for job in jobs {
                entries.append(.init(digest: try Digest(hex: job.digest), predicateType: .job, site: job.site))
                if let release = try ReleaseRecord.fetchOne(db, key: job.digest) {
                    entries.append(
                        .init(digest: try Digest(hex: release.digest), predicateType: .release, site: job.site))
                }
            }
            return EnvelopeList(envelopes: entries)
        }
    }

    /// The bytes of one signed document, if it belongs to a study that the person may see.
    func envelope(_ digest: Digest, for person: Person) async throws -> Data {
        try await office.store.read { db in
            guard let record = try EnvelopeRecord.fetchOne(db, key: digest.hex),
                let owner = try Self.study(ofEnvelope: record, in: db)
            else { throw Problem(.notFound) }
            _ = try Self.study(owner, for: person, in: db)
            return record.bytes
        }
    }

    private static func study(ofEnvelope envelope: EnvelopeRecord, in db: Database) throws -> StudyID? {
        switch envelope.kind {
        case .protocol:
            return try StudyRecord.filter(Column("protocol") == envelope.digest).fetchOne(db)?.id
        case .job:
            return try JobRecord.fetchOne(db, key: envelope.digest)?.study
        case .release:
            guard let release = try ReleaseRecord.filter(Column("digest") == envelope.digest).fetchOne(db) else {
                return nil
            }
            return try JobRecord.fetchOne(db, key: release.job)?.study
        }
    }
}

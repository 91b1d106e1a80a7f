internal import Evidence
internal import Foundation
internal import GRDB
internal import Messages
internal import StrictJSON
internal import StudyProtocol
internal import Synthesis

extension StudyDesk {
    /// What the study has shown so far: a function of the stored protocol and releases alone.
    func results(of id: StudyID) async throws -> StudyResults {
        try await office.store.read { db in
            guard let study = try StudyRecord.fetchOne(db, key: id.rawValue) else { throw Problem(.notFound) }
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
    func envelopes(of id: StudyID) async throws -> EnvelopeList {
        try await office.store.read { db in
            guard let study = try StudyRecord.fetchOne(db, key: id.rawValue) else { throw Problem(.notFound) }
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

    /// The bytes of one signed document.
    func envelope(_ digest: Digest) async throws -> Data {
        guard let record = try await office.store.read({ try EnvelopeRecord.fetchOne($0, key: digest.hex) }) else {
            throw Problem(.notFound)
        }
        return record.bytes
    }
}

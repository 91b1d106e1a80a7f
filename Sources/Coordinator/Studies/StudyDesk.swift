internal import Evidence
internal import Foundation
internal import GRDB
internal import Logging
internal import Messages
internal import StrictJSON
internal import StudyProtocol
internal import TextCatalogue

/// Accepts signed protocols and turns each into a study with a job for every invited site.
struct StudyDesk: Sendable {
    let office: Office

    /// What came of a submission.
    enum Submission: Sendable {
        case created(StudyStatus)
        /// The same protocol is a study already.
        case known(StudyStatus)
    }

    /// Verifies, checks and stores a protocol with its jobs in one transaction.
    func submit(_ bytes: Data, by person: Person) async throws -> Submission {
        let envelope = try Envelope(bytes)
        let claimed = Array(Set(envelope.signatures.map(\.keyID)))
        let sponsors = try await office.store.read { db in
            try SponsorRecord.filter(claimed.contains(Column("keyid")))
                .filter(Column("role") == SessionRole.sponsor.rawValue).fetchAll(db)
        }
        guard !sponsors.isEmpty else { throw Problem(.unknownSponsor) }
        let role = try TrustedRole(.sponsor, keys: sponsors.map { try $0.key() })
        let verified = try role.verify(envelope, expecting: .studyProtocol)
        // Whoever submits owns the study: a protocol that only others signed is not the submitter's to bring.
        guard verified.signers.contains(where: { $0.keyID == person.keyID }) else { throw Problem(.forbidden) }
        let statement = try ProtocolStatement(verified: verified)
        let now = office.surroundings.now()
        let document = try Self.checked(statement.document, now: now)
        let id = try Self.identifier(of: document, digest: statement.digest)
        let study = StudyRecord(
            id: id, identifier: document.identifier.rawValue, version: document.version,
            protocol: statement.digest.hex, model: document.model?.digest.hex, submittedBy: person.keyID,
            submittedAt: now.secondsSinceEpoch, expiresAt: document.expires.secondsSinceEpoch, revision: 1,
            closedAt: nil)
        let issuer = JobIssuer(office: office)
        let (isNew, sites) = try await office.store.write { db -> (Bool, [SiteID]) in
            if let known = try StudyRecord.fetchOne(db, key: id.rawValue) {
                // Its submitter alone is told of it; for anybody else the protocol is on record, and no more.
                guard known.submittedBy == person.keyID else { throw Problem(.conflict) }
                return (false, [])
            }
            let rivals = try StudyRecord.filter(Column("identifier") == study.identifier)
                .filter(Column("version") == study.version).fetchCount(db)
            guard rivals == 0 else { throw Problem(.versionConflict) }
            if let model = study.model { try ModelLibrary.requireComplete(model, in: db) }
            try EnvelopeRecord(
                digest: study.protocol, kind: .protocol, bytes: envelope.encoded, storedAt: study.submittedAt
            ).insert(db)
            try study.insert(db)
            for (position, site) in document.invitedSites.enumerated() {
                try StudySiteRecord(study: id, site: site, position: position).insert(db)
            }
            let enrolled = try SiteRecord.filter(Column("revokedAt") == nil)
                .filter(document.invitedSites.map(\.rawValue).contains(Column("site"))).fetchAll(db).map(\.site)
            for site in document.invitedSites where enrolled.contains(site) {
                try issuer.issue(study, to: site, in: db)
            }
            return (true, enrolled)
        }
        if isNew {
            await office.bells.ring(sites.map { .jobs(site: $0.rawValue) } + [.study(id: id.rawValue)])
            office.logger.log(.notice, "study accepted", [.study: id.rawValue, .count: "\(sites.count)"])
        }
        let status = try await status(of: id, for: person)
        return isNew ? .created(status) : .known(status)
    }

    private static func checked(_ document: JSONValue, now: Timestamp) throws -> StudyProtocol {
        switch StudyProtocol.validate(document, now: now) {
        case .success(let parsed): return parsed
        case .failure(let error):
            throw Problem(
                .protocolInvalid,
                faults: error.faults.map {
                    ProblemFault(pointer: $0.pointer.description, code: $0.code, message: $0.phrase.english)
                })
        }
    }

    /// `<identifier>-<first 12 digits of the protocol's digest>`, the same on every coordinator.
    static func identifier(of document: StudyProtocol, digest: Digest) throws -> StudyID {
        let suffix = "-" + digest.hex.prefix(12)
        let name = String(
            document.identifier.rawValue.lowercased().map { character in
                character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
            })
        guard let id = StudyID(rawValue: name.prefix(StudyKind.maximumLength - suffix.count) + suffix) else {
            throw Problem(.protocolInvalid)
        }
        return id
    }
}

extension StudyDesk {
    /// The study as it stands.
    func status(of id: StudyID, for person: Person) async throws -> StudyStatus {
        try await JobExpiry(office: office).settle()
        return try await office.store.read { db in
            try Self.status(of: try Self.study(id, for: person, in: db), in: db)
        }
    }

    /// All studies that the person may see.
    func list(for person: Person) async throws -> StudyList {
        try await JobExpiry(office: office).settle()
        return try await office.store.read { db in
            let studies = try Self.studies(for: person).order(Column("submittedAt"), Column("id")).fetchAll(db)
            return StudyList(studies: try studies.map { try Self.status(of: $0, in: db).summary })
        }
    }

    /// A lead sees every study, a sponsor those that it submitted; another's looks like none.
    static func studies(for person: Person) -> QueryInterfaceRequest<StudyRecord> {
        switch person.role {
        case .lead: StudyRecord.all()
        case .sponsor: StudyRecord.filter(Column("submittedBy") == person.keyID)
        }
    }

    static func study(_ id: StudyID, for person: Person, in db: Database) throws -> StudyRecord {
        guard let study = try studies(for: person).filter(key: id.rawValue).fetchOne(db) else {
            throw Problem(.notFound)
        }
        return study
    }

    /// What is told of a site's doings is told to the minute, as in its release.
    private static func status(of study: StudyRecord, in db: Database) throws -> StudyStatus {
        let document = try protocolDocument(of: study, in: db)
        let jobs = try JobRecord.filter(Column("study") == study.id.rawValue).fetchAll(db)
        let sites = try document.invitedSites.map { site -> SiteProgress in
            guard let job = jobs.first(where: { $0.site == site }) else {
                return SiteProgress(
                    site: site, status: study.closedAt == nil ? .queued : .failed(.expired), job: nil, release: nil,
                    updated: Timestamp(secondsSinceEpoch: study.closedAt ?? study.submittedAt).roundedToMinute)
            }
            let release = try ReleaseRecord.fetchOne(db, key: job.digest)
            return SiteProgress(
                site: site, status: try job.status, job: try Digest(hex: job.digest),
                release: try release.map { try Digest(hex: $0.digest) },
                updated: Timestamp(secondsSinceEpoch: job.updatedAt).roundedToMinute)
        }
        let summary = StudySummary(
            id: study.id, identifier: document.identifier, version: document.version, title: document.title,
            sponsor: document.sponsor.name, studyProtocol: try Digest(hex: study.protocol),
            state: StudyState(sites: sites.map(\.code)),
            submitted: Timestamp(secondsSinceEpoch: study.submittedAt).roundedToMinute, expires: document.expires)
        return StudyStatus(summary: summary, revision: Int(study.revision), sites: sites)
    }

    /// The protocol of a stored study. Its envelope was verified and the document checked when it came.
    static func protocolDocument(of study: StudyRecord, in db: Database) throws -> StudyProtocol {
        guard let stored = try EnvelopeRecord.fetchOne(db, key: study.protocol),
            case .success(let document) = StudyProtocol.parse(
                try Envelope(stored.bytes).unverifiedStatement.predicate)
        else { throw Problem(.internalError) }
        return document
    }
}

extension JobRecord {
    var status: JobStatus {
        get throws {
            guard let status = JobStatus(code: state, reason: reason) else { throw Problem(.internalError) }
            return status
        }
    }
}

internal import Evidence
internal import Foundation
internal import GRDB
internal import Logging
internal import Messages
internal import StudyProtocol

/// Lets registered people in: a challenge, its signed answer, a token for a short while.
struct SessionDesk: Sendable {
    let office: Office

    /// How long a challenge waits for its answer, in seconds.
    static let challengeLifetime: Int64 = 2 * 60
    /// How long a session lasts, in seconds.
    static let sessionLifetime: Int64 = 15 * 60
    /// How many open challenges one key may have; the oldest gives way.
    static let openChallenges = 1024

    /// A challenge for the key. One for an unknown key looks the same, is kept nowhere and cannot be answered.
    func challenge(for keyID: String) async throws -> Challenge {
        let now = office.surroundings.now()
        let expires = now.adding(seconds: Self.challengeLifetime)
        let challenge = office.surroundings.token()
        // Strangers may ask: only a registered key is worth the store's one writer.
        guard try await office.store.read({ try SponsorRecord.exists($0, key: keyID) }) else {
            return Challenge(challenge: challenge, expires: expires)
        }
        try await office.store.write { db in
            try ChallengeRecord.filter(Column("expiresAt") <= now.secondsSinceEpoch).deleteAll(db)
            let open = ChallengeRecord.filter(Column("keyid") == keyID)
            let excess = try open.fetchCount(db) - Self.openChallenges + 1
            if excess > 0 {
                try open.order(Column("expiresAt"), Column.rowID).limit(excess).deleteAll(db)
            }
            try ChallengeRecord(challenge: challenge, keyid: keyID, expiresAt: expires.secondsSinceEpoch).insert(db)
        }
        return Challenge(challenge: challenge, expires: expires)
    }

    /// Opens a session for the key that signed the proof. The challenge is gone afterwards, whatever comes of it.
    func open(_ proof: Envelope) async throws -> Session {
        let coordinator = try office.installation.authorityFingerprint
        guard proof.signatures.count == 1, let keyID = proof.signatures.first?.keyID else {
            throw Problem(.proofInvalid)
        }
        guard let sponsor = try await office.store.read({ try SponsorRecord.fetchOne($0, key: keyID) }) else {
            throw Problem(.unknownSponsor)
        }
        guard let answer = try? SessionProof(proof, signedBy: sponsor.key()), answer.keyID == keyID,
            answer.coordinator == coordinator
        else { throw Problem(.proofInvalid) }
        let now = office.surroundings.now()
        let token = office.surroundings.token()
        let expires = now.adding(seconds: Self.sessionLifetime)
        guard let tokenHash = TokenHash(token: token) else { throw Problem(.internalError) }
        let isOpen = try await office.store.write { db -> Bool in
            let waiting = ChallengeRecord.filter(Column("challenge") == answer.challenge)
                .filter(Column("keyid") == keyID)
            let challenge = try waiting.fetchOne(db)
            try waiting.deleteAll(db)
            try SessionRecord.filter(Column("expiresAt") <= now.secondsSinceEpoch).deleteAll(db)
            guard let challenge, now.secondsSinceEpoch < challenge.expiresAt else { return false }
            try SessionRecord(
                tokenHash: tokenHash.bytes, keyid: keyID, expiresAt: expires.secondsSinceEpoch
            ).insert(db)
            return true
        }
        guard isOpen else { throw Problem(.proofInvalid) }
        office.logger.log(.info, "session opened", [.key: keyID])
        return Session(token: token, role: sponsor.role, expires: expires)
    }

    /// The person whom a bearer token stands for; nil when it is unknown or its time is over.
    func person(token: String) async throws -> Person? {
        guard let hash = TokenHash(token: token) else { return nil }
        let now = office.now
        return try await office.store.read { db in
            guard let session = try SessionRecord.fetchOne(db, key: hash.bytes),
                equalInConstantTime(session.tokenHash, hash.bytes), now < session.expiresAt,
                let sponsor = try SponsorRecord.fetchOne(db, key: session.keyid)
            else { return nil }
            return Person(keyID: sponsor.keyid, role: sponsor.role)
        }
    }
}

public import Evidence
public import Messages
internal import StrictJSON
public import StudyProtocol

/// Decides whether this site may run a job. Pure: the clock and what the site has seen before are handed in.
///
/// The coordinator is not trusted with anything but delivery: what runs must also be signed by a sponsor that the
/// site's own policy names, and must invite this site.
public struct JobVerifier: Sendable {
    /// A job that passed every check.
    public struct VerifiedJob: Sendable, Hashable {
        public let digest: Digest
        public let predicate: JobPredicate
        public let studyProtocol: StudyProtocol
        /// The identifier of the sponsor's key that signed the protocol; of several, the first that the site trusts.
        public let sponsor: String
    }

    /// A job whose signature is good, and nothing else known of it.
    public struct SignedJob: Sendable, Hashable {
        public let digest: Digest
        public let predicate: JobPredicate
    }

    public enum Verdict<Accepted: Sendable & Hashable>: Sendable, Hashable {
        case accepted(Accepted)
        case refused(RefusalCode)
    }

    /// How far ahead of this machine's clock the coordinator's may be, in seconds.
    public static let clockSkew: Int64 = 300

    public let site: SiteID
    /// The coordinator's key for jobs, as the invitation pinned it.
    public let coordinatorKey: VerificationKey
    /// The sponsors that the site's own policy trusts.
    public let sponsorKeys: [VerificationKey]

    public init(site: SiteID, coordinatorKey: VerificationKey, sponsorKeys: [VerificationKey]) {
        self.site = site
        self.coordinatorKey = coordinatorKey
        self.sponsorKeys = sponsorKeys
    }

    /// Whether the pinned coordinator signed it: the first check, before anything is stored.
    public func signature(of envelope: Envelope) -> Verdict<SignedJob> {
        do {
            let role = try TrustedRole(.coordinator, keys: [coordinatorKey])
            let statement = try JobStatement(verified: try role.verify(envelope, expecting: .job))
            return .accepted(SignedJob(digest: statement.digest, predicate: statement.predicate))
        } catch let error as EvidenceError {
            switch error.kind {
            case .badSignature, .unknownSigner, .belowThreshold: return .refused(.badSignature)
            default: return .refused(.schemaError)
            }
        } catch {
            return .refused(.schemaError)
        }
    }

    /// All checks, in their order: the coordinator's signature and the form; the site; the times; the nonce; the
    /// protocol's digest, signature and form; whether it was taken on before; the invitation; the training sites; the
    /// protocol's expiry; the model.
    /// - Parameters:
    ///   - knownNonce: the digest of the job that this nonce was seen with before; nil when it is new.
    ///   - knownProtocol: the digest of the job by which the site took on the protocol of this digest; nil when it has
    ///     taken on none. One signature of a sponsor is one question: were the coordinator to ask it again and again,
    ///     it would see how the site's data change.
    public func verify(
        _ envelope: Envelope, now: Timestamp, knownNonce: (Nonce) throws -> Digest?,
        knownProtocol: (Digest) throws -> Digest?
    ) rethrows -> Verdict<VerifiedJob> {
        let job: SignedJob
        switch signature(of: envelope) {
        case .accepted(let accepted): job = accepted
        case .refused(let code): return .refused(code)
        }
        let predicate = job.predicate
        guard predicate.site == site else { return .refused(.wrongSite) }
        guard now < predicate.expires, predicate.issued <= now.adding(seconds: Self.clockSkew) else {
            return .refused(.expired)
        }
        if let seen = try knownNonce(predicate.nonce), seen != job.digest { return .refused(.replayed) }

        let studyProtocol: StudyProtocol
        let sponsor: String
        switch protocolInside(predicate) {
        case .accepted(let accepted): (studyProtocol, sponsor) = (accepted.studyProtocol, accepted.sponsor)
        case .refused(let code): return .refused(code)
        }
        if let seen = try knownProtocol(predicate.studyProtocol.digest), seen != job.digest {
            return .refused(.replayed)
        }
        guard studyProtocol.invites(site) else { return .refused(.notInvited) }
        guard !studyProtocol.isTrainingSite(site) else { return .refused(.trainingSite) }
        guard now < studyProtocol.expires else { return .refused(.expired) }
        guard predicate.model?.digest == studyProtocol.model?.digest else { return .refused(.modelDigestMismatch) }
        guard studyProtocol.check(now: now).isEmpty else { return .refused(.schemaError) }
        return .accepted(
            VerifiedJob(digest: job.digest, predicate: predicate, studyProtocol: studyProtocol, sponsor: sponsor))
    }

    private struct SignedProtocol: Hashable {
        let studyProtocol: StudyProtocol
        let sponsor: String
    }

    private func protocolInside(_ predicate: JobPredicate) -> Verdict<SignedProtocol> {
        let envelope = predicate.studyProtocol.envelope
        guard envelope.digest == predicate.studyProtocol.digest else { return .refused(.protocolDigestMismatch) }
        guard !sponsorKeys.isEmpty else { return .refused(.unknownSponsor) }
        do {
            let role = try TrustedRole(.sponsor, keys: sponsorKeys)
            let verified = try role.verify(envelope, expecting: .studyProtocol)
            let statement = try ProtocolStatement(verified: verified)
            guard case .success(let studyProtocol) = StudyProtocol.parse(statement.document),
                let signer = verified.signers.first
            else { return .refused(.schemaError) }
            return .accepted(SignedProtocol(studyProtocol: studyProtocol, sponsor: signer.keyID))
        } catch let error as EvidenceError {
            switch error.kind {
            case .unknownSigner: return .refused(.unknownSponsor)
            case .badSignature, .belowThreshold: return .refused(.badSignature)
            default: return .refused(.schemaError)
            }
        } catch {
            return .refused(.schemaError)
        }
    }
}

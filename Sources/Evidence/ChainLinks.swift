import StrictJSON
import TextCatalogue

/// The verified documents of one check, by digest, and what must agree between them.
struct ChainLinks {
    /// Why a document whose signatures are good is not verified all the same.
    struct LinkFault: Hashable {
        let code: String
        let phrase: Phrase
    }

    private let trust: TrustStore
    private var statements: [Digest: VerifiedStatement] = [:]

    init(trust: TrustStore) { self.trust = trust }

    /// Makes a document available to those that name it; a job brings the protocol that it holds.
    mutating func add(_ statement: VerifiedStatement) {
        statements[statement.digest] = statement
        if statement.statement.predicateType == .job,
            let envelope = statement.predicate["protocol"]?["envelope"],
            let embedded = try? trust.verify(Envelope(json: envelope), expecting: .studyProtocol)
        {
            statements[embedded.digest] = embedded
        }
    }

    /// The first thing that is wrong with what the document names, or nil.
    ///
    /// It looks through to the documents named, and through them to theirs: report, release, job, protocol. Each may
    /// name only the types after it, so this ends.
    func firstFault(of statement: VerifiedStatement) -> LinkFault? {
        let predicate = statement.predicate
        switch statement.statement.predicateType {
        case .studyProtocol:
            return nil
        case .job:
            return embeddedProtocolFault(predicate) ?? fault(of: predicate["protocol"], .studyProtocol, at: "/protocol")
                ?? permissionFault(predicate)
        case .release:
            return jobFault(predicate) ?? fault(of: predicate["protocol"], .studyProtocol, at: "/protocol")
        case .siteApproval:
            return optional(predicate["job"]) { _ in jobFault(predicate) }
                ?? optional(predicate["protocol"]) { fault(of: $0, .studyProtocol, at: "/protocol") }
        case .report:
            return optional(predicate["protocol"]) { fault(of: $0, .studyProtocol, at: "/protocol") }
                ?? releasesFault(predicate)
        }
    }

    private func optional(_ member: JSONValue?, _ check: (JSONValue) -> LinkFault?) -> LinkFault? {
        member.flatMap(check)
    }

    private func embeddedProtocolFault(_ job: JSONValue) -> LinkFault? {
        guard let json = job["protocol"]?["envelope"] else { return nil }
        do {
            let verified = try trust.verify(Envelope(json: json), expecting: .studyProtocol)
            guard verified.digest == Self.digest(job["protocol"]) else {
                return LinkFault(code: "protocol-digest-mismatch", phrase: .chainMismatch("/protocol/digest"))
            }
            return nil
        } catch {
            return LinkFault(code: error.code, phrase: .chainEmbeddedProtocol(error.phrase))
        }
    }

    /// A job may go only to a site that its protocol invites and that did not train the model, and only with the
    /// protocol's model: the agent refuses the same, but an auditor was not there.
    private func permissionFault(_ job: JSONValue) -> LinkFault? {
        guard let digest = Self.digest(job["protocol"]), let studyProtocol = statements[digest]?.predicate,
            let site = job["site"]
        else { return LinkFault(code: "not-invited", phrase: .chainMismatch("/site")) }
        if studyProtocol["model"]?["trainingSites"]?.arrayValue?.contains(site) == true {
            return LinkFault(code: "training-site", phrase: .chainTrainingSite)
        }
        guard studyProtocol["sites"]?["invited"]?.arrayValue?.contains(site) == true else {
            return LinkFault(code: "not-invited", phrase: .chainNotInvited)
        }
        guard Self.digest(job["model"]) == Self.digest(studyProtocol["model"]) else {
            return LinkFault(code: "model-digest-mismatch", phrase: .chainMismatch("/model"))
        }
        return nil
    }

    private func jobFault(_ predicate: JSONValue) -> LinkFault? {
        if let fault = fault(of: predicate["job"], .job, at: "/job") { return fault }
        guard let digest = Self.digest(predicate["job"]), let job = statements[digest]?.predicate else { return nil }
        for member in ["site", "study"] {
            if let own = predicate[member], own != job[member] {
                return LinkFault(code: "\(member)-mismatch", phrase: .chainMismatch("/\(member)"))
            }
        }
        if let own = predicate["protocol"], Self.digest(own) != Self.digest(job["protocol"]) {
            return LinkFault(code: "protocol-digest-mismatch", phrase: .chainMismatch("/protocol"))
        }
        // A job without a model has releases without one.
        let model = Self.digest(predicate["model"])
        guard model == Self.digest(job["model"]) else {
            return LinkFault(code: "model-digest-mismatch", phrase: .chainMismatch("/model"))
        }
        return nil
    }

    private func releasesFault(_ report: JSONValue) -> LinkFault? {
        for (index, release) in (report["releases"]?.arrayValue ?? []).enumerated() {
            if let fault = fault(of: release, .release, at: "/releases/\(index)") { return fault }
        }
        return nil
    }

    /// What is wrong with the document of that type that a member must name: nothing when it is here, its signatures
    /// are good and nothing is wrong with what it names in turn.
    private func fault(of member: JSONValue?, _ type: PredicateType, at pointer: String) -> LinkFault? {
        guard let digest = Self.digest(member) else {
            return LinkFault(code: "digest-missing", phrase: .chainDigestMissing(pointer))
        }
        guard let found = statements[digest], found.statement.predicateType == type else {
            return LinkFault(
                code: "\(type.shortName)-not-included",
                phrase: .chainNotIncluded(type.rawValue, digest.description, pointer: pointer))
        }
        return firstFault(of: found).map { fault in
            LinkFault(code: "\(type.shortName)-not-verified", phrase: .chainNotVerified(pointer, fault.phrase))
        }
    }

    /// A digest stands alone (`"sha256:…"`) or as the member `digest` of an object.
    private static func digest(_ value: JSONValue?) -> Digest? {
        guard let text = value?.stringValue ?? value?["digest"]?.stringValue else { return nil }
        return try? Digest(text)
    }
}

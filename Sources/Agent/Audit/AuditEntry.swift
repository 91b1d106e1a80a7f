public import Evidence
internal import Foundation
public import StrictJSON
public import StudyProtocol

/// One decision or change, as the site's audit log holds it. Entries are chained: each names the digest of the one
/// before it, so that none can be changed, taken out or moved without a trace.
public struct AuditEntry: Hashable, Sendable {
    /// What an entry tells of. Names are stable; a newer program may write others.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        // The log itself.
        case logBegun = "log-begun"
        /// A job that was here before the log was.
        case jobKnown = "job-known"
        /// The log was changed from outside before this entry; written once, when the next one was.
        case logDamaged = "log-damaged"
        // The site.
        case policySet = "policy-set"
        case catalogueIndexed = "catalogue-indexed"
        // A job.
        case jobReceived = "job-received"
        case jobVerified = "job-verified"
        case jobWaits = "job-waits"
        case jobApproved = "job-approved"
        case jobStarted = "job-started"
        case jobRefused = "job-refused"
        case jobDeclined = "job-declined"
        case jobFailed = "job-failed"
        // A release.
        case releaseGated = "release-gated"
        case releaseWaits = "release-waits"
        case releaseApproved = "release-approved"
        case releaseDeclined = "release-declined"
        case releaseSent = "release-sent"
        /// The coordinator asked for it once more; the same bytes go out.
        case releaseAskedAgain = "release-asked-again"
        // For whoever keeps the ledger and the budget: `JobStore.record`.
        case ledgerRefused = "ledger-refused"
        case budgetDebited = "budget-debited"
    }

    /// From 1, without gaps.
    public let number: Int64
    public let time: Timestamp
    /// The raw value of a `Kind`.
    public let kind: String
    /// An object. Holds names of people and what was withheld: for the site's own eyes.
    public let fields: JSONValue
    /// The digest of the entry before; 64 zeros for the first.
    public let previous: Digest
    /// SHA-256 of the other members in canonical form (RFC 8785).
    public let digest: Digest

    /// An entry that follows another.
    init(number: Int64, time: Timestamp, kind: Kind, fields: JSONValue, previous: Digest) {
        self.init(
            number: number, time: time, kind: kind.rawValue, fields: fields, previous: previous,
            digest: Self.digest(
                number: number, time: time, kind: kind.rawValue, fields: fields, previous: previous))
    }

    /// An entry as it was stored.
    init(number: Int64, time: Timestamp, kind: String, fields: JSONValue, previous: Digest, digest: Digest) {
        self.number = number
        self.time = time
        self.kind = kind
        self.fields = fields
        self.previous = previous
        self.digest = digest
    }

    /// Whether the digest is that of the content.
    var isWhole: Bool {
        digest == Self.digest(number: number, time: time, kind: kind, fields: fields, previous: previous)
    }

    public var json: JSONValue {
        var object =
            Self.content(number: number, time: time, kind: kind, fields: fields, previous: previous).objectValue
            ?? JSONObject()
        object["digest"] = .string(digest.description)
        return .object(object)
    }

    private static func digest(
        number: Int64, time: Timestamp, kind: String, fields: JSONValue, previous: Digest
    ) -> Digest {
        let content = content(number: number, time: time, kind: kind, fields: fields, previous: previous)
        return Digest(of: content.canonicalBytes)
    }

    private static func content(
        number: Int64, time: Timestamp, kind: String, fields: JSONValue, previous: Digest
    ) -> JSONValue {
        [
            "number": .number(JSONNumber(Int(number))), "time": .string(time.description), "kind": .string(kind),
            "fields": fields, "previous": .string(previous.description),
        ]
    }
}

/// Where a log ends: how many entries it has, and the digest of the last. Whoever keeps one elsewhere can show later
/// that the log was not cut or rewritten before it.
public struct AuditHead: Hashable, Sendable, CustomStringConvertible {
    public let number: Int64
    public let digest: Digest

    init(number: Int64, digest: Digest) {
        self.number = number
        self.digest = digest
    }

    /// Reads `12:sha256:<hex>`, as `audit verify` prints it.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let number = Int64(parts[0]), number >= 1, let digest = try? Digest(String(parts[1]))
        else { return nil }
        self.init(number: number, digest: digest)
    }

    public var description: String { "\(number):\(digest)" }

    /// What is before the first entry.
    static func start() throws -> AuditHead {
        AuditHead(number: 0, digest: try Digest(bytes: Data(repeating: 0, count: Digest.byteCount)))
    }

    /// What the seal of a head is computed over. Begins with its purpose, so that no two uses of the site key meet.
    var sealedMessage: Data { Data("concordat-audit-head\u{0}\(description)".utf8) }
}

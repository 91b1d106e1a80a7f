internal import Evidence
public import Foundation
public import StrictJSON
internal import TextCatalogue

/// The site's log of every decision: who let what run and leave, what the gate withheld and why, what changed in policy
/// and data. It stays at the site. `docs/hospital/audit.md` says what is in it and what it can and cannot show.
public struct AuditLog: Sendable {
    private let store: JobStore

    /// - Throws: `not-joined` when there is no agent here; `store-failed`.
    public init(_ state: StateDirectory) throws(AgentError) {
        guard FileManager.default.fileExists(atPath: state.jobs.path) else {
            throw AgentError(.notJoined, .agentNotJoined)
        }
        store = try JobStore(state)
    }

    /// All entries that can be read, the oldest first.
    public func entries() throws(AgentError) -> [AuditEntry] { try store.auditEntries() }

    /// Whether the log is what this site wrote.
    /// - Parameter noted: a head that was noted elsewhere, which must be in the log.
    public func verify(noted: AuditHead? = nil) throws(AgentError) -> AuditVerdict {
        try store.auditVerdict(noted: noted)
    }

    /// The whole log as one document: `schemaVersion`, `head` and `entries`.
    public func document() throws(AgentError) -> JSONValue {
        let entries = try entries()
        let head = entries.last.map { AuditHead(number: $0.number, digest: $0.digest).description }
        return .object([
            "schemaVersion": "1.0", "head": head.map { .string($0) } ?? .null,
            "entries": .array(entries.map(\.json)),
        ])
    }

    /// Writes an export, whole or not at all, readable by its owner only.
    /// - Throws: `disk-full` or `state-unwritable`.
    public static func write(_ bytes: Data, to file: URL) throws(AgentError) {
        try DurableFile.write(bytes, to: file)
    }
}

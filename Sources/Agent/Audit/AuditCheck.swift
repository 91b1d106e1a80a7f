internal import Evidence
internal import Foundation
internal import GRDB
internal import Privacy
internal import StrictJSON
internal import StudyProtocol

/// Checks the rows of the log against their digests, against each other, against the head, and against the jobs that the
/// store has.
struct AuditCheck {
    let trail: AuditTrail
    /// A head that somebody noted elsewhere.
    let noted: AuditHead?

    /// - Parameter database: all is read in one transaction, so that a running `serve` does not disturb.
    func verdict(in database: Database) throws -> AuditVerdict {
        var last = try AuditHead.start()
        var known: [String: Known] = [:]
        var charges: [String: (number: Int64, fields: JSONValue)] = [:]
        let rows = try Row.fetchCursor(
            database, sql: "SELECT number, time, kind, fields, previous, digest FROM audit ORDER BY number")
        while let row = try rows.next() {
            let number: Int64 = row["number"]
            guard number == last.number + 1 else { return .broken(at: last.number + 1, .entryMissing) }
            guard let entry = AuditEntry(row), entry.isWhole else { return .broken(at: number, .entryChanged) }
            guard entry.previous == last.digest else { return .broken(at: number, .chainBroken) }
            guard entry.kind != AuditEntry.Kind.logDamaged.rawValue else { return .broken(at: number, .foundDamaged) }
            if noted?.number == number, noted?.digest != entry.digest { return .broken(at: number, .notedHeadDiffers) }
            last = AuditHead(number: number, digest: entry.digest)
            remember(entry, &known)
            if entry.kind == AuditEntry.Kind.budgetDebited.rawValue, let release = entry.fields["release"]?.stringValue
            {
                charges[release] = (number, entry.fields)
            }
        }
        guard let stored = try trail.head(in: database), stored.isSealed else {
            return .broken(at: last.number, .headForged)
        }
        if stored.head.number > last.number { return .broken(at: last.number + 1, .tailMissing) }
        if stored.head.number < last.number { return .broken(at: stored.head.number + 1, .beyondHead) }
        guard stored.head == last else { return .broken(at: last.number, .headForged) }
        if let noted, noted.number > last.number { return .broken(at: last.number + 1, .notedHeadDiffers) }
        if let found = try contradiction(known, last, in: database) { return found }
        if let number = try budgetDifference(charges, last, in: database) { return .broken(at: number, .budgetDiffers) }
        return .intact(last.number == 0 ? nil : last)
    }

    /// What the log last said of a job.
    private struct Known {
        var number: Int64
        var state: String
        var reason: String?
        var release: String?
        var releaseNumber: Int64
    }

    private func remember(_ entry: AuditEntry, _ known: inout [String: Known]) {
        guard let job = entry.fields["job"]?.stringValue, let state = entry.fields["state"]?.stringValue else { return }
        let before = known[job]
        let release = entry.fields["release"]?.stringValue
        known[job] = Known(
            number: entry.number, state: state, reason: entry.fields["reason"]?.stringValue,
            release: release ?? before?.release,
            releaseNumber: release == nil ? before?.releaseNumber ?? entry.number : entry.number)
    }

    private func contradiction(
        _ known: [String: Known], _ last: AuditHead, in database: Database
    ) throws -> AuditVerdict? {
        // A store of an older program has no entry at all before its first change.
        guard last.number > 0 else { return nil }
        var rest = known
        for row in try Row.fetchAll(database, sql: "SELECT digest, state, reason, release FROM jobs") {
            guard let logged = rest.removeValue(forKey: row["digest"]) else {
                return .broken(at: last.number, .jobNotLogged)
            }
            guard logged.state == row["state"], logged.reason == row["reason"] else {
                return .broken(at: logged.number, .jobDiffers)
            }
            let release = (row["release"] as Data?).map { Digest(of: $0).description }
            guard logged.release == release else { return .broken(at: logged.releaseNumber, .releaseDiffers) }
        }
        return rest.values.map(\.number).min().map { .broken(at: $0, .jobDiffers) }
    }

    /// The entry at which the stored budget is not what was charged.
    private func budgetDifference(
        _ logged: [String: (number: Int64, fields: JSONValue)], _ last: AuditHead, in database: Database
    ) throws -> Int64? {
        var rest = logged
        guard let charges = try? NoiseStore.charges(in: database) else {
            return logged.values.map(\.number).min() ?? last.number
        }
        for charge in charges {
            guard let entry = rest.removeValue(forKey: charge.release) else { return last.number }
            let fields = NoiseStore.auditFields(job: charge.release, sponsor: charge.sponsor, cost: charge.cost)
            guard entry.fields == fields else { return entry.number }
        }
        return rest.values.map(\.number).min()
    }
}

extension AuditEntry {
    /// Nil when the row cannot have been written by an agent.
    init?(_ row: Row) {
        let text: String = row["fields"]
        guard let fields = try? StrictJSON.parse(Data(text.utf8)), fields.canonicalBytes == Data(text.utf8),
            let previous = try? Digest(row["previous"] as String), let digest = try? Digest(row["digest"] as String)
        else { return nil }
        self.init(
            number: row["number"], time: Timestamp(secondsSinceEpoch: row["time"]), kind: row["kind"], fields: fields,
            previous: previous, digest: digest)
    }
}

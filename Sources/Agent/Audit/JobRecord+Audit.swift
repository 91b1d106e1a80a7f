internal import Disclosure
internal import Evidence
internal import Foundation
internal import Messages
internal import StrictJSON

extension AuditEntry.Kind {
    /// The kind of entry that tells of a job's coming to a state.
    init(_ state: SiteJob.State) {
        self =
            switch state {
            case .received: .jobReceived
            case .verified: .jobVerified
            case .awaitingJobApproval: .jobWaits
            case .approved: .jobApproved
            case .running: .jobStarted
            case .gated: .releaseGated
            case .awaitingReleaseApproval: .releaseWaits
            case .sending: .releaseApproved
            case .released: .releaseSent
            case .refused: .jobRefused
            case .declined(.releaseDeclined): .releaseDeclined
            case .declined: .jobDeclined
            case .failed: .jobFailed
            }
    }
}

extension JobRecord {
    /// What the audit log says of the job in its state: always the job, its study and state; besides, what this state is
    /// about.
    var auditFields: JSONValue {
        var fields = JSONObject()
        fields["job"] = .string(digest.description)
        fields["study"] = .string(study.rawValue)
        fields["state"] = .string(job.state.name)
        fields["reason"] = job.state.reason.map { .string($0) }
        switch job.state {
        case .received, .awaitingJobApproval, .awaitingReleaseApproval: break
        case .verified, .refused: fields["sponsor"] = sponsor.map { .string($0) }
        case .approved:
            fields["by"] = .string(jobDecision?.name ?? Self.policy)
        case .running:
            fields["snapshot"] = snapshot.map { .number(JSONNumber(Int($0))) }
        case .gated:
            addGate(to: &fields)
        case .sending, .released:
            fields["by"] = .string(releaseDecision?.name ?? Self.policy)
            fields["deliveries"] = .number(JSONNumber(job.deliveries))
            addRelease(to: &fields)
        case .declined(let code):
            let decision = code == .releaseDeclined ? releaseDecision : jobDecision
            fields["by"] = .string(decision.flatMap { $0.isApproval ? nil : $0.name } ?? Self.policy)
            fields["why"] = decision?.reason.map { .string($0.rawValue) }
        case .failed:
            fields["cause"] = cause.map { .string($0) }
            if release == nil { addGate(to: &fields) }
        }
        return .object(fields)
    }

    /// Stands where no person decided.
    private static let policy = "policy"

    private func addRelease(to fields: inout JSONObject) {
        guard let release else { return }
        fields["release"] = .string(Digest(of: release).description)
        fields["bytes"] = .number(JSONNumber(release.count))
    }

    private func addGate(to fields: inout JSONObject) {
        addRelease(to: &fields)
        guard let localRecord, let local = try? StrictJSON.decode(LocalRecord.self, from: localRecord),
            let policy = try? JSONValue(encoding: local.policy)
        else { return }
        fields["numbers"] = .number(JSONNumber(local.numbers))
        fields["policy"] = .string(Digest(of: policy.canonicalBytes).description)
        fields["withheld"] = .array(local.withheld.map { (try? JSONValue(encoding: $0)) ?? .null })
        fields["ledger"] = local.ledger.flatMap { try? JSONValue(encoding: $0) }
    }
}

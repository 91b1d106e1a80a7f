internal import Foundation
internal import GRDB
internal import Privacy
internal import StrictJSON

/// What a site keeps of a release for all later ones, in one transaction with it.
enum ReleaseMemory: Sendable {
    /// Exact numbers: their patients, in the ledger.
    case ledger(LedgerStore.Change)
    /// Noisy numbers: what they cost, and their noise.
    case noise(NoiseStore.Change)

    /// - Returns: false when another release was kept since this one was decided.
    func append(job: String, in database: Database) throws -> Bool {
        switch self {
        case .ledger(let change): try LedgerStore.append(change, job: job, in: database)
        case .noise(let change): try NoiseStore.append(change, job: job, in: database)
        }
    }

    /// What the audit log says of it; nil where the release's own entry says all.
    func auditFields(job: String) -> JSONValue? {
        switch self {
        case .ledger: nil
        case .noise(let change): NoiseStore.auditFields(job: job, sponsor: change.sponsor, cost: change.cost)
        }
    }
}

extension NoiseStore {
    /// The entry of a charge, by which `audit verify` checks the budget.
    static func auditFields(job: String, sponsor: String, cost: PrivacyCost) -> JSONValue {
        .object(["release": .string(job), "sponsor": .string(sponsor), "cost": .string(cost.description)])
    }
}

public import TextCatalogue

/// What a check of the audit log found.
public enum AuditVerdict: Hashable, Sendable {
    /// Every entry is as it was written, and none is missing before the head.
    case intact(AuditHead?)
    /// The first entry at which the log is not what this site wrote.
    case broken(at: Int64, Break)

    public enum Break: String, Hashable, Sendable, CaseIterable {
        /// The content is not what its digest says.
        case entryChanged = "entry-changed"
        case entryMissing = "entry-missing"
        /// It does not follow the entry before it.
        case chainBroken = "chain-broken"
        /// Entries from this number on are gone at the end.
        case tailMissing = "tail-missing"
        /// Entries from this number on are beyond the head.
        case beyondHead = "beyond-head"
        /// The head is gone, or not sealed with this site's key.
        case headForged = "head-forged"
        /// The agent found the log damaged when it wrote this entry.
        case foundDamaged = "found-damaged"
        /// The head that was noted elsewhere is not in this log.
        case notedHeadDiffers = "noted-head-differs"
        /// The store has another state of this entry's job than the log.
        case jobDiffers = "job-differs"
        /// The store has other bytes of this entry's release than the log.
        case releaseDiffers = "release-differs"
        /// The store has another charge of the privacy budget than the log, or lacks one. Without an entry of its own
        /// the number is the head's.
        case budgetDiffers = "budget-differs"
        /// The store has a job that the log does not know. The number is the head's.
        case jobNotLogged = "job-not-logged"
    }

    public var isIntact: Bool {
        if case .intact = self { true } else { false }
    }

    public var phrase: Phrase {
        switch self {
        case .intact(nil): .auditEmpty
        case .intact(let head?): .auditIntact(entries: head.number, head: head.description)
        case .broken(let number, let reason): .auditBroken(at: number, code: reason.rawValue, reason.phrase)
        }
    }
}

extension AuditVerdict.Break {
    fileprivate var phrase: Phrase {
        switch self {
        case .entryChanged: .auditEntryChanged
        case .entryMissing: .auditEntryMissing
        case .chainBroken: .auditChainBroken
        case .tailMissing: .auditTailMissing
        case .beyondHead: .auditBeyondHead
        case .headForged: .auditHeadForged
        case .foundDamaged: .auditFoundDamaged
        case .notedHeadDiffers: .auditNotedHeadDiffers
        case .jobDiffers: .auditJobDiffers
        case .releaseDiffers: .auditReleaseDiffers
        case .budgetDiffers: .auditBudgetDiffers
        case .jobNotLogged: .auditJobNotLogged
        }
    }
}

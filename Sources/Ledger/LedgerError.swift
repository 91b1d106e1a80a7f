public import TextCatalogue

/// Why a row, a ledger or a table of columns cannot be made.
public struct LedgerError: Error, Hashable, Sendable {
    public enum Code: String, Sendable {
        /// A patient's index or a multiplicity is above the limit.
        case outOfRange = "ledger-out-of-range"
        /// Stored bytes are not what was written.
        case damaged = "ledger-damaged"
        /// Stored bytes have another version, or were written with another minimum count or for another space.
        case mismatched = "ledger-mismatched"
        /// Rows were to be kept that the check does not allow.
        case notAllowed = "ledger-not-allowed"
    }

    public let code: Code

    public init(_ code: Code) { self.code = code }

    /// What to say to the data manager.
    public var phrase: Phrase {
        switch code {
        case .outOfRange:
            Phrase(
                en: "A patient's index or count is too large for the ledger.",
                zh: "患者的序号或计数超出了发布台账的范围。")
        case .damaged:
            Phrase(
                en: "The ledger of released numbers is damaged. Nothing can be released until it is restored.",
                zh: "已发布数字的台账已损坏。恢复之前不能发布任何结果。")
        case .mismatched:
            Phrase(
                en: "The ledger of released numbers was written with other settings or by another version.",
                zh: "已发布数字的台账是以其他设置或其他版本写入的。")
        case .notAllowed:
            Phrase(
                en: "The ledger does not keep a release that would isolate patients.",
                zh: "台账不会收录可能孤立出个别患者的发布。")
        }
    }
}

extension LedgerError: CustomStringConvertible {
    public var description: String { code.rawValue }
}

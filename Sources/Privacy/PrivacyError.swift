public import TextCatalogue

/// What this module refuses. Nothing is ever released after one: the caller withholds the answer.
public struct PrivacyError: UserFacingError, Hashable, Sendable, CustomStringConvertible {
    /// The stable reasons.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// A number that is not a decimal or a ratio of whole numbers in canonical form.
        case malformedFraction = "malformed-fraction"
        /// A name of a dataset, release, sponsor or answer that is empty, too long or not of plain characters.
        case malformedName = "malformed-name"
        /// A stored budget, record or plan that does not hold together.
        case malformedRecord = "malformed-record"
        /// A number beyond what the exact integer arithmetic is proven for.
        case beyondLimits = "privacy-beyond-limits"
        /// What is left of the dataset's budget does not cover the cost.
        case budgetSpent = "privacy-budget-spent"
        /// The release was charged before: its stored bytes are to be sent again, not a new draw.
        case alreadyCharged = "privacy-already-charged"
        /// Stored noise that belongs to other values, other answers or another number of cells.
        case otherValues = "privacy-other-values"
        /// A random source that returns what a working one never would.
        case brokenRandomSource = "privacy-broken-random-source"
    }

    /// Why it was refused.
    public let reason: Reason
    /// A safe sentence for developers: shapes, limits and names, never a count or a draw.
    public let detail: String

    public var code: String { reason.rawValue }
    public var description: String { "\(code): \(detail)" }

    /// Creates an error from its reason and a detail that holds no data.
    public init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }

    /// Errors are equal when their reasons are: the detail is for people.
    public static func == (left: PrivacyError, right: PrivacyError) -> Bool { left.reason == right.reason }

    public func hash(into hasher: inout Hasher) { hasher.combine(reason) }

    public var phrase: Phrase {
        switch reason {
        case .malformedFraction:
            Phrase(
                en: "A number of the privacy settings cannot be read (\(detail)). Write it as 0.5, 3 or 1/3.",
                zh: "隐私设置中的一个数无法读取。请写成 0.5、3 或 1/3 的形式。")
        case .malformedName:
            Phrase(
                en: "A name in the privacy ledger is not allowed: \(detail).",
                zh: "隐私账本中的名称不可用:须为 1 到 256 个可见的 ASCII 字符。")
        case .malformedRecord:
            Phrase(
                en: "A stored privacy record does not hold together (\(detail)). Nothing is released. "
                    + "Restore the ledger from its backup.",
                zh: "存储的隐私记录前后不一致。不会发布任何内容;请从备份恢复账本。")
        case .beyondLimits:
            Phrase(
                en: "A number is beyond what exact noise can be drawn for (\(detail)). Declare a coarser resolution "
                    + "or a smaller range, or allow a larger share of the budget.",
                zh: "某个数超出可精确加噪的范围。请声明更粗的分辨率或更小的取值范围,或分配更多预算。")
        case .budgetSpent:
            Phrase(
                en: "The privacy budget of this dataset does not cover the release. Nothing was released or charged.",
                zh: "此数据集剩余的隐私预算不足以支付本次发布。没有发布,也没有扣除任何预算。")
        case .alreadyCharged:
            Phrase(
                en: "This release was charged before. Send its stored bytes again; noise is never drawn twice.",
                zh: "本次发布已扣除过预算。请重新发送已存储的内容;噪声绝不会重新抽取。")
        case .otherValues:
            Phrase(
                en: "The stored noise belongs to other values and is not added again: "
                    + "the difference would show the change.",
                zh: "存储的噪声属于另一组数值,不会再次使用:两者之差会暴露变化。")
        case .brokenRandomSource:
            Phrase(en: "The system's random source does not work. Nothing is released.", zh: "系统的随机源不能正常工作。不会发布任何内容。")
        }
    }
}

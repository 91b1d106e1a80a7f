// What is said about the audit log.
extension Phrase {
    public static var auditEmpty: Phrase {
        Phrase(en: "The audit log is empty.", zh: "审计日志为空。")
    }
    public static func auditIntact(entries: Int64, head: String) -> Phrase {
        Phrase(
            en: "The audit log is intact: \(entries) entries.\nHead: \(head)\n"
                + "Keep the head where this machine cannot change it; audit verify --head shows later that the log was "
                + "not cut or rewritten before it.",
            zh: "审计日志完整:共 \(entries) 条。\n末端:\(head)\n"
                + "请将末端值保存在本机无法更改之处;以后可用 audit verify --head 证明在此之前的日志未被截断或改写。")
    }
    public static func auditBroken(at number: Int64, code: String, _ reason: Phrase) -> Phrase {
        Phrase(
            en: "The audit log is not what this site wrote. First broken entry: \(number) (\(code)). \(reason.english)",
            zh: "审计日志并非本站点所写。首个损坏条目:\(number)(\(code))。\(reason.chinese)")
    }
    public static var auditEntryChanged: Phrase {
        Phrase(en: "Its content is not what its digest says.", zh: "其内容与摘要不符。")
    }
    public static var auditEntryMissing: Phrase { Phrase(en: "It is missing.", zh: "该条目缺失。") }
    public static var auditChainBroken: Phrase {
        Phrase(en: "It does not follow the entry before it.", zh: "它与前一条目不相接。")
    }
    public static var auditTailMissing: Phrase {
        Phrase(en: "Entries from here on are missing at the end.", zh: "自此起的末尾条目缺失。")
    }
    public static var auditBeyondHead: Phrase {
        Phrase(en: "Entries from here on were not written by this site's agent.", zh: "自此起的条目并非由本站点代理写入。")
    }
    public static var auditHeadForged: Phrase {
        Phrase(
            en: "The head is missing or not sealed with this site's key.", zh: "末端记录缺失,或未用本站点密钥封印。")
    }
    public static var auditFoundDamaged: Phrase {
        Phrase(
            en: "The agent found the log changed from outside when it wrote this entry.",
            zh: "代理写入此条目时发现日志曾被外部更改。")
    }
    public static var auditNotedHeadDiffers: Phrase {
        Phrase(
            en: "The head that was noted elsewhere is not in this log: it was cut, rewritten or replaced by a copy.",
            zh: "另行记录的末端不在此日志中:日志曾被截断、改写或被旧副本替换。")
    }
    public static var auditJobDiffers: Phrase {
        Phrase(en: "The store says otherwise of this entry's job.", zh: "数据库中该条目任务的状态与日志不同。")
    }
    public static var auditReleaseDiffers: Phrase {
        Phrase(en: "The stored bytes of this entry's release are others.", zh: "数据库中该条目发布的字节与日志不同。")
    }
    public static var auditJobNotLogged: Phrase {
        Phrase(en: "The store has a job that the log does not know.", zh: "数据库中有日志未记载的任务。")
    }
    public static var auditBadHead: Phrase {
        Phrase(
            en: "A head is written NUMBER:sha256:DIGITS, as audit verify prints it.",
            zh: "末端值的格式为 编号:sha256:摘要,与 audit verify 的输出一致。")
    }
    public static func auditExported(_ count: Int, to file: String) -> Phrase {
        Phrase(en: "\(count) entries written to \(file).", zh: "已将 \(count) 条写入 \(file)。")
    }
}

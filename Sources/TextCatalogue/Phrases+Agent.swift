// What the agent says.
extension Phrase {
    // MARK: State

    public static func agentStateUnwritable(_ path: String) -> Phrase {
        Phrase(en: "Cannot write \(path).", zh: "无法写入 \(path)。")
    }
    public static func agentStateNotEmpty(_ path: String) -> Phrase {
        Phrase(
            en: "\(path) holds files that are not an agent's. Choose an empty or a new folder.",
            zh: "\(path) 中含有不属于代理的文件。请选择空文件夹或新文件夹。"
        )
    }
    public static func agentStateUnreadable(_ path: String) -> Phrase {
        Phrase(
            en: "\(path) cannot be read or is not what the agent wrote.",
            zh: "\(path) 无法读取,或不是本代理写入的内容。"
        )
    }
    public static func agentDiskFull(_ path: String) -> Phrase {
        Phrase(en: "The disk is full (\(path)).", zh: "磁盘已满(\(path))。")
    }
    public static func agentAlreadyServing(_ path: String) -> Phrase {
        Phrase(
            en: "Another concordat-agent serve already works on \(path).",
            zh: "已有另一个 concordat-agent serve 正在使用 \(path)。"
        )
    }
    public static var agentStoreFailed: Phrase {
        Phrase(en: "The agent's job store failed or is damaged.", zh: "代理的任务数据库出错或已损坏。")
    }

    // MARK: Joining

    public static func agentInvalidInvitation(_ reason: Phrase) -> Phrase {
        Phrase(
            en: "This is not a valid invitation: \(reason.english)",
            zh: "这不是有效的邀请:\(reason.chinese)"
        )
    }
    public static var agentInvitationUnreadable: Phrase {
        Phrase(en: "the file cannot be read.", zh: "文件无法读取。")
    }
    public static var agentInvitationWithoutAuthority: Phrase {
        Phrase(en: "its certificate authority is not a PEM certificate.", zh: "其中的证书颁发机构不是 PEM 证书。")
    }
    public static var agentInvitationWithoutJobKey: Phrase {
        Phrase(en: "its job key is not an Ed25519 public key in PEM.", zh: "其中的任务密钥不是 PEM 格式的 Ed25519 公钥。")
    }
    public static var agentFingerprintMismatch: Phrase {
        Phrase(
            en: "The invitation contradicts itself: its fingerprint is not that of its certificate authority. Ask the "
                + "coordinator's operator for a new one.",
            zh: "邀请内容自相矛盾:指纹与其中的证书颁发机构不符。请向协调方运维人员索取新的邀请。"
        )
    }
    public static var agentInvitationExpired: Phrase {
        Phrase(
            en: "The invitation has expired. Ask the coordinator's operator for a new one.",
            zh: "邀请已过期。请向协调方运维人员索取新的邀请。"
        )
    }
    public static func agentAlreadyJoined(_ coordinator: String, site: String) -> Phrase {
        Phrase(
            en: "This state directory has joined \(coordinator) as site \(site). The invitation is for another site, "
                + "or of a coordinator with another job key or certificate authority. Use another directory for it.",
            zh: "此状态目录已作为站点 \(site) 加入 \(coordinator)。该邀请属于其他站点,或其协调方的任务密钥或证书颁发机构不同。"
                + "请为其使用其他目录。"
        )
    }
    public static var agentInvalidCertificate: Phrase {
        Phrase(
            en: "The coordinator's answer does not fit this site's keys. Nothing was stored; ask its operator.",
            zh: "协调方的应答与本站点的密钥不符。未保存任何内容;请联系其运维人员。"
        )
    }
    public static var agentNotJoined: Phrase {
        Phrase(
            en: "This site has not joined a coordinator yet: run concordat-agent join first.",
            zh: "本站点尚未加入协调方:请先运行 concordat-agent join。"
        )
    }
    public static func agentJoined(_ coordinator: String, site: String) -> Phrase {
        Phrase(en: "Joined \(coordinator) as site \(site).", zh: "已作为站点 \(site) 加入 \(coordinator)。")
    }
    public static func agentJoinedAgain(_ coordinator: String, site: String) -> Phrase {
        Phrase(
            en: "Joined \(coordinator) as site \(site) again: the site has a new certificate. Stop "
                + "concordat-agent serve if it runs, and start it again.",
            zh: "已作为站点 \(site) 重新加入 \(coordinator):站点已获得新证书。如 concordat-agent serve 正在运行,请停止后重新启动。"
        )
    }
    public static func agentNothingToJoin(_ coordinator: String, site: String) -> Phrase {
        Phrase(
            en: "This site has joined \(coordinator) as \(site) with this very invitation. Nothing was changed.",
            zh: "本站点已用此邀请作为 \(site) 加入 \(coordinator)。未作任何更改。"
        )
    }
    public static var agentCompareFingerprints: Phrase {
        Phrase(
            en: "Compare these with the coordinator's operator by telephone:",
            zh: "请通过电话与协调方运维人员核对以下指纹:"
        )
    }
    public static var agentSigningKeyLabel: Phrase {
        Phrase(en: "This site's signing key", zh: "本站点的签名密钥")
    }
    public static var agentJobKeyLabel: Phrase {
        Phrase(en: "The coordinator's job key", zh: "协调方的任务密钥")
    }
    public static var agentAuthorityLabel: Phrase {
        Phrase(en: "The coordinator's certificate authority", zh: "协调方的证书颁发机构")
    }

    // MARK: Indexing

    public static func agentWrongSite(_ found: String, expected: String) -> Phrase {
        Phrase(
            en: "The site description is for \(found), but this agent joined as \(expected).",
            zh: "站点描述属于 \(found),而本代理是以 \(expected) 加入的。"
        )
    }
    public static var agentNotIndexed: Phrase {
        Phrase(
            en: "The site's data has not been indexed yet: run concordat-agent index first.",
            zh: "站点数据尚未建立索引:请先运行 concordat-agent index。"
        )
    }
    public static func agentSponsorKeyUnreadable(_ file: String, _ reason: Phrase) -> Phrase {
        Phrase(
            en: "The sponsor key \(file) cannot be used: \(reason.english)",
            zh: "申办方密钥 \(file) 无法使用:\(reason.chinese)"
        )
    }

    public static var agentFileMissing: Phrase {
        Phrase(en: "it is missing, unreadable or too large.", zh: "文件不存在、无法读取或过大。")
    }

    // MARK: Decisions

    public static var agentUnknownJob: Phrase {
        Phrase(en: "There is no such job here; see the list.", zh: "此处没有该任务;请查看列表。")
    }
    public static var agentJobIDTooShort: Phrase {
        Phrase(en: "Give at least four digits of the job's digest.", zh: "请至少给出任务摘要的前四位。")
    }
    public static var agentNoJobWaits: Phrase {
        Phrase(en: "No job waits for approval.", zh: "没有任务在等待批准。")
    }
    public static var agentNoReleaseWaits: Phrase {
        Phrase(en: "No release waits for approval.", zh: "没有发布在等待批准。")
    }
    public static func agentSeveralWait(_ jobs: [String]) -> Phrase {
        let list = jobs.joined(separator: ", ")
        return Phrase(
            en: "\(jobs.count) wait for approval; name one of them: \(list)",
            zh: "有 \(jobs.count) 项在等待批准;请指定其中一项:\(list)")
    }
    public static func agentSeveralMatch(_ jobs: [String]) -> Phrase {
        let list = jobs.joined(separator: ", ")
        return Phrase(
            en: "\(jobs.count) jobs begin like this; give more digits: \(list)",
            zh: "有 \(jobs.count) 个任务以此开头;请给出更多位数:\(list)")
    }
    public static func agentInvalidTransition(from state: String) -> Phrase {
        Phrase(en: "The job is \(state) and cannot do this.", zh: "任务处于 \(state) 状态,无法执行此操作。")
    }
    public static func agentNothingToDecide(state: String) -> Phrase {
        Phrase(en: "The job is \(state); there is nothing to decide.", zh: "任务处于 \(state) 状态,无需决定。")
    }
    public static var agentNameRequired: Phrase {
        Phrase(
            en: "Say who decides with --by NAME. The name stays at this site.",
            zh: "请用 --by NAME 说明由谁决定。该姓名仅保存在本站点。"
        )
    }

    // MARK: Output

    public static var agentInternalError: Phrase {
        Phrase(en: "Something failed that should not fail.", zh: "发生了不应出现的错误。")
    }
    public static func agentFact(_ label: Phrase, _ value: String) -> Phrase {
        Phrase(en: "\(label.english): \(value)", zh: "\(label.chinese):\(value)")
    }
    public static var agentJobLabel: Phrase { Phrase(en: "Job", zh: "任务") }
    public static var agentStudyLabel: Phrase { Phrase(en: "Study", zh: "研究") }
    public static var agentStateLabel: Phrase { Phrase(en: "State", zh: "状态") }
    public static var agentReceivedLabel: Phrase { Phrase(en: "Received", zh: "接收时间") }
    public static func agentJobDecision(_ isApproval: Bool, by name: String) -> Phrase {
        isApproval
            ? Phrase(en: "Job approved by \(name)", zh: "任务已由 \(name) 批准")
            : Phrase(en: "Job declined by \(name)", zh: "任务已被 \(name) 拒绝")
    }
    public static func agentReleaseDecision(_ isApproval: Bool, by name: String) -> Phrase {
        isApproval
            ? Phrase(en: "Release approved by \(name)", zh: "发布已由 \(name) 批准")
            : Phrase(en: "Release declined by \(name)", zh: "发布已被 \(name) 拒绝")
    }
    public static var agentProtocolHeading: Phrase {
        Phrase(en: "The study protocol, as its sponsor signed it:", zh: "研究方案(申办方签署的原文):")
    }
    public static func agentReleaseHeading(numbers: Int) -> Phrase {
        Phrase(
            en: "Exactly this leaves the site (\(numbers) numbers):",
            zh: "以下为将离开本站点的全部内容(共 \(numbers) 个数值):"
        )
    }
    public static func agentWithheldHeading(_ count: Int) -> Phrase {
        Phrase(
            en: "Withheld by the release gate, for this site's eyes only: \(count)",
            zh: "发布闸门扣留的内容(仅供本站点查看):\(count) 项"
        )
    }
    public static func agentWithheld(_ name: String, rule: Int, reason: String) -> Phrase {
        Phrase(en: "  \(name): rule \(rule), \(reason)", zh: "  \(name):规则 \(rule),\(reason)")
    }
}

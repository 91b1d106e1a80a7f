// What the coordinator's commands say.
extension Phrase {
    public static func coordinatorStateExists(_ path: String) -> Phrase {
        Phrase(
            en: "\(path) is not empty. Name a new folder; an initialised coordinator is never overwritten.",
            zh: "\(path) 不为空。请指定新文件夹;已初始化的协调端不会被覆盖。"
        )
    }
    public static func coordinatorStateMissing(_ path: String) -> Phrase {
        Phrase(
            en: "\(path) holds no coordinator. Run `concordat-coordinator init` first.",
            zh: "\(path) 中没有协调端。请先运行 `concordat-coordinator init`。"
        )
    }
    public static func coordinatorStateUnreadable(_ file: String) -> Phrase {
        Phrase(
            en: "\(file) in the state folder cannot be read; restore it from a backup.",
            zh: "无法读取状态文件夹中的 \(file);请从备份恢复。"
        )
    }
    public static func coordinatorFileUnwritable(_ file: String) -> Phrase {
        Phrase(
            en: "\(file) cannot be written; check the folder's permissions and the free space.",
            zh: "无法写入 \(file);请检查文件夹权限和剩余空间。"
        )
    }
    public static func coordinatorAlreadyServing(_ path: String) -> Phrase {
        Phrase(
            en: "Another process serves \(path) already; stop it first.",
            zh: "已有另一个进程在使用 \(path);请先停止它。"
        )
    }
    public static func coordinatorInvalidHost(_ host: String) -> Phrase {
        Phrase(
            en: "\"\(host)\" is neither a host name nor an IP address.",
            zh: "“\(host)”既不是主机名也不是 IP 地址。"
        )
    }
    public static var coordinatorInvalidName: Phrase {
        Phrase(
            en: "A name has 1 to 200 bytes and no control characters.",
            zh: "名称长度为 1 到 200 字节,且不含控制字符。"
        )
    }
    public static func coordinatorInvalidURL(_ url: String) -> Phrase {
        Phrase(
            en: "\"\(url)\" is not a base URL; write it as https://HOST:PORT, without a path.",
            zh: "“\(url)”不是基础 URL;请写成 https://主机:端口,不含路径。"
        )
    }
    public static func coordinatorInvalidListenAddress(_ address: String) -> Phrase {
        Phrase(
            en: "\"\(address)\" is not an address to listen on; write it as ADDRESS:PORT, such as 127.0.0.1:8443.",
            zh: "“\(address)”不是监听地址;请写成 地址:端口,例如 127.0.0.1:8443。"
        )
    }
    public static func coordinatorInvalidDuration(_ text: String) -> Phrase {
        Phrase(
            en: "\"\(text)\" is not a duration in range; write it as 30m, 12h or 7d.",
            zh: "“\(text)”不是有效的时长;请写成 30m、12h 或 7d。"
        )
    }
    public static func coordinatorInvalidSite(_ text: String) -> Phrase {
        Phrase(
            en: "\"\(text)\" cannot name a site: use lower-case letters, digits and hyphens, at most 63.",
            zh: "“\(text)”不能作为站点名:请使用小写字母、数字和连字符,最多 63 个。"
        )
    }
    public static func coordinatorInvalidKey(_ file: String) -> Phrase {
        Phrase(
            en: "\(file) holds no Ed25519 public key in PEM (`BEGIN PUBLIC KEY`).",
            zh: "\(file) 中没有 PEM 格式的 Ed25519 公钥(`BEGIN PUBLIC KEY`)。"
        )
    }
    public static func coordinatorSiteEnrolled(_ site: String) -> Phrase {
        Phrase(
            en: "\(site) is enrolled. Revoke it first (`site revoke`) if it must join again.",
            zh: "\(site) 已登记。如需重新加入,请先吊销(`site revoke`)。"
        )
    }
    public static func coordinatorSiteUnknown(_ site: String) -> Phrase {
        Phrase(en: "\(site) is not an enrolled site.", zh: "\(site) 不是已登记的站点。")
    }
    public static func coordinatorAddressUnavailable(_ address: String) -> Phrase {
        Phrase(
            en: "Cannot listen on \(address): it is in use or not an address of this machine.",
            zh: "无法监听 \(address):已被占用,或不是本机地址。"
        )
    }
    public static var coordinatorInternalError: Phrase {
        Phrase(en: "An unexpected error; the log tells more.", zh: "发生意外错误;详情见日志。")
    }

    // Details of problems.
    public static var coordinatorCSRInvalid: Phrase {
        Phrase(
            en: "The certificate request must be PKCS #10 in PEM with a P-256 key that signed it.",
            zh: "证书请求必须是 PEM 格式的 PKCS #10,使用 P-256 密钥并由其签名。"
        )
    }
    public static var coordinatorInvitationUnknown: Phrase {
        Phrase(en: "This coordinator did not issue the invitation.", zh: "该邀请不是本协调端签发的。")
    }
    public static var coordinatorInvitationExpired: Phrase {
        Phrase(en: "The invitation has expired; ask for a new one.", zh: "邀请已过期;请申请新的邀请。")
    }
    public static var coordinatorInvitationUsed: Phrase {
        Phrase(
            en: "The invitation was used with other keys; tell the coordinator's operator.",
            zh: "该邀请已被其他密钥使用;请告知协调端管理员。"
        )
    }

    // Results of commands.
    public static func coordinatorReady(_ name: String) -> Phrase {
        Phrase(en: "Coordinator \"\(name)\" is ready.", zh: "协调端“\(name)”已就绪。")
    }
    public static func coordinatorAuthorityFingerprint(_ fingerprint: String) -> Phrase {
        Phrase(en: "Authority certificate (SHA-256): \(fingerprint)", zh: "颁发机构证书(SHA-256):\(fingerprint)")
    }
    public static func coordinatorJobKeyFingerprint(_ fingerprint: String) -> Phrase {
        Phrase(en: "Job-signing key: \(fingerprint)", zh: "任务签名密钥:\(fingerprint)")
    }
    public static func coordinatorBaseURL(_ url: String) -> Phrase {
        Phrase(en: "Invitations name: \(url)", zh: "邀请中的地址:\(url)")
    }
    public static func coordinatorInvited(_ site: String, until: String) -> Phrase {
        Phrase(
            en: "Invitation for \(site), good once, until \(until). It is a secret: hand it over safely.",
            zh: "\(site) 的邀请,仅可使用一次,有效期至 \(until)。请保密并安全转交。"
        )
    }
    public static func coordinatorSponsorAdded(_ name: String, role: String, fingerprint: String) -> Phrase {
        Phrase(
            en: "\(name) may use the coordinator as \(role). Key: \(fingerprint)",
            zh: "\(name) 可以 \(role) 身份使用协调端。密钥:\(fingerprint)"
        )
    }
    public static func coordinatorWritten(_ file: String) -> Phrase {
        Phrase(en: "Written to \(file).", zh: "已写入 \(file)。")
    }
    public static func coordinatorSiteRevoked(_ site: String) -> Phrase {
        Phrase(en: "\(site) may no longer connect.", zh: "\(site) 不能再连接。")
    }
    public static var coordinatorNoSites: Phrase { Phrase(en: "No site has enrolled yet.", zh: "尚无站点登记。") }
    public static func coordinatorSiteLine(
        _ site: String, fingerprint: String, enrolled: String, revoked: String?
    ) -> Phrase {
        let end = revoked.map { "  revoked \($0)" } ?? ""
        let endChinese = revoked.map { "  吊销于 \($0)" } ?? ""
        return Phrase(
            en: "\(site)  key \(fingerprint)  enrolled \(enrolled)\(end)",
            zh: "\(site)  密钥 \(fingerprint)  登记于 \(enrolled)\(endChinese)"
        )
    }
}

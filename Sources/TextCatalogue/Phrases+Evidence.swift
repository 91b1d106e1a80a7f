// What keys, envelopes, statements, trust files and the offline verification say.
extension Phrase {
    public static var invalidDigest: Phrase {
        Phrase(
            en: "A digest is written sha256: and 64 lower-case hexadecimal digits.",
            zh: "摘要的写法是 sha256: 加 64 个小写十六进制数字。"
        )
    }
    public static var invalidBase64: Phrase {
        Phrase(en: "this is not standard, padded base64", zh: "不是带填充的标准 base64")
    }
    public static var siteIdentifierName: Phrase { Phrase(en: "site identifier", zh: "站点标识") }
    public static var studyIdentifierName: Phrase { Phrase(en: "study identifier", zh: "研究标识") }
    public static func invalidIdentifier(_ kind: Phrase, maximum: Int) -> Phrase {
        Phrase(
            en: """
                A \(kind.english) has 1 to \(maximum) lower-case letters, digits and hyphens and does not begin with \
                a hyphen.
                """,
            zh: "\(kind.chinese)由 1 到 \(maximum) 个小写字母、数字和连字符组成,且不以连字符开头。"
        )
    }

    // Keys.
    public static var invalidPublicKey: Phrase {
        Phrase(
            en: "This is not an Ed25519 public key; give one \"PUBLIC KEY\" block in PEM.",
            zh: "不是 Ed25519 公钥;请给出一个 PEM 格式的“PUBLIC KEY”块。"
        )
    }
    public static var invalidPrivateKey: Phrase {
        Phrase(
            en: "This is not an unencrypted Ed25519 private key; give one \"PRIVATE KEY\" block in PEM (PKCS#8).",
            zh: "不是未加密的 Ed25519 私钥;请给出一个 PEM 格式(PKCS#8)的“PRIVATE KEY”块。"
        )
    }
    public static var weakKey: Phrase {
        Phrase(
            en: "This public key has a small order: one signature would fit many documents. Generate another key.",
            zh: "此公钥的阶过小:一个签名会适用于多份文档。请另行生成密钥。"
        )
    }
    public static func unsupportedSuite(_ suite: String) -> Phrase {
        Phrase(
            en: "The signature suite \"\(suite)\" is not supported; use \"ed25519\".",
            zh: "不支持签名套件“\(suite)”;请使用“ed25519”。"
        )
    }
    public static var signingFailed: Phrase {
        Phrase(en: "The cryptographic library could not sign.", zh: "密码库无法签名。")
    }
    public static func keyFileExists(_ path: String) -> Phrase {
        Phrase(
            en: "\(path) exists and is not overwritten; choose another name or move it away first.",
            zh: "\(path) 已存在,不会被覆盖;请换一个名字或先移走它。"
        )
    }
    public static func keyFileUnreadable(_ path: String, _ reason: String) -> Phrase {
        Phrase(en: "\(path) cannot be read: \(reason).", zh: "无法读取 \(path):\(reason)。")
    }
    public static func keyFileUnwritable(_ path: String, _ reason: String) -> Phrase {
        Phrase(en: "\(path) cannot be written: \(reason).", zh: "无法写入 \(path):\(reason)。")
    }
    public static func keyFileExposed(_ path: String) -> Phrase {
        Phrase(
            en: "\(path) holds a secret but others may read it; run: chmod 600 \(path)",
            zh: "\(path) 含有机密,但他人可读;请执行:chmod 600 \(path)"
        )
    }

    // Envelopes and statements.
    public static func invalidEnvelope(_ problem: Phrase) -> Phrase {
        Phrase(en: "This is not a signed envelope: \(problem.english)", zh: "不是签名信封:\(problem.chinese)")
    }
    public static var unsigned: Phrase {
        Phrase(en: "The envelope has no signature.", zh: "信封没有签名。")
    }
    public static var duplicateKeyID: Phrase {
        Phrase(en: "two signatures have the same key id.", zh: "两个签名的密钥标识相同。")
    }
    public static func tooManySignatures(limit: Int) -> Phrase {
        Phrase(en: "The envelope has more than \(limit) signatures.", zh: "信封的签名超过 \(limit) 个。")
    }
    public static func badSignature(keyID: String) -> Phrase {
        Phrase(
            en: """
                A signature does not fit the document: the document, the signature or its key id (\(keyID)) was \
                changed. Obtain the file anew.
                """,
            zh: "签名与文档不符:文档、签名或其密钥标识(\(keyID))被改动。请重新获取该文件。"
        )
    }
    public static var unknownSigner: Phrase {
        Phrase(
            en: "None of the trusted keys of the role has signed this document.",
            zh: "该角色的可信密钥均未签署此文档。"
        )
    }
    public static func belowThreshold(_ count: Int, of threshold: Int) -> Phrase {
        Phrase(
            en: "Only \(count) of the \(threshold) required keys have signed.",
            zh: "需要 \(threshold) 个密钥签名,只有 \(count) 个签了名。"
        )
    }
    public static func wrongPayloadType(_ type: String) -> Phrase {
        Phrase(en: "The payload is no in-toto statement but \"\(type)\".", zh: "内容不是 in-toto 声明,而是“\(type)”。")
    }
    public static func invalidStatement(_ problem: Phrase) -> Phrase {
        Phrase(
            en: "The signed payload is not a valid statement: \(problem.english)",
            zh: "签名内容不是有效的声明:\(problem.chinese)"
        )
    }
    public static func wrongStatementType(_ type: String) -> Phrase {
        Phrase(en: "the type of a statement is \"\(type)\"", zh: "声明的类型应为“\(type)”")
    }
    public static func wrongPredicateType(_ found: String, expected: String) -> Phrase {
        Phrase(
            en: "The statement is a \(found), but a \(expected) is needed here.",
            zh: "该声明是 \(found),而此处需要 \(expected)。"
        )
    }

    // Roles and trust.
    public static func unknownRole(_ role: String) -> Phrase {
        Phrase(
            en: "\"\(role)\" is not a role; use sponsor, coordinator or site:<id>.",
            zh: "“\(role)”不是角色;请用 sponsor、coordinator 或 site:<标识>。"
        )
    }
    public static func wrongRole(_ role: String, _ predicateType: String) -> Phrase {
        Phrase(
            en: "The role \(role) may not sign a \(predicateType).",
            zh: "角色 \(role) 不得签署 \(predicateType)。"
        )
    }
    public static func wrongSite(_ site: String) -> Phrase {
        Phrase(
            en: "The document was signed by site \(site) but does not name it as its site.",
            zh: "文档由站点 \(site) 签署,但其中的站点不是它。"
        )
    }
    public static func untrustedRole(_ role: String) -> Phrase {
        Phrase(
            en: "The trust file has no keys for the role \(role); obtain them from their owner and add them.",
            zh: "信任文件中没有角色 \(role) 的密钥;请向其所有者获取并添加。"
        )
    }
    public static func invalidTrust(_ problem: Phrase) -> Phrase {
        Phrase(en: "The trust file is not valid: \(problem.english)", zh: "信任文件无效:\(problem.chinese)")
    }
    public static func invalidRoleKeys(_ role: String, keys: Int, _ threshold: Int) -> Phrase {
        Phrase(
            en: """
                The role \(role) needs 1 to 64 different keys and a threshold between 1 and their number; \
                it has \(keys) keys and the threshold \(threshold).
                """,
            zh: "角色 \(role) 需要 1 到 64 个不同的密钥,阈值在 1 与密钥数之间;现有 \(keys) 个密钥,阈值为 \(threshold)。"
        )
    }
    public static func trustSchemaVersion(_ version: String) -> Phrase {
        Phrase(en: "the schema version must be \"\(version)\"", zh: "模式版本应为“\(version)”")
    }

    // Offline verification.
    public static func chainVerified(_ role: String) -> Phrase {
        Phrase(
            en: "Signed by \(role); everything it names is here and agrees.",
            zh: "由 \(role) 签署;其引用的内容齐备且一致。"
        )
    }
    public static func chainEmbeddedProtocol(_ problem: Phrase) -> Phrase {
        Phrase(
            en: "The protocol inside the job was refused: \(problem.english)",
            zh: "任务所含的方案被拒绝:\(problem.chinese)"
        )
    }
    public static func chainMismatch(_ pointer: String) -> Phrase {
        Phrase(
            en: "What stands at \(pointer) does not agree with the document that it belongs to.",
            zh: "\(pointer) 处的内容与其所属文档不一致。"
        )
    }
    public static var chainNotInvited: Phrase {
        Phrase(en: "The protocol does not invite the site of this job.", zh: "方案未邀请此任务的站点。")
    }
    public static var chainTrainingSite: Phrase {
        Phrase(
            en: "The site of this job trained the model; it cannot evaluate it.",
            zh: "此任务的站点参与了模型训练,不能用于评价该模型。"
        )
    }
    public static func chainDigestMissing(_ pointer: String) -> Phrase {
        Phrase(en: "There must be a digest at \(pointer).", zh: "\(pointer) 处应有摘要。")
    }
    public static func chainNotIncluded(_ type: String, _ digest: String, pointer: String) -> Phrase {
        Phrase(
            en: "The \(type) \(digest) named at \(pointer) is not among the verified files; add its envelope.",
            zh: "\(pointer) 引用的 \(type) \(digest) 不在已验证的文件之中;请加入其信封。"
        )
    }
    public static func chainNotVerified(_ pointer: String, _ problem: Phrase) -> Phrase {
        Phrase(
            en: "The document named at \(pointer) is not verified: \(problem.english)",
            zh: "\(pointer) 引用的文档未通过验证:\(problem.chinese)"
        )
    }
}

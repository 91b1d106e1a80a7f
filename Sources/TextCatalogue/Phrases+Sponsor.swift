// What the sponsor's commands say.
extension Phrase {
    public static func fileUnreadable(_ path: String, mebibytes: Int) -> Phrase {
        Phrase(
            en: "\(path) cannot be read; check that it exists, that you may read it and that it is at most "
                + "\(mebibytes) MiB.",
            zh: "无法读取 \(path);请检查文件是否存在、是否有读取权限、是否不超过 \(mebibytes) MiB。")
    }
    public static func fileUnwritable(_ path: String) -> Phrase {
        Phrase(
            en: "\(path) cannot be written; check the folder's permissions and the free space.",
            zh: "无法写入 \(path);请检查文件夹权限和剩余空间。")
    }
    public static let outputUnwritable = Phrase(
        en: "output-unwritable: standard output cannot be written; check the free space and where it is sent.",
        zh: "output-unwritable: 无法写入标准输出;请检查剩余空间和输出去向。")
    public static func fileExists(_ path: String) -> Phrase {
        Phrase(
            en: "\(path) exists already and is not overwritten; name another file.",
            zh: "\(path) 已存在,不会被覆盖;请指定其他文件。")
    }
    public static func keyGenerated(_ privateFile: String, _ publicFile: String, _ fingerprint: String) -> Phrase {
        Phrase(
            en:
                "Private key: \(privateFile) (keep it)\nPublic key:  \(publicFile) (give it away)\nFingerprint: \(fingerprint)",
            zh: "私钥:\(privateFile)(请妥善保管)\n公钥:\(publicFile)(可以公开)\n指纹:\(fingerprint)")
    }
    public static func trustWritten(_ file: String) -> Phrase {
        Phrase(en: "Trust file: \(file)", zh: "信任文件:\(file)")
    }
    public static func verifiedAll(_ count: Int) -> Phrase {
        Phrase(en: "All \(count) envelopes verified.", zh: "全部 \(count) 个信封验证通过。")
    }
    public static func verifiedSome(_ wrong: Int, of count: Int) -> Phrase {
        Phrase(
            en: "\(wrong) of \(count) envelopes did not verify: do not rely on them.",
            zh: "\(count) 个信封中有 \(wrong) 个未通过验证:请勿采信。")
    }
    public static func protocolFine(_ name: String, _ answers: Int) -> Phrase {
        Phrase(
            en: "\(name): no fault found; each site owes \(answers) answers.",
            zh: "\(name):未发现问题;每个站点需给出 \(answers) 项结果。")
    }
    public static func protocolFaulty(_ file: String, _ count: Int) -> Phrase {
        Phrase(
            en: "\(file): \(count) fault(s). Mend them and check again; a faulty protocol is neither signed nor run.",
            zh: "\(file):发现 \(count) 处问题。请修改后重新检查;有问题的方案不会被签署或执行。")
    }
    public static func protocolSigned(_ digest: String, _ file: String) -> Phrase {
        Phrase(en: "Signed: \(file) (\(digest))", zh: "已签署:\(file)(\(digest))")
    }
    public static func studySubmitted(_ id: String, _ sites: Int) -> Phrase {
        Phrase(en: "Study \(id): \(sites) site(s) invited.", zh: "研究 \(id):已邀请 \(sites) 个站点。")
    }
    public static var resultsDiffer: Phrase {
        Phrase(
            en: "The coordinator's results are not what its releases give. Do not rely on this coordinator; "
                + "keep the envelopes and ask the sites.",
            zh: "协调端给出的结果与各站点发布的内容不一致。请勿采信该协调端;请保留信封并向各站点核实。")
    }
    public static var protocolDiffers: Phrase {
        Phrase(
            en: "The envelopes do not belong to one protocol; download the study's envelopes again.",
            zh: "这些信封不属于同一个方案;请重新下载该研究的信封。")
    }
    public static func submitModelDiffers(_ expected: String, _ found: String) -> Phrase {
        Phrase(
            en: "The folder holds the model \(found), the protocol names \(expected); name the right folder.",
            zh: "该文件夹中的模型是 \(found),方案要求的是 \(expected);请指定正确的文件夹。")
    }
    public static func resultsMatch(_ file: String) -> Phrase {
        Phrase(
            en: "\(file) is what these envelopes give, number by number.",
            zh: "\(file) 与这些信封给出的结果逐项一致。")
    }
    public static func resultsMismatch(_ file: String) -> Phrase {
        Phrase(
            en: "\(file) is not what these envelopes give: do not rely on it.",
            zh: "\(file) 与这些信封给出的结果不一致:请勿采信。")
    }
    public static var resultsUnverified: Phrase {
        Phrase(
            en: "Taken on the coordinator's word. Add --trust FILE to verify every envelope and compute them here.",
            zh: "以上内容来自协调端,未经验证。加上 --trust 文件 可验证所有信封并在本机重新计算。")
    }
    public static func resultsVerified(_ count: Int) -> Phrase {
        Phrase(
            en: "Computed here from \(count) verified envelopes; the coordinator's results are the same.",
            zh: "已在本机由 \(count) 个通过验证的信封重新计算;与协调端结果一致。")
    }
}

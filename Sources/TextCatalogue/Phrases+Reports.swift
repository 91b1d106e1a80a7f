// Headings and words of reports.
extension Phrase {
    public static let headingStudy = Phrase(en: "STUDY", zh: "研究")
    public static let headingProtocol = Phrase(en: "PROTOCOL", zh: "方案")
    public static let headingState = Phrase(en: "STATE", zh: "状态")
    public static let headingSubmitted = Phrase(en: "SUBMITTED", zh: "提交时间")
    public static let headingSite = Phrase(en: "SITE", zh: "站点")
    public static let headingSince = Phrase(en: "SINCE", zh: "自")
    public static let noStudies = Phrase(en: "No studies yet.", zh: "尚无研究。")

    public static func studyState(_ code: String) -> Phrase {
        switch code {
        case "running": Phrase(en: "running", zh: "进行中")
        case "complete": Phrase(en: "complete", zh: "已完成")
        case "partial": Phrase(en: "partial", zh: "部分完成")
        case "failed": Phrase(en: "failed", zh: "失败")
        default: Phrase(en: code, zh: code)
        }
    }

    public static func jobState(_ code: String) -> Phrase {
        switch code {
        case "queued": Phrase(en: "waiting for the site", zh: "等待站点")
        case "received": Phrase(en: "received", zh: "已接收")
        case "awaiting-job-approval": Phrase(en: "waiting for the site's approval of the job", zh: "等待站点批准任务")
        case "running": Phrase(en: "running", zh: "运行中")
        case "awaiting-release-approval":
            Phrase(en: "waiting for the site's approval of the release", zh: "等待站点批准发布")
        case "released": Phrase(en: "released", zh: "已发布")
        case "refused": Phrase(en: "refused", zh: "已拒绝")
        case "declined": Phrase(en: "declined", zh: "站点不同意")
        case "failed": Phrase(en: "failed", zh: "失败")
        default: Phrase(en: code, zh: code)
        }
    }
}

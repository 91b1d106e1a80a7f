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

// The results page.
extension Phrase {
    public static let headingBox = Phrase(en: "FLOW", zh: "流程")
    public static let headingPatients = Phrase(en: "PATIENTS", zh: "患者")
    public static let headingCases = Phrase(en: "CASES", zh: "病例")
    public static let headingInterval = Phrase(en: "INTERVAL", zh: "置信区间")
    public static let headingVariance = Phrase(en: "VARIANCE", zh: "方差")
    public static let headingOperatingPoint = Phrase(en: "OPERATING POINT", zh: "工作点")
    public static let headingSensitivity = Phrase(en: "SENSITIVITY", zh: "灵敏度")
    public static let headingSpecificity = Phrase(en: "SPECIFICITY", zh: "特异度")
    public static let headingSubgroup = Phrase(en: "SUBGROUP", zh: "亚组")
    public static let headingStatistic = Phrase(en: "STATISTIC", zh: "统计量")
    public static let headingGroup = Phrase(en: "GROUP", zh: "分组")
    public static let headingSites = Phrase(en: "SITES", zh: "站点数")
    public static let headingValue = Phrase(en: "VALUE", zh: "值")
    public static let headingAnswer = Phrase(en: "ANSWER", zh: "结果项")
    public static let headingCode = Phrase(en: "CODE", zh: "代码")

    public static let sectionFlow = Phrase(en: "Flow per site", zh: "各站点流程")
    public static let sectionPerformance = Phrase(
        en: "AUROC per site (interval: 95 %, logit scale)", zh: "各站点 AUROC(95 % 置信区间,logit 尺度)")
    public static let sectionOperatingPoints = Phrase(
        en: "At the operating point (interval: effective-size Wilson)", zh: "工作点处的表现(有效样本量 Wilson 区间)")
    public static let sectionSubgroups = Phrase(en: "Subgroups", zh: "亚组")
    public static let sectionEndpoints = Phrase(en: "Endpoints", zh: "终点")
    public static let sectionPooled = Phrase(en: "Statistics over sites", zh: "跨站点统计")
    public static let sectionWithheld = Phrase(en: "Withheld by the sites", zh: "站点未公布的内容")
    /// In general words: which rule it was stays at the site.
    public static let adviceOnWithheld = Phrase(
        en: """
            Sites do not say why. More is released for coarser bins and fewer levels, fewer tables and subgroups, wider
            criteria or a longer time window, and for the very cohort of an earlier study of the same site.
            """,
        zh: """
            站点不说明原因。以下做法通常能得到更多结果:更粗的区间和更少的取值,更少的表格和亚组,更宽的入组条件或更长的时间范围,
            以及沿用该站点先前研究的同一队列。
            """)
    public static let nothingWithheld = Phrase(en: "Nothing was withheld.", zh: "没有未公布的内容。")

    public static let weightsWord = Phrase(en: "weights", zh: "权重")
    public static let varianceWord = Phrase(en: "variance", zh: "方差")
    public static let undefinedWord = Phrase(en: "no value", zh: "无值")
    public static let descriptiveWord = Phrase(en: "descriptive", zh: "仅供描述")
    public static let protectedWord = Phrase(en: "protected", zh: "受保护")
    public static let boundsWord = Phrase(en: "bounds", zh: "上下界")
    public static let allSites = Phrase(en: "all sites", zh: "全部站点")

    public static func sitesOf(_ count: Int, _ of: Int) -> Phrase {
        Phrase(en: "\(count) of \(of) sites", zh: "\(of) 个站点中的 \(count) 个")
    }
    public static func withoutSite(_ site: String) -> Phrase { Phrase(en: "without \(site)", zh: "不含 \(site)") }
    public static func limitAgainst(_ limit: String, _ confidence: String, _ bound: String) -> Phrase {
        Phrase(
            en: "the lower limit \(limit) (one-sided, \(confidence)) against \(bound)",
            zh: "单侧 \(confidence) 置信下限 \(limit),目标值 \(bound)")
    }
    public static func verdict(_ code: String) -> Phrase {
        switch code {
        case "met": Phrase(en: "met", zh: "达到")
        case "not-met": Phrase(en: "not met", zh: "未达到")
        default: Phrase(en: "not evaluable", zh: "无法评价")
        }
    }
    public static func endpointRole(_ code: String) -> Phrase {
        switch code {
        case "primary": Phrase(en: "primary", zh: "主要终点")
        case "secondary": Phrase(en: "secondary", zh: "次要终点")
        default: Phrase(en: "sensitivity analysis", zh: "敏感性分析")
        }
    }
    public static func flowBox(_ code: String) -> Phrase {
        switch code {
        case "screened": Phrase(en: "screened", zh: "筛查")
        case "excluded": Phrase(en: "excluded", zh: "排除")
        case "missing-reference": Phrase(en: "without reference standard", zh: "缺少参考标准")
        case "failed": Phrase(en: "failed", zh: "失败")
        default: Phrase(en: "analysed", zh: "纳入分析")
        }
    }
}

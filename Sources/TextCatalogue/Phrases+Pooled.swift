// The results without any number of one site.
extension Phrase {
    public static let pooledViewTitle = Phrase(
        en: "Pooled results: no number of a single site", zh: "汇总结果:不含任何单个站点的数字")
    public static func pooledViewRules(minimumSites: Int, largestShare: Int, remainder: Int, minimumCell: Int) -> Phrase
    {
        Phrase(
            en:
                "Shown are numbers over at least \(minimumSites) sites of which none holds more than \(largestShare) %, "
                + "and of which all but the two largest hold at least \(remainder) % of the largest; "
                + "counts that leave 0 or at least \(minimumCell) without any one site.",
            zh: "仅显示至少 \(minimumSites) 个站点的汇总数字:任一站点所占不超过 \(largestShare) %,"
                + "除最大的两个站点外,其余合计不少于最大者的 \(remainder) %;"
                + "去掉任一站点后,计数为 0 或不少于 \(minimumCell)。")
    }
    public static func pooledViewSites(answers: Int, released: Int, invited: Int) -> Phrase {
        Phrase(
            en: "Sites: \(invited) invited, \(released) released, \(answers) in the answers below.",
            zh: "站点:受邀 \(invited) 个,已发布 \(released) 个,以下结果包含 \(answers) 个。")
    }
    public static let pooledStudyRunning = Phrase(
        en:
            "Nothing is shown while a site may still release: the difference to the next state would be that site's part.",
        zh: "仍有站点可能发布时不显示任何结果:与下一次结果之差即为该站点的数据。")
    public static let pooledNeedsTrust = Phrase(
        en:
            "name a trust file with --trust; the pooled view is made here, from verified envelopes only.",
        zh: "请用 --trust 指定信任文件;汇总视图只在本机由通过验证的信封生成。")
    public static let pooledNoEnvelopes = Phrase(
        en:
            "--output writes each site's envelopes, --pooled is for who may not see them; give one of both.",
        zh: "--output 会写出各站点的信封,而 --pooled 面向不可查看它们的人;两者只能选其一。")
    public static let sectionPooledCounts = Phrase(en: "Counts over sites", zh: "跨站点计数")
    public static let sectionPooledWithheld = Phrase(en: "Not shown", zh: "未显示")
    public static let headingCount = Phrase(en: "COUNT OF", zh: "计数对象")
    public static let headingUnit = Phrase(en: "UNIT", zh: "单位")
    public static let patientsUnit = Phrase(en: "patients", zh: "患者")
    public static let casesUnit = Phrase(en: "cases", zh: "病例")
    public static let everyCase = Phrase(en: "all", zh: "全部")
    public static func atLeast(_ lower: Int) -> Phrase { Phrase(en: "\(lower) or more", zh: "不少于 \(lower)") }
    public static func fromTo(_ lower: Int, _ upper: Int) -> Phrase {
        Phrase(en: "\(lower) to \(upper)", zh: "\(lower) 至 \(upper)")
    }
}

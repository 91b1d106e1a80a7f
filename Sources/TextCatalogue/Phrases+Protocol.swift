// What the protocol reader says: what is wrong, and what to write instead.
extension Phrase {
    public static func protocolFaultCount(_ count: Int) -> Phrase {
        Phrase(
            en: "The study protocol has \(count) \(count == 1 ? "fault" : "faults").",
            zh: "研究方案有 \(count) 处错误。"
        )
    }

    // MARK: Form

    public static func protocolSchemaVersion(expected: String) -> Phrase {
        Phrase(
            en: "this program reads another schema version; write \"\(expected)\"",
            zh: "本程序读取的模式版本不同;请写“\(expected)”"
        )
    }
    public static func protocolName(maximum: Int) -> Phrase {
        Phrase(
            en: "write a name of ASCII letters, digits, '-', '_' and '.', that begins with a letter or digit, "
                + "of at most \(maximum) characters",
            zh: "请写由 ASCII 字母、数字、“-”、“_”和“.”组成、以字母或数字开头、最多 \(maximum) 个字符的名称"
        )
    }
    public static var protocolVersion: Phrase {
        Phrase(en: "write one to four numbers with dots, such as 1.0.0", zh: "请写一到四个以点分隔的数字,例如 1.0.0")
    }
    public static func protocolText(maximum: Int) -> Phrase {
        Phrase(
            en: "write a text of 1 to \(maximum) characters without control or invisible characters",
            zh: "请写 1 到 \(maximum) 个字符的文本,不含控制字符或不可见字符"
        )
    }
    public static func protocolLevel(maximum: Int) -> Phrase {
        Phrase(
            en: "write a level of 1 to \(maximum) characters without control or invisible characters and without "
                + "space at its ends",
            zh: "请写 1 到 \(maximum) 个字符的水平名称,不含控制字符或不可见字符,首尾不含空白"
        )
    }
    public static func protocolLevelReserved(_ level: String) -> Phrase {
        Phrase(
            en: "\"\(level)\" is the name under which cases without a value are counted; choose another",
            zh: "“\(level)”是统计缺失值病例所用的名称;请换一个"
        )
    }
    public static var protocolTimestamp: Phrase {
        Phrase(
            en: "this is not an instant; write it in UTC, such as 2027-12-31T00:00:00Z",
            zh: "不是有效的时刻;请用 UTC 书写,例如 2027-12-31T00:00:00Z"
        )
    }
    public static func protocolDecimalNotString(_ number: String) -> Phrase {
        Phrase(
            en: "quantities are written as text, so that no digit is lost; write \"\(number)\" in quotation marks",
            zh: "数量须写成文本,以免丢失数字;请加引号写成 \"\(number)\""
        )
    }
    public static func protocolDecimal(maximumDigits: Int) -> Phrase {
        Phrase(
            en: "write a plain decimal such as \"-0.5\" or \"20\", without exponent, '+' or leading zeros, of at most "
                + "\(maximumDigits) digits",
            zh: "请写普通小数,例如 \"-0.5\" 或 \"20\",不含指数、“+”或前导零,最多 \(maximumDigits) 位数字"
        )
    }
    public static var protocolResolution: Phrase {
        Phrase(
            en: "write a positive decimal such as \"0.01\", of at most 9 digits that count",
            zh: "请写正的小数,例如 \"0.01\",有效数字最多 9 位"
        )
    }
    public static var protocolScoreResolution: Phrase {
        Phrase(
            en: "1 must be a whole number of steps, at least 1000; write a resolution such as \"0.000001\"",
            zh: "1 必须是步长的整数倍,且至少 1000 步;请写例如 \"0.000001\" 的分辨率"
        )
    }
    public static var protocolRangeNotAscending: Phrase {
        Phrase(
            en: "the range must begin below its end; write [lowest, highest]", zh: "范围的起点必须小于终点;请写 [最小值, 最大值]")
    }
    public static func protocolRangeTooWide(limit: Int64) -> Phrase {
        Phrase(
            en: "this is more than \(limit) steps of the resolution from zero; narrow the range or coarsen the "
                + "resolution",
            zh: "距零超过分辨率的 \(limit) 步;请缩小范围或放粗分辨率"
        )
    }
    public static func protocolNotOnResolution(_ value: String, _ resolution: String) -> Phrase {
        Phrase(
            en:
                "\(value) is not a multiple of the resolution \(resolution); write one that is, or refine the resolution",
            zh: "\(value) 不是分辨率 \(resolution) 的整数倍;请改写,或细化分辨率"
        )
    }
    public static func protocolOutsideRange(_ value: String, from low: String, to high: String) -> Phrase {
        Phrase(
            en: "\(value) lies outside of \(low) to \(high); write a value inside, or widen the declared range",
            zh: "\(value) 不在 \(low) 到 \(high) 之间;请写范围内的值,或放宽声明的范围"
        )
    }
    public static func protocolOutsideOpenRange(from low: Double, to high: Double) -> Phrase {
        Phrase(
            en: "write a number above \(low) and below \(high)", zh: "请写大于 \(low) 且小于 \(high) 的数")
    }
    public static func protocolEdgesNotAscending(_ edge: String, after previous: String) -> Phrase {
        Phrase(
            en: "\(edge) is not above \(previous); write the edges in ascending order, each once",
            zh: "\(edge) 不大于 \(previous);请按升序书写边界,每个一次"
        )
    }
    public static func protocolEdgesRequired(_ variable: String) -> Phrase {
        Phrase(
            en: "\"\(variable)\" is a quantity; add \"edges\" that cut it into subgroups",
            zh: "“\(variable)”是数量;请加上划分亚组的“edges”"
        )
    }
    public static func protocolEdgesNotApplicable(_ variable: String) -> Phrase {
        Phrase(
            en: "\"\(variable)\" is a category, whose levels are the subgroups; remove \"edges\"",
            zh: "“\(variable)”是分类变量,其水平即为亚组;请删除“edges”"
        )
    }
    public static func protocolLevelUnknown(_ level: String, nearest: String?, levels: [String]) -> Phrase {
        unknown("level", "水平", level, nearest, levels)
    }
    public static func protocolCriterionCondition(_ keys: [String]) -> Phrase {
        let list = keys.joined(separator: ", ")
        return Phrase(
            en: "a criterion has exactly one condition; write one of \(list)",
            zh: "一条标准只能有一个条件;请写其中之一:\(list)"
        )
    }
    public static func protocolCriterionOfCategory(_ variable: String) -> Phrase {
        Phrase(
            en: "\"\(variable)\" is a category, whose levels have no order; write \"equals\" or \"oneOf\"",
            zh: "“\(variable)”是分类变量,其水平没有顺序;请写“equals”或“oneOf”"
        )
    }
    public static var protocolGrid: Phrase {
        Phrase(
            en: "write \"from\" below \"to\": within 0 to 1 on the linear scale, within -40 to 40 on the logit scale",
            zh: "“from”须小于“to”:线性尺度在 0 到 1 之间,logit 尺度在 -40 到 40 之间"
        )
    }
    public static func protocolDuplicate(_ name: String) -> Phrase {
        Phrase(en: "\"\(name)\" occurs before; rename or remove this one", zh: "“\(name)”前面已出现;请改名或删除")
    }
    public static func protocolReservedName(_ name: String) -> Phrase {
        Phrase(
            en: "\"\(name)\" is the name of an answer that every evaluation has; choose another",
            zh: "“\(name)”是评价固有答案的名称;请换一个"
        )
    }

    // MARK: References

    public static func protocolUnknownVariable(_ name: String, nearest: String?, declared: [String]) -> Phrase {
        unknown("variable", "变量", name, nearest, declared)
    }
    public static func protocolUnknownOperatingPoint(
        _ name: String, nearest: String?, declared: [String]
    ) -> Phrase {
        unknown("operating point", "工作点", name, nearest, declared)
    }
    public static func protocolUnknownEndpoint(_ name: String, nearest: String?, declared: [String]) -> Phrase {
        unknown("endpoint", "终点", name, nearest, declared)
    }
    public static func protocolWrongKind(_ variable: String, isQuantity: Bool) -> Phrase {
        isQuantity
            ? Phrase(
                en: "\"\(variable)\" is a quantity; name a category here", zh: "“\(variable)”是数量;此处请写分类变量")
            : Phrase(
                en: "\"\(variable)\" is a category; name a quantity here", zh: "“\(variable)”是分类变量;此处请写数量")
    }

    private static func unknown(
        _ kind: String, _ kindChinese: String, _ name: String, _ nearest: String?, _ declared: [String]
    ) -> Phrase {
        let shown = 20
        let list = declared.prefix(shown).joined(separator: ", ") + (declared.count > shown ? ", …" : "")
        let hint =
            nearest.map { "did you mean \"\($0)\"?" } ?? (declared.isEmpty ? "there is none" : "write one of \(list)")
        let hintChinese = nearest.map { "是否应为“\($0)”?" } ?? (declared.isEmpty ? "目前一个也没有" : "请写其中之一:\(list)")
        return Phrase(
            en: "no \(kind) \"\(name)\" is declared; \(hint)", zh: "未声明\(kindChinese)“\(name)”;\(hintChinese)")
    }

    // MARK: Meaning

    public static func protocolReferenceNotBinary(_ variable: String, levels: Int) -> Phrase {
        Phrase(
            en: "\"\(variable)\" has \(levels) levels; the reference standard needs a category of exactly two",
            zh: "“\(variable)”有 \(levels) 个水平;参考标准需要恰有两个水平的分类变量"
        )
    }
    public static var protocolNoInvitedSite: Phrase {
        Phrase(en: "no site is invited; name at least one", zh: "没有邀请任何站点;请至少写一个")
    }
    public static func protocolTrainingSite(_ site: String) -> Phrase {
        Phrase(
            en: "the model was trained on data of \"\(site)\", so it cannot be validated there; remove the site from "
                + "\"invited\"",
            zh: "模型曾用“\(site)”的数据训练,不能在该站点验证;请将其从“invited”中删除"
        )
    }
    public static func protocolEthicsSite(_ site: String) -> Phrase {
        Phrase(
            en: "\"\(site)\" is not invited; write an invited site, or \"*\" for all of them",
            zh: "“\(site)”未被邀请;请写受邀站点,或用“*”表示全部"
        )
    }
    public static func protocolExpired(_ expires: String, now: String) -> Phrase {
        Phrase(
            en: "the protocol expired at \(expires), it is \(now) now; write a later instant in a new version",
            zh: "方案已于 \(expires) 过期,现在是 \(now);请在新版本中写更晚的时刻"
        )
    }
    public static var protocolModelWithoutEvaluation: Phrase {
        Phrase(
            en: "a model is named but not evaluated; add \"evaluation\" or remove \"model\"",
            zh: "写了模型但没有评价;请加上“evaluation”或删除“model”"
        )
    }
    public static var protocolModelRequired: Phrase {
        Phrase(en: "an evaluation needs a model; add \"model\"", zh: "评价需要模型;请加上“model”")
    }
    public static var protocolReferenceRequired: Phrase {
        Phrase(
            en: "an evaluation needs a reference standard; add \"referenceStandard\"",
            zh: "评价需要参考标准;请加上“referenceStandard”"
        )
    }
    public static func protocolClusterRequired(_ unit: String) -> Phrase {
        Phrase(
            en: "a patient may have several cases when the unit is \"\(unit)\"; write \"cluster\": \"patient\"",
            zh: "分析单位为“\(unit)”时一名患者可有多个病例;请写 \"cluster\": \"patient\""
        )
    }
    public static func protocolSubgroupByReference(_ variable: String) -> Phrase {
        Phrase(
            en: "\"\(variable)\" is the reference standard: such a subgroup holds only positives or only negatives; "
                + "choose another variable",
            zh: "“\(variable)”是参考标准:这样的亚组只含阳性或只含阴性;请换一个变量"
        )
    }
    public static func protocolTooManyAnswers(_ count: Int, limit: Int) -> Phrase {
        Phrase(
            en: "the protocol asks each site for \(count) answers, at most \(limit) are allowed; ask for fewer "
                + "statistics, subgroups or operating points",
            zh: "方案要求每个站点给出 \(count) 个答案,最多允许 \(limit) 个;请减少统计量、亚组或工作点"
        )
    }
    public static func protocolTooManyCells(_ count: Int, limit: Int) -> Phrase {
        Phrase(
            en: "the table has \(count) cells, at most \(limit) are allowed; use fewer axes or levels",
            zh: "该表有 \(count) 个单元格,最多允许 \(limit) 个;请减少轴或水平"
        )
    }
    public static func protocolTooManySubgroups(_ count: Int, limit: Int) -> Phrase {
        Phrase(
            en: "this makes \(count) subgroups, at most \(limit) are allowed; use fewer levels or edges",
            zh: "这里产生 \(count) 个亚组,最多允许 \(limit) 个;请减少水平或边界"
        )
    }
    public static var protocolEndpointsWithoutEvaluation: Phrase {
        Phrase(
            en: "endpoints need an evaluation; add \"evaluation\" or remove \"endpoints\"",
            zh: "终点需要评价;请加上“evaluation”或删除“endpoints”"
        )
    }
    public static func protocolOperatingPointRequired(_ metric: String, declared: [String]) -> Phrase {
        let list = declared.joined(separator: ", ")
        return Phrase(
            en: "\(metric) is defined at a threshold; add \"operatingPoint\""
                + (list.isEmpty ? "" : ", one of \(list)"),
            zh: "\(metric) 须在阈值处定义;请加上“operatingPoint”" + (list.isEmpty ? "" : ",其中之一:\(list)")
        )
    }
    public static var protocolOperatingPointNotApplicable: Phrase {
        Phrase(
            en: "this metric has no threshold; remove \"operatingPoint\"", zh: "该指标没有阈值;请删除“operatingPoint”")
    }
    public static func protocolNotApplicable(_ value: String, of subject: String, allowed: [String]) -> Phrase {
        let list = allowed.joined(separator: ", ")
        return allowed.isEmpty
            ? Phrase(
                en: "\"\(value)\" has no meaning for \(subject); remove it",
                zh: "“\(value)”对 \(subject) 没有意义;请删除")
            : Phrase(
                en: "\"\(value)\" does not apply to \(subject); write one of \(list)",
                zh: "“\(value)”不适用于 \(subject);请写其中之一:\(list)")
    }
    public static func protocolVarianceRequired(allowed: [String]) -> Phrase {
        let list = allowed.joined(separator: ", ")
        return Phrase(en: "add \"variance\", one of \(list)", zh: "请加上“variance”,其中之一:\(list)")
    }
    public static func protocolClusteredVariance(_ variance: String, allowed: [String]) -> Phrase {
        let list = allowed.joined(separator: ", ")
        return Phrase(
            en: "\"\(variance)\" takes cases for independent, but they are clustered in patients; write \(list)",
            zh: "“\(variance)”假定病例相互独立,但病例按患者聚集;请写 \(list)"
        )
    }
    public static func protocolIntervalRequired(allowed: [String]) -> Phrase {
        let list = allowed.joined(separator: ", ")
        return Phrase(
            en: "add \"interval\" with a level and a method, one of \(list)",
            zh: "请加上含置信水平和方法的“interval”,方法为其中之一:\(list)"
        )
    }
    public static var protocolHypothesisRequired: Phrase {
        Phrase(
            en: "a primary endpoint needs a hypothesis; add \"hypothesis\" or choose another role",
            zh: "主要终点需要假设;请加上“hypothesis”或改变“role”"
        )
    }
    public static var protocolHypothesisNotApplicable: Phrase {
        Phrase(
            en: "sensitivity analyses and pooled bounds are descriptive; remove \"hypothesis\"",
            zh: "敏感性分析和合并界限只作描述;请删除“hypothesis”"
        )
    }
    public static var protocolMarginRequired: Phrase {
        Phrase(en: "non-inferiority needs a margin; add \"margin\"", zh: "非劣效需要界值;请加上“margin”")
    }
    public static var protocolMarginNotApplicable: Phrase {
        Phrase(
            en: "superiority to a goal has no margin; remove \"margin\"", zh: "优于目标值的假设没有界值;请删除“margin”")
    }
    public static func protocolAlphaInterval(level: Double, expected: Double, alpha: Double) -> Phrase {
        // The expected level is computed; six digits hide what binary arithmetic leaves behind.
        let shown = (expected * 1_000_000).rounded() / 1_000_000
        return Phrase(
            en: "an interval of level \(level) does not decide a test with alpha \(alpha); write \(shown), or change "
                + "alpha",
            zh: "置信水平 \(level) 的区间不能判定 alpha 为 \(alpha) 的检验;请写 \(shown),或修改 alpha"
        )
    }
    public static func protocolRandomEffectsSites(minimum: Int) -> Phrase {
        Phrase(
            en: "random effects decide nothing on fewer than \(minimum) sites; raise sampleSize.minimumSites, or write "
                + "\"stratified\"",
            zh: "少于 \(minimum) 个站点时随机效应不能用于判定;请提高 sampleSize.minimumSites,或写“stratified”"
        )
    }
    public static func protocolMultiplicityRequired(_ endpoints: [String]) -> Phrase {
        let list = endpoints.joined(separator: ", ")
        return Phrase(
            en: "there are several primary endpoints (\(list)); add \"multiplicity\" with their family and a rule",
            zh: "有多个主要终点(\(list));请加上写明族和规则的“multiplicity”"
        )
    }
    public static func protocolFamilyWithoutHypothesis(_ endpoint: String) -> Phrase {
        Phrase(
            en: "\"\(endpoint)\" has no hypothesis; add one, or remove it from the family",
            zh: "“\(endpoint)”没有假设;请加上,或将其从族中删除"
        )
    }
    public static func protocolPrimaryOutsideFamily(_ endpoint: String) -> Phrase {
        Phrase(
            en: "the primary endpoint \"\(endpoint)\" is not in the family; add it", zh: "主要终点“\(endpoint)”不在族中;请加上")
    }
    public static func protocolMultiplicityRule(_ rules: [String]) -> Phrase {
        let list = rules.joined(separator: ", ")
        return Phrase(
            en: "a family of several endpoints needs a rule; write one of \(list)",
            zh: "含多个终点的族需要规则;请写其中之一:\(list)"
        )
    }
    public static var protocolSampleSizeRequired: Phrase {
        Phrase(
            en: "an endpoint with a hypothesis needs a planned size; add \"sampleSize\"",
            zh: "有假设的终点需要计划样本量;请加上“sampleSize”"
        )
    }
    public static func protocolMinimumSites(_ minimum: Int, invited: Int) -> Phrase {
        Phrase(
            en: "\(minimum) sites are needed but only \(invited) invited; invite more, or write at most \(invited)",
            zh: "需要 \(minimum) 个站点,但只邀请了 \(invited) 个;请多邀请站点,或最多写 \(invited)"
        )
    }
}

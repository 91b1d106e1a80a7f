// What the data manager reads: a release in columns, previews, reasons to decline.
extension Phrase {
    // MARK: Columns

    public static var rowAnswer: Phrase { Phrase(en: "Answer", zh: "回答") }
    public static var rowGroup: Phrase { Phrase(en: "Group", zh: "分组") }
    public static var rowWhat: Phrase { Phrase(en: "What", zh: "内容") }
    public static var rowValue: Phrase { Phrase(en: "Released", zh: "发布值") }
    public static var rowWhole: Phrase { Phrase(en: "whole answer", zh: "整个回答") }
    public static var rowWithheld: Phrase { Phrase(en: "withheld", zh: "已扣留") }
    public static var rowNotReleasable: Phrase { Phrase(en: "not releasable", zh: "不可发布") }
    public static func rowFailed(_ code: String) -> Phrase {
        Phrase(en: "failed: \(code)", zh: "失败:\(code)")
    }
    public static func rowBox(_ box: String, _ reason: String?) -> Phrase {
        let names: [String: Phrase] = [
            "screened": Phrase(en: "screened", zh: "筛查"),
            "excluded": Phrase(en: "excluded", zh: "排除"),
            "missing-reference": Phrase(en: "missing reference", zh: "缺少参考标准"),
            "failed": Phrase(en: "failed", zh: "失败"),
            "analysed": Phrase(en: "analysed", zh: "纳入分析"),
        ]
        let name = names[box] ?? Phrase(en: box, zh: box)
        guard let reason else { return name }
        return Phrase(en: "\(name.english): \(reason)", zh: "\(name.chinese):\(reason)")
    }
    public static func rowFlow(_ cases: Phrase, _ patients: Phrase) -> Phrase {
        Phrase(
            en: "\(cases.english) cases, \(patients.english) patients",
            zh: "\(cases.chinese) 例,\(patients.chinese) 名患者")
    }
    public static var rowCases: Phrase { Phrase(en: "cases", zh: "例数") }
    public static var rowPatients: Phrase { Phrase(en: "patients", zh: "患者数") }
    public static var rowMissing: Phrase { Phrase(en: "missing", zh: "缺失") }
    public static var rowMalformed: Phrase { Phrase(en: "malformed", zh: "格式错误") }
    public static var rowOutOfRange: Phrase { Phrase(en: "out of range", zh: "超出范围") }
    public static func rowSum(unit: String) -> Phrase {
        Phrase(en: "sum, in units of \(unit)", zh: "总和(单位 \(unit))")
    }
    public static func rowSumSquares(unit: String) -> Phrase {
        Phrase(en: "sum of squares, in units of (\(unit))²", zh: "平方和(单位 (\(unit))²)")
    }
    public static func rowBelow(_ edge: String) -> Phrase {
        Phrase(en: "cases below \(edge)", zh: "低于 \(edge) 的例数")
    }
    public static var rowPositives: Phrase { Phrase(en: "positives", zh: "阳性") }
    public static var rowNegatives: Phrase { Phrase(en: "negatives", zh: "阴性") }
    public static var rowTwiceU: Phrase { Phrase(en: "twice the Mann-Whitney U", zh: "Mann-Whitney U 的两倍") }
    public static func rowVariance(_ method: String) -> Phrase {
        Phrase(en: "variance of the AUROC (\(method))", zh: "AUROC 的方差(\(method))")
    }

    // MARK: Rules

    /// A rule's title, as in `docs/hospital/disclosure.md`.
    public static func ruleTitle(_ rule: Int) -> Phrase {
        let titles: [Int: Phrase] = [
            1: Phrase(en: "minimum count", zh: "最小计数"),
            2: Phrase(en: "zeros", zh: "零值"),
            3: Phrase(en: "performance counts", zh: "性能计数"),
            4: Phrase(en: "joint protection", zh: "联合保护"),
            5: Phrase(en: "dominance", zh: "支配性"),
            6: Phrase(en: "moments", zh: "矩"),
            7: Phrase(en: "ledger", zh: "账本"),
            8: Phrase(en: "declared variables", zh: "已声明的变量"),
            9: Phrase(en: "minimum and maximum", zh: "最小值与最大值"),
            10: Phrase(en: "quantiles", zh: "分位数"),
            11: Phrase(en: "histograms", zh: "直方图"),
            12: Phrase(en: "score steps and AUROC", zh: "评分阶梯与 AUROC"),
            13: Phrase(en: "survival", zh: "生存"),
            14: Phrase(en: "regression", zh: "回归"),
            15: Phrase(en: "several quantities together", zh: "多个变量"),
            16: Phrase(en: "size", zh: "规模"),
            17: Phrase(en: "differential privacy", zh: "差分隐私"),
            18: Phrase(en: "side channels", zh: "旁路"),
            19: Phrase(en: "pooled views", zh: "汇总视图"),
            20: Phrase(en: "hostile models", zh: "恶意模型"),
        ]
        return titles[rule] ?? Phrase(en: "?", zh: "?")
    }
    public static func withheldByRule(_ name: String, rule: Int, title: Phrase, reason: String) -> Phrase {
        Phrase(
            en: "  \(name): rule \(rule) (\(title.english)), \(reason)",
            zh: "  \(name):规则 \(rule)(\(title.chinese)),\(reason)")
    }
    public static func ledgerAdds(rows: Int, earlier: Int) -> Phrase {
        Phrase(
            en: "Adds \(rows) rows to the ledger of this dataset, which has \(earlier).",
            zh: "将向本数据集的账本增加 \(rows) 行(现有 \(earlier) 行)。")
    }
    public static var ledgerNone: Phrase {
        Phrase(en: "Adds nothing to a ledger: none is kept for it.", zh: "不向账本增加内容:未为其保存账本。")
    }
    public static func policyLine(minimum: Int, moments: Int, allCells: Bool, zeros: String) -> Phrase {
        Phrase(
            en: "Policy: at least \(minimum) patients a count, \(moments) for moments; TP, FP, FN, TN "
                + (allCells ? "each" : "by their margins") + "; zeros: \(zeros).",
            zh: "策略:每个计数至少 \(minimum) 名患者,矩至少 \(moments) 名;TP、FP、FN、TN "
                + (allCells ? "逐格检查" : "按边际检查") + ";零值:\(zeros)。")
    }

    // MARK: Declining

    public static var declineIdentifiable: Phrase {
        Phrase(en: "Somebody could be recognised.", zh: "可能识别出个人。")
    }
    public static var declineSensitive: Phrase {
        Phrase(en: "Too much is said of a group, a ward or the hospital.", zh: "对某一群体、科室或医院透露过多。")
    }
    public static var declineTooDetailed: Phrase {
        Phrase(en: "More than the study needs.", zh: "超出研究所需。")
    }
    public static var declineDataQuality: Phrase {
        Phrase(en: "The numbers or the cohort are not right.", zh: "数值或队列不正确。")
    }
    public static var declineNotCovered: Phrase {
        Phrase(en: "Not covered by the approval or the contract.", zh: "不在批准或合同范围内。")
    }
    public static var declinePurpose: Phrase {
        Phrase(en: "The sponsor or the purpose is not supported.", zh: "不支持该申办方或目的。")
    }
    public static var declineOther: Phrase { Phrase(en: "Another reason.", zh: "其他原因。") }
    public static func declineReasons(_ codes: String) -> Phrase {
        Phrase(en: "The reasons are: \(codes).", zh: "可用的原因:\(codes)。")
    }
    public static func declineReasonLine(_ reason: Phrase, code: String) -> Phrase {
        Phrase(en: "  because: \(reason.english) (\(code))", zh: "  原因:\(reason.chinese)(\(code))")
    }
    public static var causeLabel: Phrase { Phrase(en: "Cause, for this site only", zh: "原因(仅供本站点)") }

    // MARK: Previews

    public static func previewNoProtocol(_ reason: Phrase) -> Phrase {
        Phrase(
            en: "This is no study protocol: \(reason.english)", zh: "这不是研究方案:\(reason.chinese)")
    }
    public static func previewFaults(_ faults: [(pointer: String, phrase: Phrase)]) -> Phrase {
        func list(_ text: (Phrase) -> String) -> String {
            faults.prefix(10).map { "\n  \($0.pointer): \(text($0.phrase))" }.joined()
        }
        return Phrase(
            en: "The study protocol has \(faults.count) fault(s):" + list(\.english),
            zh: "研究方案有 \(faults.count) 处错误:" + list(\.chinese))
    }
    public static func previewNoFile(_ path: String) -> Phrase {
        Phrase(en: "Cannot read \(path).", zh: "无法读取 \(path)。")
    }
    public static func previewNoPredictions(_ path: String) -> Phrase {
        Phrase(en: "The predictions cannot be read: \(path)", zh: "无法读取预测文件:\(path)")
    }
    public static func previewBadPredictions(line: Int) -> Phrase {
        Phrase(
            en: "Line \(line) of the predictions cannot be used. The file is CSV with the columns case and score, one "
                + "line a case, scores from 0 to 1.",
            zh: "预测文件第 \(line) 行无法使用。文件应为 CSV,含 case 与 score 列,每例一行,评分在 0 到 1 之间。")
    }
    public static func previewMissingPredictions(_ missing: Int, of cases: Int) -> Phrase {
        Phrase(
            en: "The predictions lack \(missing) of the cohort's \(cases) cases.",
            zh: "预测文件缺少队列 \(cases) 例中的 \(missing) 例。")
    }
    public static func previewHeading(_ name: String, site: String, numbers: Int) -> Phrase {
        Phrase(
            en: "Preview of \(name) at \(site): \(numbers) numbers would be released. Nothing is sent or recorded.",
            zh: "\(name) 在 \(site) 的预览:将发布 \(numbers) 个数值。不发送、不记录任何内容。")
    }
    public static var previewNotInvited: Phrase {
        Phrase(en: "The protocol does not invite this site; a job would be refused.", zh: "方案未邀请本站点;任务将被拒收。")
    }
    public static var previewTrainingSite: Phrase {
        Phrase(
            en: "The protocol's model was trained on data of this site; a job would be refused.",
            zh: "方案中的模型曾用本站点数据训练;任务将被拒收。")
    }
    public static var previewExpired: Phrase {
        Phrase(en: "The protocol has expired; a job would be refused.", zh: "方案已过期;任务将被拒收。")
    }
    public static var previewPurpose: Phrase {
        Phrase(
            en: "The site's policy does not name the protocol's purpose; a job would be declined.",
            zh: "本站点策略未包含方案的目的;任务将被拒绝。")
    }
    public static func previewNoEvaluation(answers: Int) -> Phrase {
        Phrase(
            en: "\(answers) answers need the model's scores and are not shown: give --model DIR or --predictions FILE. "
                + "With them the flow and what is withheld may differ.",
            zh: "有 \(answers) 个回答需要模型评分,未显示:请给出 --model DIR 或 --predictions FILE。届时流程和扣留内容可能不同。")
    }
    public static var previewDatasetNumbers: Phrase {
        Phrase(
            en: "More numbers than may still leave of this dataset: a job would end as not-releasable (rule 16).",
            zh: "超出本数据集仍可发布的数值数:任务将以 not-releasable 结束(规则 16)。")
    }
    public static var previewNothing: Phrase {
        Phrase(en: "Nothing would leave: a job would end as not-releasable.", zh: "无内容可发布:任务将以 not-releasable 结束。")
    }
    public static var bothScoreSources: Phrase {
        Phrase(en: "Give --model or --predictions, not both.", zh: "请只给出 --model 或 --predictions 之一。")
    }
}

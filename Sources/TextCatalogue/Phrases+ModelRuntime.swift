// What the model runtime says. Only the codes leave a site; these texts are for its own people.
extension Phrase {
    /// - Parameters:
    ///   - reason: the code of the error.
    ///   - detail: words for the site's own log, may be empty.
    public static func modelRuntime(reason: String, detail: String) -> Phrase {
        let phrase = modelRuntimeReason(reason)
        guard !detail.isEmpty else { return phrase }
        return Phrase(en: "\(phrase.english) (\(detail))", zh: "\(phrase.chinese)(\(detail))")
    }

    private static func modelRuntimeReason(_ reason: String) -> Phrase {
        switch reason {
        case "model-package-invalid":
            Phrase(en: "The model package breaks a rule", zh: "模型包不合规则")
        case "model-digest-mismatch":
            Phrase(en: "The model package is not the one that its digest names", zh: "模型包与其摘要不符")
        case "model-input-mismatch":
            Phrase(en: "The cases do not fit the model's input", zh: "病例数据与模型输入不符")
        case "sandbox-unavailable":
            Phrase(
                en: "The sandbox for models cannot be set up; check bubblewrap, ONNX Runtime and user namespaces",
                zh: "无法建立模型沙箱;请检查 bubblewrap、ONNX Runtime 和用户命名空间"
            )
        case "model-load-failed": Phrase(en: "ONNX Runtime refuses the model", zh: "ONNX Runtime 拒绝该模型")
        case "model-interface-mismatch":
            Phrase(
                en: "The model's inputs or outputs are not what its manifest declares",
                zh: "模型的输入或输出与其清单不符"
            )
        case "model-timeout": Phrase(en: "The model reached its time limit", zh: "模型超过时间限制")
        case "model-memory": Phrase(en: "The model reached its memory limit", zh: "模型超过内存限制")
        case "model-crashed": Phrase(en: "The model's process ended early", zh: "模型进程提前结束")
        case "model-forbidden-call":
            Phrase(
                en: "The model's process tried something forbidden and was ended; treat the package as hostile",
                zh: "模型进程尝试了被禁止的操作,已被终止;请将该模型包视为恶意"
            )
        case "model-output-invalid":
            Phrase(en: "The model gave no usable score for any case", zh: "模型没有给出任何可用的评分")
        case "model-not-deterministic":
            Phrase(en: "The model scored the same case differently twice", zh: "模型对同一病例的两次评分不同")
        default: Phrase(en: "The model could not be used: \(reason)", zh: "模型不可用:\(reason)")
        }
    }

    public static func modelFileName(_ name: String) -> Phrase {
        Phrase(
            en: "\"\(name)\" is not a plain file name; use letters, digits, '.', '_' and '-'",
            zh: "“\(name)”不是普通文件名;请使用字母、数字、“.”、“_”和“-”"
        )
    }
    public static func modelDecimal(_ text: String) -> Phrase {
        Phrase(en: "\"\(text)\" is not a decimal such as \"0.5\"", zh: "“\(text)”不是“0.5”这样的小数")
    }
    public static func modelHex(_ text: String) -> Phrase {
        Phrase(
            en: "\"\(text)\" is not a SHA-256 of 64 lower-case hexadecimal digits",
            zh: "“\(text)”不是由 64 个小写十六进制数字组成的 SHA-256"
        )
    }
    public static var modelFileMissing: Phrase {
        Phrase(en: "the files do not list model.onnx; add it", zh: "文件列表中没有 model.onnx;请补上")
    }
    public static func modelDuplicate(_ name: String) -> Phrase {
        Phrase(en: "\"\(name)\" occurs twice", zh: "“\(name)”出现两次")
    }
    public static func modelShape(_ problem: String) -> Phrase {
        Phrase(en: "the shape cannot be used: \(problem)", zh: "形状不可用:\(problem)")
    }
}

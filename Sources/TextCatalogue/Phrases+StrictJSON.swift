// What the JSON reader and the document readers say. `where` texts are JSON pointers or byte offsets.
extension Phrase {
    public static func jsonSyntax(_ problem: Phrase, offset: Int, pointer: String) -> Phrase {
        let place = pointer.isEmpty ? "" : " (\(pointer))"
        return Phrase(
            en: "Not valid JSON at byte \(offset)\(place): \(problem.english).",
            zh: "第 \(offset) 字节处\(place)不是有效的 JSON:\(problem.chinese)。"
        )
    }

    public static func jsonUndecodable(_ problem: Phrase, pointer: String) -> Phrase {
        let place = pointer.isEmpty ? "/" : pointer
        return Phrase(en: "At \(place): \(problem.english).", zh: "\(place):\(problem.chinese)。")
    }

    public static var jsonEmpty: Phrase { Phrase(en: "the document is empty", zh: "文档为空") }
    public static func jsonTooLarge(limit: Int) -> Phrase {
        Phrase(en: "the document is larger than \(limit) bytes", zh: "文档超过 \(limit) 字节")
    }
    public static func jsonTooDeep(limit: Int) -> Phrase {
        Phrase(en: "arrays and objects are nested deeper than \(limit)", zh: "数组和对象的嵌套超过 \(limit) 层")
    }
    public static func jsonTooManyValues(limit: Int) -> Phrase {
        Phrase(en: "the document holds more than \(limit) values", zh: "文档中的值超过 \(limit) 个")
    }
    public static var jsonByteOrderMark: Phrase {
        Phrase(
            en: "a byte order mark is not allowed; save the file as UTF-8 without it",
            zh: "不允许字节顺序标记;请另存为不带标记的 UTF-8"
        )
    }
    public static var jsonInvalidUTF8: Phrase { Phrase(en: "this is not valid UTF-8", zh: "不是有效的 UTF-8") }
    public static var jsonLoneSurrogate: Phrase {
        Phrase(en: "a \\u escape holds half a surrogate pair", zh: "\\u 转义中只有半个代理对")
    }
    public static var jsonControlCharacter: Phrase {
        Phrase(en: "control characters in a string must be escaped", zh: "字符串中的控制字符必须转义")
    }
    public static var jsonInvalidEscape: Phrase { Phrase(en: "unknown escape in a string", zh: "字符串中有未知的转义") }
    public static var jsonInvalidNumber: Phrase {
        Phrase(en: "this is not a JSON number", zh: "不是 JSON 数字")
    }
    public static var jsonNumberOutOfRange: Phrase {
        Phrase(
            en: "the number is beyond the range of a double; write it as a string",
            zh: "数字超出双精度范围;请写成字符串"
        )
    }
    public static func jsonDuplicateKey(_ key: String) -> Phrase {
        Phrase(en: "the key \"\(key)\" occurs twice; remove one", zh: "键“\(key)”出现两次;请删除一个")
    }
    public static var jsonUnexpectedByte: Phrase {
        Phrase(en: "unexpected character", zh: "意外的字符")
    }
    public static var jsonUnexpectedEnd: Phrase { Phrase(en: "the document ends too early", zh: "文档过早结束") }
    public static var jsonTrailingData: Phrase {
        Phrase(en: "there is something after the end of the document", zh: "文档结束之后还有内容")
    }
    public static func jsonWrongType(expected: Phrase, found: Phrase) -> Phrase {
        Phrase(
            en: "expected \(expected.english), found \(found.english)",
            zh: "应为\(expected.chinese),实为\(found.chinese)"
        )
    }
    public static func jsonMissing(_ key: String) -> Phrase {
        Phrase(en: "the member \"\(key)\" is missing; add it", zh: "缺少成员“\(key)”;请补上")
    }
    public static func jsonUnknown(_ key: String, nearest: String?) -> Phrase {
        guard let nearest else {
            return Phrase(
                en: "the member \"\(key)\" is not known here; remove it", zh: "此处不认识成员“\(key)”;请删除")
        }
        return Phrase(
            en: "the member \"\(key)\" is not known here; did you mean \"\(nearest)\"?",
            zh: "此处不认识成员“\(key)”;是否应为“\(nearest)”?"
        )
    }
    public static func jsonInvalidValue(_ detail: String) -> Phrase {
        Phrase(en: "the value cannot be used: \(detail)", zh: "值不可用:\(detail)")
    }
    public static func jsonUnencodable(_ detail: String) -> Phrase {
        Phrase(en: "the value cannot be written as JSON: \(detail)", zh: "无法写成 JSON:\(detail)")
    }
    public static func jsonNotAllowed(_ value: String, allowed: [String], nearest: String?) -> Phrase {
        let list = allowed.joined(separator: ", ")
        let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
        let hintChinese = nearest.map { ";是否应为“\($0)”?" } ?? ""
        return Phrase(
            en: "\"\(value)\" is not one of \(list)\(hint)",
            zh: "“\(value)”不在可用值之列:\(list)\(hintChinese)"
        )
    }
    public static func jsonOutOfRange(_ value: String, from low: String, to high: String) -> Phrase {
        Phrase(en: "\(value) is not within \(low) to \(high)", zh: "\(value) 不在 \(low) 到 \(high) 之间")
    }
    public static func jsonTooLong(_ length: Int, limit: Int) -> Phrase {
        Phrase(
            en: "the text is \(length) bytes long, at most \(limit) are allowed",
            zh: "文本长 \(length) 字节,最多允许 \(limit) 字节"
        )
    }
    public static func jsonItemCount(_ count: Int, from low: Int, to high: Int) -> Phrase {
        Phrase(
            en: "there are \(count) items, \(low) to \(high) are allowed",
            zh: "有 \(count) 项,允许 \(low) 到 \(high) 项"
        )
    }
    public static var jsonNotExact: Phrase {
        Phrase(
            en: "expected a whole number within ±(2^53 - 1); write greater ones as strings",
            zh: "应为 ±(2^53 - 1) 以内的整数;更大的请写成字符串"
        )
    }

    // Names of JSON's types.
    public static var jsonNullName: Phrase { Phrase(en: "null", zh: " null ") }
    public static var jsonBooleanName: Phrase { Phrase(en: "true or false", zh: "布尔值") }
    public static var jsonNumberName: Phrase { Phrase(en: "a number", zh: "数字") }
    public static var jsonStringName: Phrase { Phrase(en: "a string", zh: "字符串") }
    public static var jsonArrayName: Phrase { Phrase(en: "an array", zh: "数组") }
    public static var jsonObjectName: Phrase { Phrase(en: "an object", zh: "对象") }
}

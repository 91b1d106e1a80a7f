// What is said of a message that cannot be used.
extension Phrase {
    public static var messageNotExact: Phrase {
        Phrase(
            en: "The message holds members that its schema does not know, or values in another form.",
            zh: "消息中含有其模式不认识的成员,或值的写法不符。"
        )
    }
    public static func messageSchema(_ problem: Phrase) -> Phrase {
        Phrase(
            en: "The message does not follow its schema: \(problem.english)",
            zh: "消息不符合其模式:\(problem.chinese)"
        )
    }
    public static func messageTooLarge(_ size: Int, limit: Int) -> Phrase {
        Phrase(
            en: "The message has \(size) bytes; at most \(limit) are allowed.",
            zh: "消息有 \(size) 字节;最多允许 \(limit) 字节。"
        )
    }
    public static func messageWrongType(_ found: String, expected: String) -> Phrase {
        Phrase(
            en: "The statement is of type \(found); expected \(expected).",
            zh: "声明类型为 \(found);应为 \(expected)。"
        )
    }
    public static func messageVersion(_ found: String, expected: String) -> Phrase {
        Phrase(
            en: "The message has schema version \(found); this program reads \(expected).",
            zh: "消息的模式版本为 \(found);本程序读取 \(expected)。"
        )
    }
    public static var messageSubject: Phrase {
        Phrase(
            en: "The statement's subject is not what its predicate names.", zh: "声明的主体与其内容所指不一致。")
    }
    public static var messageProtocolUnnamed: Phrase {
        Phrase(
            en: "The protocol has no identifier and version; add both before it is signed.",
            zh: "方案没有 identifier 和 version;请先补上再签名。"
        )
    }
}

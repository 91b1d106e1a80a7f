// What is said about tables and arrays in local files.
extension Phrase {
    // MARK: - Any file

    public static func localFileUnreadable(_ path: String) -> Phrase {
        Phrase(
            en: "Cannot read \(path); check that it exists, may be read and is a file.",
            zh: "无法读取 \(path);请检查其是否存在、是否可读、是否为普通文件。")
    }
    public static func localFileChanged(_ path: String) -> Phrase {
        Phrase(
            en: "\(path) changed while it was read; run the command again when nothing writes to it.",
            zh: "\(path) 在读取过程中发生了变化;请在无程序写入时重新运行。")
    }

    // MARK: - Tables

    public static func localTableEmpty(_ path: String) -> Phrase {
        Phrase(en: "\(path) is empty; its first line must name the columns.", zh: "\(path) 为空;第一行须为列名。")
    }
    public static func localTableHeaderNotText(_ place: String) -> Phrase {
        Phrase(
            en: "\(place): a column name is not valid UTF-8; save the table as UTF-8.",
            zh: "\(place):列名不是有效的 UTF-8;请将表格另存为 UTF-8。")
    }
    public static func localTableColumnRepeated(_ place: String, _ name: String) -> Phrase {
        Phrase(
            en: "\(place): the column \"\(name)\" occurs twice; rename one of them.",
            zh: "\(place):列“\(name)”出现两次;请重命名其中之一。")
    }
    public static func localTableColumnUnknown(
        _ path: String, _ name: String, nearest: String?, known: [String]
    ) -> Phrase {
        let few = known.prefix(20)
        let list = few.joined(separator: ", ") + (known.count > few.count ? ", …" : "")
        let mend = nearest.map { (en: "did you mean \"\($0)\"? ", zh: "是否应为“\($0)”?") } ?? (en: "", zh: "")
        return Phrase(
            en: "\(path) has no column \"\(name)\"; \(mend.en)The columns are: \(list).",
            zh: "\(path) 中没有列“\(name)”;\(mend.zh)现有列:\(list)。")
    }
    public static func localTableTooManyColumns(_ place: String, limit: Int) -> Phrase {
        Phrase(
            en: "\(place): more than \(limit) columns; keep only those that are needed.",
            zh: "\(place):列数超过 \(limit);请只保留需要的列。")
    }
    public static func localTableTooManyRows(_ path: String, limit: Int) -> Phrase {
        Phrase(en: "\(path) has more than \(limit) rows; split it.", zh: "\(path) 超过 \(limit) 行;请拆分。")
    }
    public static func localTableRagged(_ place: String, found: Int, expected: Int) -> Phrase {
        Phrase(
            en: "\(place): this row has \(found) fields, the header \(expected); quote fields that hold the delimiter.",
            zh: "\(place):此行有 \(found) 个字段,而表头有 \(expected) 个;含分隔符的字段须加引号。")
    }
    public static func localTableFieldTooLong(_ place: String, limit: Int) -> Phrase {
        Phrase(
            en: "\(place): a field is longer than \(limit) bytes; a quote may be missing.",
            zh: "\(place):字段超过 \(limit) 字节;可能缺少引号。")
    }
    public static func localTableUnterminatedQuote(_ place: String) -> Phrase {
        Phrase(
            en: "\(place): the quote that opens here is not closed; double a quote that belongs to the text.",
            zh: "\(place):此处的引号没有闭合;属于文本的引号须写两次。")
    }
    public static func localTableStrayQuote(_ place: String) -> Phrase {
        Phrase(
            en: "\(place): a quote inside a field; put the whole field in quotes and double the quotes in it.",
            zh: "\(place):字段中间出现引号;请将整个字段加引号,并把其中的引号写两次。")
    }
    public static func localTableLoneReturn(_ place: String) -> Phrase {
        Phrase(
            en: "\(place): a carriage return without a line feed; save the table with LF or CRLF line ends.",
            zh: "\(place):只有回车而没有换行;请以 LF 或 CRLF 行尾保存表格。")
    }
    public static func localTableNUL(_ place: String) -> Phrase {
        Phrase(
            en: "\(place): a NUL byte; the file is no text, or is UTF-16: save it as UTF-8.",
            zh: "\(place):出现 NUL 字节;文件不是文本,或为 UTF-16:请另存为 UTF-8。")
    }
    public static func localTableNotText(_ place: String) -> Phrase {
        Phrase(
            en: "\(place): this text is not valid UTF-8; save the table as UTF-8.",
            zh: "\(place):此文本不是有效的 UTF-8;请将表格另存为 UTF-8。")
    }
    public static func localTableNotANumber(_ place: String, column: String) -> Phrase {
        Phrase(
            en: "\(place): this value of \"\(column)\" is not a number; write digits with a point, or leave it empty.",
            zh: "\(place):列“\(column)”的此值不是数字;请写带小数点的数字,或留空。")
    }
    public static func localTableTooManyGroups(_ path: String, column: String, limit: Int) -> Phrase {
        Phrase(
            en: "\(path): \"\(column)\" has more than \(limit) different values; group by a column with fewer.",
            zh: "\(path):列“\(column)”的不同取值超过 \(limit) 个;请按取值较少的列分组。")
    }
    public static func localTableGroupedByQuantity(column: String) -> Phrase {
        Phrase(
            en: "\"\(column)\" is declared as a quantity; group by a category.",
            zh: "“\(column)”声明为数量;请按类别分组。")
    }

    // MARK: - Arrays

    public static func localArrayMalformed(_ path: String) -> Phrase {
        Phrase(
            en: "\(path) is no NumPy array, or its header is damaged; write it with numpy.save.",
            zh: "\(path) 不是 NumPy 数组,或文件头损坏;请用 numpy.save 写出。")
    }
    public static func localArrayUnsupported(_ path: String, element: String) -> Phrase {
        Phrase(
            en: "\(path) holds elements of type \"\(element)\"; convert them to float64, float32, an integer or bool.",
            zh: "\(path) 的元素类型为“\(element)”;请转换为 float64、float32、整数或 bool。")
    }
    public static func localArrayShape(_ path: String, expected: String) -> Phrase {
        Phrase(en: "\(path) has another shape; \(expected) is expected.", zh: "\(path) 的形状不符;应为 \(expected)。")
    }
    public static func localArrayTruncated(_ path: String, expected: Int, found: Int) -> Phrase {
        Phrase(
            en: "\(path) has \(found) bytes where its header asks for \(expected); write it again.",
            zh: "\(path) 有 \(found) 字节,而文件头要求 \(expected) 字节;请重新写出。")
    }

    // MARK: - Declared variables

    public static func localVariablesMalformed(_ path: String, _ faults: [(pointer: String, phrase: Phrase)]) -> Phrase
    {
        func list(_ text: (Phrase) -> String) -> String {
            faults.map { "\n  \($0.pointer): \(text($0.phrase))" }.joined()
        }
        return Phrase(
            en: "\(path) does not declare variables as a protocol does:" + list(\.english),
            zh: "\(path) 未按方案的形式声明变量:" + list(\.chinese))
    }
    public static var localVariablesForm: Phrase {
        Phrase(
            en: "write a list of variables, or an object with the member \"variables\"",
            zh: "请写变量列表,或含“variables”成员的对象")
    }
    public static func localVariablesRepeated(_ id: String) -> Phrase {
        Phrase(en: "\"\(id)\" is declared twice", zh: "“\(id)”重复声明")
    }
    public static var localVariablesResolution: Phrase {
        Phrase(
            en: "write a positive decimal of at most 9 digits, such as \"0.01\"",
            zh: "请写最多 9 位数字的正十进制数,例如 \"0.01\"")
    }
    public static var localVariablesRange: Phrase {
        Phrase(
            en: "write two decimals, the lower first, each a multiple of the resolution and within 2^47 of it",
            zh: "请写两个十进制数,先小后大,均为分辨率的整数倍,且在其 2^47 倍以内")
    }
}

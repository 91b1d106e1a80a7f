// What is said about the contents of tables that are scored.
extension Phrase {
    private static func few(_ levels: [String]) -> String {
        levels.isEmpty
            ? "-" : levels.prefix(10).map { "\"\($0)\"" }.joined(separator: ", ") + (levels.count > 10 ? ", …" : "")
    }
    public static func localScorePositiveUnknown(_ column: String, _ asked: String, levels: [String]) -> Phrase {
        Phrase(
            en:
                "No row of the column \"\(column)\" has the positive label \"\(asked)\"; its labels are: \(few(levels)).",
            zh: "列“\(column)”中没有阳性标签“\(asked)”;现有标签:\(few(levels))。")
    }
    public static func localScorePositiveUnnamed(_ column: String, levels: [String]) -> Phrase {
        Phrase(
            en: "Which label of the column \"\(column)\" is positive? Name it with --positive; its labels are: "
                + "\(few(levels)).",
            zh: "列“\(column)”的哪个标签为阳性?请用 --positive 指定;现有标签:\(few(levels))。")
    }
    public static func localScorePatientMissing(_ count: Int) -> Phrase {
        Phrase(
            en: "\(count) rows name no patient; fill the column in, or leave --patient out if every row is its own.",
            zh: "\(count) 行缺少患者标识;请补全该列,或在每行均为不同患者时省略 --patient。")
    }
    public static func localScoreTooManyCases(limit: Int) -> Phrase {
        Phrase(en: "At most \(limit) cases can be scored at once; split the table.", zh: "一次最多可评分 \(limit) 个病例;请拆分表格。")
    }
    public static let localScoreTwoClasses = Phrase(
        en: "Name the score columns of at least two classes with --scores, separated by commas.",
        zh: "请用 --scores 指定至少两个类别的评分列,以逗号分隔。")
    public static func localScoreClassCount(names: [String], columns: [String]) -> Phrase {
        Phrase(
            en: "--scores names the columns \(columns.joined(separator: ", ")) and --classes the labels "
                + "\(names.joined(separator: ", ")); name as many of each, every one once.",
            zh: "--scores 指定了列 \(columns.joined(separator: "、")),--classes 指定了标签 \(names.joined(separator: "、"));"
                + "两者数量须相同,且均不得重复。")
    }
    public static func localScoreClassUnknown(_ column: String, unknown: [String], columns: [String]) -> Phrase {
        Phrase(
            en: "The labels \(few(unknown)) of the column \"\(column)\" belong to none of the score columns "
                + "\(columns.joined(separator: ", ")); name the label of each of these with --classes.",
            zh: "列“\(column)”的标签 \(few(unknown)) 与评分列 \(columns.joined(separator: "、")) 无法对应;"
                + "请用 --classes 逐一指定各评分列的标签。")
    }
    public static func localScoreMasksDiffer(_ reference: String, _ prediction: String) -> Phrase {
        Phrase(
            en:
                "The reference has \(reference) voxels and the prediction \(prediction); resample one to the other's grid.",
            zh: "参考掩膜为 \(reference) 体素,预测掩膜为 \(prediction) 体素;请将其中之一重采样到另一个的网格。")
    }
    public static let localScoreRequestInvalid = Phrase(
        en: "Tolerances are 0 or more, widths above 0, percentiles from 0 to 100.",
        zh: "容差须不小于 0,宽度须大于 0,百分位数须在 0 到 100 之间。")
    public static func localScoreSpacing(axes: Int) -> Phrase {
        let order = axes == 3 ? "Z,Y,X" : "Y,X"
        return Phrase(
            en:
                "The masks have \(axes) axes; give --spacing \(order) as \(axes) numbers in millimetres, each from 0.000001 to 1000000.",
            zh: "掩膜有 \(axes) 个轴;请以 --spacing \(order) 给出 \(axes) 个毫米数,每个在 0.000001 到 1000000 之间。")
    }
    public static func localScoreEffectUnusable(_ path: String, row: Int) -> Phrase {
        Phrase(
            en:
                "\(path), row \(row) behind the header: a site needs an estimate and a variance above 0; complete the row "
                + "or take the site out.",
            zh: "\(path) 表头后第 \(row) 行:站点须有估计值和大于 0 的方差;请补全该行或去掉该站点。")
    }
    public static func localMaskNotLabels(_ path: String, _ type: String) -> Phrase {
        Phrase(
            en:
                "\(path) holds elements of the type \(type), which is not read as a mask; save it as little-endian bool or "
                + "integers, such as uint8.",
            zh: "\(path) 的元素类型为 \(type),不能作为掩膜读取;请另存为小端布尔或整数,例如 uint8。")
    }
    public static func localMaskShape(_ path: String, _ shape: [Int]) -> Phrase {
        let text = shape.map(String.init).joined(separator: "x")
        return Phrase(
            en: "\(path) has the shape \(text); a mask has the axes z, y, x or y, x, each from 1 to 65536 voxels long.",
            zh: "\(path) 的形状为 \(text);掩膜的轴须为 z、y、x 或 y、x,每个轴长 1 到 65536 体素。")
    }
    public static func localMaskTooManyLabels(_ reference: String, _ prediction: String, limit: Int) -> Phrase {
        Phrase(
            en:
                "\(reference) and \(prediction) hold more than \(limit) different labels; name the one to be scored with "
                + "--label, or check that these are label arrays and not images.",
            zh: "\(reference) 与 \(prediction) 共含超过 \(limit) 个不同标签;请用 --label 指定要评分的标签,或确认它们是标签数组而非影像。")
    }
}

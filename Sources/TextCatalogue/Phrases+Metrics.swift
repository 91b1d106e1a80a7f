// Headings of a table of metrics.
extension Phrase {
    public static let headingMetric = Phrase(en: "METRIC", zh: "指标")
    public static let headingVariable = Phrase(en: "VARIABLE", zh: "变量")
    public static let headingClass = Phrase(en: "CLASS", zh: "类别")
    public static let headingAverage = Phrase(en: "AVERAGE", zh: "平均方式")
    public static let headingNumber = Phrase(en: "N", zh: "数量")
    public static let headingDefinition = Phrase(en: "DEFINITION", zh: "定义")
    public static let sourceWord = Phrase(en: "source", zh: "来源")
}

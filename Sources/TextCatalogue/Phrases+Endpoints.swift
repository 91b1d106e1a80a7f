/// What authors and readers of a study are told about endpoints beside `Phrases+Protocol` and `Phrases+Reports`.
extension Phrase {
    public static var protocolEquivalenceMarginRequired: Phrase {
        Phrase(en: "equivalence needs a margin; add \"margin\"", zh: "等效需要界值;请加上“margin”")
    }
    public static func protocolMultiplicityAlpha(_ rule: String) -> Phrase {
        Phrase(
            en: "\"\(rule)\" divides one alpha among the family; give all its endpoints the same one-sided alpha",
            zh: "“\(rule)”在族内分配同一个 alpha;请让族内所有终点的单侧 alpha 相同"
        )
    }

    // In results.

    public static func upperLimitAgainst(_ limit: String, _ bound: String) -> Phrase {
        Phrase(en: "the upper limit \(limit) against \(bound)", zh: "置信上限 \(limit),界限 \(bound)")
    }
    public static func familyRule(_ rule: String) -> Phrase {
        Phrase(en: "family (\(rule))", zh: "终点族(\(rule))")
    }
    public static func familyVerdict(_ code: String) -> Phrase {
        switch code {
        case "partly-met": Phrase(en: "partly met", zh: "部分达到")
        default: verdict(code)
        }
    }
    public static func withheldSites(_ sites: [String]) -> Phrase {
        let list = sites.joined(separator: ", ")
        return Phrase(
            en: "whatever the withheld cases of \(list) hold", zh: "\(list) 未放行的病例无论如何")
    }
    public static let predictionWord = Phrase(en: "a new site", zh: "新站点")
}

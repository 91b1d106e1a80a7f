import StrictJSON

extension FaultCase {
    private static func many(_ count: Int, _ make: (Int) -> JSONValue) -> JSONValue {
        .array((0..<count).map(make))
    }

    /// Faults that are seen without asking what the protocol means.
    static let form: [FaultCase] = [
        FaultCase("no schema version", [("/schemaVersion", nil)], [("json-missing", "")]),
        FaultCase("another schema version", [("/schemaVersion", "2.0")], [("schema-version", "/schemaVersion")]),
        FaultCase("a name with a space", [("/identifier", "my study")], [("name-malformed", "/identifier")]),
        FaultCase("a name with a slash", [("/statistics/0/id", "a/b")], [("name-malformed", "/statistics/0/id")]),
        FaultCase("a version in words", [("/version", "final")], [("version-malformed", "/version")]),
        FaultCase("a version with a leading zero", [("/version", "1.01")], [("version-malformed", "/version")]),
        FaultCase("an empty title", [("/title/en", "")], [("text-malformed", "/title/en")]),
        FaultCase("a hidden turn of direction", [("/title/en", "a\u{202E}b")], [("text-malformed", "/title/en")]),
        FaultCase(
            "a title that is too long", [("/title/en", .string(String(repeating: "长", count: 301)))],
            [("text-malformed", "/title/en")]),
        FaultCase("a language that is not known", [("/title/zh", "题")], [("json-unknown-member", "/title/zh")]),
        FaultCase("a date without a time", [("/expires", "2027-12-31")], [("timestamp-malformed", "/expires")]),
        FaultCase(
            "a time with an offset", [("/expires", "2027-12-31T00:00:00+08:00")],
            [("timestamp-malformed", "/expires")]),
        FaultCase("a digest cut short", [("/model/digest", "sha256:12")], [("invalid-digest", "/model/digest")]),
        FaultCase("a malformed former version", [("/supersedes", "1.0.0")], [("invalid-digest", "/supersedes")]),
        FaultCase(
            "a site in capitals", [("/sites/invited/0", "Siemens")], [("invalid-identifier", "/sites/invited/0")]),
        FaultCase("an unknown purpose", [("/purpose", "profit")], [("json-not-allowed", "/purpose")]),
        FaultCase(
            "a quantity as a number", [("/evaluation/operatingPoints/0/threshold", 0.5)],
            [("decimal-not-string", "/evaluation/operatingPoints/0/threshold")]),
        FaultCase(
            "a quantity with an exponent", [("/statistics/0/edges/1", "6e0")],
            [("decimal-malformed", "/statistics/0/edges/1")]),
        FaultCase(
            "a resolution of zero", [("/variables/0/resolution", "0")],
            [("resolution-malformed", "/variables/0/resolution")]),
        FaultCase(
            "a score resolution that does not divide one", [("/evaluation/scoreResolution", "0.3")],
            [("resolution-malformed", "/evaluation/scoreResolution")]),
        FaultCase(
            "scores of so few values that the AUROC gives back their counts", [("/evaluation/scoreResolution", "0.5")],
            [("resolution-malformed", "/evaluation/scoreResolution")]),
        FaultCase(
            "a range turned round", [("/variables/0/range", ["100", "0"])],
            [("range-not-ascending", "/variables/0/range")]),
        FaultCase(
            "a range of one end", [("/variables/0/range", ["0"])], [("json-item-count", "/variables/0/range")]),
        FaultCase(
            "a range too wide for exact sums",
            [("/variables/2/resolution", "0.000001"), ("/variables/2/range", ["0", "999999999999"])],
            [("range-too-wide", "/variables/2/range/1")]),
        FaultCase(
            "a range between the steps", [("/variables/2/range", ["0", "4.5"])],
            [("not-on-resolution", "/variables/2/range/1")]),
        FaultCase(
            "an edge between the steps", [("/statistics/0/edges/1", "6.005")],
            [("not-on-resolution", "/statistics/0/edges/1")]),
        FaultCase(
            "a criterion between the steps", [("/cohort/include/0/atLeast", "2.5")],
            [("not-on-resolution", "/cohort/include/0/atLeast")]),
        FaultCase(
            "an edge outside of the range", [("/statistics/0/edges/7", "100.01")],
            [("outside-range", "/statistics/0/edges/7")]),
        FaultCase(
            "a threshold above one", [("/evaluation/operatingPoints/0/threshold", "1.5")],
            [("outside-range", "/evaluation/operatingPoints/0/threshold")]),
        FaultCase(
            "edges that turn back", [("/statistics/0/edges/2", "6")],
            [("edges-not-ascending", "/statistics/0/edges/2")]),
        FaultCase(
            "a single edge", [("/statistics/0/edges", ["0"])], [("json-item-count", "/statistics/0/edges")]),
        FaultCase(
            "too many edges",
            [("/statistics/0/edges", many(101) { .string("\($0 / 10).\($0 % 10)") })],
            [("json-item-count", "/statistics/0/edges")]),
        FaultCase(
            "subgroups of a quantity without edges", [("/evaluation/subgroups/0/edges", nil)],
            [("edges-required", "/evaluation/subgroups/0")]),
        FaultCase(
            "subgroups of a category with edges", [("/evaluation/subgroups/0/variable", "manufacturer")],
            [("edges-not-applicable", "/evaluation/subgroups/0/edges")]),
        FaultCase(
            "a level with a line end", [("/variables/4/levels/3", "Tos\nhiba")],
            [("level-malformed", "/variables/4/levels/3")]),
        FaultCase(
            "a level that ends in a space", [("/variables/4/levels/3", "Toshiba ")],
            [("level-malformed", "/variables/4/levels/3")]),
        FaultCase(
            "a level that is too long", [("/variables/4/levels/3", .string(String(repeating: "东", count: 65)))],
            [("level-malformed", "/variables/4/levels/3")]),
        FaultCase(
            "a level that means no value", [("/variables/4/levels/3", "missing")],
            [("level-reserved", "/variables/4/levels/3")]),
        FaultCase(
            "a positive level that is none", [("/referenceStandard/positive", "yes")],
            [("level-unknown", "/referenceStandard/positive")]),
        FaultCase(
            "a criterion on a level that is none",
            [("/cohort/exclude/-", ["variable": "manufacturer", "equals": "Canon", "reason": "vendor"])],
            [("level-unknown", "/cohort/exclude/1/equals")]),
        FaultCase(
            "a criterion with two conditions", [("/cohort/include/0/atMost", "4")],
            [("criterion-condition", "/cohort/include/0")]),
        FaultCase(
            "a criterion without a condition", [("/cohort/include/0/atLeast", nil)],
            [("criterion-condition", "/cohort/include/0")]),
        FaultCase(
            "a criterion that orders levels",
            [("/cohort/exclude/-", ["variable": "manufacturer", "atLeast": "GE", "reason": "vendor"])],
            [("criterion-condition", "/cohort/exclude/1/atLeast")]),
        FaultCase(
            "a criterion without a reason", [("/cohort/include/0/reason", nil)],
            [("json-missing", "/cohort/include/0")]),
        FaultCase(
            "a grid turned round", [("/evaluation/scoreGrid/to", -7)], [("grid-malformed", "/evaluation/scoreGrid")]),
        FaultCase(
            "a grid of too many steps", [("/evaluation/scoreGrid/steps", 201)],
            [("json-out-of-range", "/evaluation/scoreGrid/steps")]),
        FaultCase(
            "a variable declared twice", [("/variables/4/id", "readers")],
            [("duplicate", "/variables/4/id"), ("unknown-variable", "/statistics/2/axes/0")]),
        FaultCase("a statistic named twice", [("/statistics/1/id", "diameter")], [("duplicate", "/statistics/1/id")]),
        FaultCase("an endpoint named twice", [("/endpoints/2/id", "sensitivity")], [("duplicate", "/endpoints/2/id")]),
        FaultCase(
            "an operating point named twice",
            [("/evaluation/operatingPoints/-", ["id": "pre-specified", "threshold": "0.4"])],
            [("duplicate", "/evaluation/operatingPoints/1/id")]),
        FaultCase(
            "a variable subgrouped twice", [("/evaluation/subgroups/1/variable", "diameter")],
            [("duplicate", "/evaluation/subgroups/1/variable")]),
        FaultCase("a level named twice", [("/variables/4/levels/3", "GE")], [("duplicate", "/variables/4/levels/3")]),
        FaultCase("a site invited twice", [("/sites/invited/2", "siemens")], [("duplicate", "/sites/invited/2")]),
        FaultCase(
            "an axis named twice", [("/statistics/2/axes", ["malignant", "malignant"])],
            [("duplicate", "/statistics/2/axes/1")]),
        FaultCase(
            "a statistic named like an answer", [("/statistics/1/id", "roc")], [("reserved-name", "/statistics/1/id")]),
        FaultCase(
            "an unknown variable in a criterion", [("/cohort/include/0/variable", "reader")],
            [("unknown-variable", "/cohort/include/0/variable")]),
        FaultCase(
            "an unknown variable in a statistic", [("/statistics/1/variable", "age")],
            [("unknown-variable", "/statistics/1/variable")]),
        FaultCase(
            "a summary of a category", [("/statistics/1/variable", "manufacturer")],
            [("wrong-variable-kind", "/statistics/1/variable")]),
        FaultCase(
            "a grouping by a quantity", [("/statistics/1/by", "readers")],
            [("wrong-variable-kind", "/statistics/1/by")]),
        FaultCase(
            "an axis that is a quantity", [("/statistics/2/axes/0", "diameter")],
            [("wrong-variable-kind", "/statistics/2/axes/0")]),
        FaultCase(
            "a statistic of an unknown kind", [("/statistics/1/kind", "median")],
            [("json-not-allowed", "/statistics/1/kind")]),
        FaultCase(
            "too many variables",
            (0..<200).map {
                ("/variables/-", ["id": .string("v\($0)"), "kind": "category", "levels": ["a", "b"]])
            },
            [("json-item-count", "/variables")]),
        FaultCase(
            "too many statistics",
            [
                (
                    "/statistics",
                    many(201) { ["id": .string("s\($0)"), "kind": "summary", "variable": "diameter"] }
                )
            ],
            [("json-item-count", "/statistics")]),
        FaultCase(
            "too many operating points",
            [
                (
                    "/evaluation/operatingPoints",
                    many(11) { ["id": .string("p\($0)"), "threshold": .string("0.\($0 + 10)")] }
                )
            ],
            [("json-item-count", "/evaluation/operatingPoints")]),
        FaultCase(
            "a minimum cell of zero", [("/disclosure/minimumCell", 0)],
            [("json-out-of-range", "/disclosure/minimumCell")]),
        FaultCase(
            "a goal of one", [("/endpoints/0/hypothesis/goal", 1)],
            [("outside-open-range", "/endpoints/0/hypothesis/goal")]),
        FaultCase(
            "an alpha of zero", [("/endpoints/0/hypothesis/alpha", 0)],
            [("outside-open-range", "/endpoints/0/hypothesis/alpha")]),
        FaultCase(
            "three sides", [("/endpoints/0/hypothesis/sides", 3)],
            [("json-out-of-range", "/endpoints/0/hypothesis/sides")]),
        FaultCase(
            "a level of 95", [("/endpoints/1/interval/level", 95)],
            [("outside-open-range", "/endpoints/1/interval/level")]),
        FaultCase(
            "an unknown variance", [("/endpoints/1/variance", "sandwich")],
            [("json-not-allowed", "/endpoints/1/variance")]),
    ]
}

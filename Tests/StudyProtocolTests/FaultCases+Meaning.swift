import StrictJSON

extension FaultCase {
    private static let categories: JSONValue = .array(
        (0..<3).map { axis in
            [
                "id": .string("c\(axis)"), "kind": "category",
                "levels": .array((0..<(axis == 2 ? 60 : 22)).map { .string("l\($0)") }),
            ]
        })

    private static let secondPrimary: JSONValue = [
        "id": "second", "role": "primary", "metric": "sensitivity", "operatingPoint": "pre-specified",
        "estimator": "stratified", "variance": "cluster",
        "hypothesis": ["kind": "superiority-to-goal", "goal": 0.6, "alpha": 0.025, "sides": 1],
        "interval": ["method": "wilson-effective-size", "level": 0.95],
    ]

    /// Faults of documents whose form is good.
    static let meaning: [FaultCase] = [
        FaultCase(
            "a reference standard of four levels",
            [("/referenceStandard/variable", "manufacturer"), ("/referenceStandard/positive", "GE")],
            [("reference-not-binary", "/referenceStandard/variable")]),
        FaultCase(
            "no invited site", [("/sites/invited", [])],
            [("no-invited-site", "/sites/invited"), ("minimum-sites-unreachable", "/sampleSize/minimumSites")]),
        FaultCase(
            "a training site invited", [("/sites/invited/-", "ge")], [("training-site-invited", "/sites/invited/3")]),
        FaultCase(
            "ethics of a site that is not invited", [("/ethics/-", ["site": "canon", "basis": "Waiver"])],
            [("ethics-site-not-invited", "/ethics/1/site")]),
        FaultCase("an expiry that has passed", [("/expires", "2026-12-01T00:00:00Z")], [("expired", "/expires")]),
        FaultCase("no model", [("/model", nil)], [("model-required", "/evaluation")]),
        FaultCase("no reference standard", [("/referenceStandard", nil)], [("reference-required", "/evaluation")]),
        FaultCase(
            "endpoints and a model without an evaluation", [("/evaluation", nil)],
            [("evaluation-required", "/model"), ("evaluation-required", "/endpoints")]),
        FaultCase("lesions without a cluster", [("/evaluation/cluster", nil)], [("cluster-required", "/evaluation")]),
        FaultCase(
            "subgroups by the reference standard", [("/evaluation/subgroups/-", ["variable": "malignant"])],
            [("subgroup-by-reference", "/evaluation/subgroups/2/variable")]),
        FaultCase(
            "too many subgroups of one variable",
            [
                ("/variables/-", categories[2]),
                ("/evaluation/subgroups/-", ["variable": "c2"]),
            ],
            [("too-many-answers", "/evaluation/subgroups/2")]),
        FaultCase(
            "a table of too many cells",
            [
                ("/variables/-", categories[0]), ("/variables/-", categories[1]), ("/variables/-", categories[2]),
                ("/statistics/-", ["id": "huge", "kind": "table", "axes": ["c0", "c1", "c2"]]),
            ],
            [("too-many-answers", "/statistics/3/axes")]),
        FaultCase(
            "too many answers in all",
            [
                (
                    "/evaluation/operatingPoints",
                    .array((0..<10).map { ["id": .string("p\($0)"), "threshold": .string("0.1\($0)")] })
                ),
                (
                    "/variables",
                    .array(
                        (0..<5).map { index in
                            [
                                "id": .string("g\(index)"), "kind": "category",
                                "levels": .array((0..<50).map { .string("l\($0)") }),
                            ]
                        } + [["id": "malignant", "kind": "category", "levels": ["0", "1"]]])
                ),
                ("/evaluation/subgroups", .array((0..<5).map { ["variable": .string("g\($0)")] })),
                ("/statistics", []), ("/cohort/include", []), ("/endpoints", []), ("/multiplicity", nil),
            ],
            [("too-many-answers", "")]),
        FaultCase(
            "sensitivity without a threshold", [("/endpoints/1/operatingPoint", nil)],
            [("operating-point-required", "/endpoints/1")]),
        FaultCase(
            "sensitivity at an unknown threshold", [("/endpoints/1/operatingPoint", "prespecified")],
            [("unknown-operating-point", "/endpoints/1/operatingPoint")]),
        FaultCase(
            "an AUROC at a threshold", [("/endpoints/0/operatingPoint", "pre-specified")],
            [("operating-point-not-applicable", "/endpoints/0/operatingPoint")]),
        FaultCase(
            "an estimator that a metric does not have",
            [
                ("/endpoints/1/estimator", "pooled-bounds"), ("/endpoints/1/weights", nil),
                ("/endpoints/1/variance", nil), ("/endpoints/1/interval", nil),
            ],
            [("estimator-not-applicable", "/endpoints/1/estimator")]),
        FaultCase(
            "Wilson's interval of random effects",
            [("/endpoints/1/estimator", "random-effects"), ("/endpoints/1/weights", nil)],
            [("interval-not-applicable", "/endpoints/1/interval/method")]),
        FaultCase(
            "an exact binomial model of clustered cases",
            [
                ("/endpoints/1/estimator", "random-effects"), ("/endpoints/1/weights", nil),
                ("/endpoints/1/interval/method", "z"), ("/endpoints/1/randomEffects", "binomial-bivariate"),
            ],
            [("combination-not-applicable", "/endpoints/1/randomEffects")]),
        FaultCase(
            "random effects of the stratified estimator", [("/endpoints/0/randomEffects", "reml")],
            [("combination-not-applicable", "/endpoints/0/randomEffects")]),
        FaultCase(
            "Hartung and Knapp's interval without a variance between sites",
            [("/endpoints/3/randomEffects", "fixed-effect")],
            [("interval-not-applicable", "/endpoints/3/interval/method")]),
        FaultCase(
            "a prediction from a fixed effect",
            [
                ("/endpoints/3/randomEffects", "fixed-effect"), ("/endpoints/3/interval/method", "z"),
                ("/endpoints/3/predictionInterval", "z"),
            ],
            [("prediction-not-applicable", "/endpoints/3/predictionInterval")]),
        FaultCase(
            "a prediction from strata", [("/endpoints/0/predictionInterval", "z")],
            [("prediction-not-applicable", "/endpoints/0/predictionInterval")]),
        FaultCase(
            "a binomial model on the scale of the arcsine",
            [
                ("/cohort/unit", "patient"), ("/evaluation/cluster", nil),
                ("/endpoints/2/estimator", "random-effects"), ("/endpoints/2/weights", nil),
                ("/endpoints/2/variance", "binomial"), ("/endpoints/2/interval/method", "z"),
                ("/synthesis/transform", "arcsine"),
            ],
            [("transform-not-applicable", "/synthesis/transform")]),
        FaultCase(
            "pairs as weights of a proportion", [("/endpoints/1/weights", "pairs")],
            [("weights-not-applicable", "/endpoints/1/weights")]),
        FaultCase(
            "inverse variances as weights of an endpoint that decides", [("/endpoints/0/weights", "inverse-variance")],
            [("weights-not-applicable", "/endpoints/0/weights")]),
        FaultCase(
            "weights of random effects", [("/endpoints/3/weights", "equal")],
            [("weights-not-applicable", "/endpoints/3/weights")]),
        FaultCase("no variance", [("/endpoints/0/variance", nil)], [("variance-required", "/endpoints/0")]),
        FaultCase(
            "a variance of proportions for an AUROC", [("/endpoints/0/variance", "cluster")],
            [("variance-not-applicable", "/endpoints/0/variance")]),
        FaultCase(
            "a variance of bounds", [("/endpoints/4/variance", "obuchowski")],
            [("variance-not-applicable", "/endpoints/4/variance")]),
        FaultCase(
            "DeLong for clustered cases", [("/endpoints/0/variance", "delong")],
            [("clustered-variance-required", "/endpoints/0/variance")]),
        FaultCase(
            "binomial for clustered cases",
            [("/endpoints/2/variance", "binomial"), ("/endpoints/2/interval/method", "wilson")],
            [("clustered-variance-required", "/endpoints/2/variance")]),
        FaultCase("no interval", [("/endpoints/1/interval", nil)], [("interval-required", "/endpoints/1")]),
        FaultCase(
            "plain Wilson for clustered cases", [("/endpoints/1/interval/method", "wilson")],
            [("interval-not-applicable", "/endpoints/1/interval/method")]),
        FaultCase(
            "an interval of bounds", [("/endpoints/4/interval", ["method": "wald", "level": 0.95])],
            [("interval-not-applicable", "/endpoints/4/interval/method")]),
        FaultCase(
            "a primary endpoint without a hypothesis", [("/endpoints/0/hypothesis", nil)],
            [("hypothesis-required", "/endpoints/0"), ("multiplicity-family", "/multiplicity/family/0")]),
        FaultCase(
            "a hypothesis of a sensitivity analysis",
            [
                (
                    "/endpoints/3/hypothesis",
                    ["kind": "superiority-to-goal", "goal": 0.7, "alpha": 0.025, "sides": 1]
                )
            ],
            [("hypothesis-not-applicable", "/endpoints/3/hypothesis")]),
        FaultCase(
            "superiority with a margin", [("/endpoints/0/hypothesis/margin", 0.05)],
            [("margin-not-applicable", "/endpoints/0/hypothesis/margin")]),
        FaultCase(
            "non-inferiority without a margin", [("/endpoints/0/hypothesis/kind", "non-inferiority")],
            [("margin-required", "/endpoints/0/hypothesis")]),
        FaultCase(
            "a margin as large as the goal",
            [("/endpoints/0/hypothesis/kind", "non-inferiority"), ("/endpoints/0/hypothesis/margin", 0.75)],
            [("outside-open-range", "/endpoints/0/hypothesis/margin")]),
        FaultCase(
            "equivalence without a margin", [("/endpoints/0/hypothesis/kind", "equivalence")],
            [("margin-required", "/endpoints/0/hypothesis")]),
        FaultCase(
            "equivalence up to one",
            [("/endpoints/0/hypothesis/kind", "equivalence"), ("/endpoints/0/hypothesis/margin", 0.25)],
            [("outside-open-range", "/endpoints/0/hypothesis/margin")]),
        FaultCase(
            "an interval that does not decide the test", [("/endpoints/0/hypothesis/alpha", 0.05)],
            [("alpha-interval-mismatch", "/endpoints/0/interval/level")]),
        FaultCase(
            "two sides at the level of one", [("/endpoints/0/hypothesis/sides", 2)],
            [("alpha-interval-mismatch", "/endpoints/0/interval/level")]),
        FaultCase(
            "random effects that decide on three sites",
            [
                ("/endpoints/0/estimator", "random-effects"), ("/endpoints/0/weights", nil),
                ("/endpoints/0/interval/method", "hksj-guarded"),
            ],
            [("random-effects-too-few-sites", "/endpoints/0/estimator")]),
        FaultCase(
            "two primary endpoints without a family",
            [("/endpoints/-", secondPrimary), ("/multiplicity", nil)], [("multiplicity-required", "")]),
        FaultCase(
            "a primary endpoint outside of the family", [("/endpoints/-", secondPrimary)],
            [("multiplicity-family", "/multiplicity/family")]),
        FaultCase(
            "a family of two without a rule",
            [("/endpoints/-", secondPrimary), ("/multiplicity/family/-", "second")],
            [("multiplicity-rule", "/multiplicity/rule")]),
        FaultCase(
            "a divided alpha that is not one number",
            [
                ("/endpoints/-", secondPrimary), ("/endpoints/5/hypothesis/alpha", 0.05),
                ("/endpoints/5/interval/level", 0.9), ("/multiplicity/family/-", "second"),
                ("/multiplicity/rule", "holm"),
            ],
            [("multiplicity-alpha", "/multiplicity/rule")]),
        FaultCase(
            "an unknown endpoint in the family", [("/multiplicity/family/-", "primry"), ("/multiplicity/rule", "all")],
            [("unknown-endpoint", "/multiplicity/family/1")]),
        FaultCase("no sample size", [("/sampleSize", nil)], [("sample-size-required", "")]),
        FaultCase(
            "more sites needed than invited", [("/sampleSize/minimumSites", 4)],
            [("minimum-sites-unreachable", "/sampleSize/minimumSites")]),
    ]
}

internal import TextCatalogue

/// Planned sizes as metrics: `sample_size` by class or group with the power that it has, and what must be collected.
public enum SampleSizeMetrics {
    /// The sizes of both classes.
    ///
    /// - Parameters:
    ///   - planned: of a method of this family.
    ///   - method: its name, such as ``PlannedAreaVariance``'s.
    ///   - prevalence: the expected share of positives, for the number of all cases; nil for none.
    ///   - parameters: what the plan depends on, as texts.
    public static func metrics(
        _ planned: Inferred<PlannedClasses>, method: String, prevalence: Double? = nil,
        parameters: [String: String]? = nil
    ) -> [Metric] {
        let total = planned.value.flatMap { planned in
            prevalence.map { largest(planned.positives, $0, planned.negatives, 1 - $0) }
        }
        return [
            size(planned.map(\.positives), ofClass: "positive", method, parameters),
            size(planned.map(\.negatives), ofClass: "negative", method, parameters),
        ]
            + power(planned.map(\.power), method, parameters)
            + (total.map { [self.total($0, parameters)] } ?? [])
    }

    /// The size of one class, or of each of two groups.
    ///
    /// - Parameters:
    ///   - ofClass: `positive` for a sensitivity, `negative` for a specificity; nil for neither.
    ///   - share: of that class among all cases, for the number of all cases; nil for none.
    public static func metrics(
        _ planned: Inferred<PlannedSize>, ofClass: String? = nil, method: String, share: Double? = nil,
        parameters: [String: String]? = nil
    ) -> [Metric] {
        let total = planned.value.flatMap { planned in
            share.map { PrevalenceTotal.cases(planned.cases, share: $0) }
        }
        return [size(planned.map(\.cases), ofClass: ofClass, method, parameters)]
            + power(planned.map { $0.power }, method, parameters) + (total.map { [self.total($0, parameters)] } ?? [])
    }

    /// The sizes of an exact binomial test: the one to plan with, and beside it (parameter `first`) the first that has the
    /// power.
    public static func metrics(
        _ planned: Inferred<ExactProportionSize>, ofClass: String? = nil, share: Double? = nil,
        parameters: [String: String]? = nil
    ) -> [Metric] {
        var all = parameters ?? [:]
        if let first = planned.value?.firstCases { all["first"] = String(first) }
        if let least = planned.value?.leastSuccesses { all["leastSuccesses"] = String(least) }
        return metrics(
            planned.map { PlannedSize(cases: $0.cases, power: $0.power) }, ofClass: ofClass, method: "exact-binomial",
            share: share, parameters: all.isEmpty ? nil : all)
    }

    /// The size at which an interval is so narrow.
    public static func metrics(
        _ planned: Inferred<Int>, ofClass: String? = nil, method: String, share: Double? = nil,
        parameters: [String: String]? = nil
    ) -> [Metric] {
        let total = planned.value.flatMap { cases in share.map { PrevalenceTotal.cases(cases, share: $0) } }
        return [size(planned, ofClass: ofClass, method, parameters)]
            + (total.map { [self.total($0, parameters)] } ?? [])
    }

    /// So many that both classes are reached on average.
    private static func largest(
        _ positives: Int, _ prevalence: Double, _ negatives: Int, _ others: Double
    ) -> Inferred<Int> {
        switch (PrevalenceTotal.cases(positives, share: prevalence), PrevalenceTotal.cases(negatives, share: others)) {
        case (.value(let one), .value(let other)): .value(max(one, other))
        case (.undefined(let reason), _), (_, .undefined(let reason)): .undefined(reason)
        }
    }

    private static func size(
        _ cases: Inferred<Int>, ofClass: String?, _ method: String, _ parameters: [String: String]?
    ) -> Metric {
        Metric(
            "sample_size", cases.map { Double($0) }, classLabel: ofClass, parameters: parameters, definition: method)
    }

    private static func power(
        _ power: Inferred<Double?>, _ method: String, _ parameters: [String: String]?
    ) -> [Metric] {
        guard case .value(let value?) = power else { return [] }
        return [Metric("power", value: value, parameters: parameters, definition: method)]
    }

    private static func total(_ cases: Inferred<Int>, _ parameters: [String: String]?) -> Metric {
        Metric("sample_size_total", cases.map { Double($0) }, parameters: parameters)
    }

    /// What `--explain` prints of each.
    public static let definitions: [MetricDefinition] =
        [
            MetricDefinition(
                "power",
                meaning: Phrase(
                    en: "The chance of showing the aim with the planned size, 0 to 1.",
                    zh: "按计划样本量达到目标的概率，0 到 1。"),
                formula: "P(the limits decide for the aim | the expected values)",
                source: "As of the sample size beside it"),
            MetricDefinition(
                "sample_size_total",
                meaning: Phrase(
                    en: "Cases to collect so that each class is reached on average at the expected prevalence.",
                    zh: "在预期患病率下平均达到各类例数所需收集的总例数。"),
                formula: "max(positives / prevalence, negatives / (1 - prevalence)), rounded up",
                source: "N. M. F. Buderer (1996), Acad Emerg Med 3:895-900"),
        ]
        + methods.map { method in
            MetricDefinition(
                "sample_size", definition: method.name,
                meaning: Phrase(
                    en: "The smallest number of cases of the class (of two unpaired groups: in each) with the wanted "
                        + "power or precision; times the design effect 1 + (m - 1) ICC for clustered cases.",
                    zh: "达到所需把握度或精度的该类最小例数（非配对两组：每组）；聚集病例乘以设计效应 1 + (m - 1) ICC。"),
                formula: method.formula, source: method.source)
        }

    /// The names of the methods for unpaired and single proportions by normal limits.
    public static let scoreMethod = "score-normal"
    public static let pooledMethod = "unpaired-pooled"

    private static let methods: [(name: String, formula: String, source: String)] = [
        (
            PlannedAreaVariance.hanleyMcNeil.rawValue,
            "one area: power = Phi((A - b - z sqrt(V(b)))/sqrt(V(A))); difference: V = V1 + V2 - 2 r sqrt(V1 V2); V(A) = "
                + "(A(1-A) + (m-1)(Q1-A^2) + (n-1)(Q2-A^2))/(mn), Q1 = A/(2-A), Q2 = 2A^2/(1+A)",
            "J. A. Hanley and B. J. McNeil (1982), Radiology 143:29-36; (1983), Radiology 148:839-843"
        ),
        (
            PlannedAreaVariance.obuchowski.rawValue,
            "as hanley-mcneil with V(A) = 0.0099 exp(-a^2/2) (5a^2 + 8 + (a^2 + 8) m/n)/m, a = 1.414 qnorm(A)",
            "N. A. Obuchowski (1998), Stat Methods Med Res 7:371-392"
        ),
        (
            scoreMethod, "power = Phi((p - b - z sqrt(b(1-b)/n))/sqrt(p(1-p)/n))",
            "J. L. Fleiss, B. Levin and M. C. Paik (2003), Statistical Methods for Rates and Proportions, 2.5"
        ),
        (
            "exact-binomial",
            "smallest n from which on P(X >= x(n) | p) is at least the power, x(n) the smallest x with "
                + "P(X >= x | b) < alpha",
            "M. R. Chernick and C. Y. Liu (2002), Am Stat 56:149-155"
        ),
        (
            ProportionSampleSize.PrecisionMethod.wald.rawValue, "z^2 p(1-p)/w^2, w the half-width",
            "N. M. F. Buderer (1996), Acad Emerg Med 3:895-900"
        ),
        (
            ProportionSampleSize.PrecisionMethod.wilson.rawValue,
            "smallest n with z sqrt(p(1-p)/n + z^2/(4n^2))/(1 + z^2/n) <= w",
            "E. B. Wilson (1927), J Am Stat Assoc 22:209"
        ),
        (
            "paired-" + ProportionDifferenceSampleSize.PairedMethod.connor.rawValue,
            "(z_a sqrt(psi) + z_b sqrt(psi - d^2))^2/d^2, psi the discordant share",
            "R. J. Connor (1987), Biometrics 43:207"
        ),
        (
            "paired-" + ProportionDifferenceSampleSize.PairedMethod.miettinen.rawValue,
            "(z_a psi + z_b sqrt(psi^2 - d^2 (3 + psi)/4))^2/(psi d^2)", "O. S. Miettinen (1968), Biometrics 24:339"
        ),
        (
            "paired-" + ProportionDifferenceSampleSize.PairedMethod.exact.rawValue,
            "sum over D of Bin(D; n, psi) P(X >= x(D) | D, p10/psi), x(D) of the exact test at 1/2",
            "Q. McNemar (1947), Psychometrika 12:153, with the exact conditional test"
        ),
        (
            "paired-" + ProportionDifferenceSampleSize.PairedMethod.wald.rawValue,
            "power = Phi((d - b) sqrt(n)/sqrt(psi - d^2) - z)", "J.-p. Liu et al. (2002), Stat Med 21:231"
        ),
        (
            pooledMethod,
            "superiority: power = Phi((d sqrt(n) - z sqrt(2 pm(1-pm)))/sqrt(p1 q1 + p2 q2)); margins: Wald",
            "Fleiss, Levin and Paik (2003), 4.3; R power.prop.test"
        ),
    ]
}

public import ArgumentParser
public import Statistics

struct ScoreSize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "size",
        abstract: "Sample sizes for an AUROC, a sensitivity or specificity, and differences of them.",
        discussion: """
            Sizes are numbers of cases of each class. With --prevalence (or --share) the number of all cases is added; with \
            --cases-per-patient and --icc cases clustered in patients are allowed for.
            """,
        subcommands: [Area.self, Proportion.self, AreaDifference.self, ProportionDifference.self])

    struct Area: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "auroc", abstract: "One AUROC against a goal, or with an interval of a width.")

        @Option(help: "The AUROC that is expected.")
        var expected: Double
        @Option(help: "The goal that its lower limit must exceed.")
        var goal: Double?
        @OptionGroup var plan: SizePlan
        @Option(help: "Negatives for each positive.")
        var ratio = 1.0
        @Option(help: "The expected share of positives, for the number of all cases.")
        var prevalence: Double?
        @Option(help: "Variance: hanley-mcneil or obuchowski.")
        var variance: PlannedAreaVariance = .hanleyMcNeil
        @OptionGroup var output: ScoreOutput

        func run() throws {
            let effect = try plan.designEffect()
            let planned: Inferred<PlannedClasses> =
                switch try plan.target(goal: goal) {
                case .aim(let aim, let goal):
                    AUROCSampleSize.classes(
                        area: expected, goal: goal, aim: aim, ratio: ratio, designEffect: effect, variance: variance)
                case .precision(let width):
                    AUROCSampleSize.classes(
                        area: expected, halfWidth: width, level: plan.level, ratio: ratio, designEffect: effect,
                        variance: variance)
                }
            try output.say(
                SampleSizeMetrics.metrics(
                    planned, method: variance.rawValue, prevalence: prevalence, parameters: plan.parameters),
                definitions: SampleSizeMetrics.definitions)
        }
    }

    struct Proportion: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "proportion",
            abstract: "One sensitivity or specificity against a goal, or with an interval of a width.",
            discussion: "Without --normal the power is that of the exact binomial test.")

        @Option(help: "The proportion that is expected.")
        var expected: Double
        @Option(help: "The goal that its lower limit must exceed.")
        var goal: Double?
        @OptionGroup var plan: SizePlan
        @Flag(help: "By the normal approximation of the score test.")
        var normal = false
        @Option(help: "The share of the class (positives for a sensitivity) among all cases.")
        var share: Double?
        @OptionGroup var output: ScoreOutput

        func run() throws {
            let effect = try plan.designEffect()
            let metrics: [Metric]
            switch try plan.target(goal: goal) {
            case .aim(let aim, let goal) where normal:
                metrics = SampleSizeMetrics.metrics(
                    ProportionSampleSize.normal(proportion: expected, goal: goal, aim: aim, designEffect: effect),
                    method: SampleSizeMetrics.scoreMethod, share: share, parameters: plan.parameters)
            case .aim(let aim, let goal):
                metrics = SampleSizeMetrics.metrics(
                    ProportionSampleSize.exact(proportion: expected, goal: goal, aim: aim, designEffect: effect),
                    share: share, parameters: plan.parameters)
            case .precision(let width):
                let method: ProportionSampleSize.PrecisionMethod = normal ? .wald : .wilson
                metrics = SampleSizeMetrics.metrics(
                    ProportionSampleSize.cases(
                        proportion: expected, halfWidth: width, level: plan.level, method: method,
                        designEffect: effect),
                    method: method.rawValue, share: share, parameters: plan.parameters)
            }
            try output.say(metrics, definitions: SampleSizeMetrics.definitions)
        }
    }

    struct AreaDifference: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "auroc-difference",
            abstract: "Two AUROCs: on the same cases with --correlation, else of independent cases.")

        @Option(help: "The first AUROC that is expected.")
        var first: Double
        @Option(help: "The second AUROC that is expected.")
        var second: Double
        @Option(help: "The correlation of the two areas' estimates, where both models score the same cases.")
        var correlation: Double?
        @OptionGroup var plan: SizePlan
        @Option(help: "Negatives for each positive.")
        var ratio = 1.0
        @Option(help: "The expected share of positives, for the number of all cases.")
        var prevalence: Double?
        @Option(help: "Variance: hanley-mcneil or obuchowski.")
        var variance: PlannedAreaVariance = .hanleyMcNeil
        @OptionGroup var output: ScoreOutput

        func run() throws {
            let aim = try plan.aim()
            let effect = try plan.designEffect()
            let planned =
                if let correlation {
                    AUROCDifferenceSampleSize.paired(
                        first: first, second: second, correlation: correlation, aim: aim, ratio: ratio,
                        designEffect: effect, variance: variance)
                } else {
                    AUROCDifferenceSampleSize.unpaired(
                        first: first, second: second, aim: aim, ratio: ratio, designEffect: effect, variance: variance)
                }
            try output.say(
                SampleSizeMetrics.metrics(
                    planned, method: variance.rawValue, prevalence: prevalence, parameters: plan.parameters),
                definitions: SampleSizeMetrics.definitions)
        }
    }

    struct ProportionDifference: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "proportion-difference",
            abstract: "Two sensitivities or specificities.",
            discussion: """
                On the same cases: --first-only and --second-only, the expected shares of the class that only the one or \
                only the other model calls right. Of independent groups: --first and --second, the proportions.
                """)

        @Option(help: "The share of cases that only the first model calls right.")
        var firstOnly: Double?
        @Option(help: "The share of cases that only the second model calls right.")
        var secondOnly: Double?
        @Option(help: "The first proportion, of independent groups.")
        var first: Double?
        @Option(help: "The second proportion, of independent groups.")
        var second: Double?
        @Option(help: "On the same cases: connor, miettinen, exact or wald.")
        var method: ProportionDifferenceSampleSize.PairedMethod = .connor
        @OptionGroup var plan: SizePlan
        @Option(help: "The share of the class among all cases.")
        var share: Double?
        @OptionGroup var output: ScoreOutput

        func run() throws {
            let aim = try plan.aim()
            let effect = try plan.designEffect()
            let planned: Inferred<PlannedSize>
            let name: String
            switch (firstOnly, secondOnly, first, second) {
            case (let firstOnly?, let secondOnly?, nil, nil):
                guard let expected = PairedProportions(firstOnly: firstOnly, secondOnly: secondOnly) else {
                    throw ValidationError("--first-only and --second-only are shares that add up to at most 1")
                }
                planned = ProportionDifferenceSampleSize.paired(
                    expected, aim: aim, method: method, designEffect: effect)
                name = "paired-" + method.rawValue
            case (nil, nil, let first?, let second?):
                planned = ProportionDifferenceSampleSize.unpaired(
                    first: first, second: second, aim: aim, designEffect: effect)
                name = SampleSizeMetrics.pooledMethod
            default:
                throw ValidationError("give --first-only and --second-only, or --first and --second")
            }
            try output.say(
                SampleSizeMetrics.metrics(planned, method: name, share: share, parameters: plan.parameters),
                definitions: SampleSizeMetrics.definitions)
        }
    }
}

/// What every plan depends on.
struct SizePlan: ParsableArguments {
    @Option(help: "One-sided chance of a false claim.")
    var alpha = 0.025
    @Option(help: "The chance of showing what is expected.")
    var power = 0.8
    @Option(name: .customLong("non-inferiority"), help: "Show that it is not worse by more than this margin.")
    var nonInferiority: Double?
    @Option(help: "Show that it differs by no more than this margin.")
    var equivalence: Double?
    @Option(name: .customLong("half-width"), help: "No goal: an interval that reaches at most so far to each side.")
    var halfWidth: Double?
    @Option(help: "Confidence level of that interval.")
    var level = 0.95
    @Option(name: .customLong("cases-per-patient"), help: "Average number of cases of a patient.")
    var casesPerPatient = 1.0
    @Option(help: "Intraclass correlation of a patient's cases.")
    var icc = 0.0

    /// What is planned for.
    enum Target {
        case aim(SampleSizeAim, goal: Double)
        case precision(Double)
    }

    var parameters: [String: String] {
        var parameters =
            halfWidth.map { ["half_width": "\($0)", "level": "\(level)"] } ?? [
                "alpha": "\(alpha)", "power": "\(power)",
            ]
        if casesPerPatient > 1 { parameters["design_effect"] = "\(1 + (casesPerPatient - 1) * icc)" }
        return parameters
    }

    func target(goal: Double?) throws -> Target {
        switch (goal, halfWidth) {
        case (let goal?, nil): return .aim(try aim(), goal: goal)
        case (nil, let width?):
            try ScoreArguments.check(level: level)
            return .precision(width)
        default: throw ValidationError("give either --goal or --half-width")
        }
    }

    func aim() throws -> SampleSizeAim {
        guard nonInferiority == nil || equivalence == nil else {
            throw ValidationError("--non-inferiority and --equivalence exclude each other")
        }
        let kind: SampleSizeAim.Kind =
            nonInferiority.map { .nonInferiority(margin: $0) } ?? equivalence.map { .equivalence(margin: $0) }
            ?? .superiority
        guard let aim = SampleSizeAim(kind, oneSidedAlpha: alpha, power: power) else {
            throw ValidationError("--alpha and --power lie between 0 and 1, --power above --alpha, a margin above 0")
        }
        return aim
    }

    func designEffect() throws -> Double {
        guard let effect = DesignEffect.kish(casesPerPatient: casesPerPatient, intraclassCorrelation: icc).value else {
            throw ValidationError("--cases-per-patient is at least 1, --icc lies from 0 to 1")
        }
        return effect
    }
}

extension PlannedAreaVariance: ExpressibleByArgument {}
extension ProportionDifferenceSampleSize.PairedMethod: ExpressibleByArgument {}

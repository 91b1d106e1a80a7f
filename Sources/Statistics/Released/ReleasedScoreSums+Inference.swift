internal import TextCatalogue

extension ReleasedScoreSums {
    /// The mean of what counts, Σx/n, in the score's unit. `withheld`, `no-cases`.
    public var mean: Inferred<Double> {
        guard let n = n.exact, let sum else { return .undefined(.withheld) }
        return n > 0 ? .value(resolution.mean(total: sum.value, count: n)) : .undefined(.noCases)
    }

    /// The mean with its cluster-robust interval. `withheld`, and as ``ClusteredMean`` says.
    public func clusteredMean(level: Double) -> Inferred<ClusteredMean> {
        guard let n = n.exact, let patients = patients.exact, let sum, let clusters else {
            return .undefined(.withheld)
        }
        return ClusteredMean.infer(
            patients: patients, cases: Int128(n), sum: sum.value, casesSquared: clusters.m2.value,
            sumSquared: clusters.s2.value, product: clusters.ms.value, resolution: resolution, level: level)
    }

    /// The standard deviation over cases, in the score's unit. `withheld`, `no-cases`, `too-few-cases` below two.
    public var standardDeviation: Inferred<Double> {
        guard let n = n.exact, let sum, let sumSquares else { return .undefined(.withheld) }
        guard
            let moments = SampleMoments(n: n, sum: sum.value, sumSquares: sumSquares.value, resolution: resolution)
        else { return .undefined(.badArgument) }
        return moments.standardDeviation
    }
}

extension ReleasedScoreSums {
    /// The names of this family that no other has.
    public static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "undefined_scores",
            meaning: Phrase(
                en: "Cases whose score is undefined for the stated reason, with what each counts as in the mean.",
                zh: "因所述原因而无法得出评分的病例数，以及每例在均值中计为多少。"),
            formula: "number of cases by reason", source: "as the protocol states the rule for undefined scores")
    ]
}

/// Mean, standard deviation and standard error from released number, sum and sum of squares.
///
/// The mean is Σx/n and the variance (n·Σx² − (Σx)²) / (n(n−1)); both numerators are exact integers, so that nothing
/// cancels. The standard error treats cases as independent; the interval is Student's with n − 1 degrees of freedom.
public struct MomentsInference: Codable, Hashable, Sendable {
    /// Cases with a value.
    public let n: Int
    /// In the quantity's unit; undefined `no-cases`.
    public let mean: Inferred<Double>
    /// In the quantity's unit; undefined `too-few-cases` below two.
    public let standardDeviation: Inferred<Double>
    /// Of the mean, in the quantity's unit; undefined `too-few-cases` below two.
    public let standardError: Inferred<Double>
    /// Of the mean; undefined `no-variance` when all values are the same.
    public let interval: Inferred<Interval>

    /// The inference from a released group; `withheld` when its number or sums are.
    public static func infer(
        _ group: ReleasedMoments.Group, resolution: Resolution, level: Double
    ) -> Inferred<MomentsInference> {
        guard let n = group.n.exact, let sum = group.sum, let sumSquares = group.sumSquares else {
            return .undefined(.withheld)
        }
        guard let upperProbability = Interval.upperProbability(level),
            let difference = WideDifference(n: n, sumSquares: sumSquares.value, sum: sum.value)
        else { return .undefined(.badArgument) }
        let mean: Inferred<Double> =
            n > 0 ? .value(resolution.mean(total: sum.value, count: n)) : .undefined(.noCases)
        guard n > 1, let center = mean.value else {
            let reason: Undefined = n == 0 ? .noCases : .tooFewCases
            return .value(
                MomentsInference(
                    n: n, mean: mean, standardDeviation: .undefined(reason), standardError: .undefined(reason),
                    interval: .undefined(reason)))
        }
        let scale = resolution.unit
        let size = Double(n)
        let deviation = (difference.doubleValue / (size * (size - 1))).squareRoot() * scale
        let error = (difference.doubleValue / (size - 1)).squareRoot() / size * scale
        let critical = StudentTDistribution(degreesOfFreedom: size - 1)?.quantile(upperProbability)
        let interval: Inferred<Interval> =
            if let critical, !difference.isZero {
                .value(
                    Interval(lower: center - critical * error, upper: center + critical * error, level: level))
            } else {
                .undefined(.noVariance)
            }
        return .value(
            MomentsInference(
                n: n, mean: mean, standardDeviation: .value(deviation), standardError: .value(error),
                interval: interval))
    }
}

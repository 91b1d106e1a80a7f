internal import Foundation

/// How large the variance of an area under the ROC curve will be.
public enum PlannedAreaVariance: String, Codable, Hashable, Sendable, CaseIterable {
    /// From the area and both numbers of cases, as for exponential scores. J. A. Hanley and B. J. McNeil (1982),
    /// Radiology 143:29-36.
    case hanleyMcNeil = "hanley-mcneil"
    /// Of a rating scale with binormal scores of equal spread: 0.0099 e^(-a²/2) [5a² + 8 + (a² + 8) m/n] / m with
    /// a = √2 Φ⁻¹(θ), m positives and n negatives (the published 1.414 for √2). N. A. Obuchowski and D. K. McClish
    /// (1997), Stat Med 16:1529-1542; N. A. Obuchowski (1998), Stat Methods Med Res 7:371-392.
    case obuchowski

    /// The variance of independent cases; nil outside of 0 < θ < 1 or without a class.
    func value(area: Double, positives: Double, negatives: Double) -> Double? {
        guard area > 0, area < 1, positives > 0, negatives > 0 else { return nil }
        switch self {
        case .hanleyMcNeil:
            let complement = 1 - area
            let twoPositives = area * complement * complement / (2 - area)
            let twoNegatives = area * area * complement / (1 + area)
            let sum =
                area * complement + (positives - 1) * twoPositives + (negatives - 1) * twoNegatives
            return sum / (positives * negatives)
        case .obuchowski:
            guard let normal = NormalDistribution.quantile(area) else { return nil }
            let square = (1.414 * normal) * (1.414 * normal)
            return 0.0099 * exp(-square / 2) * (5 * square + 8 + (square + 8) * positives / negatives) / positives
        }
    }
}

/// The number of cases for one area under the ROC curve: to show it against a goal, or to know it so precisely.
public enum AUROCSampleSize {
    /// The smallest number of positives, with `ratio` negatives each (rounded up), at which the power
    /// Φ[(θ - b - z √V(b)) / √V(θ)] is as wanted, V times the design effect. The power grows with the number.
    ///
    /// - Parameters:
    ///   - area: the expected θ, between 0 and 1.
    ///   - goal: the area to be compared with.
    ///   - ratio: negatives over positives, above 0.
    ///   - designEffect: ``DesignEffect``, at least 1.
    /// - Returns: undefined `bad-argument` outside of a range or where θ is not beyond the bound.
    public static func classes(
        area: Double, goal: Double, aim: SampleSizeAim, ratio: Double = 1, designEffect: Double = 1,
        variance: PlannedAreaVariance
    ) -> Inferred<PlannedClasses> {
        guard ratio > 0, ratio <= 1e6, isSound(area, goal, aim, designEffect) else { return .undefined(.badArgument) }
        let found = SampleSizeSearch.smallest(power: aim.power) { positives in
            negatives(positives, ratio).value.flatMap {
                power(
                    area: area, goal: goal, aim: aim, positives: positives, negatives: $0, designEffect: designEffect,
                    variance: variance
                ).value
            }
        }
        return found.map {
            PlannedClasses(positives: $0.cases, negatives: negatives($0.cases, ratio).value ?? 0, power: $0.power)
        }
    }

    /// The power with given numbers of cases; undefined as for ``classes(area:goal:aim:ratio:designEffect:variance:)``.
    public static func power(
        area: Double, goal: Double, aim: SampleSizeAim, positives: Int, negatives: Int, designEffect: Double = 1,
        variance: PlannedAreaVariance
    ) -> Inferred<Double> {
        guard positives > 0, negatives > 0, isSound(area, goal, aim, designEffect) else {
            return .undefined(.badArgument)
        }
        let power = SampleSizeSearch.power(aim, expected: area, goal: goal) {
            variance.value(area: $0, positives: Double(positives), negatives: Double(negatives))
                .map { designEffect * $0 }
        }
        return power.map { .value($0) } ?? .undefined(.badArgument)
    }

    /// The smallest number of positives, with `ratio` negatives each, at which z √V(θ) is at most `halfWidth`.
    ///
    /// - Parameter level: of the two-sided interval, between 0 and 1.
    public static func classes(
        area: Double, halfWidth: Double, level: Double, ratio: Double = 1, designEffect: Double = 1,
        variance: PlannedAreaVariance
    ) -> Inferred<PlannedClasses> {
        guard area > 0, area < 1, halfWidth > 0, ratio > 0, ratio <= 1e6, designEffect >= 1, designEffect < .infinity,
            let z = Interval.upperProbability(level).flatMap(NormalDistribution.quantile)
        else { return .undefined(.badArgument) }
        // "Power" here is 1 when narrow enough.
        let found = SampleSizeSearch.smallest(power: 1) { positives in
            guard let other = negatives(positives, ratio).value,
                let spread = variance.value(area: area, positives: Double(positives), negatives: Double(other))
            else { return nil }
            return z * (designEffect * spread).squareRoot() <= halfWidth ? 1 : 0
        }
        return found.map {
            PlannedClasses(positives: $0.cases, negatives: negatives($0.cases, ratio).value ?? 0, power: nil)
        }
    }

    static func negatives(_ positives: Int, _ ratio: Double) -> Inferred<Int> {
        let product = Double(positives) * ratio
        let nearest = product.rounded()
        guard product <= 1e16 else { return .undefined(.notFinite) }
        return .value(max(1, Int(abs(product - nearest) <= 1e-12 * product ? nearest : product.rounded(.up))))
    }

    private static func isSound(_ area: Double, _ goal: Double, _ aim: SampleSizeAim, _ designEffect: Double) -> Bool {
        area > 0 && area < 1 && goal > 0 && goal < 1 && aim.lowerBound(goal: goal) > 0
            && aim.upperBound(goal: goal) ?? 0.5 < 1 && designEffect >= 1 && designEffect < .infinity
            && aim.admits(area, goal: goal)
    }
}

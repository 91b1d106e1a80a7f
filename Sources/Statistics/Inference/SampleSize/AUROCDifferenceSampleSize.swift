/// The number of cases for the difference of two areas under the ROC curve, first minus second.
///
/// The limits are Wald's with the variance at the expected areas, as in the analysis: power Φ[(δ - b)/√V - z].
public enum AUROCDifferenceSampleSize {
    /// Two scores of the same cases: V = V₁ + V₂ - 2r √(V₁V₂). J. A. Hanley and B. J. McNeil (1983), "A method of
    /// comparing the areas under receiver operating characteristic curves derived from the same cases", Radiology
    /// 148:839-843, whose table gives r from the correlations of the scores.
    ///
    /// - Parameters:
    ///   - first, second: the expected areas, between 0 and 1.
    ///   - correlation: r of the two estimated areas, from -1 up to, but not including, 1.
    ///   - aim: of the difference, against zero less or plus the margin.
    ///   - ratio: negatives over positives.
    /// - Returns: undefined `bad-argument` outside of a range or where the difference is not beyond the bound.
    public static func paired(
        first: Double, second: Double, correlation: Double, aim: SampleSizeAim, ratio: Double = 1,
        designEffect: Double = 1, variance: PlannedAreaVariance
    ) -> Inferred<PlannedClasses> {
        guard correlation >= -1, correlation < 1 else { return .undefined(.badArgument) }
        return classes(
            first, second, correlation: correlation, aim: aim, ratio: ratio, designEffect: designEffect,
            variance: variance)
    }

    /// Two groups of different cases, each with the numbers that are returned: V = V₁ + V₂.
    public static func unpaired(
        first: Double, second: Double, aim: SampleSizeAim, ratio: Double = 1, designEffect: Double = 1,
        variance: PlannedAreaVariance
    ) -> Inferred<PlannedClasses> {
        classes(
            first, second, correlation: 0, aim: aim, ratio: ratio, designEffect: designEffect, variance: variance)
    }

    private static func classes(
        _ first: Double, _ second: Double, correlation: Double, aim: SampleSizeAim, ratio: Double,
        designEffect: Double, variance: PlannedAreaVariance
    ) -> Inferred<PlannedClasses> {
        guard first > 0, first < 1, second > 0, second < 1, ratio > 0, ratio <= 1e6, designEffect >= 1,
            designEffect < .infinity, aim.admits(first - second, goal: 0)
        else { return .undefined(.badArgument) }
        let found = SampleSizeSearch.smallest(power: aim.power) { positives -> Double? in
            guard let negatives = AUROCSampleSize.negatives(positives, ratio).value,
                let one = variance.value(area: first, positives: Double(positives), negatives: Double(negatives)),
                let two = variance.value(area: second, positives: Double(positives), negatives: Double(negatives))
            else { return nil }
            // (√V₁ - √V₂)² + 2(1 - r)√(V₁V₂), which does not cancel.
            let gap = one.squareRoot() - two.squareRoot()
            let spread = gap * gap + 2 * (1 - correlation) * (one * two).squareRoot()
            return SampleSizeSearch.power(aim, expected: first - second, goal: 0) { _ in designEffect * spread }
        }
        return found.map {
            PlannedClasses(
                positives: $0.cases, negatives: AUROCSampleSize.negatives($0.cases, ratio).value ?? 0,
                power: $0.power)
        }
    }
}

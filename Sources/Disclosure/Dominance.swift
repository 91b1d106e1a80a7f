import Statistics

/// Rules 5 and 6: a sum must not be one or two patients' sum, and n, S and S2 must not give the largest value away.
/// Sources: tau-ARGUS manual (dominance, p %); Samuelson 1968, JASA 63:1522 (the bound on the largest value).
struct Dominance {
    let policy: DisclosurePolicy

    /// (n, k) dominance of the two largest patients, and p %: whoever knows the second largest must not bound the
    /// largest within p %.
    func holds(_ contributions: PatientContributions) -> Bool {
        let two = contributions.largest + contributions.second
        guard contributions.total > 0 else { return true }
        let remainder = contributions.total - two
        return two * 100 >= contributions.total * Int128(policy.dominancePercent)
            || remainder * 100 < contributions.largest * Int128(policy.protectionPercent)
    }

    /// The same of shares of a whole of 1.
    func holds(largest: Double, second: Double) -> Bool {
        let two = largest + second
        return
            !(two * 100 < Double(policy.dominancePercent)
            && (1 - two) * 100 >= largest * Double(policy.protectionPercent))
    }

    /// Whether n, S and S2 bound the largest or the smallest value within p % of the truth more closely than the
    /// declared range does.
    func boundsExtreme(
        n: Int, sum: Int128, sumSquares: Int128, extremes: ClosedRange<Int64>, range: ClosedRange<Int64>
    ) -> Bool {
        let size = Double(n)
        let mean = Double(sum) / size
        // n S2 - S S is a whole number: no cancellation. It fits: n < 2^31 and S2 < 2^125 may exceed 128 bits, so the
        // difference is taken of the two means instead once it would not.
        let variance: Double
        let (left, overflowsLeft) = sumSquares.multipliedReportingOverflow(by: Int128(n))
        let (right, overflowsRight) = sum.multipliedReportingOverflow(by: sum)
        if overflowsLeft || overflowsRight {
            variance = Double(sumSquares) / size - mean * mean
        } else {
            variance = Double(left - right) / (size * size)
        }
        let reach = max(0, variance * (size - 1)).squareRoot()
        let share = Double(policy.protectionPercent) / 100
        let highest = mean + reach
        let lowest = mean - reach
        let (minimum, maximum) = (Double(extremes.lowerBound), Double(extremes.upperBound))
        let boundsMaximum = highest < Double(range.upperBound) && highest - maximum <= share * abs(maximum)
        let boundsMinimum = lowest > Double(range.lowerBound) && minimum - lowest <= share * abs(minimum)
        return boundsMaximum || boundsMinimum
    }
}

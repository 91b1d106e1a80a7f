/// Rules 11 and 12: neighbouring bins are merged until each run may be published.
///
/// A run is published as the cumulative counts at its ends. At the edges inside it only bounds are known: the count at
/// its start and the count at its end, so that sites that merged differently still add up.
struct MergedBins: Hashable {
    /// Indices into the protocol's edges at which the exact cumulative count is published; first and last included.
    let cuts: [Int]

    /// The finest runs from the left such that each is allowed; what is left over at the end joins the last run.
    ///
    /// Whether a run is allowed must not turn from true to false when it grows (an empty run aside): then the greedy
    /// choice has the most runs of all choices.
    /// - Parameters:
    ///   - stretch: the edges between which to cut, as indices.
    ///   - allowed: whether the run between two edges may be published.
    /// - Returns: nil when not even the whole stretch is allowed.
    static func finest(_ stretch: ClosedRange<Int>, allowed: (Range<Int>) -> Bool) -> MergedBins? {
        guard stretch.lowerBound < stretch.upperBound else { return nil }
        var cuts = [stretch.lowerBound]
        for edge in (stretch.lowerBound + 1)...stretch.upperBound {
            if let start = cuts.last, allowed(start..<edge) { cuts.append(edge) }
        }
        while cuts.last != stretch.upperBound {
            guard cuts.count > 1 else { return nil }
            cuts.removeLast()
            if let start = cuts.last, allowed(start..<stretch.upperBound) { cuts.append(stretch.upperBound) }
        }
        return MergedBins(cuts: cuts)
    }

    /// Stretches one after the other.
    static func joined(_ parts: [MergedBins]) -> MergedBins {
        MergedBins(cuts: parts.reduce(into: []) { $0 += $0.isEmpty ? $1.cuts : Array($1.cuts.dropFirst()) })
    }

    /// The cumulative count at each edge, from below and from above.
    func bounds(_ cumulative: [Int]) -> (lower: [Int], upper: [Int]) {
        var lower = cumulative
        var upper = cumulative
        for (start, end) in zip(cuts, cuts.dropFirst()) where end > start + 1 {
            for edge in (start + 1)..<end {
                lower[edge] = cumulative[start]
                upper[edge] = cumulative[end]
            }
        }
        return (lower, upper)
    }

    /// How many numbers are published: one count a run.
    var numberCount: Int { cuts.count - 1 }
}

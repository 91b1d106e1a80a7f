/// What follows from the distances of one surface; `areas` are those that the entries number.
extension DistanceTally {
    /// The area of all elements (mm²).
    func total(_ areas: [Double]) -> Double {
        entries.reduce(0) { $0 + areas[$1.area] * Double($1.count) }
    }

    /// The sum of the distances, weighted by area (mm³).
    func moment(_ areas: [Double]) -> Double {
        entries.reduce(0) { $0 + $1.squared.squareRoot() * (areas[$1.area] * Double($1.count)) }
    }

    /// The greatest distance (mm).
    var greatest: Double { (entries.last?.squared ?? 0).squareRoot() }

    /// The area of the elements within a tolerance (mm), its limit included.
    func within(_ tolerance: Double, _ areas: [Double]) -> Double {
        entries.reduce(0) { $1.squared.squareRoot() <= tolerance ? $0 + areas[$1.area] * Double($1.count) : $0 }
    }

    /// The least distance such that the elements within it make up a fraction of the area.
    func quantile(_ fraction: Double, _ areas: [Double]) -> Double {
        let goal = fraction * total(areas)
        var sum = 0.0
        for (place, entry) in entries.enumerated() {
            sum += areas[entry.area] * Double(entry.count)
            // On a tie rounding decides, and has to do so as it does in surface-distance.
            if abs(sum - goal) <= 1e-12 * goal, place + 1 < entries.count, let exact = tiedQuantile(fraction, areas) {
                return exact
            }
            if sum >= goal { return entry.squared.squareRoot() }
        }
        return greatest
    }

    /// The quantile with the areas added in the order of surface-distance: one by one for the parts, and for the whole
    /// by halves as NumPy adds. Nil beyond a million elements, where no tie can be told from chance.
    private func tiedQuantile(_ fraction: Double, _ areas: [Double]) -> Double? {
        guard entries.reduce(0, { $0 + $1.count }) <= 1_000_000 else { return nil }
        let elements = entries.flatMap { Array(repeating: areas[$0.area], count: $0.count) }
        let total = Self.pairwiseSum(elements[...])
        var sum = 0.0
        var place = 0
        for entry in entries {
            for _ in 0..<entry.count {
                sum += elements[place]
                place += 1
                if sum / total >= fraction { return entry.squared.squareRoot() }
            }
        }
        return greatest
    }

    /// Pairwise summation with the blocks of NumPy. Source: Higham, "The accuracy of floating point summation", SIAM
    /// J. Sci. Comput. 14 (1993), section 2.
    private static func pairwiseSum(_ values: ArraySlice<Double>) -> Double {
        let count = values.count
        if count < 8 { return values.reduce(0, +) }
        guard count <= 128 else {
            let half = values.startIndex + (count / 2 & ~7)
            return pairwiseSum(values[..<half]) + pairwiseSum(values[half...])
        }
        var lanes = Array(values.prefix(8))
        let whole = values.startIndex + (count & ~7)
        for index in (values.startIndex + 8)..<max(whole, values.startIndex + 8) {
            lanes[(index - values.startIndex) & 7] += values[index]
        }
        let halves = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
        let sum = halves + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
        return values[whole...].reduce(sum, +)
    }
}

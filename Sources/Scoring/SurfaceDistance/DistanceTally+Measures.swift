/// What follows from the distances of one surface; `areas` are those that the entries number.
extension DistanceTally {
    /// A number, or the bin that has to be opened to tell.
    enum Answer {
        case value(Double)
        case inBin(Int)

        var bin: Int? { if case .inBin(let bin) = self { bin } else { nil } }
    }

    /// The area of so many elements of each area. Whole numbers go in, so that it does not depend on their order.
    private static func area(_ counts: [Int], _ areas: [Double]) -> Double {
        counts.indices.reduce(0) { $0 + areas[$1] * Double(counts[$1]) }
    }

    /// The area of all elements (mm²).
    func total(_ areas: [Double]) -> Double {
        var counts = Array(repeating: 0, count: areas.count)
        for entry in entries { counts[Int(entry.area)] += entry.count }
        return Self.area(counts, areas)
    }

    /// The area of the elements within a tolerance (mm), its limit included.
    func within(_ tolerance: Double, _ areas: [Double]) -> Answer {
        var counts = Array(repeating: 0, count: areas.count)
        for entry in entries {
            guard entry.squared.squareRoot() <= tolerance else { break }
            if entry.isBin {
                let bin = range.bin(entry.squared)
                if range.limits(bin).greatest.squareRoot() > tolerance { return .inBin(bin) }
            }
            counts[Int(entry.area)] += entry.count
        }
        return .value(Self.area(counts, areas))
    }

    /// The least distance such that the elements within it make up a fraction of the area.
    func quantile(_ fraction: Double, _ areas: [Double]) -> Answer {
        let goal = fraction * total(areas)
        var counts = Array(repeating: 0, count: areas.count)
        var sum = 0.0
        for (place, entry) in entries.enumerated() {
            counts[Int(entry.area)] += entry.count
            sum += areas[Int(entry.area)] * Double(entry.count)
            // Close to the goal the rounding of a long sum shall not decide.
            if abs(sum - goal) <= 1e-9 * goal { sum = Self.area(counts, areas) }
            // On a tie rounding decides, and has to do so as it does in surface-distance.
            if abs(sum - goal) <= 1e-12 * goal, place + 1 < entries.count, let exact = tiedQuantile(fraction, areas) {
                return .value(exact)
            }
            if sum >= goal {
                return entry.isBin ? .inBin(range.bin(entry.squared)) : .value(entry.squared.squareRoot())
            }
        }
        return .value(greatest)
    }

    /// The quantile with the areas added in the order of surface-distance: one by one for the parts, and for the whole
    /// by halves as NumPy adds. Nil beyond a million elements, where no tie can be told from chance.
    private func tiedQuantile(_ fraction: Double, _ areas: [Double]) -> Double? {
        guard !entries.contains(where: \.isBin), entries.reduce(0, { $0 + $1.count }) <= 1_000_000 else { return nil }
        let elements = entries.flatMap { Array(repeating: areas[Int($0.area)], count: $0.count) }
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

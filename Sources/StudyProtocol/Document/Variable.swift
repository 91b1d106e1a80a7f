public import Statistics

/// A variable that criteria, statistics and subgroups may name. A site takes part when it declares the same.
public struct Variable: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case quantity(Quantity)
        case category(Category)
    }

    public let id: VariableID
    public let kind: Kind

    public var quantity: Quantity? {
        if case .quantity(let quantity) = kind { quantity } else { nil }
    }

    public var category: Category? {
        if case .category(let category) = kind { category } else { nil }
    }
}

/// A number with a unit, held as whole multiples of its resolution.
public struct Quantity: Hashable, Sendable {
    /// A UCUM unit, `1` for a plain count.
    public let unit: String
    public let resolution: Resolution
    let resolutionText: DecimalText
    /// Both ends are allowed values, in multiples of the resolution; values outside are counted as out of range.
    public let range: ClosedRange<Int64>
    /// The ends of the range as they were written.
    public let lowerText: DecimalText
    public let upperText: DecimalText
}

/// A value out of a fixed list. A case's code is the index of its level.
public struct Category: Hashable, Sendable {
    public let levels: [String]

    public func code(of level: String) -> Int64? {
        levels.firstIndex(of: level).map(Int64.init)
    }
}

/// Ascending bounds that cut a quantity's range into bins: [a, b), the last one [a, b].
public struct Edges: Hashable, Sendable {
    /// In multiples of the variable's resolution, at least two.
    public let units: [Int64]
    public let texts: [DecimalText]

    public var binCount: Int { units.count - 1 }

    /// The bin's name, as the author wrote its edges: `[0,8)`, the last one `[20,100]`.
    public func label(ofBin bin: Int) -> String {
        "[\(texts[bin]),\(texts[bin + 1])" + (bin == binCount - 1 ? "]" : ")")
    }

    /// The bin that holds the value; nil outside of the edges (and for the reserved codes of a column).
    public func bin(of code: Int64) -> Int? {
        guard let first = units.first, let last = units.last, code >= first, code <= last else { return nil }
        if code == last { return binCount - 1 }
        // The first edge above the value, by bisection: units[low] <= code < units[high].
        var (low, high) = (0, units.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if units[middle] <= code { low = middle } else { high = middle }
        }
        return low
    }
}

/// Released number, sums and cross-products of two to ten quantities over the cases that have all of them.
public struct ReleasedCoMoments: Hashable, Sendable {
    /// One quantity.
    public struct Variable: Codable, Hashable, Sendable {
        /// The quantity's identifier.
        public let variable: String
        public let resolution: Resolution

        @_spi(ReleaseGate)
        public init(variable: String, resolution: Resolution) {
            self.variable = variable
            self.resolution = resolution
        }

        private enum CodingKeys: String, CodingKey { case variable, resolution }
    }

    public let variables: [Variable]
    /// Cases with all quantities.
    public let n: Count
    /// Patients with at least one of those cases.
    public let patients: Count
    /// Cases that lack one of the quantities; those with a malformed or an out-of-range one count below.
    public let missing: Count
    public let malformed: Count
    public let outOfRange: Count
    /// Σx in units, one a quantity; nil when withheld.
    public let sums: [WideInteger]?
    /// Σxy in products of units: the upper triangle with the diagonal, row by row (see ``CoMoments/place(_:_:of:)``); nil
    /// when withheld.
    public let products: [WideInteger]?

    /// Takes a site's co-moments, with everything or without the sums.
    @_spi(ReleaseGate)
    public init(_ coMoments: CoMoments, withholdingSums: Bool = false) {
        let sums = coMoments.sums
        self.init(
            variables: coMoments.variables.map { Variable(variable: $0.variable, resolution: $0.resolution) },
            n: .exact(sums.n), patients: .exact(sums.patients), missing: .exact(sums.missing),
            malformed: .exact(sums.malformed), outOfRange: .exact(sums.outOfRange),
            sums: withholdingSums ? nil : sums.sums.map { WideInteger($0) },
            products: withholdingSums ? nil : sums.products.map { WideInteger($0) })
    }

    private init(
        variables: [Variable], n: Count, patients: Count, missing: Count, malformed: Count, outOfRange: Count,
        sums: [WideInteger]?, products: [WideInteger]?
    ) {
        self.variables = variables
        self.n = n
        self.patients = patients
        self.missing = missing
        self.malformed = malformed
        self.outOfRange = outOfRange
        self.sums = sums
        self.products = products
    }

    /// Σxy of two quantities; of one with itself Σx². Nil when withheld.
    public func product(_ first: Int, _ second: Int) -> WideInteger? {
        products?[CoMoments.place(first, second, of: variables.count)]
    }

    func check() throws(StatisticsError) {
        try ReleasedCheck.require(
            CoMoments.variableLimits.contains(variables.count)
                && Set(variables.map(\.variable)).count == variables.count, "2 to 10 different quantities")
        for variable in variables { try ReleasedCheck.label(variable.variable) }
        try ReleasedCheck.count(n, patients, missing, malformed, outOfRange)
        if let cases = n.exact, let patients = patients.exact {
            try ReleasedCheck.require(patients <= cases, "no more patients than cases")
        }
        guard sums != nil || products != nil else { return }
        guard let n = n.exact, let sums, let products else {
            throw StatisticsError(.unexpectedValue, "a number, the sums and the products are released together")
        }
        let width = variables.count
        try ReleasedCheck.require(
            sums.count == width && products.count == width * (width + 1) / 2, "a product for every pair")
        let limit = UInt128(Resolution.unitLimit)
        try ReleasedCheck.require(
            sums.allSatisfy { $0.value.magnitude <= UInt128(n) * limit }
                && products.allSatisfy { $0.value.magnitude <= UInt128(n) * limit * limit },
            "a sum is within its proven bounds")
        for first in 0..<width {
            let square = products[CoMoments.place(first, first, of: width)].value
            try ReleasedCheck.require(
                WideDifference(n: n, sumSquares: square, sum: sums[first].value) != nil,
                "n times the sum of squares is at least the square of the sum")
            for second in first..<width {
                let product = products[CoMoments.place(first, second, of: width)].value.magnitude
                let other = products[CoMoments.place(second, second, of: width)].value.magnitude
                let (left, right) = (
                    product.multipliedFullWidth(by: product), square.magnitude.multipliedFullWidth(by: other)
                )
                try ReleasedCheck.require(
                    (left.high, left.low) <= (right.high, right.low), "a product agrees with its squares (Cauchy)")
            }
        }
    }

    /// The co-moments of both sites; sums withheld at one of them are withheld.
    public func merged(with other: ReleasedCoMoments) throws(StatisticsError) -> ReleasedCoMoments {
        guard variables == other.variables else { throw StatisticsError(.shapeMismatch, "different quantities") }
        let merged = ReleasedCoMoments(
            variables: variables, n: n + other.n, patients: patients + other.patients,
            missing: missing + other.missing, malformed: malformed + other.malformed,
            outOfRange: outOfRange + other.outOfRange, sums: WideInteger.add(sums, other.sums),
            products: WideInteger.add(products, other.products))
        try merged.check()
        return merged
    }
}

extension ReleasedCoMoments: Codable {
    private enum CodingKeys: String, CodingKey {
        case variables, n, patients, missing, malformed, outOfRange, sums, products
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        variables = try container.decode([Variable].self, forKey: .variables)
        n = try container.decode(Count.self, forKey: .n)
        patients = try container.decode(Count.self, forKey: .patients)
        missing = try container.decode(Count.self, forKey: .missing)
        malformed = try container.decode(Count.self, forKey: .malformed)
        outOfRange = try container.decode(Count.self, forKey: .outOfRange)
        sums = try container.decode([WideInteger].self, unlessWithheldFor: .sums)
        products = try container.decode([WideInteger].self, unlessWithheldFor: .products)
        try check()
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(variables, forKey: .variables)
        try container.encode(n, forKey: .n)
        try container.encode(patients, forKey: .patients)
        try container.encode(missing, forKey: .missing)
        try container.encode(malformed, forKey: .malformed)
        try container.encode(outOfRange, forKey: .outOfRange)
        try container.encode(sums, orWithheldFor: .sums)
        try container.encode(products, orWithheldFor: .products)
    }
}

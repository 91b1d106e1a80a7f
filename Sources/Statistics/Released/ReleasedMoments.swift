/// Released number, sum and sum of squares of a quantity, by group where asked.
public struct ReleasedMoments: Hashable, Sendable {
    /// One group.
    public struct Group: Hashable, Sendable {
        /// The level of the grouping; nil when there is none.
        public let level: String?
        /// Cases with a value.
        public let n: Count
        /// Patients with at least one value.
        public let patients: Count
        /// Cases without a value.
        public let missing: Count
        /// Cases with a value that is not a number.
        public let malformed: Count
        /// Cases with a value outside the declared range.
        public let outOfRange: Count
        /// Σx in units of the resolution; nil when withheld.
        public let sum: WideInteger?
        /// Σx² in squared units; nil when withheld.
        public let sumSquares: WideInteger?

        @_spi(ReleaseGate)
        public init(
            level: String?, n: Count, patients: Count, missing: Count, malformed: Count, outOfRange: Count,
            sum: WideInteger?, sumSquares: WideInteger?
        ) {
            self.level = level
            self.n = n
            self.patients = patients
            self.missing = missing
            self.malformed = malformed
            self.outOfRange = outOfRange
            self.sum = sum
            self.sumSquares = sumSquares
        }

        func check() throws(StatisticsError) {
            try ReleasedCheck.label(level)
            try ReleasedCheck.count(n, patients, missing, malformed, outOfRange)
            if let cases = n.exact, let patients = patients.exact {
                try ReleasedCheck.require(patients <= cases, "no more patients than cases")
            }
            guard sum != nil || sumSquares != nil else { return }
            guard let n = n.exact, let sum, let sumSquares else {
                throw StatisticsError(.unexpectedValue, "a number and both sums are released together")
            }
            let limit = UInt128(Resolution.unitLimit)
            try ReleasedCheck.require(
                sum.value.magnitude <= UInt128(n) * limit && sumSquares.value >= 0
                    && sumSquares.value.magnitude <= UInt128(n) * limit * limit,
                "a sum is within its proven bounds")
            try ReleasedCheck.require(
                WideDifference(n: n, sumSquares: sumSquares.value, sum: sum.value) != nil,
                "n times the sum of squares is at least the square of the sum")
        }

        fileprivate func merged(with other: Group) -> Group {
            Group(
                level: level, n: n + other.n, patients: patients + other.patients, missing: missing + other.missing,
                malformed: malformed + other.malformed, outOfRange: outOfRange + other.outOfRange,
                sum: Self.add(sum, other.sum), sumSquares: Self.add(sumSquares, other.sumSquares))
        }

        private static func add(_ left: WideInteger?, _ right: WideInteger?) -> WideInteger? {
            guard let left, let right else { return nil }
            return WideInteger(left.value + right.value)
        }
    }

    /// The quantity's identifier.
    public let variable: String
    public let resolution: Resolution
    /// What it is grouped by; nil when it is not.
    public let by: String?
    /// One group a level, in the protocol's order, the last one ``CategoryColumn/missingLevel``; or one without a level.
    public let groups: [Group]

    @_spi(ReleaseGate)
    public init(variable: String, resolution: Resolution, by: String?, groups: [Group]) {
        self.variable = variable
        self.resolution = resolution
        self.by = by
        self.groups = groups
    }

    func check() throws(StatisticsError) {
        try ReleasedCheck.label(variable)
        try ReleasedCheck.label(by)
        try ReleasedCheck.require((1...ReleasedCheck.listLimit).contains(groups.count), "at least one group")
        for group in groups { try group.check() }
    }

    /// The moments of both sites; a sum withheld at one of them is withheld.
    public func merged(with other: ReleasedMoments) throws(StatisticsError) -> ReleasedMoments {
        guard variable == other.variable, resolution == other.resolution, by == other.by,
            groups.map(\.level) == other.groups.map(\.level)
        else { throw StatisticsError(.shapeMismatch, "different moments") }
        let merged = ReleasedMoments(
            variable: variable, resolution: resolution, by: by,
            groups: zip(groups, other.groups).map { $0.merged(with: $1) })
        try merged.check()
        return merged
    }
}

extension ReleasedMoments.Group: Codable {
    private enum CodingKeys: String, CodingKey {
        case level, n, patients, missing, malformed, outOfRange, sum, sumSquares
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        level = try container.decodeIfPresent(String.self, forKey: .level)
        n = try container.decode(Count.self, forKey: .n)
        patients = try container.decode(Count.self, forKey: .patients)
        missing = try container.decode(Count.self, forKey: .missing)
        malformed = try container.decode(Count.self, forKey: .malformed)
        outOfRange = try container.decode(Count.self, forKey: .outOfRange)
        sum = try container.decode(WideInteger.self, unlessWithheldFor: .sum)
        sumSquares = try container.decode(WideInteger.self, unlessWithheldFor: .sumSquares)
        try check()
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(level, forKey: .level)
        try container.encode(n, forKey: .n)
        try container.encode(patients, forKey: .patients)
        try container.encode(missing, forKey: .missing)
        try container.encode(malformed, forKey: .malformed)
        try container.encode(outOfRange, forKey: .outOfRange)
        try container.encode(sum, orWithheldFor: .sum)
        try container.encode(sumSquares, orWithheldFor: .sumSquares)
    }
}

extension ReleasedMoments: Codable {
    private enum CodingKeys: String, CodingKey { case variable, resolution, by, groups }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        variable = try container.decode(String.self, forKey: .variable)
        resolution = try container.decode(Resolution.self, forKey: .resolution)
        by = try container.decodeIfPresent(String.self, forKey: .by)
        groups = try container.decode([Group].self, forKey: .groups)
        try check()
    }
}

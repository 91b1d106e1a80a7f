/// Counts of cases with noise added (differential privacy, rule 17). Every cell is there, zeros and small ones too, on
/// the protocol's own edges and levels; none is merged or withheld.
///
/// A number may be negative or too large. That is not repaired: sums over cells and sites would be biased. Whatever is
/// computed from the numbers is as safe as they are.
public struct ReleasedNoisyCounts: Hashable, Sendable {
    /// Which answer the numbers stand for. It gives the order of the cells.
    public enum Subject: Hashable, Sendable {
        /// A box of the flow, without `screened`: the boxes add up to it.
        public struct Box: Hashable, Sendable, Codable {
            public let box: ReleasedFlow.Box.Name
            /// The exclusion's reason, or the failure's code; nil for the others.
            public let reason: String?

            @_spi(ReleaseGate)
            public init(box: ReleasedFlow.Box.Name, reason: String?) {
                self.box = box
                self.reason = reason
            }
        }

        /// A number a box.
        case flow(boxes: [Box])
        /// Row-major: the last axis varies fastest.
        case table(axes: [TableAxis])
        /// Of each level: the bins between the edges, then missing, malformed, out of range. `by` is nil and `levels` is
        /// empty without a grouping.
        case histogram(variable: String, resolution: Resolution, by: String?, levels: [String], edges: [String])
        /// TP, FP, FN, TN.
        case confusion(operatingPoint: String, threshold: String)
        /// The positives between the edges, then the negatives.
        case scoreSteps(resolution: Resolution, edges: [String])

        /// How many numbers it has.
        public var cellCount: Int {
            switch self {
            case .flow(let boxes): boxes.count
            case .table(let axes):
                axes.reduce(1) { min($0 * $1.levels.count, ReleasedNoisyCounts.cellLimit + 1) }
            case .histogram(_, _, _, let levels, let edges): max(1, levels.count) * (edges.count + 2)
            case .confusion: 4
            case .scoreSteps(_, let edges): 2 * (edges.count - 1)
            }
        }
    }

    /// How noise was drawn, and at how many sites.
    public struct Noise: Hashable, Sendable, Codable {
        public enum Mechanism: String, Hashable, Sendable, Codable, CaseIterable {
            case discreteGaussian = "discrete-gaussian"
            case discreteLaplace = "discrete-laplace"
        }

        public let mechanism: Mechanism
        /// σ of the discrete Gaussian, b of the discrete Laplace: an exact decimal, or a ratio such as `22/7`.
        public let scale: String
        /// How many sites' noise of this kind is in each number.
        public let sites: Int

        @_spi(ReleaseGate)
        public init(mechanism: Mechanism, scale: String, sites: Int = 1) {
            self.mechanism = mechanism
            self.scale = scale
            self.sites = sites
        }

        /// The scale as a number; nil for a text that is none, or that is not positive and at most 2³¹.
        public var scaleValue: Double? {
            let parts = scale.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard scale.utf8.count <= 41, parts.count <= 2 else { return nil }
            let isPlain = parts.allSatisfy { part in
                let places = part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
                return places.count <= (parts.count == 1 ? 2 : 1)
                    && places.allSatisfy { place in
                        !place.isEmpty && place.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                    }
            }
            let numbers = parts.compactMap { Double(Substring($0)) }
            guard isPlain, numbers.count == parts.count, let first = numbers.first else { return nil }
            let value = first / (numbers.count == 2 ? numbers[1] : 1)
            return value > 0 && value <= 0x1p31 ? value : nil
        }

        /// A bound of the variance of all its sites' noise together, which it nearly reaches: σ² of a discrete Gaussian
        /// (Canonne, Kamath, Steinke 2020, Corollary 9), 2b² of a discrete Laplace.
        public var varianceBound: Double {
            guard let scale = scaleValue else { return .infinity }
            switch mechanism {
            case .discreteGaussian: return Double(sites) * scale * scale
            case .discreteLaplace: return 2 * Double(sites) * scale * scale
            }
        }
    }

    /// The most numbers of one answer.
    public static let cellLimit = 100_000
    /// Numbers lie within ± this: exact in JSON.
    public static let numberLimit: Int64 = 1 << 53

    public let subject: Subject
    /// At most so many cases of each patient were counted, at the site that counted most.
    public let casesPerPatient: Int
    /// In the order that the subject says.
    public let numbers: [Int64]
    /// One entry a mechanism and scale, sorted; of several sites after merging.
    public let noise: [Noise]

    @_spi(ReleaseGate)
    public init(subject: Subject, casesPerPatient: Int, numbers: [Int64], noise: Noise) {
        self.init(subject: subject, casesPerPatient: casesPerPatient, numbers: numbers, noises: [noise])
    }

    private init(subject: Subject, casesPerPatient: Int, numbers: [Int64], noises: [Noise]) {
        self.subject = subject
        self.casesPerPatient = casesPerPatient
        self.numbers = numbers
        noise = noises
    }

    /// How many sites' counts are in each number.
    public var sites: Int { noise.reduce(0) { $0 + $1.sites } }

    /// A bound of the variance of the noise in each number.
    public var varianceBound: Double { noise.reduce(0) { $0 + $1.varianceBound } }

    /// The counts of both sites: numbers add, and so do the variances of their noise. Unbiased.
    public func merged(with other: ReleasedNoisyCounts) throws(StatisticsError) -> ReleasedNoisyCounts {
        guard subject == other.subject, numbers.count == other.numbers.count else {
            throw StatisticsError(.shapeMismatch, "noisy counts of different answers")
        }
        var sites: [Noise: Int] = [:]
        for entry in noise + other.noise {
            sites[Noise(mechanism: entry.mechanism, scale: entry.scale, sites: 0), default: 0] += entry.sites
        }
        let merged = ReleasedNoisyCounts(
            subject: subject, casesPerPatient: max(casesPerPatient, other.casesPerPatient),
            numbers: zip(numbers, other.numbers).map { $0 + $1 },
            noises: Self.sorted(
                sites.map { Noise(mechanism: $0.key.mechanism, scale: $0.key.scale, sites: $0.value) }))
        try merged.checkNumbers()
        return merged
    }

    private static func sorted(_ noise: [Noise]) -> [Noise] {
        noise.sorted { ($0.mechanism.rawValue, $0.scale) < ($1.mechanism.rawValue, $1.scale) }
    }
}

// MARK: - Checks

extension ReleasedNoisyCounts {
    func check() throws(StatisticsError) {
        try subject.check()
        try ReleasedCheck.require(
            subject.cellCount <= Self.cellLimit && numbers.count == subject.cellCount, "one number a cell")
        try ReleasedCheck.require((1...10_000).contains(casesPerPatient), "from 1 to 10000 cases a patient")
        try ReleasedCheck.require(
            !noise.isEmpty && noise == Self.sorted(noise)
                && zip(noise, noise.dropFirst()).allSatisfy {
                    ($0.mechanism, $0.scale) != ($1.mechanism, $1.scale)
                }, "each noise once, in order")
        for entry in noise { try ReleasedCheck.require(entry.scaleValue != nil, "a positive scale of at most 2^31") }
        try checkNumbers()
    }

    private func checkNumbers() throws(StatisticsError) {
        try ReleasedCheck.require(
            numbers.allSatisfy { $0.magnitude < Self.numberLimit.magnitude }, "a noisy number lies within 2^53")
        try ReleasedCheck.require(
            noise.allSatisfy { (1...ReleasedCheck.listLimit).contains($0.sites) }, "from 1 to 10000 sites")
    }
}

extension ReleasedNoisyCounts.Subject {
    func check() throws(StatisticsError) {
        switch self {
        case .flow(let boxes):
            try ReleasedCheck.require((1...ReleasedCheck.listLimit).contains(boxes.count), "at least one box")
            try ReleasedCheck.require(Set(boxes).count == boxes.count, "a flow box is named twice")
            for box in boxes {
                try ReleasedCheck.label(box.reason)
                try ReleasedCheck.require(
                    box.box != .screened && (box.reason != nil) == (box.box == .excluded || box.box == .failed),
                    "excluded and failed boxes have a reason, and screened is the sum of all")
            }
        case .table(let axes):
            try ReleasedCheck.require((1...3).contains(axes.count), "one to three axes")
            for axis in axes {
                try ReleasedCheck.label(axis.variable)
                try Self.levels(axis.levels, atLeast: 1)
            }
        case .histogram(let variable, let resolution, let by, let levels, let edges):
            try ReleasedCheck.label(variable)
            try ReleasedCheck.label(by)
            try Self.levels(levels, atLeast: by == nil ? 0 : 1)
            try ReleasedCheck.require((by == nil) == levels.isEmpty, "levels of a grouping")
            try ReleasedCheck.edges(edges, resolution: resolution)
        case .confusion(let operatingPoint, let threshold):
            try ReleasedCheck.label(operatingPoint)
            try ReleasedCheck.label(threshold)
        case .scoreSteps(let resolution, let edges): try ReleasedCheck.edges(edges, resolution: resolution)
        }
    }

    private static func levels(_ levels: [String], atLeast least: Int) throws(StatisticsError) {
        try ReleasedCheck.require(
            (least...ReleasedCheck.listLimit).contains(levels.count) && Set(levels).count == levels.count,
            "distinct levels")
        for level in levels { try ReleasedCheck.label(level) }
    }
}

/// The patients' contributions to a sum, as far as a dominance rule asks. Raw.
public struct PatientContributions: Hashable, Sendable {
    /// The sum over patients of the contribution's magnitude.
    public private(set) var total: Int128 = 0
    /// The largest magnitude of one patient.
    public private(set) var largest: Int128 = 0
    /// The second largest.
    public private(set) var second: Int128 = 0

    init() {}

    /// Two patients with as much each, at most, and others.
    init(total: Int128, largestTwo: Int128) {
        self.total = total
        largest = largestTwo
        second = largestTwo
    }

    /// Of patients' contributions, in any order.
    public init(_ contributions: some Sequence<Int128>) {
        for contribution in contributions { add(contribution) }
    }

    @inline(__always)
    mutating func add(_ contribution: Int128) {
        let magnitude = contribution < 0 ? -contribution : contribution
        total += magnitude
        if magnitude > second {
            if magnitude > largest {
                second = largest
                largest = magnitude
            } else {
                second = magnitude
            }
        }
    }

    mutating func merge(_ other: PatientContributions) {
        total += other.total
        if other.largest > largest {
            second = max(largest, other.second)
            largest = other.largest
        } else {
            second = max(second, other.largest)
        }
    }
}

/// The distinct values of a quantity, listed while they are few. Raw.
public enum DistinctValues: Hashable, Sendable {
    /// The most values that are listed.
    public static let limit = 5

    /// At most five values, ascending.
    case few([Int64])
    /// More than five.
    case many

    @inline(__always)
    mutating func insert(_ value: Int64) {
        guard case .few(let values) = self, !values.contains(value) else { return }
        self = values.count == Self.limit ? .many : .few((values + [value]).sorted())
    }

    func union(_ other: DistinctValues) -> DistinctValues {
        guard case .few(let left) = self, case .few(let right) = other else { return .many }
        let union = Set(left).union(right)
        return union.count > Self.limit ? .many : .few(union.sorted())
    }
}

/// The moments of one group, raw: everything that a disclosure rule may ask of them.
public struct MomentsGroup: Hashable, Sendable {
    /// The level of the grouping, nil when there is none.
    public let level: String?
    /// Cases with a value within the declared range.
    public internal(set) var n = 0
    /// Cases without a value.
    public internal(set) var missing = 0
    /// Cases with a value that is not a number.
    public internal(set) var malformed = 0
    /// Cases with a value outside the declared range.
    public internal(set) var outOfRange = 0
    /// Patients with at least one value.
    public internal(set) var patients = 0
    /// Patients with at least one case without a value.
    public internal(set) var missingPatients = 0
    /// Patients with at least one malformed value.
    public internal(set) var malformedPatients = 0
    /// Patients with at least one value outside the range.
    public internal(set) var outOfRangePatients = 0
    /// Σx in units.
    public internal(set) var sum: Int128 = 0
    /// Σx² in squared units.
    public internal(set) var sumSquares: Int128 = 0
    /// Of the patients' sums of x, by magnitude.
    public internal(set) var sumContributions = PatientContributions()
    /// Of the patients' sums of x².
    public internal(set) var squareContributions = PatientContributions()
    /// The smallest value in units, nil without values. Never released.
    public internal(set) var minimum: Int64?
    /// The largest value in units, nil without values. Never released.
    public internal(set) var maximum: Int64?
    /// The distinct values while they are few.
    public internal(set) var distinct = DistinctValues.few([])

    init(level: String?) { self.level = level }

    mutating func merge(_ other: MomentsGroup) {
        n += other.n
        missing += other.missing
        malformed += other.malformed
        outOfRange += other.outOfRange
        patients += other.patients
        missingPatients += other.missingPatients
        malformedPatients += other.malformedPatients
        outOfRangePatients += other.outOfRangePatients
        sum += other.sum
        sumSquares += other.sumSquares
        sumContributions.merge(other.sumContributions)
        squareContributions.merge(other.squareContributions)
        minimum = [minimum, other.minimum].compactMap { $0 }.min()
        maximum = [maximum, other.maximum].compactMap { $0 }.max()
        distinct = distinct.union(other.distinct)
    }
}

/// What an attacker can say about one count.
public struct RecoveryInterval: Hashable, Sendable {
    /// The least and the greatest value that some whole, non-negative solution gives; solutions were found for both.
    public let values: ClosedRange<Int>
    /// Whether no solution lies outside, as far as a linear program in floating point says so. False: the true interval
    /// may be wider, never narrower.
    public let isExact: Bool
    /// Whether `values` ends at the largest value that was looked for.
    public let isUnbounded: Bool

    public init(values: ClosedRange<Int>, isExact: Bool, isUnbounded: Bool) {
        self.values = values
        self.isExact = isExact
        self.isUnbounded = isUnbounded
    }

    /// How far the ends lie apart.
    public var width: Int { values.upperBound - values.lowerBound }
}

internal import TextCatalogue

/// A length of time as people write it: `30m`, `12h`, `7d`.
public struct Validity: Hashable, Sendable {
    public let seconds: Int64

    /// - Throws: `invalid-duration`.
    public init(_ text: String) throws(CoordinatorError) {
        let units: [Character: Int64] = ["m": 60, "h": 3600, "d": 86_400]
        guard let last = text.last, let unit = units[last], let count = Int64(text.dropLast()),
            (1...1_000_000).contains(count)
        else { throw CoordinatorError(.invalidDuration, .coordinatorInvalidDuration(text)) }
        seconds = count * unit
    }
}

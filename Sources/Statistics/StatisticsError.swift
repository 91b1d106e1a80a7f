/// What this module refuses. The code is stable and goes over the wire; the detail names shapes and limits, never a
/// value of a case.
public struct StatisticsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stable reasons.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// A resolution that is not a positive decimal within the limits.
        case malformedResolution = "malformed-resolution"
        /// A score grid without a positive, finite width or with a number of steps outside its limits.
        case malformedGrid = "malformed-grid"
        /// Edges that are not strictly ascending, or fewer than two.
        case malformedEdges = "malformed-edges"
        /// Columns of different lengths, a selection that is not ascending, or patients that are not sorted.
        case malformedColumns = "malformed-columns"
        /// Two aggregates that do not describe the same quantities.
        case shapeMismatch = "shape-mismatch"
        /// More cases than the exact integer arithmetic is proven for.
        case tooManyCases = "too-many-cases"
        /// A score outside the grid's outer edges, or a class that is neither positive nor negative.
        case unexpectedValue = "unexpected-value"
        /// A released form that has no sum over sites (a rank statistic is defined within one site).
        case notPoolable = "not-poolable"
    }

    /// Why it was refused.
    public let reason: Reason
    /// A safe sentence for logs of developers; holds no data.
    public let detail: String

    /// The stable kebab-case code.
    public var code: String { reason.rawValue }
    public var description: String { "\(code): \(detail)" }

    /// Creates an error from its reason and a detail that holds no data.
    public init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }

    /// Errors are equal when their reasons are: the detail is for people.
    public static func == (left: StatisticsError, right: StatisticsError) -> Bool { left.reason == right.reason }

    public func hash(into hasher: inout Hasher) { hasher.combine(reason) }
}

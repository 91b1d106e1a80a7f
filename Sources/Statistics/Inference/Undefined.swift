/// Why an inference has no value. The raw value is the code in JSON.
public enum Undefined: String, Error, Hashable, Codable, Sendable, CaseIterable {
    /// There is nothing to infer from.
    case noCases = "no-cases"
    /// Only positives or only negatives.
    case singleClass = "single-class"
    /// The variance is zero, so that the method has no limits.
    case noVariance = "no-variance"
    /// A row or column of a table is empty.
    case zeroMargin = "zero-margin"
    /// A number that it needs is withheld by a site.
    case withheld = "withheld"
    /// Too few patients for a clustered variance.
    case tooFewClusters = "too-few-clusters"
    /// Too few cases for a variance.
    case tooFewCases = "too-few-cases"
    /// The estimate lies on the boundary of its range, where the method has no limits.
    case onBoundary = "on-boundary"
    /// The aggregate has another number of axes than the method is for.
    case notTwoWay = "not-two-way"
    /// The reference mask holds nothing.
    case emptyReference = "empty-reference"
    /// The predicted mask holds nothing.
    case emptyPrediction = "empty-prediction"
    /// Both masks hold nothing.
    case bothEmpty = "both-empty"
    /// The denominator is zero, as in a predictive value without a positive call.
    case zeroDenominator = "zero-denominator"
    /// The value is infinite, as a log loss of a certain error.
    case notFinite = "not-finite"
    /// The iterations did not settle.
    case notConverged = "not-converged"
    /// The classes can be separated without error, so that a logistic fit has no finite maximum.
    case separated = "separated"
    /// Too few sites or studies for the method.
    case tooFewSites = "too-few-sites"
    /// The numbers are too large for the method's exact enumeration.
    case tooLarge = "too-large"
    /// More distinct values than are listed.
    case tooManyLevels = "too-many-levels"
    /// A covariate is a combination of the others.
    case collinear = "collinear"
    /// A score lies outside 0 to 1, where the method needs probabilities.
    case notProbabilities = "not-probabilities"
    /// An argument, such as a confidence level, lies outside its range.
    case badArgument = "bad-argument"
}

/// A value, or the reason why there is none; never NaN.
///
/// JSON: the value under `"value"`, or `{"value": null, "undefined": "<code>"}`.
public enum Inferred<Value> {
    case value(Value)
    case undefined(Undefined)

    /// The value, nil when undefined.
    public var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }

    /// The reason, nil when there is a value.
    public var undefined: Undefined? {
        if case .undefined(let reason) = self { reason } else { nil }
    }

    /// The value, or the reason thrown.
    public func get() throws(Undefined) -> Value {
        switch self {
        case .value(let value): value
        case .undefined(let reason): throw reason
        }
    }

    /// Applies a function to the value.
    public func map<New>(_ transform: (Value) -> New) -> Inferred<New> {
        switch self {
        case .value(let value): .value(transform(value))
        case .undefined(let reason): .undefined(reason)
        }
    }
}

extension Inferred: Sendable where Value: Sendable {}
extension Inferred: Equatable where Value: Equatable {}
extension Inferred: Hashable where Value: Hashable {}

extension Inferred: Codable where Value: Codable {
    private enum CodingKeys: String, CodingKey { case value, undefined }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let reason = try container.decodeIfPresent(Undefined.self, forKey: .undefined) {
            self = .undefined(reason)
        } else {
            self = .value(try container.decode(Value.self, forKey: .value))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .value(let value):
            try container.encode(value, forKey: .value)
        case .undefined(let reason):
            try container.encodeNil(forKey: .value)
            try container.encode(reason, forKey: .undefined)
        }
    }
}

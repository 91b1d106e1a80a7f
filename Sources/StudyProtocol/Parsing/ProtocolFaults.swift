public import StrictJSON
public import TextCatalogue

/// Everything that is wrong with a protocol document, for its author to mend in one go.
public struct ProtocolFaults: UserFacingError, Hashable {
    /// At least one, in the order of the document, form before meaning.
    public let faults: [Fault]

    public init(faults: [Fault]) { self.faults = faults }

    public var code: String { "protocol-invalid" }
    public var phrase: Phrase { .protocolFaultCount(faults.count) }

    public func contains(_ code: ProtocolFaultCode) -> Bool { faults.contains { $0.code == code.rawValue } }
}

/// The faults of a protocol beside those of any JSON document (`StrictJSONError.Code`, `FaultCode`) and of identifiers
/// and digests (`EvidenceError.Code`). Codes are stable: scripts rely on them.
public enum ProtocolFaultCode: String, Sendable, CaseIterable {
    // Form.
    case schemaVersion = "schema-version"
    case nameMalformed = "name-malformed"
    case versionMalformed = "version-malformed"
    case textMalformed = "text-malformed"
    case timestampMalformed = "timestamp-malformed"
    case decimalNotString = "decimal-not-string"
    case decimalMalformed = "decimal-malformed"
    case resolutionMalformed = "resolution-malformed"
    case rangeNotAscending = "range-not-ascending"
    case rangeTooWide = "range-too-wide"
    case notOnResolution = "not-on-resolution"
    case outsideRange = "outside-range"
    case edgesNotAscending = "edges-not-ascending"
    case edgesRequired = "edges-required"
    case edgesNotApplicable = "edges-not-applicable"
    case levelMalformed = "level-malformed"
    case levelReserved = "level-reserved"
    case levelUnknown = "level-unknown"
    case criterionCondition = "criterion-condition"
    case gridMalformed = "grid-malformed"
    case duplicate
    case reservedName = "reserved-name"
    // References.
    case unknownVariable = "unknown-variable"
    case wrongVariableKind = "wrong-variable-kind"
    case unknownOperatingPoint = "unknown-operating-point"
    case unknownEndpoint = "unknown-endpoint"
    // Meaning.
    case referenceNotBinary = "reference-not-binary"
    case noInvitedSite = "no-invited-site"
    case trainingSiteInvited = "training-site-invited"
    case ethicsSiteNotInvited = "ethics-site-not-invited"
    case expired
    case modelRequired = "model-required"
    case referenceRequired = "reference-required"
    case evaluationRequired = "evaluation-required"
    case clusterRequired = "cluster-required"
    case subgroupByReference = "subgroup-by-reference"
    case tooManyAnswers = "too-many-answers"
    case operatingPointRequired = "operating-point-required"
    case operatingPointNotApplicable = "operating-point-not-applicable"
    case estimatorNotApplicable = "estimator-not-applicable"
    case weightsNotApplicable = "weights-not-applicable"
    case varianceRequired = "variance-required"
    case varianceNotApplicable = "variance-not-applicable"
    case clusteredVarianceRequired = "clustered-variance-required"
    case intervalRequired = "interval-required"
    case intervalNotApplicable = "interval-not-applicable"
    case hypothesisRequired = "hypothesis-required"
    case hypothesisNotApplicable = "hypothesis-not-applicable"
    case outsideOpenRange = "outside-open-range"
    case marginRequired = "margin-required"
    case marginNotApplicable = "margin-not-applicable"
    case alphaIntervalMismatch = "alpha-interval-mismatch"
    case combinationNotApplicable = "combination-not-applicable"
    case predictionNotApplicable = "prediction-not-applicable"
    case transformNotApplicable = "transform-not-applicable"
    case randomEffectsTooFewSites = "random-effects-too-few-sites"
    case multiplicityRequired = "multiplicity-required"
    case multiplicityFamily = "multiplicity-family"
    case multiplicityRule = "multiplicity-rule"
    case multiplicityAlpha = "multiplicity-alpha"
    case sampleSizeRequired = "sample-size-required"
    case minimumSitesUnreachable = "minimum-sites-unreachable"
    case noiseEpsilon = "noise-epsilon"
    case noiseDelta = "noise-delta"
    case noiseDeltaRequired = "noise-delta-required"
    case noiseDeltaNotApplicable = "noise-delta-not-applicable"
    case noiseSummary = "noise-summary"
    case noiseEndpoint = "noise-endpoint"
}

extension FaultList {
    func add(_ pointer: JSONPointer, _ code: ProtocolFaultCode, _ phrase: Phrase) {
        add(pointer, code.rawValue, phrase)
    }
}

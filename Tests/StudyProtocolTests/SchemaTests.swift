import Foundation
import StrictJSON
import StudyProtocol
import Testing

/// The committed JSON Schema and the reader are two descriptions of one form: here they are held together.
@Suite("The schema of protocols says what the reader does")
struct SchemaTests {
    private let schema: JSONValue

    init() throws {
        let path = "protocols/schema/study-protocol.schema.json"
        schema = try StrictJSON.parse(Data(contentsOf: ExampleProtocols.root.appending(path: path)))
    }

    private func at(_ pointer: String) throws -> JSONValue {
        let place = try #require(JSONPointer(pointer))
        return try #require(schema[place], "\(pointer)")
    }

    private func strings(_ pointer: String) throws -> [String] {
        let items = try at(pointer).arrayValue
        return try #require(items).compactMap(\.stringValue)
    }

    @Test("Every member that the schema requires is required by the reader, and no other")
    func required() throws {
        let required = Set(try strings("/required"))
        let members = try #require(at("/properties").objectValue?.keys)
        let document = try ExampleProtocols.validation
        for member in members {
            guard case .failure(let error) = StudyProtocol.parse(document.setting("/\(member)", nil)) else {
                #expect(!required.contains(member), "\(member)")
                continue
            }
            let isMissing = error.faults.contains { $0.code == "json-missing" && $0.pointer == .root }
            #expect(isMissing == required.contains(member), "\(member)")
        }
    }

    @Test("Every member of the schema is known to the reader")
    func members() throws {
        for member in try #require(at("/properties").objectValue?.keys) {
            let document = try ExampleProtocols.validation.setting("/\(member)", .null)
            guard case .failure(let error) = StudyProtocol.parse(document) else { continue }
            let isUnknown = error.faults.contains { $0.code == "json-unknown-member" }
            #expect(!isUnknown, "\(member)")
        }
    }

    @Test("Closed lists are the same lists")
    func lists() throws {
        func same<E: RawRepresentable & CaseIterable>(_ pointer: String, _ type: E.Type) throws
        where E.RawValue == String {
            let listed = try strings(pointer)
            #expect(Set(listed) == Set(E.allCases.map(\.rawValue)), "\(pointer)")
        }
        try same("/properties/purpose/enum", Purpose.self)
        try same("/properties/cohort/properties/unit/enum", CohortUnit.self)
        try same("/properties/multiplicity/properties/rule/enum", Multiplicity.Rule.self)
        try same("/$defs/endpoint/properties/role/enum", Endpoint.Role.self)
        try same("/$defs/endpoint/properties/metric/enum", Endpoint.Metric.self)
        try same("/$defs/endpoint/properties/estimator/enum", Endpoint.Estimator.self)
        try same("/$defs/endpoint/properties/weights/enum", Endpoint.Weights.self)
        try same("/$defs/endpoint/properties/variance/enum", Endpoint.VarianceMethod.self)
        try same("/$defs/endpoint/properties/randomEffects/enum", Endpoint.RandomEffectsMethod.self)
        try same("/$defs/endpoint/properties/predictionInterval/enum", Endpoint.PredictionIntervalForm.self)
        try same("/properties/synthesis/properties/transform/enum", SynthesisPlan.Transform.self)
        try same("/$defs/hypothesis/properties/kind/enum", Hypothesis.Kind.self)
        try same("/properties/disclosure/properties/noise/properties/mechanism/enum", NoiseRequest.Mechanism.self)
        try same("/$defs/interval/properties/method/enum", IntervalRequest.Method.self)
        try same("/$defs/evaluation/properties/missing/properties/modelFailed/enum", MissingRules.ModelFailed.self)
    }

    @Test("Limits are the same limits")
    func limits() throws {
        func same(_ pointer: String, _ limit: Int) throws {
            let found = try at(pointer).intValue
            #expect(found == limit, "\(pointer)")
        }
        try same("/properties/variables/maxItems", ProtocolLimits.variables)
        try same("/properties/statistics/maxItems", ProtocolLimits.statistics)
        try same("/properties/endpoints/maxItems", ProtocolLimits.endpoints)
        try same("/properties/ethics/maxItems", ProtocolLimits.ethics)
        try same("/properties/cohort/properties/include/maxItems", ProtocolLimits.criteria)
        try same("/$defs/sites/maxItems", ProtocolLimits.sites)
        try same("/$defs/edges/maxItems", ProtocolLimits.edges)
        try same("/$defs/level/maxLength", ProtocolLimits.levelLength)
        try same("/$defs/evaluation/properties/operatingPoints/maxItems", ProtocolLimits.operatingPoints)
        try same("/$defs/evaluation/properties/subgroups/maxItems", ProtocolLimits.subgroups)
        try same(
            "/$defs/evaluation/properties/scoreGrid/properties/steps/maximum", ProtocolLimits.gridSteps)
        try same("/$defs/title/properties/en/maxLength", ProtocolLimits.titleLength)
        try same("/$defs/text/properties/en/maxLength", ProtocolLimits.textLength)
    }

    @Test("Every method that a rule allows is one that the schema has, and every one is allowed somewhere")
    func rules() {
        var weights: Set<Endpoint.Weights> = []
        var variances: Set<Endpoint.VarianceMethod> = []
        var intervals: Set<IntervalRequest.Method> = []
        var estimators: Set<Endpoint.Estimator> = []
        for metric in Endpoint.Metric.allCases {
            weights.formUnion(EndpointRules.weights(for: metric, decides: false))
            variances.formUnion(EndpointRules.variances(for: metric, clustered: false))
            for estimator in EndpointRules.estimators(for: metric) {
                estimators.insert(estimator)
                for variance in EndpointRules.variances(for: metric, clustered: false) {
                    intervals.formUnion(EndpointRules.intervals(for: metric, estimator, variance))
                }
            }
            #expect(EndpointRules.variances(for: metric, clustered: true).allSatisfy { $0.isClustered })
        }
        #expect(weights == Set(Endpoint.Weights.allCases))
        #expect(variances == Set(Endpoint.VarianceMethod.allCases))
        #expect(intervals == Set(IntervalRequest.Method.allCases))
        #expect(estimators == Set(Endpoint.Estimator.allCases))
    }
}

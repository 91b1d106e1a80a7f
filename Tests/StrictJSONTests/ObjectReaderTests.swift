import Foundation
import StrictJSON
import Testing
import TextCatalogue

@Suite struct ObjectReaderTests {
    private enum Metric: String, CaseIterable {
        case auroc, sensitivity, specificity
    }

    private struct Endpoint: Equatable {
        var id: String
        var metric: Metric
        var alpha: Double
        var levels: [String]
    }

    private let endpoint = ValueReader<Endpoint>.object { reader in
        let id = reader.string("id", maximum: 8)
        let metric = reader.required("metric", .choice(of: Metric.self))
        let alpha = reader.optional("alpha", .number(in: 0...0.5)) ?? 0.025
        let levels = reader.required("levels", .array(of: .string, count: 1...3))
        guard let id, let metric, let levels else { return nil }
        return Endpoint(id: id, metric: metric, alpha: alpha, levels: levels)
    }

    private func read(_ text: String) throws -> (Endpoint?, [Fault]) {
        let faults = FaultList()
        let value = try StrictJSON.parse(Data(text.utf8))
        let result = endpoint.read(value, JSONPointer("/endpoints/0") ?? .root, faults)
        return (result, faults.faults)
    }

    @Test("A good object is read without a fault")
    func good() throws {
        let (result, faults) = try read(#"{"id":"primary","metric":"auroc","levels":["a"]}"#)
        #expect(result == Endpoint(id: "primary", metric: .auroc, alpha: 0.025, levels: ["a"]))
        #expect(faults == [])
    }

    @Test("All faults of an object are reported at once, each with its pointer and code")
    func allFaults() throws {
        let (result, faults) = try read(#"{"ID":"x","metrc":1,"alpha":0.7,"levels":["a",2,null],"id":"much too long"}"#)
        #expect(result == nil)
        #expect(
            faults.map { "\($0.pointer) \($0.code)" } == [
                "/endpoints/0/id json-too-long",
                "/endpoints/0 json-missing",
                "/endpoints/0/alpha json-out-of-range",
                "/endpoints/0/levels/1 json-wrong-type",
                "/endpoints/0/levels/2 json-wrong-type",
                "/endpoints/0/ID json-unknown-member",
                "/endpoints/0/metrc json-unknown-member",
            ])
        #expect(faults.last?.phrase == .jsonUnknown("metrc", nearest: "metric"))
    }

    @Test("A value that is not among the allowed ones is answered with the nearest")
    func nearestChoice() throws {
        let (_, faults) = try read(#"{"id":"x","metric":"specifity","levels":["a"]}"#)
        let allowed = ["auroc", "sensitivity", "specificity"]
        #expect(faults.map(\.code) == ["json-not-allowed"])
        #expect(faults.first?.phrase == .jsonNotAllowed("specifity", allowed: allowed, nearest: "specificity"))
    }

    @Test("A name that resembles nothing is answered without a guess")
    func noGuess() throws {
        let (_, faults) = try read(#"{"id":"x","metric":"auroc","levels":["a"],"colour":1}"#)
        #expect(faults.map(\.phrase) == [.jsonUnknown("colour", nearest: nil)])
    }

    @Test("What should be an object and is not gives one fault, not one for each member")
    func notAnObject() throws {
        let (result, faults) = try read("[]")
        #expect(result == nil)
        #expect(faults.map(\.code) == ["json-wrong-type"])
    }

    @Test("Null is not an absent member")
    func nullIsAFault() throws {
        let (_, faults) = try read(#"{"id":"x","metric":"auroc","alpha":null,"levels":["a"]}"#)
        #expect(faults.map(\.description).first?.hasPrefix("/endpoints/0/alpha: json-wrong-type") == true)
    }

    @Test(
        "A whole number must be written as one and be exact in every reader",
        arguments: [
            ("9007199254740991", 9_007_199_254_740_991), ("-5", -5), ("9007199254740992", nil), ("1.0", nil),
            ("1e3", nil), ("99999999999999999999", nil),
        ] as [(String, Int?)])
    func integers(text: String, expected: Int?) throws {
        let faults = FaultList()
        let value = try StrictJSON.parse(Data(text.utf8))
        #expect(ValueReader<Int>.integer.read(value, .root, faults) == expected)
        #expect(faults.faults.map(\.code) == (expected == nil ? ["json-not-exact"] : []))
    }

    @Test("A hostile document cannot bring more faults than the list keeps")
    func limitedFaults() {
        let faults = FaultList(limit: 3)
        let value = JSONValue.array(Array(repeating: 1, count: 100))
        #expect(ValueReader<[String]>.array(of: .string).read(value, .root, faults) == nil)
        #expect(faults.faults.count == 3)
        #expect(faults.leftOut == 97)
    }

    @Test("An error of a conversion becomes the fault")
    func conversionErrors() {
        struct Refused: UserFacingError {
            let code = "refused"
            let phrase = Phrase(en: "no", zh: "否")
        }
        let faults = FaultList()
        let reader = ValueReader<String>.string.map { _ -> Int in throw Refused() }
        #expect(reader.read("x", .root, faults) == nil)
        #expect(faults.faults == [Fault(.root, "refused", Phrase(en: "no", zh: "否"))])
    }
}

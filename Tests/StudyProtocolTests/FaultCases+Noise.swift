import StrictJSON
import StudyProtocol
import Testing

extension FaultCase {
    private static let gaussian: JSONValue = [
        "mechanism": "discrete-gaussian", "epsilon": "1", "delta": "0.00001", "casesPerPatient": 1,
    ]

    private static func noisy(
        _ title: String, _ edits: [(String, JSONValue?)], _ expected: [(String, String)]
    ) -> FaultCase {
        FaultCase(
            title,
            [("/endpoints", []), ("/multiplicity", nil), ("/sampleSize", nil), ("/statistics", [])]
                + [("/disclosure/noise", gaussian)] + edits, expected)
    }

    static let noise = [
        noisy(
            "noise with an epsilon of zero", [("/disclosure/noise/epsilon", "0")],
            [("noise-epsilon", "/disclosure/noise/epsilon")]),
        noisy(
            "noise with an epsilon above all use", [("/disclosure/noise/epsilon", "100.1")],
            [("noise-epsilon", "/disclosure/noise/epsilon")]),
        noisy(
            "an epsilon that is a JSON number", [("/disclosure/noise/epsilon", 1)],
            [("decimal-not-string", "/disclosure/noise/epsilon")]),
        noisy(
            "a delta of one in a hundred", [("/disclosure/noise/delta", "0.01")],
            [("noise-delta", "/disclosure/noise/delta")]),
        noisy(
            "Gaussian noise without a delta", [("/disclosure/noise/delta", nil)],
            [("noise-delta-required", "/disclosure/noise")]),
        noisy(
            "Laplace noise with a delta", [("/disclosure/noise/mechanism", "discrete-laplace")],
            [("noise-delta-not-applicable", "/disclosure/noise/delta")]),
        noisy(
            "noise for no case of a patient", [("/disclosure/noise/casesPerPatient", 0)],
            [("json-out-of-range", "/disclosure/noise/casesPerPatient")]),
        noisy(
            "an unknown mechanism", [("/disclosure/noise/mechanism", "gaussian")],
            [("json-not-allowed", "/disclosure/noise/mechanism")]),
        noisy(
            "a summary under noise",
            [("/statistics/-", ["id": "age", "kind": "summary", "variable": "diameter"])],
            [("noise-summary", "/statistics/0/kind")]),
        FaultCase(
            "endpoints under noise", [("/statistics", []), ("/disclosure/noise", gaussian)],
            [("noise-endpoint", "/endpoints")]),
    ]
}

@Suite("Noise that a protocol asks for")
struct NoiseRequestTests {
    @Test("what a protocol asks is read, and none is asked where it says nothing")
    func reading() throws {
        let plain = try StudyProtocol.parse(ExampleProtocols.validation).get()
        #expect(plain.disclosure.noise == nil)
        let document = try ExampleProtocols.validation.setting(
            "/disclosure/noise",
            ["mechanism": "discrete-laplace", "epsilon": "0.5", "casesPerPatient": 3])
        let noise = try #require(StudyProtocol.parse(document).get().disclosure.noise)
        #expect(
            noise.mechanism == .discreteLaplace && noise.epsilon.text == "0.5" && noise.delta == nil)
        #expect(noise.casesPerPatient == 3)
    }

    @Test("a protocol of counts alone may ask for noise")
    func valid() throws {
        let document = FaultCase.noise[0]
        let mended = try document.document.setting("/disclosure/noise/epsilon", "100")
        #expect(throws: Never.self) {
            try StudyProtocol.validate(mended, now: ExampleProtocols.now).get()
        }
    }
}

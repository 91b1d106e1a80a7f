import Foundation
import StrictJSON
import StudyProtocol
import Testing
import TextCatalogue

@testable import Agent

@Suite("Policy of a site, from site.yaml to the gate")
struct PolicySettingsTests {
    /// The gate's policy as `index` keeps it.
    private func policy(_ disclosure: String) async throws -> JSONValue {
        let site = try TestSite(disclosure: disclosure)
        try await site.index()
        let settings = try StrictJSON.parse(Data(contentsOf: site.state.settings))
        return try #require(settings["disclosure"])
    }

    @Test func `every key of site.yaml reaches the field of the gate's policy that it is named for`() async throws {
        let written = try await policy(
            """
            {profile: cms, minimumCount: 12, zeros: withhold, sensitiveVariables: [sex, side], performanceCells: all,
                dominancePercent: 85, protectionPercent: 15, momentsMinimumPatients: 30, maximumNumbers: 150,
                numbersPerPatient: 1, maximumBytes: 65536, maximumDatasetNumbers: 500, datasetNumbersPerPatient: 5,
                maximumRefusals: 7, refusalDays: 90,
                privacy: {mechanism: discrete-gaussian, epsilon: 1.5, delta: 0.0001, casesPerPatient: 3}}
            """)
        #expect(
            written == [
                "minimumCount": 12, "zeros": "withhold", "sensitiveVariables": ["sex", "side"],
                "allPerformanceCells": true, "dominancePercent": 85, "protectionPercent": 15,
                "momentsMinimumPatients": 30, "maximumNumbers": 150, "numbersPerPatient": 1, "maximumBytes": 65_536,
                "maximumDatasetNumbers": 500, "datasetNumbersPerPatient": 5, "maximumRefusals": 7, "refusalDays": 90,
                "privacy": [
                    "mechanism": "discrete-gaussian", "epsilonMillionths": 1_500_000, "delta": 0.0001,
                    "casesPerPatient": 3,
                ],
            ])
    }

    @Test(
        "a profile's minimum count is the one that the catalogue's reader names for it",
        arguments: [("acro", 10), ("cms", 11), ("opensafely", 8), ("small-area", 6), ("strict", 20)])
    func profiles(_ profile: String, _ count: Int) async throws {
        // The same five numbers are in the tests of `SitePolicy.minimumCount`: two modules, one table.
        #expect(try await policy("{profile: \(profile)}")["minimumCount"]?.intValue == count)
    }

    @Test func `what a protocol asks tightens, and what a site loosened on purpose stays as it is`() async throws {
        let site = try TestSite(disclosure: "{minimumCount: 8, dominancePercent: 95, zeros: release}")
        try await site.index()
        func effective(_ minimum: Int) async throws -> JSONValue {
            let document = TestConsortium.document(changing: [
                "disclosure": ["minimumCell": .number(JSONNumber(minimum))]
            ])
            let preview = try await Preview.make(
                of: document.canonicalBytes, state: site.state, now: TestConsortium.now)
            return try #require(try JSONValue(encoding: preview.record)["policy"])
        }
        let loose = try await effective(5)
        #expect(loose["minimumCount"]?.intValue == 8)
        #expect(loose["dominancePercent"]?.intValue == 95)
        #expect(loose["zeros"]?.stringValue == "release")
        #expect(try await effective(30)["minimumCount"]?.intValue == 30)
    }

    @Test func `settings that an agent before profiles wrote are read as what they meant`() async throws {
        let site = try TestSite()
        try await site.index()
        var object = try #require(try StrictJSON.parse(Data(contentsOf: site.state.settings)).objectValue)
        object["profile"] = nil
        object["disclosure"] = nil
        object["minimumCount"] = 12
        try JSONValue.object(object).canonicalBytes.write(to: site.state.settings)
        let settings = try JSONValue(encoding: try #require(try SiteSettings.read(site.state)))
        #expect(settings["profile"]?.stringValue == "acro")
        #expect(settings["disclosure"]?["minimumCount"]?.intValue == 12)
        #expect(settings["disclosure"]?["momentsMinimumPatients"]?.intValue == 20)
        #expect(settings["minimumCount"] == nil)
    }
}

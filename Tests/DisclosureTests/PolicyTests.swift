import Foundation
import Testing

@testable import Disclosure

@Suite("Policy")
struct PolicyTests {
    private func random(_ generator: inout SplitMix) -> DisclosurePolicy {
        var policy = DisclosurePolicy()
        policy.minimumCount = Int.random(in: 1...30, using: &generator)
        policy.momentsMinimumPatients = Int.random(in: 1...60, using: &generator)
        policy.dominancePercent = Int.random(in: 50...100, using: &generator)
        policy.protectionPercent = Int.random(in: 0...40, using: &generator)
        policy.allPerformanceCells = Bool.random(using: &generator)
        policy.maximumNumbers = Int.random(in: 0...400, using: &generator)
        policy.numbersPerPatient = Int.random(in: 0...4, using: &generator)
        policy.maximumBytes = Int.random(in: 0...1_000_000, using: &generator)
        return policy
    }

    @Test("merging can only tighten, in any order")
    func merging() {
        var generator = SplitMix(state: 3)
        for _ in 0..<500 {
            let left = random(&generator)
            let right = random(&generator)
            let merged = left.merging(right)
            #expect(merged == right.merging(left))
            #expect(merged.merging(left) == merged)
            for policy in [left, right] {
                #expect(merged.minimumCount >= policy.minimumCount)
                #expect(merged.momentsMinimumPatients >= policy.momentsMinimumPatients)
                #expect(merged.dominancePercent <= policy.dominancePercent)
                #expect(merged.protectionPercent >= policy.protectionPercent)
                #expect(merged.allPerformanceCells || !policy.allPerformanceCells)
                #expect(merged.maximumNumbers <= policy.maximumNumbers)
                #expect(merged.numbersPerPatient <= policy.numbersPerPatient)
                #expect(merged.maximumBytes <= policy.maximumBytes)
            }
        }
    }

    @Test("only the gate makes released aggregates: no other module imports their initialisers")
    func onlyTheGateReleases() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var importers: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            if try String(contentsOf: file, encoding: .utf8).contains("@_spi(ReleaseGate) import") {
                importers.insert(file.deletingLastPathComponent().lastPathComponent)
            }
        }
        #expect(importers == ["Disclosure"])
    }
}

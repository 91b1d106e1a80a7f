import Foundation
import Testing

@testable import Disclosure

@Suite("Policy")
struct PolicyTests {
    private func random(_ generator: inout SplitMix) -> DisclosurePolicy {
        var policy = DisclosurePolicy()
        policy.minimumCount = Int.random(in: 1...30, using: &generator)
        policy.zeros = DisclosurePolicy.Zeros.allCases.randomElement(using: &generator) ?? .flag
        policy.sensitiveVariables = Set(["a", "b", "c"].filter { _ in Bool.random(using: &generator) })
        policy.allPerformanceCells = Bool.random(using: &generator)
        policy.dominancePercent = Int.random(in: 50...100, using: &generator)
        policy.protectionPercent = Int.random(in: 0...40, using: &generator)
        policy.momentsMinimumPatients = Int.random(in: 1...60, using: &generator)
        policy.maximumNumbers = Int.random(in: 0...400, using: &generator)
        policy.numbersPerPatient = Int.random(in: 0...4, using: &generator)
        policy.maximumBytes = Int.random(in: 0...1_000_000, using: &generator)
        policy.maximumDatasetNumbers = Int.random(in: 0...4_000, using: &generator)
        policy.datasetNumbersPerPatient = Int.random(in: 0...40, using: &generator)
        policy.maximumRefusals = Int.random(in: 1...40, using: &generator)
        policy.refusalDays = Int.random(in: 1...90, using: &generator)
        policy.privacy.mechanism = DisclosurePolicy.Privacy.Mechanism.allCases.randomElement(using: &generator) ?? .none
        if Bool.random(using: &generator) {
            policy.privacy.epsilonMillionths = Int.random(in: 1...3_000_000, using: &generator)
        }
        if Bool.random(using: &generator) { policy.privacy.delta = Double.random(in: 1e-9...1e-3, using: &generator) }
        if Bool.random(using: &generator) { policy.privacy.casesPerPatient = Int.random(in: 1...9, using: &generator) }
        return policy
    }

    /// The fields in which a policy allows what another forbids, each told apart from how `merging` is written: by how
    /// far the two allow a thing.
    private func looser(_ policy: DisclosurePolicy, than other: DisclosurePolicy) -> [String] {
        // For each field a number that grows with what is allowed.
        func allowances(_ policy: DisclosurePolicy) -> [String: Double] {
            [
                "minimumCount": -Double(policy.minimumCount),
                "zeros": ["withhold": 0, "flag": 1, "release": 2][policy.zeros.rawValue] ?? .nan,
                "allPerformanceCells": policy.allPerformanceCells ? 0 : 1,
                "dominancePercent": Double(policy.dominancePercent),
                "protectionPercent": -Double(policy.protectionPercent),
                "momentsMinimumPatients": -Double(policy.momentsMinimumPatients),
                "maximumNumbers": Double(policy.maximumNumbers),
                "numbersPerPatient": Double(policy.numbersPerPatient),
                "maximumBytes": Double(policy.maximumBytes),
                "maximumDatasetNumbers": Double(policy.maximumDatasetNumbers),
                "datasetNumbersPerPatient": Double(policy.datasetNumbersPerPatient),
                "maximumRefusals": Double(policy.maximumRefusals),
                "refusalDays": -Double(policy.refusalDays),
                "mechanism": ["discrete-laplace": 0, "discrete-gaussian": 1, "none": 2][
                    policy.privacy.mechanism.rawValue] ?? .nan,
                "epsilon": policy.privacy.epsilonMillionths.map(Double.init) ?? .infinity,
                "delta": policy.privacy.delta ?? .infinity,
                "casesPerPatient": policy.privacy.casesPerPatient.map(Double.init) ?? .infinity,
            ]
        }
        let (own, others) = (allowances(policy), allowances(other))
        var found = own.keys.filter { !((own[$0] ?? .nan) <= (others[$0] ?? .nan)) }
        if !policy.sensitiveVariables.isSuperset(of: other.sensitiveVariables) { found.append("sensitiveVariables") }
        return found.sorted()
    }

    @Test func `a merged policy is in no field looser than either, whatever the two are`() {
        var generator = SplitMix(state: 3)
        for _ in 0..<2_000 {
            let (left, right) = (random(&generator), random(&generator))
            let merged = left.merging(right)
            #expect(looser(merged, than: left) == [])
            #expect(looser(merged, than: right) == [])
        }
    }

    @Test func `a merged policy is no stricter than it must be: every field is that of one of the two`() {
        var generator = SplitMix(state: 5)
        for _ in 0..<500 {
            let (left, right) = (random(&generator), random(&generator))
            let merged = left.merging(right)
            // Sets have no order to be one of the two in: theirs is both together.
            let changed = Set(looser(left, than: merged)).intersection(looser(right, than: merged))
            #expect(changed.subtracting(["sensitiveVariables"]).isEmpty)
            #expect(merged.sensitiveVariables == left.sensitiveVariables.union(right.sensitiveVariables))
        }
    }

    @Test func `merging is commutative, associative and idempotent`() {
        var generator = SplitMix(state: 7)
        for _ in 0..<1_000 {
            let (a, b, c) = (random(&generator), random(&generator), random(&generator))
            #expect(a.merging(b) == b.merging(a))
            #expect(a.merging(b).merging(c) == a.merging(b.merging(c)))
            #expect(a.merging(a) == a)
            #expect(a.merging(b).merging(a) == a.merging(b))
        }
    }

    @Test func `a protocol that asks nothing changes nothing, also of a policy that is looser than the defaults`() {
        var generator = SplitMix(state: 9)
        for _ in 0..<500 {
            let policy = random(&generator)
            #expect(policy.merging(.loosest) == policy)
        }
    }

    @Test func `every field is looked at: a policy that is stricter in one field alone is another one after merging`() {
        var stricter: [DisclosurePolicy] = []
        func add(_ change: (inout DisclosurePolicy) -> Void) {
            var policy = DisclosurePolicy()
            change(&policy)
            stricter.append(policy)
        }
        add { $0.minimumCount += 1 }
        add { $0.zeros = .withhold }
        add { $0.sensitiveVariables = ["hiv"] }
        add { $0.allPerformanceCells = true }
        add { $0.dominancePercent -= 1 }
        add { $0.protectionPercent += 1 }
        add { $0.momentsMinimumPatients += 1 }
        add { $0.maximumNumbers -= 1 }
        add { $0.numbersPerPatient -= 1 }
        add { $0.maximumBytes -= 1 }
        add { $0.maximumDatasetNumbers -= 1 }
        add { $0.datasetNumbersPerPatient -= 1 }
        add { $0.maximumRefusals -= 1 }
        add { $0.refusalDays += 1 }
        add { $0.privacy.mechanism = .discreteGaussian }
        add { $0.privacy.epsilonMillionths = 1 }
        add { $0.privacy.delta = 1e-6 }
        add { $0.privacy.casesPerPatient = 1 }
        // One for each stored field, so that a new field without a line here fails.
        let fields = Mirror(reflecting: DisclosurePolicy()).children.count
        let privacy = Mirror(reflecting: DisclosurePolicy.Privacy()).children.count
        #expect(stricter.count == fields - 1 + privacy)
        #expect(Set(stricter).count == stricter.count)
        for policy in stricter { #expect(DisclosurePolicy().merging(policy) == policy) }
    }

    @Test func `strict is in no field looser than any other profile, and the others differ in their count alone`() {
        for profile in DisclosurePolicy.Profile.allCases {
            #expect(looser(DisclosurePolicy(.strict), than: DisclosurePolicy(profile)) == [])
        }
        let counts: [DisclosurePolicy.Profile: Int] = [.acro: 10, .cms: 11, .opensafely: 8, .smallArea: 6]
        for (profile, count) in counts {
            var policy = DisclosurePolicy()
            policy.minimumCount = count
            #expect(DisclosurePolicy(profile) == policy)
        }
    }

    @Test func `a policy comes back from JSON as it was, and what an older program did not write has its default`()
        throws
    {
        var generator = SplitMix(state: 11)
        for _ in 0..<200 {
            let policy = random(&generator)
            let bytes = try JSONEncoder().encode(policy)
            #expect(try JSONDecoder().decode(DisclosurePolicy.self, from: bytes) == policy)
        }
        let old = Data(#"{"minimumCount": 12, "momentsMinimumPatients": 20, "allPerformanceCells": true}"#.utf8)
        var expected = DisclosurePolicy()
        expected.minimumCount = 12
        expected.allPerformanceCells = true
        #expect(try JSONDecoder().decode(DisclosurePolicy.self, from: old) == expected)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(DisclosurePolicy.self, from: Data(#"{"zeros": "hide"}"#.utf8))
        }
    }

    @Test func `one policy has one form, in whatever order its variables were named`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let names = (0..<40).map { "variable-\($0)" }
        var (first, second) = (DisclosurePolicy(), DisclosurePolicy())
        for name in names { first.sensitiveVariables.insert(name) }
        for name in names.reversed() { second.sensitiveVariables.insert(name) }
        #expect(try encoder.encode(first) == encoder.encode(second))
    }

    @Test func `the limit of a dataset grows with its patients and never below the fixed one`() {
        let policy = DisclosurePolicy()
        #expect(policy.datasetLimit(patients: 0) == 2_000)
        #expect(policy.datasetLimit(patients: 100) == 2_000)
        #expect(policy.datasetLimit(patients: 101) == 2_020)
        #expect(policy.datasetLimit(patients: .max) == .max)
    }

    @Test("only the gate makes released aggregates: no other module imports their initialisers")
    func onlyTheGateReleases() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var importers: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            if try String(contentsOf: file, encoding: .utf8).contains("@_spi(ReleaseGate) import") {
                importers.insert(file.pathComponents[sources.pathComponents.count])
            }
        }
        #expect(importers == ["Disclosure"])
    }
}

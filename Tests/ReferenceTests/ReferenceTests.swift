import Foundation
import Testing

/// Every expected value of the reference folder, at its own tolerance. What is skipped is listed in `Vectors/SKIPPED.txt`
/// with its reason, and the list is checked: a record can be left out only where everybody sees it.
@Suite struct ReferenceTests {
    @Test(arguments: try ReferenceFile.all())
    func everyExpectedValueIsReproduced(file: String) throws {
        let family = try #require(ReferenceFamily.of(file), "no family evaluates this file")
        for record in try ReferenceFile.records(file) {
            guard let evaluation = try family.evaluate(record) else {
                Issue.record("\(record): no evaluator knows this name")
                continue
            }
            guard case .value(let ours) = evaluation else { continue }
            let relative = try #require(record.relative, "\(record): a bound is to be skipped or judged by its family")
            let differences = Comparison.differences(
                ours, record.value, relative: relative, absolute: record.absolute ?? 1e-12)
            #expect(differences.isEmpty, "\(record) \(record.params): \(differences.joined(separator: "; "))")
        }
    }

    @Test func skippedRecordsAreListedWithTheirReasons() throws {
        var lines: [String] = []
        for file in try ReferenceFile.all() {
            guard let family = ReferenceFamily.of(file) else { continue }
            var reasons: [String: (count: Int, reason: String)] = [:]
            for record in try ReferenceFile.records(file) {
                guard case .skipped(let reason)? = try family.evaluate(record) else { continue }
                let key = "\(file)\t\(record.name)\t\(reason)"
                reasons[key] = ((reasons[key]?.count ?? 0) + 1, reason)
            }
            lines += reasons.keys.sorted().map { "\($0)\t\(reasons[$0]?.count ?? 0)" }
        }
        let list = lines.map { $0 + "\n" }.joined()
        let url = ReferenceRecord.url("SKIPPED.txt")
        if ProcessInfo.processInfo.environment["CONCORDAT_WRITE_SKIPPED"] == "1" {
            try Data(list.utf8).write(to: url)
        }
        #expect(list == (try? String(contentsOf: url, encoding: .utf8)) ?? "", "run with CONCORDAT_WRITE_SKIPPED=1")
    }
}

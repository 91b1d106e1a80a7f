import Foundation
import Testing

@Suite("Rules of the coordinator's sources") struct SourceRulesTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/Coordinator")

    /// Every source file with its text.
    static func sources() throws -> [(name: String, text: String)] {
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        return try (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }.map {
            ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
        }
    }

    @Test func `the log has no keys beside those of its one list`() throws {
        let sources = try Self.sources()
        #expect(sources.count > 20)
        for source in sources where source.name != "LogKey.swift" {
            #expect(!source.text.contains("metadata:"), "\(source.name)")
            for level in ["trace", "debug", "info", "notice", "warning", "error", "critical"] {
                #expect(!source.text.contains("logger.\(level)("), "\(source.name)")
            }
        }
    }

    @Test func `time and randomness come from outside`() throws {
        for source in try Self.sources() where source.name != "Surroundings.swift" {
            for call in ["Date()", "Date.now", "UUID()", "SystemRandomNumberGenerator", ".random("] {
                #expect(!source.text.contains(call), "\(source.name): \(call)")
            }
        }
    }

    @Test func `statements in SQL hold no interpolated values`() throws {
        for source in try Self.sources() {
            for part in source.text.components(separatedBy: "sql:").dropFirst() {
                let statement = part.components(separatedBy: "arguments:")[0].prefix(1500)
                #expect(!statement.contains("\\("), "\(source.name)")
            }
        }
    }
}

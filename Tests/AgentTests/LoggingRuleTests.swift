import Foundation
import Testing

@Suite("What the agent logs")
struct LoggingRuleTests {
    private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Sources").standardizedFileURL

    private func files(_ folders: String...) throws -> [(name: String, text: String)] {
        var files: [(String, String)] = []
        for folder in folders {
            let root = Self.sources.appendingPathComponent(folder)
            for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) where path.hasSuffix(".swift") {
                files.append((path, try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)))
            }
        }
        return files
    }

    @Test("everything is logged through keys of the one enum, so that no value of a patient has a key to go under")
    func keys() throws {
        let files = try files("Agent", "Transport", "concordat-agent")
        try #require(files.count > 30)
        for (name, text) in files where name != "LogKey.swift" {
            #expect(!text.contains("metadata:"), "\(name)")
            #expect(text.firstMatch(of: /logger\.(trace|debug|info|notice|warning|error|critical)\(/) == nil, "\(name)")
            // Messages are fixed texts.
            #expect(text.firstMatch(of: /logger\.log\([^"]*"[^"]*\\\(/) == nil, "\(name)")
        }
    }

    @Test("the agent never links a server")
    func noServer() throws {
        for (name, text) in try files("Agent", "Transport", "Catalogue", "ModelRuntime", "Imaging", "concordat-agent") {
            #expect(text.firstMatch(of: /import (NIO|Hummingbird)/) == nil, "\(name)")
        }
    }
}

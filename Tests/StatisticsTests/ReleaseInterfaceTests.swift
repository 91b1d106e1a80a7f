import Foundation
import Testing

@Suite("Who may make a released form")
struct ReleaseInterfaceTests {
    private let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources")
        .standardizedFileURL

    private func swiftFiles() throws -> [URL] {
        // Symbolic links are followed, so that the test also holds in a package that borrows the sources.
        try FileManager.default.contentsOfDirectory(at: sources, includingPropertiesForKeys: nil).flatMap { module in
            let folder = module.resolvingSymlinksInPath()
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
            return files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
        }
    }

    @Test("only the release gate's module imports the initialisers of released forms")
    func importers() throws {
        let files = try swiftFiles()
        #expect(files.contains { $0.lastPathComponent == "ReleasedAggregate.swift" })
        for file in files {
            let text = try String(contentsOf: file, encoding: .utf8)
            let imports = text.split(separator: "\n").filter { $0.contains("_spi(") && $0.contains("import") }
            #expect(imports.isEmpty || file.path.contains("/Sources/Disclosure/"), "\(file.lastPathComponent)")
        }
    }

    @Test("every initialiser of a released value is in the interface of the gate")
    func initialisers() throws {
        let released = try swiftFiles().filter { $0.path.contains("/Statistics/Released/") }
        #expect(released.count > 8)
        var gated = 0
        for file in released {
            var previous = ""
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let line = line.trimmingCharacters(in: .whitespaces)
                if line.hasPrefix("public init"), !line.hasPrefix("public init(from decoder") {
                    #expect(previous == "@_spi(ReleaseGate)", "\(file.lastPathComponent): \(line)")
                    gated += 1
                }
                previous = line
            }
        }
        #expect(gated >= 11)
    }
}

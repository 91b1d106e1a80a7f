import ArgumentParser
import Evidence
import Foundation
import TextCatalogue

struct TrustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Write down whose keys you trust.", subcommands: [Make.self])

    struct Make: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a trust file from public keys that you obtained from their owners.")

        @Option(help: "Where the trust file goes.")
        var out: String
        @Option(help: "A sponsor's public key; may be repeated.")
        var sponsor: [String] = []
        @Option(help: "The coordinator's job-signing key; may be repeated.")
        var coordinator: [String] = []
        @Option(help: "A site's signing key as SITE=FILE; may be repeated.")
        var site: [String] = []
        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() throws {
            var keys: [Role: [VerificationKey]] = [:]
            for file in sponsor { keys[.sponsor, default: []].append(try Self.key(file)) }
            for file in coordinator { keys[.coordinator, default: []].append(try Self.key(file)) }
            for entry in site {
                let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { throw ValidationError("--site takes SITE=FILE, not \(entry)") }
                keys[.site(try SiteID(parts[0])), default: []].append(try Self.key(parts[1]))
            }
            guard !keys.isEmpty else { throw ValidationError("name at least one key") }
            let roles = try keys.sorted { $0.key < $1.key }.map { try TrustedRole($0.key, keys: $0.value) }
            try FileAccess.write(TrustStore(roles).encoded, to: out)
            switch format {
            case .text: Console.complain(.trustWritten(out))
            case .json: try Console.sayJSON(["trust": out])
            }
        }

        private static func key(_ file: String) throws -> VerificationKey {
            try VerificationKey(pem: String(decoding: FileAccess.read(file), as: UTF8.self))
        }
    }
}

import ArgumentParser
import Evidence
import Foundation
import TextCatalogue

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make and show signing keys.", subcommands: [Generate.self, Show.self])

    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an Ed25519 signing key; the public key goes beside it as NAME.pub.pem.")

        @Option(help: "Where the private key goes (PKCS#8 PEM, readable by its owner only).")
        var out: String
        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() throws {
            var random = SystemRandomNumberGenerator()
            let key = SigningKey.generate(using: &random)
            let publicPath = Self.publicPath(of: out)
            guard !FileManager.default.fileExists(atPath: publicPath) else { throw CommandError.exists(publicPath) }
            try key.write(to: out)
            try FileAccess.write(Data(key.verificationKey.pem.utf8), to: publicPath)
            switch format {
            case .text: Console.say(.keyGenerated(out, publicPath, key.verificationKey.fingerprint))
            case .json:
                try Console.sayJSON(
                    KeyDescription(key.verificationKey, privateKey: out, publicKey: publicPath))
            }
        }

        /// `sponsor.key` and `sponsor.pem` both give `sponsor.pub.pem`.
        static func publicPath(of path: String) -> String {
            let url = URL(fileURLWithPath: path)
            let stem = ["key", "pem"].contains(url.pathExtension) ? url.deletingPathExtension() : url
            return stem.appendingPathExtension("pub.pem").relativePath
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the fingerprint of a public key.")

        @Argument(help: "A public key (SPKI PEM).")
        var file: String
        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() throws {
            let key = try VerificationKey(pem: String(decoding: FileAccess.read(file), as: UTF8.self))
            switch format {
            case .text: Console.say(key.fingerprint)
            case .json: try Console.sayJSON(KeyDescription(key, privateKey: nil, publicKey: file))
            }
        }
    }

    /// A key as programs read it.
    private struct KeyDescription: Encodable {
        let fingerprint: String
        let keyid: String
        let privateKey: String?
        let publicKey: String

        init(_ key: VerificationKey, privateKey: String?, publicKey: String) {
            fingerprint = key.fingerprint
            keyid = key.keyID
            self.privateKey = privateKey
            self.publicKey = publicKey
        }
    }
}

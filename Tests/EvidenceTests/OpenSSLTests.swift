import Evidence
import Foundation
import Testing

/// The openssl command line as an independent peer.
@Suite struct OpenSSLTests {
    private func openssl(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test("openssl verifies an envelope's signature with the exported key, and refuses a changed payload")
    func verifiesOurs() throws {
        let folder = try TemporaryFolder()
        let envelope = try Envelope(Vectors.data("job.dsse.json"))
        let key = try folder.write("key.pem", Data(TestKeys.first.verificationKey.pem.utf8))
        let message = try folder.write("message", envelope.preAuthenticationEncoding)
        let signature = try folder.write("signature", try #require(envelope.signatures.first).bytes)
        let good = try openssl([
            "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key, "-in", message, "-sigfile", signature,
        ])
        #expect(good.status == 0, "\(good.output)")
        #expect(good.output.contains("Signature Verified Successfully"))

        var changed = envelope.preAuthenticationEncoding
        changed[changed.count - 1] ^= 1
        let other = try folder.write("changed", changed)
        let bad = try openssl([
            "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key, "-in", other, "-sigfile", signature,
        ])
        #expect(bad.status != 0)
    }

    @Test("A key that openssl generated is read, and what it signs is verified")
    func readsTheirs() throws {
        let folder = try TemporaryFolder()
        let (secret, open) = (folder.path("secret.pem"), folder.path("open.pem"))
        let message = Data("message".utf8)
        let (input, output) = (try folder.write("message", message), folder.path("signature"))
        for arguments in [
            ["genpkey", "-algorithm", "ed25519", "-out", secret], ["pkey", "-in", secret, "-pubout", "-out", open],
            ["pkeyutl", "-sign", "-rawin", "-inkey", secret, "-in", input, "-out", output],
        ] {
            let result = try openssl(arguments)
            #expect(result.status == 0, "\(result.output)")
        }
        let key = try SigningKey(file: secret)
        let verification = try VerificationKey(pem: String(contentsOfFile: open, encoding: .utf8))
        let signature = try Data(contentsOf: URL(fileURLWithPath: output))
        #expect(key.verificationKey == verification)
        #expect(verification.isValid(signature, for: message))
        #expect(try key.sign(message) == signature)
        #expect(try key.pem == String(contentsOfFile: secret, encoding: .utf8))
    }
}

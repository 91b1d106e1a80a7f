import ArgumentParser
import Evidence
import Foundation
import Messages
import StrictJSON
import Transport

/// How a command reaches a coordinator: the connection file, and the key that signs in.
struct CoordinatorAccess: ParsableArguments {
    @Option(help: "The connection file that the coordinator's operator gave you.")
    var coordinator: String
    @Option(help: "Your private key, registered at the coordinator.")
    var key: String

    func signIn() async throws -> CoordinatorAPI {
        let connection = try StrictJSON.decode(Connection.self, from: FileAccess.read(coordinator)).coordinator
        let client = try HTTPSClient(
            HTTPSClient.Configuration(
                address: connection.url, certificateAuthority: connection.certificateAuthority,
                userAgent: "concordat/\(Version.current)"))
        return try await CoordinatorAPI(client: client)
            .signIn(with: SigningKey(file: key), fingerprint: connection.fingerprint)
    }
}

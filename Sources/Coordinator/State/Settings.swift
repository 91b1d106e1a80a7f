internal import Foundation
internal import StrictJSON
internal import TextCatalogue

/// What `init` decided, in `coordinator.json`.
struct Settings: Hashable, Sendable {
    static let schemaVersion = "1.0"

    /// The name that sites and sponsors see.
    let name: String
    /// The DNS name or IP address of the server's certificate.
    let host: ServerName
    /// The base URL that invitations carry, without a slash at the end; nil for the host and the port last served on.
    let url: String?

    var json: JSONValue {
        .object([
            "schemaVersion": .string(Self.schemaVersion), "name": .string(name), "host": .string(host.text),
            "url": url.map { .string($0) },
        ])
    }

    init(name: String, host: ServerName, url: String?) {
        self.name = name
        self.host = host
        self.url = url
    }

    init(_ data: Data) throws(CoordinatorError) {
        guard let value = try? StrictJSON.parse(data) else {
            throw CoordinatorError(.stateUnreadable, .coordinatorStateUnreadable("coordinator.json"))
        }
        let faults = FaultList()
        var reader = ObjectReader(value, faults: faults)
        let version = reader.string("schemaVersion")
        let name = reader.string("name")
        let host = reader.string("host")
        let url = reader.optional("url", .string)
        reader.finish()
        guard faults.isEmpty, version == Self.schemaVersion, let name, let host = host.flatMap({ ServerName($0) })
        else {
            throw CoordinatorError(.stateUnreadable, .coordinatorStateUnreadable("coordinator.json"))
        }
        self.init(name: name, host: host, url: url)
    }

    /// Checks a base URL: `https`, a host, no path, query or user.
    static func checkedURL(_ text: String) throws(CoordinatorError) -> String {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let parts = URLComponents(string: trimmed), parts.scheme == "https", parts.host?.isEmpty == false,
            parts.path.isEmpty, parts.query == nil, parts.fragment == nil, parts.user == nil
        else { throw CoordinatorError(.invalidURL, .coordinatorInvalidURL(text)) }
        return trimmed
    }
}

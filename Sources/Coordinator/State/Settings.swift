internal import Foundation
internal import StrictJSON
internal import TextCatalogue

/// What `init` decided, in `coordinator.json`.
struct Settings: Hashable, Sendable {
    static let schemaVersion = "1.0"

    /// The name that sites and sponsors see.
    let name: String
    /// The base URL that invitations carry, without a slash at the end.
    let url: String

    var json: JSONValue {
        ["schemaVersion": .string(Self.schemaVersion), "name": .string(name), "url": .string(url)]
    }

    init(name: String, url: String) {
        self.name = name
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
        let url = reader.string("url")
        reader.finish()
        guard faults.isEmpty, version == Self.schemaVersion, let name, let url else {
            throw CoordinatorError(.stateUnreadable, .coordinatorStateUnreadable("coordinator.json"))
        }
        self.init(name: name, url: url)
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

/// A route's path with its parameters: `/v1/studies/{id}`.
struct PathTemplate: Hashable, Sendable {
    private let parts: [Substring]

    init(_ text: String) { parts = text.split(separator: "/") }

    func matches(_ path: String) -> Bool {
        let found = path.split(separator: "/")
        return found.count == parts.count && zip(parts, found).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}

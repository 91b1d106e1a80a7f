/// The members of a JSON object, in the order in which they were written, each key once.
///
/// Keys are compared as Swift compares strings, so two spellings of the same characters (composed and decomposed)
/// are one key: a document in which two readers could see different members is refused.
public struct JSONObject: Sendable {
    public struct Member: Hashable, Sendable {
        public let key: String
        public var value: JSONValue
    }

    public private(set) var members: [Member] = []
    /// Positions by key; empty while a walk over the few members is quicker.
    private var positions: [String: Int] = [:]
    private static let longestWalk = 8

    public init() {}

    /// Nil when a key occurs twice.
    public init?(_ members: some Sequence<(String, JSONValue)>) {
        for (key, value) in members {
            guard append(key, value) else { return nil }
        }
    }

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
    public var keys: [String] { members.map(\.key) }

    /// Reads, replaces (in place), adds (at the end) or removes (with nil) a member.
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): members[position].value = value
            case (let position?, nil):
                members.remove(at: position)
                positions = [:]
                indexIfLong()
            case (nil, let value?): append(key, value)
            case (nil, nil): break
            }
        }
    }

    /// Adds a member at the end; false, and nothing changed, when the key is there already.
    @discardableResult
    mutating func append(_ key: String, _ value: JSONValue) -> Bool {
        guard position(of: key) == nil else { return false }
        members.append(Member(key: key, value: value))
        if positions.isEmpty { indexIfLong() } else { positions[key] = members.count - 1 }
        return true
    }

    private func position(of key: String) -> Int? {
        positions.isEmpty ? members.firstIndex { $0.key == key } : positions[key]
    }

    private mutating func indexIfLong() {
        guard members.count > Self.longestWalk else { return }
        for (position, member) in members.enumerated() { positions[member.key] = position }
    }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        var byKey: [String: JSONValue] = [:]
        for member in members { byKey[member.key] = member.value }
        hasher.combine(byKey)
    }
}

extension JSONObject: Sequence {
    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}

import Foundation
import StrictJSON
import StudyProtocol

/// The protocols that the repository ships, as documents to change and to read.
enum ExampleProtocols {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static var validation: JSONValue { get throws { try load("lidc-malignancy-external-validation") } }
    static var cohort: JSONValue { get throws { try load("lidc-cohort-description") } }

    /// An instant before both expire.
    static let now = Timestamp("2026-12-01T00:00:00Z")!

    static func load(_ name: String) throws -> JSONValue {
        try StrictJSON.parse(Data(contentsOf: root.appending(path: "protocols/\(name).json")))
    }
}

extension JSONValue {
    /// The document with the value at the pointer replaced or added (`-` appends to an array); nil removes it.
    func setting(_ pointer: String, _ value: JSONValue?) -> JSONValue {
        setting(JSONPointer(pointer)!.tokens[...], value)
    }

    private func setting(_ tokens: ArraySlice<String>, _ value: JSONValue?) -> JSONValue {
        guard let token = tokens.first else { return value ?? .null }
        let rest = tokens.dropFirst()
        switch self {
        case .object(var object):
            object[token] = rest.isEmpty ? value : (object[token] ?? .object([:])).setting(rest, value)
            return .object(object)
        case .array(var items):
            if token == "-" {
                items.append(value!)
            } else if let value {
                items[Int(token)!] = items[Int(token)!].setting(rest, value)
            } else if rest.isEmpty {
                items.remove(at: Int(token)!)
            } else {
                items[Int(token)!] = items[Int(token)!].setting(rest, nil)
            }
            return .array(items)
        default: preconditionFailure("no such place in the test's document: \(token)")
        }
    }

    /// The pointer of every value below the root.
    func places(_ pointer: JSONPointer = .root) -> [String] {
        let below: [(JSONPointer, JSONValue)] =
            switch self {
            case .object(let object): object.members.map { (pointer.appending($0.key), $0.value) }
            case .array(let items): items.enumerated().map { (pointer.appending($0.offset), $0.element) }
            default: []
            }
        return below.flatMap { [$0.0.description] + $0.1.places($0.0) }
    }
}

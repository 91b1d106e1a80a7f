import Foundation
import Testing

/// The folder of vector files beside these tests.
private let vectors = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")

/// The text of a vector file.
func vectorText(_ name: String) throws -> String {
    try String(contentsOf: vectors.appending(path: name), encoding: .utf8)
}

/// A vector file of a known form.
func vectorFile<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: vectors.appending(path: name)))
}

/// A file of what other programs say, which ReferenceTests walks whole.
func referenceFile(_ path: String) throws -> ReferenceFile {
    let folder = vectors.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "ReferenceTests/Vectors")
    return try JSONDecoder().decode(ReferenceFile.self, from: Data(contentsOf: folder.appending(path: path)))
}

/// Any JSON value, for records whose form differs by name.
enum JSON: Decodable {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    subscript(key: String) -> JSON {
        if case .object(let fields) = self { fields[key] ?? .null } else { .null }
    }

    var number: Double? {
        if case .number(let value) = self { value } else { nil }
    }
    var text: String? {
        if case .text(let value) = self { value } else { nil }
    }
    var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }
    var list: [JSON]? {
        if case .list(let value) = self { value } else { nil }
    }
    var numbers: [Double]? { list.map { $0.compactMap(\.number) } }
}

/// A reference file: inputs and the values that named tools give for them.
struct ReferenceFile: Decodable {
    struct Record: Decodable {
        let name: String
        let params: JSON
        let value: JSON
    }

    let inputs: [String: JSON]?
    let expected: [Record]

    func records(_ name: String) -> [Record] { expected.filter { $0.name == name } }
}

/// True when two numbers agree to a relative tolerance, and to an absolute one around zero.
func agree(_ value: Double?, _ expected: Double, relative: Double = 1e-12, absolute: Double = 0) -> Bool {
    guard let value else { return false }
    return value == expected || abs(value - expected) <= max(relative * abs(expected), absolute)
}

/// A small generator with a seed (SplitMix64), so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

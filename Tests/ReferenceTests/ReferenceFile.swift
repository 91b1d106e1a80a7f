import Foundation

/// Any JSON value, for records whose form differs by name.
indirect enum JSON: Decodable, Hashable {
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

    /// A number, also the texts by which the files write the others: "NaN", "Infinity", "-Infinity".
    var number: Double? {
        switch self {
        case .number(let value): value
        case .text("NaN"): .nan
        case .text("Infinity"): .infinity
        case .text("-Infinity"): -.infinity
        default: nil
        }
    }
    var integer: Int? { number.flatMap { Int(exactly: $0) } }
    var text: String? {
        if case .text(let value) = self { value } else { nil }
    }
    var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }
    var list: [JSON]? {
        if case .list(let value) = self { value } else { nil }
    }
    var fields: [String: JSON]? {
        if case .object(let value) = self { value } else { nil }
    }
    /// A list of numbers; nil when an element is none.
    var numbers: [Double]? {
        guard let list else { return nil }
        let numbers = list.compactMap(\.number)
        return numbers.count == list.count ? numbers : nil
    }
    var integers: [Int]? {
        guard let numbers else { return nil }
        let integers = numbers.compactMap { Int(exactly: $0) }
        return integers.count == numbers.count ? integers : nil
    }
    var texts: [String]? { list?.compactMap(\.text) }
}

/// One expected value with what it was computed from.
struct ReferenceRecord: Sendable, CustomStringConvertible {
    /// The file's path under `Vectors`, such as `classification/roc_asah.json`.
    let file: String
    let index: Int
    /// The file's inputs by name.
    let inputs: JSON
    let name: String
    let params: JSON
    let value: JSON
    /// The programs that gave the value.
    let tools: [String]
    /// The relative tolerance; nil for a bound to satisfy, not a value to match.
    let relative: Double?
    let absolute: Double?

    var description: String { "\(file) #\(index) \(name)" }

    /// A file of the folder, such as a mask that an input names.
    static func url(_ path: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors").appending(path: path)
    }
}

/// A reference file, read whole.
struct ReferenceFile: Decodable {
    struct Expected: Decodable {
        let name: String
        let params: JSON?
        let value: JSON
        let tool: JSON
        let rtol: Double?
        let atol: Double?
    }

    let inputs: JSON
    let expected: [Expected]

    /// The records of a file under `Vectors`.
    static func records(_ path: String) throws -> [ReferenceRecord] {
        let file = try JSONDecoder().decode(ReferenceFile.self, from: Data(contentsOf: ReferenceRecord.url(path)))
        return file.expected.enumerated().map { index, expected in
            ReferenceRecord(
                file: path, index: index, inputs: file.inputs, name: expected.name, params: expected.params ?? .null,
                value: expected.value, tools: expected.tool.texts ?? [expected.tool.text ?? ""],
                relative: expected.rtol, absolute: expected.atol)
        }
    }

    /// Every JSON file under `Vectors`, sorted.
    static func all() throws -> [String] {
        let root = ReferenceRecord.url("").standardizedFileURL.path
        let files = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix(".json") }.sorted()
    }
}

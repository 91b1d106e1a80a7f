internal import StrictJSON
internal import TextCatalogue
internal import Yams

/// A YAML text as a JSON value in which every scalar is a string, exactly as it was written: `0.10` keeps its zero,
/// and the level `no` is not taken for a Boolean.
struct YAMLDocument {
    static let maximumBytes = 1 << 20
    static let maximumDepth = 16
    static let maximumValues = 100_000

    let value: JSONValue
    /// The line (from 1) at which each value begins.
    private(set) var lines: [JSONPointer: Int] = [:]

    init(_ text: String) throws(CatalogueError) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw CatalogueError(.siteNotYAML, .siteYAMLTooLarge(limit: Self.maximumBytes))
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw CatalogueError(.siteNotYAML, .siteYAMLSyntax(Self.explain(error)))
        } catch {
            throw CatalogueError(.siteNotYAML, .siteYAMLSyntax("\(type(of: error))"))
        }
        guard let root else { throw CatalogueError(.siteNotYAML, .siteYAMLEmpty) }
        var lines: [JSONPointer: Int] = [:]
        var count = 0
        value = try Self.convert(root, at: .root, lines: &lines, count: &count)
        self.lines = lines
    }

    /// The line of the value, or of the nearest one around it.
    func line(of pointer: JSONPointer) -> Int? {
        var tokens = pointer.tokens
        while true {
            if let line = lines[JSONPointer(tokens: tokens)] { return line }
            guard !tokens.isEmpty else { return nil }
            tokens.removeLast()
        }
    }

    private static func convert(
        _ node: Node, at pointer: JSONPointer, lines: inout [JSONPointer: Int], count: inout Int
    ) throws(CatalogueError) -> JSONValue {
        count += 1
        guard pointer.tokens.count <= maximumDepth, count <= maximumValues else {
            throw CatalogueError(.siteNotYAML, .siteYAMLTooLarge(limit: maximumBytes))
        }
        lines[pointer] = node.mark?.line
        switch node {
        case .scalar(let scalar):
            return isNull(scalar) ? .null : .string(scalar.string)
        case .sequence(let sequence):
            var items: [JSONValue] = []
            for (index, item) in sequence.enumerated() {
                items.append(try convert(item, at: pointer.appending(index), lines: &lines, count: &count))
            }
            return .array(items)
        case .mapping(let mapping):
            var members: [(String, JSONValue)] = []
            for (key, member) in mapping {
                guard case .scalar(let name) = key else {
                    throw CatalogueError(.siteNotYAML, .siteYAMLSyntax("\(key.mark?.line ?? 0): key"))
                }
                let place = pointer.appending(name.string)
                members.append((name.string, try convert(member, at: place, lines: &lines, count: &count)))
                lines[place] = name.mark?.line
            }
            guard let object = JSONObject(members) else {
                throw CatalogueError(.siteNotYAML, .siteYAMLSyntax("\(node.mark?.line ?? 0): duplicate key"))
            }
            return .object(object)
        case .alias:
            throw CatalogueError(.siteNotYAML, .siteYAMLSyntax("\(node.mark?.line ?? 0): alias"))
        }
    }

    private static func isNull(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// The parser's words without its copy of the text around the place.
    private static func explain(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "\(mark.line):\(mark.column): \(problem)"
        case .reader(let problem, _, _, _): problem
        case .duplicatedKeysInMapping(let duplicates, let context):
            "\(context.mark.line): \(duplicates.joined(separator: ", "))"
        default: "YAML"
        }
    }
}

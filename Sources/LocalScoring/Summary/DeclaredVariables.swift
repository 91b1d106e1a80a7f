internal import Foundation
internal import Statistics
internal import StrictJSON
internal import TextCatalogue

/// A variable as a protocol declares it.
struct DeclaredVariable {
    enum Kind {
        case quantity(Resolution, range: ClosedRange<Int64>)
        case category(levels: [String])
    }

    let id: String
    let kind: Kind
}

/// The variables of a file: a list, or an object (such as a study protocol) with the member `variables`.
enum DeclaredVariables {
    private static let byteLimit = 4 << 20
    private static let countLimit = 10_000
    private static let levelLimit = 1000

    static func read(path: String) throws(LocalFileError) -> [DeclaredVariable] {
        let file = try LocalFile(path: path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(file.size, byteLimit) + 1, alignment: 8)
        defer { buffer.deallocate() }
        let count = try file.read(into: buffer, at: 0)
        let faults = FaultList()
        var variables: [DeclaredVariable]?
        do throws(StrictJSONError) {
            let limits = StrictJSON.Limits(bytes: byteLimit)
            let document = try StrictJSON.parse(Data(buffer[..<count]), limits: limits)
            variables = read(document, faults)
        } catch {
            faults.add(error.pointer, error.code, error.phrase)
        }
        guard let variables, faults.isEmpty else {
            throw LocalFileError(
                .variablesMalformed,
                .localVariablesMalformed(path, faults.faults.map { ($0.pointer.description, $0.phrase) }))
        }
        return variables
    }

    private static func read(_ document: JSONValue, _ faults: FaultList) -> [DeclaredVariable]? {
        var pointer = JSONPointer.root
        var list = document
        if document.objectValue != nil {
            pointer = pointer.appending("variables")
            guard let member = document["variables"] else {
                faults.add(.root, "variables-form", .localVariablesForm)
                return nil
            }
            list = member
        }
        let reader = ValueReader<[DeclaredVariable]>.array(of: variable, count: 1...countLimit)
        guard let variables = reader.read(list, pointer, faults) else { return nil }
        var seen: Set<String> = []
        for (index, variable) in variables.enumerated() where !seen.insert(variable.id).inserted {
            faults.add(pointer.appending(index), "variables-repeated", .localVariablesRepeated(variable.id))
        }
        return variables
    }

    private enum KindName: String, CaseIterable { case quantity, category }

    private static var variable: ValueReader<DeclaredVariable> {
        .object { reader in
            let id = reader.string("id", maximum: 1024)
            let kind: DeclaredVariable.Kind?
            switch reader.required("kind", .choice(of: KindName.self)) {
            case .quantity: kind = quantity(&reader)
            case .category:
                let levels = reader.required("levels", .array(of: .string(maximum: 1024), count: 1...levelLimit))
                kind = levels.map { .category(levels: $0) }
            case nil:
                for key in ["unit", "resolution", "range", "levels"] { reader.ignore(key) }
                kind = nil
            }
            guard let id, let kind else { return nil }
            return DeclaredVariable(id: id, kind: kind)
        }
    }

    private static func quantity(_ reader: inout ObjectReader) -> DeclaredVariable.Kind? {
        _ = reader.optional("unit", .string(maximum: 128))
        let text = reader.string("resolution", maximum: 64)
        let range = reader.required("range", .array(of: .string(maximum: 64), count: 2...2))
        guard let text, let range else { return nil }
        guard let resolution = try? Resolution(text) else {
            reader.fault("resolution", "variables-resolution", .localVariablesResolution)
            return nil
        }
        let units = range.compactMap { exactUnits($0, resolution) }
        let widest = Resolution.unitLimit
        guard units.count == 2, units[0] < units[1], units.allSatisfy({ (-widest...widest).contains($0) }) else {
            reader.fault("range", "variables-range", .localVariablesRange)
            return nil
        }
        return .quantity(resolution, range: units[0]...units[1])
    }

    /// The units of a decimal that is a whole number of them.
    private static func exactUnits(_ text: String, _ resolution: Resolution) -> Int64? {
        guard let units = resolution.units(decimal: text) else { return nil }
        return canonical(resolution.text(units)) == canonical(text) ? units : nil
    }

    /// A plain decimal without its sign of plus and its superfluous zeros.
    private static func canonical(_ text: String) -> String {
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest = rest.dropFirst() }
        let parts = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let whole = String((parts.first ?? "").drop { $0 == "0" })
        var fraction = parts.count == 2 ? String(parts[1]) : ""
        while fraction.last == "0" { fraction.removeLast() }
        let magnitude = (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : "." + fraction)
        return isNegative && magnitude != "0" ? "-" + magnitude : magnitude
    }
}

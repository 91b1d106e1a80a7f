internal import StrictJSON
internal import TextCatalogue

/// The declared variables while the rest of the document is read.
struct VariableTable {
    private let variables: [String: Variable]
    /// Every declared name, also of declarations that are at fault: naming such a variable is not a second fault.
    private let names: [String]
    private static let mostSuggestions = 50

    init(_ variables: [Variable?], document: JSONValue) {
        self.variables = Dictionary(variables.compactMap { $0 }.map { ($0.id.rawValue, $0) }) { first, _ in first }
        names = (document["variables"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
    }

    func find(_ name: String, at pointer: JSONPointer, _ faults: FaultList) -> Variable? {
        if let variable = variables[name] { return variable }
        if !names.contains(name) {
            // A name to suggest costs a walk over all names: enough for what a person reads, not for a flood.
            let isReadable = faults.faults.count < Self.mostSuggestions
            let nearest = isReadable ? EditDistance.nearest(to: name, among: names) : nil
            faults.add(pointer, .unknownVariable, .protocolUnknownVariable(name, nearest: nearest, declared: names))
        }
        return nil
    }
}

extension ValueReader where Value == Variable {
    /// The name of a declared variable, of either kind.
    static func variable(in table: VariableTable) -> Self {
        ValueReader<String>.string(maximum: 256).then { table.find($0, at: $1, $2) }
    }
}

extension ValueReader where Value == DeclaredQuantity {
    static func quantity(in table: VariableTable) -> Self {
        ValueReader<Variable>.variable(in: table).then { variable, pointer, faults in
            if let quantity = variable.quantity { return DeclaredQuantity(id: variable.id, quantity: quantity) }
            faults.add(pointer, .wrongVariableKind, .protocolWrongKind(variable.id.rawValue, isQuantity: false))
            return nil
        }
    }
}

extension ValueReader where Value == DeclaredCategory {
    static func category(in table: VariableTable) -> Self {
        ValueReader<Variable>.variable(in: table).then { variable, pointer, faults in
            if let category = variable.category { return DeclaredCategory(id: variable.id, category: category) }
            faults.add(pointer, .wrongVariableKind, .protocolWrongKind(variable.id.rawValue, isQuantity: true))
            return nil
        }
    }
}

/// A reference to a variable, resolved, and known to be of the kind that is needed.
struct DeclaredQuantity {
    let id: VariableID
    let quantity: Quantity
}

struct DeclaredCategory {
    let id: VariableID
    let category: Category
}

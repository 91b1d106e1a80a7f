internal import Statistics
internal import StrictJSON
internal import TextCatalogue

extension ValueReader where Value == Variable {
    private enum KindName: String, CaseIterable { case quantity, category }

    /// One declaration of a variable.
    static var declaration: Self {
        .object { reader in
            let id = reader.required("id", ValueReader<VariableID>.name)
            let kind: Variable.Kind?
            switch reader.required("kind", .choice(of: KindName.self)) {
            case .quantity: kind = readQuantity(&reader).map { .quantity($0) }
            case .category: kind = readCategory(&reader).map { .category($0) }
            case nil:
                for key in ["unit", "resolution", "range", "levels"] { reader.ignore(key) }
                kind = nil
            }
            guard let id, let kind else { return nil }
            return Variable(id: id, kind: kind)
        }
    }

    private static func readQuantity(_ reader: inout ObjectReader) -> Quantity? {
        let unit = reader.required("unit", .text(maximum: ProtocolLimits.unitLength))
        let resolution = reader.required("resolution", ValueReader<(Resolution, DecimalText)>.resolution)
        let range = reader.required("range", .array(of: .decimal, count: 2...2))
        guard let unit, let (resolution, step) = resolution, let range else { return nil }
        let pointer = reader.pointer.appending("range")
        var units: [Int64] = []
        for (index, end) in range.enumerated() {
            guard let value = end.multiple(of: step) else {
                reader.faults.add(
                    pointer.appending(index), .notOnResolution, .protocolNotOnResolution(end.text, step.text))
                return nil
            }
            guard value.magnitude <= Resolution.unitLimit.magnitude else {
                reader.faults.add(
                    pointer.appending(index), .rangeTooWide, .protocolRangeTooWide(limit: Resolution.unitLimit))
                return nil
            }
            units.append(value)
        }
        guard units[0] < units[1] else {
            reader.faults.add(pointer, .rangeNotAscending, .protocolRangeNotAscending)
            return nil
        }
        return Quantity(
            unit: unit, resolution: resolution, resolutionText: step, range: units[0]...units[1],
            lowerText: range[0], upperText: range[1])
    }

    private static func readCategory(_ reader: inout ObjectReader) -> Category? {
        let levels = reader.required(
            "levels", .array(of: ValueReader<String>.level.tolerant, count: 1...ProtocolLimits.levels))
        guard let levels else { return nil }
        let pointer = reader.pointer.appending("levels")
        var named: [(pointer: JSONPointer, name: String)] = []
        for (index, level) in levels.enumerated() {
            guard let level else { continue }
            if level == CategoryColumn.missingLevel {
                reader.faults.add(pointer.appending(index), .levelReserved, .protocolLevelReserved(level))
            }
            named.append((pointer.appending(index), level))
        }
        reader.faults.addDuplicates(named)
        return named.count == levels.count ? Category(levels: named.map(\.name)) : nil
    }
}

extension ValueReader where Value == (Resolution, DecimalText) {
    /// A positive decimal, with its text as an exact number.
    static var resolution: Self {
        ValueReader<DecimalText>.decimal.then { text, pointer, faults in
            guard text.isPositive, let resolution = try? Resolution(text.text) else {
                faults.add(pointer, .resolutionMalformed, .protocolResolution)
                return nil
            }
            return (resolution, text)
        }
    }
}

extension ValueReader where Value == Int64 {
    /// A value of the quantity: on its resolution and within its range.
    static func units(of quantity: Quantity) -> Self {
        ValueReader<DecimalText>.decimal.then { text, pointer, faults in
            guard let units = text.multiple(of: quantity.resolutionText) else {
                faults.add(
                    pointer, .notOnResolution, .protocolNotOnResolution(text.text, quantity.resolutionText.text))
                return nil
            }
            guard quantity.range.contains(units) else {
                let phrase = Phrase.protocolOutsideRange(
                    text.text, from: quantity.lowerText.text, to: quantity.upperText.text)
                faults.add(pointer, .outsideRange, phrase)
                return nil
            }
            return units
        }
    }

    /// The code of one of the category's levels.
    static func code(in category: Category) -> Self {
        ValueReader<String>.string(maximum: 1024).then { text, pointer, faults in
            if let code = category.code(of: text) { return code }
            let nearest = EditDistance.nearest(to: text, among: category.levels)
            faults.add(pointer, .levelUnknown, .protocolLevelUnknown(text, nearest: nearest, levels: category.levels))
            return nil
        }
    }
}

extension ValueReader where Value == Edges {
    static func edges(of quantity: Quantity) -> Self {
        let edge = ValueReader<(Int64, DecimalText)> { value, pointer, faults in
            guard let units = ValueReader<Int64>.units(of: quantity).read(value, pointer, faults),
                let text = value.stringValue.flatMap({ DecimalText($0) })
            else { return nil }
            return (units, text)
        }
        return .init { value, pointer, faults in
            let reader = ValueReader<[(Int64, DecimalText)]>.array(of: edge, count: 2...ProtocolLimits.edges)
            guard let edges = reader.read(value, pointer, faults) else { return nil }
            var ascending = true
            for index in edges.indices.dropFirst() where edges[index].0 <= edges[index - 1].0 {
                let phrase = Phrase.protocolEdgesNotAscending(edges[index].1.text, after: edges[index - 1].1.text)
                faults.add(pointer.appending(index), .edgesNotAscending, phrase)
                ascending = false
            }
            return ascending ? Edges(units: edges.map(\.0), texts: edges.map(\.1)) : nil
        }
    }
}

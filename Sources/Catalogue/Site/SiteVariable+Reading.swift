import Imaging
import Statistics
import StrictJSON
import StudyProtocol
import TextCatalogue

private enum KindName: String, CaseIterable {
    case quantity
    case category
}

extension ValueReader where Value == SiteVariable {
    static var siteVariable: Self {
        .object { reader in
            let id = reader.required("id", .variableID)
            let concept = reader.optional("concept", .concept)
            let source = reader.required("from", .source)
            let kind: SiteVariable.Kind?
            var spellings: [String: String] = [:]
            switch reader.required("kind", .choice(of: KindName.self)) {
            case .quantity:
                kind = quantity(&reader).map { .quantity($0) }
            case .category:
                let levels = reader.required("levels", .levels)
                spellings = levels.flatMap { self.spellings(&reader, levels: $0) } ?? [:]
                if levels == nil { reader.ignore("map") }
                kind = levels.map { .category(levels: $0) }
            case nil:
                for key in ["unit", "resolution", "range", "levels", "map"] { reader.ignore(key) }
                kind = nil
            }
            guard let id, let source, let kind else { return nil }
            return SiteVariable(id: id, kind: kind, concept: concept, source: source, spellings: spellings)
        }
    }

    private static func quantity(_ reader: inout ObjectReader) -> SiteQuantity? {
        let unit = reader.string("unit", maximum: 64)
        let resolution = reader.required(
            "resolution",
            ValueReader<String>.string(maximum: 64).then { text, pointer, faults in
                if let resolution = try? Resolution(text) { return resolution }
                faults.add(pointer, StatisticsError.Reason.malformedResolution.rawValue, .siteBadResolution(text))
                return nil
            })
        let ends = reader.required(
            "range", .array(of: ValueReader<String>.string(maximum: 64), count: 2...2))
        guard let unit, let resolution, let ends else { return nil }
        guard let low = resolution.units(decimal: ends[0]), let high = resolution.units(decimal: ends[1]), low <= high,
            low >= -Resolution.unitLimit, high <= Resolution.unitLimit
        else {
            reader.fault("range", "site-bad-range", .siteBadRange)
            return nil
        }
        return SiteQuantity(unit: unit, resolution: resolution, range: low...high)
    }

    private static func spellings(_ reader: inout ObjectReader, levels: [String]) -> [String: String]? {
        let entries = reader.optional(
            "map", .table(of: ValueReader<String>.string(maximum: 256), count: 0...10_000))
        for (spelling, level) in entries ?? [] where !levels.contains(level) {
            let place = reader.pointer.appending("map").appending(spelling)
            let nearest = EditDistance.nearest(to: level, among: levels)
            reader.faults.add(
                place, FaultCode.notAllowed, .jsonNotAllowed(level, allowed: levels, nearest: nearest))
        }
        return entries.map { Dictionary($0.map { ($0.key, $0.value) }) { first, _ in first } }
    }
}

extension ValueReader where Value == VariableID {
    static var variableID: Self {
        ValueReader<String>.string(maximum: DeclaredNameAlphabet.maximumLength).then { text, pointer, faults in
            if let id = VariableID(rawValue: text) { return id }
            faults.add(pointer, "site-bad-variable-name", .siteBadVariableName)
            return nil
        }
    }
}

extension ValueReader where Value == [String] {
    /// Level names: at least one, none twice, none empty.
    static var levels: Self {
        .array(of: .string(maximum: 256), count: 1...SiteDescription.maximumLevels).then { levels, pointer, faults in
            var seen: Set<String> = []
            for (index, level) in levels.enumerated() where level.isEmpty || !seen.insert(level).inserted {
                faults.add(pointer.appending(index), "site-repeated-name", .siteRepeatedName(level))
            }
            return seen.count == levels.count ? levels : nil
        }
    }
}

extension ValueReader where Value == SiteVariable.Concept {
    static var concept: Self {
        .object { reader in
            let scheme = reader.string("scheme", maximum: 64)
            let code = reader.string("code", maximum: 64)
            guard let scheme, let code else { return nil }
            return SiteVariable.Concept(scheme: scheme, code: code)
        }
    }
}

extension ValueReader where Value == SiteVariable.Source {
    /// `{table, column}` or `{dicom}`.
    static var source: Self {
        .object { reader in
            if reader.contains("dicom") {
                return reader.required("dicom", .attributeKeyword).map { .attribute($0) }
            }
            let table = reader.string("table", maximum: 64)
            let column = reader.string("column", maximum: 256)
            guard let table, let column else { return nil }
            return .column(table: table, column: column)
        }
    }
}

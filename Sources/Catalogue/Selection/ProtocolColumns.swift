public import Statistics
public import StudyProtocol
internal import TextCatalogue

/// A site's columns in the codes of a protocol.
///
/// Variables are matched by their names, and must mean the same on both sides:
/// - a quantity has the same unit and the same resolution; a value outside of the protocol's range is out of range,
///   and so is one that the site's own range refused;
/// - a category's levels at the site are all levels of the protocol, by name; their order may differ, and the protocol
///   may have more.
public enum ProtocolColumns {
    /// - Throws: `CatalogueError` with `variable-not-declared` or `variable-mismatch`.
    public static func load(_ study: StudyProtocol, from snapshot: CatalogueSnapshot) throws -> CaseColumns {
        // Everything is checked before anything is loaded.
        let pairs = try study.variables.map { variable in (variable, try matching(variable, in: snapshot)) }
        var columns: [String: [Int64]] = [:]
        for (variable, own) in pairs {
            guard let codes = try snapshot.column(own.id) else {
                throw CatalogueError(.catalogueCorrupt, .catalogueCorrupt)
            }
            columns[variable.id.rawValue] = recoded(codes, from: own.kind, to: variable.kind)
        }
        return try CaseColumns(patients: snapshot.patientOfCase, columns: columns)
    }

    /// The site's variable that a protocol's variable means.
    static func matching(
        _ variable: Variable, in snapshot: CatalogueSnapshot
    ) throws(CatalogueError) -> CatalogueSnapshot.Variable {
        let name = variable.id.rawValue
        guard let own = snapshot.variable(variable.id) else {
            throw CatalogueError(.variableNotDeclared, .variableNotDeclared(name))
        }
        let difference: Phrase?
        switch (own.kind, variable.kind) {
        case (.quantity(let site), .quantity(let asked)) where site.unit != asked.unit:
            difference = .variableUnitDiffers(site: site.unit, protocol: asked.unit)
        case (.quantity(let site), .quantity(let asked)) where site.resolution != asked.resolution:
            difference = .variableResolutionDiffers(site: site.resolution.text, protocol: asked.resolution.text)
        case (.category(let levels), .category(let asked)) where !Set(levels).isSubset(of: asked.levels):
            difference = .variableLevelUnknown(levels.filter { !asked.levels.contains($0) })
        case (.quantity, .quantity), (.category, .category):
            difference = nil
        default:
            difference = .variableKindDiffers
        }
        if let difference { throw CatalogueError(.variableMismatch, .variableMismatch(name, difference)) }
        return own
    }

    private static func recoded(_ codes: [Int64], from own: SiteVariable.Kind, to kind: Variable.Kind) -> [Int64] {
        switch (own, kind) {
        case (.category(let levels), .category(let category)):
            guard levels != category.levels else { return codes }
            let translation = levels.map { category.code(of: $0) ?? Coded.outOfRange }
            return codes.map { translation.indices.contains(Int($0)) ? translation[Int($0)] : $0 }
        case (.quantity(let site), .quantity(let asked)):
            // Both ranges are in the same resolution.
            guard !(asked.range.contains(site.range.lowerBound) && asked.range.contains(site.range.upperBound)) else {
                return codes
            }
            return codes.map { !Coded.isValue($0) || asked.range.contains($0) ? $0 : Coded.outOfRange }
        default:
            return codes
        }
    }
}

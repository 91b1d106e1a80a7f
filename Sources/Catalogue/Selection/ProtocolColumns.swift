public import Statistics
public import StudyProtocol
internal import TextCatalogue

/// A site's columns in the codes of a protocol.
///
/// Variables are matched by their names, and must mean the same on both sides:
/// - a quantity has the same unit and the same resolution, and the protocol's range holds the site's: a narrower one would
///   ask whether somebody is beyond it. A value that the site's own range refused is out of range;
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
    private static func matching(
        _ variable: Variable, in snapshot: CatalogueSnapshot
    ) throws(CatalogueError) -> CatalogueSnapshot.Variable {
        let name = variable.id.rawValue
        guard let own = snapshot.variable(variable.id) else {
            throw CatalogueError(.variableNotDeclared, .variableNotDeclared(name))
        }
        if let difference = difference(between: own.kind, and: variable.kind) {
            throw CatalogueError(.variableMismatch, .variableMismatch(name, difference))
        }
        return own
    }

    /// What keeps a site's variable from meaning the protocol's; nil when nothing does.
    static func difference(between own: SiteVariable.Kind, and kind: Variable.Kind) -> Phrase? {
        switch (own, kind) {
        case (.quantity(let site), .quantity(let asked)) where site.unit != asked.unit:
            .variableUnitDiffers(site: site.unit, protocol: asked.unit)
        case (.quantity(let site), .quantity(let asked)) where site.resolution != asked.resolution:
            .variableResolutionDiffers(site: site.resolution.text, protocol: asked.resolution.text)
        case (.quantity(let site), .quantity(let asked))
        where site.range.lowerBound < asked.range.lowerBound || site.range.upperBound > asked.range.upperBound:
            .variableRangeNarrower
        case (.category(let levels), .category(let asked)) where !Set(levels).isSubset(of: asked.levels):
            .variableLevelUnknown(levels.filter { !asked.levels.contains($0) })
        case (.quantity, .quantity), (.category, .category):
            nil
        default:
            .variableKindDiffers
        }
    }

    private static func recoded(_ codes: [Int64], from own: SiteVariable.Kind, to kind: Variable.Kind) -> [Int64] {
        switch (own, kind) {
        case (.category(let levels), .category(let category)):
            guard levels != category.levels else { return codes }
            let translation = levels.map { category.code(of: $0) ?? Coded.outOfRange }
            return codes.map { translation.indices.contains(Int($0)) ? translation[Int($0)] : $0 }
        default:
            return codes
        }
    }
}

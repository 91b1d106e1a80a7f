import Evidence
import Foundation
import Imaging
import Statistics
import StrictJSON
import StudyProtocol
import TextCatalogue

extension SiteDescription {
    static let maximumVariables = 1_000
    static let maximumLevels = 1_000

    /// Reads a `site.yaml`.
    ///
    /// - Throws: `CatalogueError` with every fault found: unknown keys (with the nearest known one), missing and
    ///   unusable values, each with its place and line.
    public static func load(path: String) throws(CatalogueError) -> SiteDescription {
        let file = URL(fileURLWithPath: path).standardizedFileURL
        guard let data = FileManager.default.contents(atPath: file.path),
            let text = String(bytes: data, encoding: .utf8)
        else { throw CatalogueError(.fileUnreadable, .siteFileUnreadable(path)) }
        return try parse(text, folder: file.deletingLastPathComponent().path)
    }

    /// - Parameter folder: the folder that relative paths in the text start from.
    public static func parse(_ text: String, folder: String) throws(CatalogueError) -> SiteDescription {
        let document = try YAMLDocument(text)
        let faults = FaultList()
        let description = ValueReader<SiteDescription>.siteDescription(folder: folder)
            .read(document.value, .root, faults)
        if let description, faults.isEmpty { return description }
        let placed = faults.faults.map { fault in
            guard let line = document.line(of: fault.pointer) else { return fault }
            return Fault(fault.pointer, fault.code, .siteFault(fault.phrase, line: line))
        }
        let listed = placed.map { fault in
            (pointer: fault.pointer.tokens.isEmpty ? "/" : fault.pointer.description, phrase: fault.phrase)
        }
        throw CatalogueError(.siteInvalid, .siteInvalid(listed), faults: placed)
    }
}

extension ValueReader where Value == SiteDescription {
    fileprivate static func siteDescription(folder: String) -> Self {
        .object { reader in
            let site = reader.required("site", ValueReader<String>.string(maximum: 64).map { try SiteID($0) })
            let name = reader.optional("name", .localizedText)
            let data = reader.required("data", .dataSources)
            let variables = reader.optional(
                "variables", .array(of: .siteVariable, count: 0...SiteDescription.maximumVariables))
            let policy = reader.optional("policy", .sitePolicy) ?? SitePolicy()
            let optOut = reader.optional("optOut", .path)
            guard let site, let data else { return nil }
            let description = SiteDescription(
                site: site, name: name ?? LocalizedText(english: site.rawValue), dicom: data.dicom,
                tables: data.tables, variables: variables ?? [], policy: policy, optOut: optOut, folder: folder)
            description.checkReferences(reader)
            return description
        }
    }
}

extension SiteDescription {
    /// What only the whole document shows: repeated names, and variables from sources that are not there.
    fileprivate func checkReferences(_ reader: ObjectReader) {
        if dicom.isEmpty, tables.isEmpty { reader.fault("data", "site-no-data", .siteNoData) }
        var tableIDs: Set<String> = []
        for (index, table) in tables.enumerated() {
            let place = reader.pointer.appending("data").appending("tables").appending(index)
            if !tableIDs.insert(table.id).inserted {
                reader.faults.add(place.appending("id"), "site-repeated-name", .siteRepeatedName(table.id))
            }
            if table.level == .case, table.patient == nil, dicom.isEmpty {
                reader.faults.add(place, "site-no-patient", .siteNoPatientColumn)
            }
            if table.level == .patient, table.patient != nil {
                reader.faults.add(place.appending("patient"), "site-patient-of-patient", .sitePatientOfPatient)
            }
        }
        var variableIDs: Set<VariableID> = []
        for (index, variable) in variables.enumerated() {
            let place = reader.pointer.appending("variables").appending(index)
            if !variableIDs.insert(variable.id).inserted {
                let phrase = Phrase.siteRepeatedName(variable.id.rawValue)
                reader.faults.add(place.appending("id"), "site-repeated-name", phrase)
            }
            switch variable.source {
            case .column(let table, _):
                guard !tableIDs.contains(table) else { continue }
                let nearest = EditDistance.nearest(to: table, among: tables.map(\.id))
                let phrase = Phrase.siteUnknownTable(table, nearest: nearest)
                reader.faults.add(place.appending("from").appending("table"), "site-unknown-table", phrase)
            case .attribute:
                guard dicom.isEmpty else { continue }
                reader.faults.add(place.appending("from").appending("dicom"), "site-no-dicom", .siteNoDICOM)
            }
        }
        let sensitive = reader.pointer.appending("policy").appending("disclosure").appending("sensitiveVariables")
        for (index, id) in (policy.disclosure.sensitiveVariables ?? []).enumerated() where !variableIDs.contains(id) {
            let nearest = EditDistance.nearest(to: id.rawValue, among: variables.map(\.id.rawValue))
            reader.faults.add(
                sensitive.appending(index), "site-unknown-variable",
                .siteUnknownVariable(id.rawValue, nearest: nearest))
        }
    }
}

struct DataSources {
    let dicom: [DICOMSource]
    let tables: [TableSource]
}

extension ValueReader where Value == DataSources {
    static var dataSources: Self {
        .object { reader in
            let dicom = reader.optional("dicom", .array(of: .dicomSource, count: 0...100)) ?? []
            let tables = reader.optional("tables", .array(of: .tableSource, count: 0...100)) ?? []
            return DataSources(dicom: dicom, tables: tables)
        }
    }
}

extension ValueReader where Value == DICOMSource {
    static var dicomSource: Self {
        .object { reader in
            let folder = reader.required("folder", .path)
            let key = reader.required("key", .attributeKeyword)
            guard let folder, let key else { return nil }
            return DICOMSource(folder: folder, key: key)
        }
    }
}

extension ValueReader where Value == TableSource {
    static var tableSource: Self {
        .object { reader in
            let id = reader.string("id", maximum: 64)
            let file = reader.required("file", .path)
            let key = reader.string("key", maximum: 256)
            let patient = reader.optional("patient", .string(maximum: 256))
            let level = reader.optional("level", .choice(of: TableSource.Level.self)) ?? .case
            guard let id, let file, let key else { return nil }
            return TableSource(id: id, file: file, key: key, patient: patient, level: level)
        }
    }
}

extension ValueReader where Value == LocalizedText {
    static var localizedText: Self {
        .object { reader in
            let english = reader.string("en", maximum: 256)
            let chinese = reader.optional("zh-Hans", .string(maximum: 256))
            return english.map { LocalizedText(english: $0, chinese: chinese) }
        }
    }
}

extension ValueReader where Value == String {
    /// A file or folder name.
    static var path: Self {
        .string(maximum: 4096).then { text, pointer, faults in
            guard !text.isEmpty, !text.utf8.contains(0) else {
                faults.add(pointer, "site-bad-path", .siteBadPath)
                return nil
            }
            return text
        }
    }

    static var attributeKeyword: Self {
        .string(maximum: 64).then { text, pointer, faults in
            guard DICOMFile.knows(keyword: text) else {
                faults.add(pointer, ImagingError.Reason.unknownKeyword.rawValue, .dicomUnknownKeyword(text))
                return nil
            }
            return text
        }
    }
}

extension ValueReader where Value == Int {
    /// YAML scalars arrive as texts, so numbers are read from their digits.
    static func wholeNumber(in range: ClosedRange<Int>) -> Self {
        ValueReader<String>.string(maximum: 32).then { text, pointer, faults in
            if let value = Int(text), range.contains(value) { return value }
            let phrase = Phrase.jsonOutOfRange(text, from: "\(range.lowerBound)", to: "\(range.upperBound)")
            faults.add(pointer, FaultCode.outOfRange, phrase)
            return nil
        }
    }
}

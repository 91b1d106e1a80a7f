import Evidence
import Foundation
import Statistics
import StrictJSON
import StudyProtocol
import Testing
import TextCatalogue

@testable import Catalogue

@Suite("Cohort at a site")
struct CohortSelectionTests {
    private static let variables: JSONValue = [
        ["id": "size", "kind": "quantity", "unit": "mm", "resolution": "0.1", "range": ["0", "50"]],
        ["id": "vendor", "kind": "category", "levels": ["Siemens", "Philips", "GE"]],
        ["id": "malignant", "kind": "category", "levels": ["0", "1"]],
    ]

    private func study() throws -> StudyProtocol {
        let document: JSONValue = [
            "schemaVersion": "1.0", "identifier": "test", "version": "1.0.0", "title": ["en": "Test"],
            "intendedUse": ["en": "Test"], "sponsor": ["name": "S", "contact": "s@example.org"],
            "variables": Self.variables,
            "cohort": [
                "unit": "lesion",
                "include": [
                    ["variable": "size", "atLeast": "3", "reason": "too-small"],
                    ["variable": "vendor", "oneOf": ["Siemens", "GE"], "reason": "other-vendor"],
                ],
                "exclude": [
                    ["variable": "size", "atLeast": "15", "reason": "too-large"],
                    ["variable": "vendor", "missing": true, "reason": "other-vendor"],
                ],
            ],
            "referenceStandard": ["variable": "malignant", "positive": "1", "definition": ["en": "Rating"]],
            "sites": ["invited": ["test"]], "expires": "2030-01-01T00:00:00Z",
        ]
        return try StudyProtocol.parse(document).get()
    }

    /// A snapshot of a site whose levels stand in another order than the protocol's.
    private func snapshot(
        rows: [(size: String, vendor: String, malignant: String)], edit: (String) -> String = { $0 }
    ) async throws -> (CatalogueSnapshot, TemporaryFolder) {
        let folder = try TemporaryFolder()
        var table = "case,patient,size,vendor,malignant\n"
        for (index, row) in rows.enumerated() {
            let number = String(10_000 + index)
            table += "c\(number),p\(10_000 + index / 2),\(row.size),\(row.vendor),\(row.malignant)\n"
        }
        try folder.write(table, to: "t.csv")
        let site = try SiteDescription.parse(
            edit(
                """
                site: test
                data: {tables: [{id: t, file: t.csv, key: case, patient: patient}]}
                variables:
                  - {id: size, kind: quantity, unit: mm, resolution: "0.1", range: ["0", "50"], from: {table: t, column: size}}
                  - {id: vendor, kind: category, levels: [GE, Siemens, Philips], from: {table: t, column: vendor}}
                  - {id: malignant, kind: category, levels: ["1", "0"], from: {table: t, column: malignant}}
                  - {id: unused, kind: category, levels: ["1", "0"], from: {table: t, column: malignant}}
                """), folder: folder.path)
        let store = try CatalogueStore(path: folder.path + "/catalogue.sqlite")
        _ = try await CatalogueIndexer.index(site, into: store, now: Timestamp(secondsSinceEpoch: 0))
        return (try store.currentSnapshot(), folder)
    }

    @Test("each case falls in the first box that applies")
    func boxes() async throws {
        let (snapshot, _) = try await snapshot(rows: [
            ("2.9", "GE", "1"), ("3", "GE", "1"), ("3", "Philips", "1"), ("16", "Siemens", "0"), ("NA", "", ""),
            ("14.9", "Siemens", "NA"), ("30", "GE", "0"), ("5", "", "1"),
        ])
        let selection = try CohortSelection(study(), in: snapshot)
        let boxes = selection.boxOfCase.map { selection.boxes[$0] }
        func excluded(_ reason: String) -> CohortSelection.Box { .excluded(ReasonCode(validated: reason)) }
        #expect(
            boxes == [
                excluded("too-small"), .analysed, excluded("other-vendor"), excluded("too-large"),
                excluded("too-small"), .referenceMissing,
                excluded("too-large"), excluded("other-vendor"),
            ])
        #expect(
            selection.boxes == [
                excluded("too-small"), excluded("other-vendor"), excluded("too-large"), .referenceMissing, .analysed,
            ])
        #expect(selection.analysed == [1])
        #expect(selection.cases(in: excluded("other-vendor")) == 2)
        #expect(selection.columns.patients == [0, 0, 1, 1, 2, 2, 3, 3])
    }

    @Test("values arrive in the protocol's codes: levels by name")
    func recoding() async throws {
        let (snapshot, _) = try await snapshot(rows: [("20", "GE", "1"), ("20.1", "Siemens", "0"), ("x", "?", "")])
        let columns = try ProtocolColumns.load(study(), from: snapshot)
        #expect(columns["size"] == [200, 201, Coded.malformed])
        #expect(columns["vendor"] == [2, 0, Coded.malformed])
        #expect(columns["malignant"] == [1, 0, Coded.missing])
        #expect(columns["unused"] == nil)
    }

    @Test("whole columns are decided as the protocol's own rule decides single cases")
    func agreesWithTheRule() async throws {
        var random = SeededGenerator(state: 7)
        let sizes = ["NA", "x", "0", "2.9", "3", "3.1", "14.9", "15", "20", "20.1", "60"]
        let vendors = ["GE", "Siemens", "Philips", "", "?"]
        let rows = (0..<500).map { _ in
            (
                size: sizes.randomElement(using: &random) ?? "", vendor: vendors.randomElement(using: &random) ?? "",
                malignant: ["0", "1", "NA"].randomElement(using: &random) ?? ""
            )
        }
        let study = try study()
        let selection = try CohortSelection(study, in: await snapshot(rows: rows).0)
        for index in rows.indices {
            let expected = study.cohort.exclusion { selection.columns[$0.rawValue]?[index] ?? Coded.missing }
            let box = selection.boxes[selection.boxOfCase[index]]
            if let expected {
                #expect(box == .excluded(expected))
            } else {
                let usable = Coded.isValue(selection.columns["malignant"]?[index] ?? Coded.missing)
                #expect(box == (usable ? .analysed : .referenceMissing))
            }
        }
        #expect(Set(selection.boxOfCase).count == selection.boxes.count)
    }

    @Test("a variable that the site does not declare is refused by its own code")
    func notDeclared() async throws {
        let (snapshot, _) = try await snapshot(rows: [("5", "GE", "1")]) {
            $0.replacingOccurrences(of: "id: vendor", with: "id: maker")
        }
        let error = #expect(throws: CatalogueError.self) { try CohortSelection(study(), in: snapshot) }
        #expect(error?.code == "variable-not-declared")
    }

    @Test(
        "a variable that means something else is refused by its own code",
        arguments: [
            ("unit: mm", "unit: cm"), ("resolution: \"0.1\"", "resolution: \"0.01\""),
            // The protocol's range would be narrower than the site's.
            ("range: [\"0\", \"50\"]", "range: [\"0\", \"50.1\"]"),
            ("levels: [GE, Siemens, Philips]", "levels: [GE, Siemens, Philips, Toshiba]"),
            (
                "kind: category, levels: [\"1\", \"0\"], from",
                "kind: quantity, unit: \"1\", resolution: \"1\", range: [\"0\", \"1\"], from"
            ),
        ])
    func mismatch(_ old: String, _ new: String) async throws {
        let (snapshot, _) = try await snapshot(rows: [("5", "GE", "1")]) {
            $0.replacingOccurrences(of: old, with: new)
        }
        let error = #expect(throws: CatalogueError.self) { try CohortSelection(study(), in: snapshot) }
        #expect(error?.code == "variable-mismatch")
    }

    @Test("a resolution written with other digits, and fewer levels, are the same variable")
    func equalByMeaning() async throws {
        let (snapshot, _) = try await snapshot(rows: [("5", "GE", "1")]) {
            $0.replacingOccurrences(of: "resolution: \"0.1\"", with: "resolution: \"0.10\"")
                .replacingOccurrences(of: "levels: [GE, Siemens, Philips]", with: "levels: [GE]")
        }
        #expect(try CohortSelection(study(), in: snapshot).analysed == [0])
    }

    @Test("the protocols of this repository and the sites of its demo mean the same by their variables")
    func shippedProtocols() throws {
        let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardizedFileURL.path
        func files(_ folder: String, _ suffix: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: root + folder).filter { $0.hasSuffix(suffix) }
                .map { root + folder + "/" + $0 }
        }
        let sites = try files("/sites/lidc", ".yaml").map { try SiteDescription.load(path: $0) }
        let studies = try files("/protocols", ".json").map {
            try StudyProtocol.parse(StrictJSON.parse(Data(contentsOf: URL(fileURLWithPath: $0)))).get()
        }.filter { study in sites.contains { study.invites($0.site) } }
        try #require(sites.count == 4 && studies.count >= 2)
        for (site, study) in sites.flatMap({ site in studies.map { (site, $0) } }) {
            for variable in study.variables {
                let own = try #require(site.variable(variable.id), "\(site.site): \(variable.id)")
                #expect(ProtocolColumns.difference(between: own.kind, and: variable.kind) == nil)
            }
        }
    }
}

import Crypto
import Evidence
import Foundation
import GRDB
import Statistics
import StudyProtocol
import Testing
import TextCatalogue

@testable import Catalogue

/// A site folder with one case table and one patient table.
private struct TableSite {
    let folder: TemporaryFolder
    static let now = Timestamp(secondsSinceEpoch: 1_800_000_000)
    static let description = """
        site: test
        data:
          tables:
            - {id: lesions, file: lesions.csv, key: lesion, patient: patient, level: case}
            - {id: people, file: people.csv, key: id, level: patient}
        variables:
          - {id: size, kind: quantity, unit: mm, resolution: "0.1", range: ["0", "50"], from: {table: lesions, column: size}}
          - {id: sex, kind: category, levels: [F, M], map: {female: F, male: M}, from: {table: people, column: sex}}
        optOut: opt-out.txt
        policy: {minimumCount: 1}
        """
    static let lesions = """
        lesion,note,patient,size
        b-2,"two, quoted",b,12.34
        a-1,,a,NA
        c-1,,c,big
        b-1,,b,51
        d-1,,,3
        ,,a,4
        e-1,,e,5.55

        """
    static let people = "id,sex\nb,female\na,M\nz,F\nc,?\ne,F\n"

    init(optOut: String = "# nobody\n") throws {
        folder = try TemporaryFolder()
        try folder.write(Self.description, to: "site.yaml")
        try folder.write(Self.lesions, to: "lesions.csv")
        try folder.write(Self.people, to: "people.csv")
        try folder.write(optOut, to: "opt-out.txt")
    }

    func store() throws -> CatalogueStore { try CatalogueStore(path: folder.path + "/catalogue.sqlite") }

    @discardableResult
    func index(_ store: CatalogueStore, now: Timestamp = Self.now) async throws -> QualityReport {
        let site = try SiteDescription.load(path: folder.path + "/site.yaml")
        return try await CatalogueIndexer.index(site, into: store, now: now)
    }
}

@Suite("Index of tables")
struct IndexingTests {
    @Test("rows become cases sorted by patient, values become codes, and the report counts what is wrong")
    func wholeSite() async throws {
        let site = try TableSite()
        let store = try site.store()
        let report = try await site.index(store)
        let snapshot = try store.currentSnapshot()
        #expect(try snapshot.caseKeys() == ["a-1", "b-1", "b-2", "c-1", "e-1"])
        #expect(try snapshot.patientKeys() == ["a", "b", "c", "e"])
        #expect(snapshot.patientOfCase == [0, 1, 1, 2, 3])
        let size = try snapshot.column(VariableID(validated: "size"))
        // 12.34 and 5.55 at 0.1: the nearest tenth, ties to even.
        #expect(size == [Coded.missing, Coded.outOfRange, 123, Coded.malformed, 56])
        #expect(try snapshot.column(VariableID(validated: "sex")) == [1, 0, 0, Coded.malformed, 0])
        #expect(try snapshot.column(VariableID(validated: "age")) == nil)
        #expect(try snapshot.objects(ofCase: 0).isEmpty)

        #expect(report.isNew)
        #expect((report.cases, report.patients, report.casesWithoutPatient) == (5, 4, 1))
        #expect(report.images == nil)
        #expect(report.tables[0].rows == 7)
        #expect(report.tables[0].withoutKey == 1)
        #expect(report.tables[1].unmatched == 1)
        #expect(
            report.variables == [
                .init(id: VariableID(validated: "size"), values: 2, missing: 1, malformed: 1, outOfRange: 1),
                .init(id: VariableID(validated: "sex"), values: 4, missing: 0, malformed: 1, outOfRange: 0),
            ])
    }

    @Test("the report can be read in English, in Chinese and as JSON, and names no patient")
    func reportForms() async throws {
        let site = try TableSite(optOut: "e\nunknown-person\n")
        let report = try await site.index(site.store())
        let english = report.text(in: .english)
        #expect(english.contains("Variable size: 1 values, 1 missing, 1 malformed, 1 out of range"))
        #expect(english.contains("Opt-out: 2 listed; left out here: 1 patients, 1 cases"))
        #expect(report.text(in: .chinese).contains("变量 size:有效 1,缺失 1,格式错误 1,超出范围 1"))
        let json = try #require(JSONSerialization.jsonObject(with: report.json()) as? [String: Any])
        #expect(json["cases"] as? Int == 4)
        #expect(!english.contains("unknown-person"))
    }

    @Test("patients who opted out are nowhere in the snapshot")
    func optOut() async throws {
        let site = try TableSite(optOut: "\u{FEFF}# asked on 2026-01-01\r\nb\r\n\r\n  e  \r\n")
        let store = try site.store()
        let report = try await site.index(store)
        let snapshot = try store.currentSnapshot()
        #expect(try snapshot.patientKeys() == ["a", "c"])
        #expect(try snapshot.caseKeys() == ["a-1", "c-1"])
        #expect(report.optOut?.listed == 2)
        #expect(report.optOut?.patients == 2)
        #expect(report.optOut?.cases == 3)
    }

    @Test("an opt-out list that is not there stops the index and leaves the catalogue as it was")
    func optOutMissing() async throws {
        let site = try TableSite()
        let store = try site.store()
        try await site.index(store)
        try FileManager.default.removeItem(atPath: site.folder.path + "/opt-out.txt")
        let error = await #expect(throws: CatalogueError.self) { try await site.index(store) }
        #expect(error?.kind == .fileUnreadable)
        #expect(try store.currentSnapshot().cases == 5)
    }

    @Test(
        "indexing the same data again keeps the snapshot, whatever the order of the rows; changed data make a new one")
    func identity() async throws {
        let site = try TableSite()
        let store = try site.store()
        let first = try await site.index(store)
        let later = TableSite.now.adding(seconds: 3600)
        var rows = TableSite.lesions.split(separator: "\n").map(String.init)
        rows[1...].reverse()
        try site.folder.write(rows.joined(separator: "\r\n"), to: "lesions.csv")
        let second = try await site.index(store, now: later)
        #expect(second.snapshot == first.snapshot)
        #expect(!second.isNew)
        #expect(second.created == TableSite.now)

        try site.folder.write(
            TableSite.lesions.replacingOccurrences(of: "12.34", with: "12.44"), to: "lesions.csv")
        let third = try await site.index(store, now: later)
        #expect(third.snapshot != first.snapshot)
        #expect(third.isNew)
        // The old one stays readable for jobs that began with it.
        #expect(try store.snapshot(first.snapshot).column(VariableID(validated: "size"))?[2] == 123)
        #expect(try store.currentSnapshot().id == third.snapshot)

        try site.folder.write(TableSite.lesions, to: "lesions.csv")
        #expect(try await site.index(store, now: later).snapshot == first.snapshot)
        #expect(try store.currentSnapshot().id == first.snapshot)
    }

    @Test("a snapshot advances only when as many patients changed as the minimum count")
    func heldSnapshot() async throws {
        let site = try TableSite()
        let store = try site.store()
        try site.folder.write(
            TableSite.description.replacingOccurrences(of: "minimumCount: 1", with: "minimumCount: 3"), to: "site.yaml")
        let first = try await site.index(store)
        #expect(first.isNew && first.held == nil)
        // One value corrected, one case more for another patient: two patients.
        let two = TableSite.lesions.replacingOccurrences(of: "12.34", with: "12.44") + "c-2,,c,7\n"
        try site.folder.write(two, to: "lesions.csv")
        let held = try await site.index(store)
        #expect(held.held == 2 && !held.isNew && held.snapshot == first.snapshot)
        #expect(held.text(in: .english).contains("2 patients differ"))
        #expect(try store.currentSnapshot().column(VariableID(validated: "size"))?[2] == 123)
        // A third patient, who is new: counted against the snapshot that jobs work with, not against the last index.
        try site.folder.write(two + "f-1,,f,3\n", to: "lesions.csv")
        let third = try await site.index(store)
        #expect(third.isNew && third.held == nil)
        #expect(try store.currentSnapshot().id == third.snapshot)
        // The sex of one patient in another table is a change of that patient too.
        try site.folder.write(TableSite.people.replacingOccurrences(of: "a,M", with: "a,F"), to: "people.csv")
        #expect(try await site.index(store).held == 1)
    }

    @Test("a patient who opts out leaves at once, however few changed")
    func optOutIsNotHeld() async throws {
        let site = try TableSite()
        let store = try site.store()
        try site.folder.write(
            TableSite.description.replacingOccurrences(of: "minimumCount: 1", with: "minimumCount: 3"), to: "site.yaml")
        try await site.index(store)
        try site.folder.write("c\n", to: "opt-out.txt")
        let report = try await site.index(store)
        #expect(report.isNew && report.held == nil)
        #expect(try store.currentSnapshot().patientKeys() == ["a", "b", "e"])
        // One who is only gone from the data waits.
        try site.folder.write(TableSite.lesions.replacingOccurrences(of: "e-1,,e,5.55\n", with: ""), to: "lesions.csv")
        #expect(try await site.index(store).held == 1)
    }

    @Test("a key that occurs twice is refused with its lines, a missing column with the columns that there are")
    func tableFaults() async throws {
        let site = try TableSite()
        let store = try site.store()
        try site.folder.write(TableSite.lesions + "b-2,,b,1\na-1,,a,2\n", to: "lesions.csv")
        let duplicate = await #expect(throws: CatalogueError.self) { try await site.index(store) }
        #expect(duplicate?.kind == .tableDuplicateKeys)
        #expect(duplicate?.phrase.english.contains("2 row(s)") == true)
        #expect(duplicate?.phrase.english.contains("line 9, 10") == true)
        #expect(duplicate?.phrase.english.contains("b-2") == false)

        try site.folder.write("lesion,patient,sise\n", to: "lesions.csv")
        let missing = await #expect(throws: CatalogueError.self) { try await site.index(store) }
        #expect(missing?.kind == .tableColumnMissing)
        #expect(missing?.phrase.english.contains("lesion, patient, sise") == true)
        #expect(throws: CatalogueError.self) { try store.currentSnapshot() }
    }

    @Test("a second case table joins by key; rows of other cases and of other patients are counted and not used")
    func secondTable() async throws {
        let site = try TableSite()
        try site.folder.write(
            TableSite.description
                .replacingOccurrences(
                    of: "    - {id: people",
                    with: "    - {id: extra, file: extra.csv, key: id, patient: who}\n    - {id: people"
                )
                .replacingOccurrences(of: "table: lesions, column: size", with: "table: extra, column: size"),
            to: "site.yaml")
        try site.folder.write("id,who,size\nb-1,b,1\na-1,x,2\nq-1,q,3\n", to: "extra.csv")
        let store = try site.store()
        let report = try await site.index(store)
        let size = try store.currentSnapshot().column(VariableID(validated: "size"))
        #expect(size == [Coded.missing, 10, Coded.missing, Coded.missing, Coded.missing])
        #expect(report.tables[1].unmatched == 1)
        #expect(report.tables[1].patientMismatches == 1)
    }

    @Test("without a case table and without images every patient is a case")
    func patientTableOnly() async throws {
        let folder = try TemporaryFolder()
        try folder.write("id,age\np2,40\np1,042Y\n", to: "people.csv")
        let site = try SiteDescription.parse(
            """
            site: test
            data: {tables: [{id: people, file: people.csv, key: id, level: patient}]}
            variables:
              - {id: age, kind: quantity, unit: a, resolution: "1", range: ["0", "120"], from: {table: people, column: age}}
            """, folder: folder.path)
        let store = try CatalogueStore(path: folder.path + "/catalogue.sqlite")
        _ = try await CatalogueIndexer.index(site, into: store, now: TableSite.now)
        let snapshot = try store.currentSnapshot()
        #expect(try snapshot.caseKeys() == ["p1", "p2"])
        #expect(try snapshot.column(VariableID(validated: "age")) == [Coded.malformed, 40])
    }

    @Test("the commitment follows the site's key and every part of the data, and is a keyed code of fixed form")
    func commitment() async throws {
        let key = SymmetricKey(data: Data(repeating: 1, count: 32))
        func commitment(_ change: (TableSite) throws -> Void = { _ in }) async throws -> String {
            let site = try TableSite()
            try change(site)
            let store = try site.store()
            try await site.index(store)
            let snapshot = try store.currentSnapshot()
            #expect(try snapshot.isIntact())
            return snapshot.commitment(key: key)
        }
        let first = try await commitment()
        #expect(first.hasPrefix("hmac-sha256:"))
        #expect(first.utf8.count == 12 + 64)
        #expect(try await commitment() == first)
        let site = try TableSite()
        let store = try site.store()
        try await site.index(store)
        let snapshot = try store.currentSnapshot()
        #expect(snapshot.commitment(key: SymmetricKey(data: Data(repeating: 2, count: 32))) != first)
        #expect(!first.contains(snapshot.contentDigest.hex))

        var seen: Set<String> = [first]
        for (old, new) in [("12.34", "12.44"), ("e-1,,e", "e-2,,e"), ("c-1,,c", "c-1,,b")] {
            let other = try await commitment { site in
                try site.folder.write(TableSite.lesions.replacingOccurrences(of: old, with: new), to: "lesions.csv")
            }
            #expect(seen.insert(other).inserted, "\(new)")
        }
        let declared = try await commitment { site in
            try site.folder.write(
                TableSite.description.replacingOccurrences(of: "\"50\"", with: "\"51\"")
                    .replacingOccurrences(of: "levels: [F, M]", with: "levels: [F, M, X]"), to: "site.yaml")
        }
        #expect(seen.insert(declared).inserted)
    }

    @Test("a column that was changed in the file is noticed")
    func tampering() async throws {
        let site = try TableSite()
        let store = try site.store()
        try await site.index(store)
        try await store.database.write {
            try $0.execute(sql: "UPDATE variable_column SET codes = zeroblob(40) WHERE variable = 'size'")
        }
        #expect(try !store.currentSnapshot().isIntact())
        try await store.database.write {
            try $0.execute(sql: "UPDATE variable_column SET codes = zeroblob(39) WHERE variable = 'size'")
        }
        let error = #expect(throws: CatalogueError.self) {
            try store.currentSnapshot().column(VariableID(validated: "size"))
        }
        #expect(error?.kind == .catalogueCorrupt)
    }

    @Test("the catalogue is readable by its owner only, and asking an empty one says what to do")
    func emptyCatalogue() throws {
        let site = try TableSite()
        let store = try site.store()
        let attributes = try FileManager.default.attributesOfItem(atPath: site.folder.path + "/catalogue.sqlite")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let error = #expect(throws: CatalogueError.self) { try store.currentSnapshot() }
        #expect(error?.kind == .notIndexed)
    }
}

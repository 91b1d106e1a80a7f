import Foundation
import Imaging
import Statistics
import StrictJSON
import StudyProtocol
import Testing
import TextCatalogue

@testable import Catalogue

/// A site folder with segmentations of two cases of one patient and one case of another.
private struct ImageSite {
    let folder: TemporaryFolder

    init(table: String? = "nodule,patient\nP1-n1,P1\nP1-n2,P1\nP2-n1,P2\nP3-n1,P3\n", optOut: String? = nil) throws {
        folder = try TemporaryFolder()
        for (name, patient, case_) in [
            ("P1/n1-r1.dcm", "P1", "P1-n1"), ("P1/n1-r2.dcm", "P1", "P1-n1"), ("P1/n2-r1", "P1", "P1-n2"),
            ("P2/deep/er/n1-r1.dcm", "P2", "P2-n1"),
        ] {
            try folder.write(Self.file(patient: patient, key: case_), to: "dicom/" + name)
        }
        var description = "site: test\ndata:\n  dicom: [{folder: dicom, key: TrackingID}]\n"
        if let table {
            description += "  tables: [{id: nodules, file: nodules.csv, key: nodule, patient: patient}]\n"
            try folder.write(table, to: "nodules.csv")
        }
        description += """
            variables:
              - {id: thickness, kind: quantity, unit: mm, resolution: "0.01", range: ["0", "10"], from: {dicom: SliceThickness}}
              - {id: spacing, kind: quantity, unit: mm, resolution: "0.01", range: ["0", "10"], from: {dicom: PixelSpacing}}

            """
        description += "policy: {minimumCount: 1}\n"
        if let optOut {
            description += "optOut: opt-out.txt\n"
            try folder.write(optOut, to: "opt-out.txt")
        }
        try folder.write(description, to: "site.yaml")
    }

    static func file(patient: String, key: String, thickness: String = "2.5", on: String = "#") -> Data {
        var sample = SyntheticSegmentation(frames: [.init(position: [0, 0, 0], mask: [on + ".", ".#"])])
        sample.patient = patient
        sample.tracking = key
        sample.thickness = thickness
        return sample.file
    }

    func store() throws -> CatalogueStore { try CatalogueStore(path: folder.path + "/catalogue.sqlite") }

    @discardableResult
    func index(_ store: CatalogueStore) async throws -> QualityReport {
        let site = try SiteDescription.load(path: folder.path + "/site.yaml")
        return try await CatalogueIndexer.index(site, into: store, now: Timestamp(secondsSinceEpoch: 0))
    }
}

@Suite("Index of DICOM folders")
struct ImageIndexingTests {
    private let thickness = VariableID(validated: "thickness")

    @Test("files of all subfolders are linked to the cases of the table, and attributes become values")
    func linking() async throws {
        let site = try ImageSite()
        let store = try site.store()
        let report = try await site.index(store)
        let snapshot = try store.currentSnapshot()
        #expect(try snapshot.caseKeys() == ["P1-n1", "P1-n2", "P2-n1", "P3-n1"])
        #expect(
            try snapshot.objects(ofCase: 0).map(\.path) == ["dicom/P1/n1-r1.dcm", "dicom/P1/n1-r2.dcm"])
        #expect(try snapshot.objects(ofCase: 2).map(\.path) == ["dicom/P2/deep/er/n1-r1.dcm"])
        #expect(try snapshot.objects(ofCase: 3).isEmpty)
        #expect(try snapshot.column(thickness) == [250, 250, 250, Coded.missing])
        // Two values are no number.
        #expect(try snapshot.column(VariableID(validated: "spacing"))?.first == Coded.malformed)
        let images = try #require(report.images)
        #expect((images.files, images.linked, images.unreadable, images.casesWithoutObject) == (4, 4, 0, 1))
        #expect((images.patients, images.series) == (2, 1))
    }

    @Test("a site without a table has a case for each key, of the patient that its files name")
    func withoutTable() async throws {
        let site = try ImageSite(table: nil)
        let store = try site.store()
        try await site.index(store)
        let snapshot = try store.currentSnapshot()
        #expect(try snapshot.caseKeys() == ["P1-n1", "P1-n2", "P2-n1"])
        #expect(try snapshot.patientKeys() == ["P1", "P2"])
        #expect(snapshot.patientOfCase == [0, 0, 1])
    }

    @Test("a table without a patient column takes the patients from the files")
    func patientsFromFiles() async throws {
        let site = try ImageSite()
        let text = try String(contentsOfFile: site.folder.path + "/site.yaml", encoding: .utf8)
        try site.folder.write(text.replacingOccurrences(of: ", patient: patient", with: ""), to: "site.yaml")
        let store = try site.store()
        let report = try await site.index(store)
        #expect(try store.currentSnapshot().patientKeys() == ["P1", "P2"])
        #expect(report.casesWithoutPatient == 1)
    }

    @Test("unreadable files are counted, listed with their reason and do not stop the index")
    func unreadable() async throws {
        let site = try ImageSite()
        let whole = ImageSite.file(patient: "P2", key: "P2-n1")
        try site.folder.write(Data(), to: "dicom/P2/empty.dcm")
        try site.folder.write("hello", to: "dicom/P2/readme.txt")
        try site.folder.write(whole.prefix(whole.count - 3), to: "dicom/P2/cut.dcm")
        try site.folder.write(ImageSite.file(patient: "P9", key: "P9-n1"), to: "dicom/P9/unknown.dcm")
        try site.folder.write(ImageSite.file(patient: "P2", key: ""), to: "dicom/P2/no-key.dcm")
        try site.folder.write("x", to: "dicom/.hidden/file")
        let store = try site.store()
        let report = try await site.index(store)
        let images = try #require(report.images)
        #expect(images.files == 9)
        #expect(images.unreadable == 3)
        #expect(
            images.unreadableByReason == ["dicom-empty": 1, "dicom-not-dicom": 1, "dicom-corrupt": 1])
        #expect((images.linked, images.unmatched, images.withoutKey) == (4, 1, 1))
        let listed = try store.unreadableFiles()
        #expect(listed.map(\.path) == ["dicom/P2/cut.dcm", "dicom/P2/empty.dcm", "dicom/P2/readme.txt"])
        #expect(listed.map(\.reason) == ["dicom-corrupt", "dicom-empty", "dicom-not-dicom"])
        #expect(images.unreadableFiles.map(\.path) == listed.map(\.path))
        let text = report.text(in: .english)
        for file in listed { #expect(text.contains("\(file.path): \(file.reason)\n")) }
    }

    @Test("of many unreadable files the text names the first and how many more, the JSON form all")
    func manyUnreadable() async throws {
        let site = try ImageSite()
        for index in 10..<35 { try site.folder.write("x", to: "dicom/bad-\(index).dcm") }
        try site.folder.write("x", to: "dicom/bad-00\n  forged: line.dcm")
        let report = try await site.index(site.store())
        let text = report.text(in: .english)
        let named = text.split(separator: "\n").filter { $0.hasSuffix(": dicom-not-dicom") }
        #expect(named.count == 20)
        #expect(named.first?.hasPrefix("    dicom/bad-00\u{FFFD}  forged") == true)
        #expect(text.contains("bad-28.dcm") && !text.contains("bad-29.dcm"))
        #expect(text.contains("and 6 more"))
        let json = try StrictJSON.parse(report.json())
        #expect(json["images"]?["unreadableFiles"]?.arrayValue?.count == 26)
        #expect(json["images"]?["unreadableFiles"]?[25]?["path"] == "dicom/bad-34.dcm")
        #expect(json["images"]?["unreadableFiles"]?[25]?["reason"] == "dicom-not-dicom")
    }

    @Test("a file of another patient than the case's is counted and not used")
    func otherPatient() async throws {
        let site = try ImageSite(table: "nodule,patient\nP1-n1,P1\nP1-n2,P2\nP2-n1,P2\n")
        let store = try site.store()
        let report = try await site.index(store)
        let snapshot = try store.currentSnapshot()
        let index = try #require(snapshot.caseKeys().firstIndex(of: "P1-n2"))
        #expect(try snapshot.objects(ofCase: index).isEmpty)
        #expect(try snapshot.column(thickness)?[index] == Coded.missing)
        #expect(report.images?.patientMismatches == 1)
    }

    @Test("a patient who opted out is left out whatever the table calls the case")
    func optOut() async throws {
        let site = try ImageSite(table: nil, optOut: "P1\n")
        let store = try site.store()
        let report = try await site.index(store)
        #expect(try store.currentSnapshot().caseKeys() == ["P2-n1"])
        #expect(report.images?.optedOut == 3)
        // The table hides the patient behind another number; the file does not.
        let renamed = try ImageSite(table: "nodule,patient\nP1-n1,X\nP2-n1,P2\n", optOut: "P1\n")
        let other = try renamed.store()
        try await renamed.index(other)
        #expect(try other.currentSnapshot().caseKeys() == ["P2-n1"])
    }

    @Test("objects that disagree about an attribute make it malformed, not the first one's")
    func disagreement() async throws {
        let site = try ImageSite()
        try site.folder.write(
            ImageSite.file(patient: "P1", key: "P1-n1", thickness: "1.25"), to: "dicom/P1/n1-r3.dcm")
        try site.folder.write(ImageSite.file(patient: "P2", key: "P2-n1", thickness: "2.50"), to: "dicom/P2/r2.dcm")
        let store = try site.store()
        try await site.index(store)
        #expect(try store.currentSnapshot().column(thickness) == [Coded.malformed, 250, 250, Coded.missing])
    }

    @Test("links inside the folder are not followed")
    func links() async throws {
        let site = try ImageSite()
        let outside = try TemporaryFolder()
        try outside.write(ImageSite.file(patient: "P3", key: "P3-n1"), to: "secret/file.dcm")
        let manager = FileManager.default
        try manager.createSymbolicLink(
            atPath: site.folder.path + "/dicom/folder-link", withDestinationPath: outside.path + "/secret")
        try manager.createSymbolicLink(
            atPath: site.folder.path + "/dicom/file-link.dcm", withDestinationPath: outside.path + "/secret/file.dcm")
        let store = try site.store()
        let report = try await site.index(store)
        #expect(report.images?.files == 4)
        #expect(try store.currentSnapshot().objects(ofCase: 3).isEmpty)
    }

    @Test("a changed pixel makes a new snapshot, an unchanged folder does not")
    func pixelsCount() async throws {
        let site = try ImageSite()
        let store = try site.store()
        let first = try await site.index(store)
        #expect(try await site.index(store).snapshot == first.snapshot)
        try site.folder.write(ImageSite.file(patient: "P2", key: "P2-n1", on: "."), to: "dicom/P2/deep/er/n1-r1.dcm")
        #expect(try await site.index(store).isNew)
    }

    @Test("a folder that is not there stops the index")
    func noFolder() async throws {
        let site = try ImageSite()
        try FileManager.default.removeItem(atPath: site.folder.path + "/dicom")
        let error = await #expect(throws: CatalogueError.self) { try await site.index(site.store()) }
        #expect(error?.kind == .fileUnreadable)
    }

    @Test("many files read by two tasks give the same snapshot every time")
    func manyFiles() async throws {
        let site = try ImageSite(table: nil)
        for index in 0..<140 {
            try site.folder.write(
                ImageSite.file(patient: "Q\(index % 70)", key: "Q\(index % 70)-n\(index)"), to: "dicom/q/\(index).dcm")
        }
        let store = try site.store()
        let first = try await site.index(store)
        #expect(first.cases == 143)
        for _ in 0..<3 { #expect(try await !site.index(store).isNew) }
    }
}

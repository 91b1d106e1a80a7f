import Evidence
import Foundation
import Statistics
import StrictJSON
import StudyProtocol
import Testing
import TextCatalogue

@testable import Catalogue

@Suite("site.yaml")
struct SiteDescriptionTests {
    static let whole = """
        site: siemens
        name: {en: "Site S", zh-Hans: "站点"}
        data:
          dicom:
            - {folder: dicom, key: TrackingID}
          tables:
            - {id: nodules, file: nodules.csv, key: nodule, patient: patient, level: case}
            - {id: people, file: /data/people.csv, key: id, level: patient}
        variables:
          - {id: diameter, kind: quantity, unit: mm, resolution: 0.01, range: [0, 100], from: {table: nodules, column: diameter_mm}}
          - id: manufacturer
            kind: category
            levels: [GE, Siemens]
            map: {"GE MEDICAL SYSTEMS": GE}
            concept: {scheme: DCM, code: "113878"}
            from: {table: nodules, column: manufacturer}
          - {id: answer, kind: category, levels: [no, yes], from: {table: people, column: answer}}
          - {id: thickness, kind: quantity, unit: mm, resolution: "0.10", range: ["0", "10"], from: {dicom: SliceThickness}}
        policy:
          minimumCount: 12
          purposes: [research]
          trustedSponsors: [sponsor.pem]
          approvals: {jobs: automatic, releases: manual}
          modelLimits: {seconds: 90, memoryMiB: 2048}
        optOut: opt-out.txt
        """

    private func faults(_ yaml: String) throws -> [String: String] {
        let error = try #require(throws: CatalogueError.self) { try SiteDescription.parse(yaml, folder: "/site") }
        return Dictionary(error.faults.map { ($0.pointer.description, $0.phrase.english) }) { first, _ in first }
    }

    @Test("the documented form is read, scalars exactly as they are written")
    func documentedForm() throws {
        let site = try SiteDescription.parse(Self.whole, folder: "/site")
        #expect(site.site.rawValue == "siemens")
        #expect(site.name.text(in: .chinese) == "站点")
        #expect(site.dicom == [DICOMSource(folder: "dicom", key: "TrackingID")])
        #expect(site.tables.map(\.level) == [.case, .patient])
        #expect(site.path(of: site.tables[0].file) == "/site/nodules.csv")
        #expect(site.path(of: site.tables[1].file) == "/data/people.csv")
        #expect(site.policy.minimumCount == 12)
        #expect(site.policy.jobApproval == .automatic)
        #expect(site.policy.releaseApproval == .manual)
        #expect(site.policy.modelLimits == SitePolicy.ModelLimits(seconds: 90, memoryMiB: 2048))
        // YAML 1.1 readers take these two for Booleans.
        #expect(site.variables[2].kind == .category(levels: ["no", "yes"]))
        guard case .quantity(let diameter) = site.variables[0].kind,
            case .quantity(let thickness) = site.variables[3].kind
        else {
            Issue.record("not quantities")
            return
        }
        #expect(diameter.resolution.text == "0.01")
        #expect(diameter.range == 0...10_000)
        #expect(thickness.range == 0...100)
        #expect(site.variables[1].concept == .init(scheme: "DCM", code: "113878"))
    }

    @Test("a policy that is not written is the cautious one")
    func defaults() throws {
        let site = try SiteDescription.parse(
            "site: a\ndata: {tables: [{id: t, file: t.csv, key: k, patient: p}]}", folder: "/")
        #expect(site.policy == SitePolicy())
        #expect(site.policy.minimumCount == 10)
        #expect(site.policy.trustedSponsors.isEmpty)
        #expect(site.policy.jobApproval == .manual)
        #expect(site.policy.releaseApproval == .manual)
        #expect(site.policy.modelLimits.seconds == 600)
        #expect(site.policy.modelLimits.memoryMiB == 4096)
        #expect(site.tables[0].level == .case)
    }

    @Test("a limit of a model's run that is not written is the default one, beside one that is")
    func someModelLimits() throws {
        let text = Self.whole.replacingOccurrences(of: "seconds: 90, ", with: "")
        let site = try SiteDescription.parse(text, folder: "/site")
        #expect(site.policy.modelLimits == SitePolicy.ModelLimits(seconds: 600, memoryMiB: 2048))
    }

    private func policy(_ disclosure: String, before: String = "") throws -> SitePolicy {
        try SiteDescription.parse(
            """
            site: a
            data: {tables: [{id: t, file: t.csv, key: k, patient: p}]}
            variables:
              - {id: hiv, kind: category, levels: [no, yes], from: {table: t, column: hiv}}
            policy:
              \(before)
              disclosure: {\(disclosure)}
            """, folder: "/"
        ).policy
    }

    @Test("every field of the gate's policy can be written")
    func disclosure() throws {
        let settings = try policy(
            """
            profile: strict, minimumCount: 12, zeros: withhold, sensitiveVariables: [hiv], performanceCells: all,
                dominancePercent: 85, protectionPercent: 15, momentsMinimumPatients: 30, maximumNumbers: 150,
                numbersPerPatient: 1, maximumBytes: 65536, maximumDatasetNumbers: 500, datasetNumbersPerPatient: 5,
                maximumRefusals: 7, refusalDays: 90,
                privacy: {mechanism: discrete-gaussian, epsilon: 1.5, delta: 1e-6, casesPerPatient: 3}
            """
        ).disclosure
        #expect(settings.profile == .strict)
        #expect(settings.minimumCount == 12)
        #expect(settings.zeros == .withhold)
        #expect(settings.sensitiveVariables?.map(\.rawValue) == ["hiv"])
        #expect(settings.performanceCells == .all)
        #expect(
            [settings.dominancePercent, settings.protectionPercent, settings.momentsMinimumPatients] == [85, 15, 30])
        #expect([settings.maximumNumbers, settings.numbersPerPatient, settings.maximumBytes] == [150, 1, 65_536])
        #expect([settings.maximumDatasetNumbers, settings.datasetNumbersPerPatient] == [500, 5])
        #expect([settings.maximumRefusals, settings.refusalDays] == [7, 90])
        #expect(settings.privacy?.mechanism == .discreteGaussian)
        #expect(settings.privacy?.epsilonMillionths == 1_500_000)
        #expect(settings.privacy?.delta == 1e-6)
        #expect(settings.privacy?.casesPerPatient == 3)
        // None of them is forgotten here.
        #expect(Mirror(reflecting: settings).children.count == 17)
    }

    @Test("a minimum count is the one that is written, under either key, else the profile's")
    func minimumCount() throws {
        #expect(try policy("profile: cms").minimumCount == 11)
        #expect(try policy("profile: opensafely").minimumCount == 8)
        #expect(try policy("profile: small-area").minimumCount == 6)
        #expect(try policy("profile: strict").minimumCount == 20)
        #expect(try policy("profile: acro").minimumCount == 10)
        #expect(try policy("zeros: flag").minimumCount == 10)
        #expect(try policy("profile: strict, minimumCount: 15").minimumCount == 15)
        #expect(try policy("zeros: flag", before: "minimumCount: 7").minimumCount == 7)
        #expect(try policy("profile: cms", before: "minimumCount: 30").minimumCount == 30)
    }

    @Test(
        "what the gate's policy cannot be is refused at its place",
        arguments: [
            ("profile: csm", "", "/policy/disclosure/profile"),
            ("minimumCount: 0", "", "/policy/disclosure/minimumCount"),
            ("minimumCount: 10", "minimumCount: 10", "/policy/minimumCount"),
            ("profile: cms", "minimumCount: 10", "/policy/minimumCount"),
            ("zeros: no", "", "/policy/disclosure/zeros"),
            ("sensitiveVariables: [hvi]", "", "/policy/disclosure/sensitiveVariables/0"),
            ("performanceCells: each", "", "/policy/disclosure/performanceCells"),
            ("dominancePercent: 101", "", "/policy/disclosure/dominancePercent"),
            ("maximumRefusals: 0", "", "/policy/disclosure/maximumRefusals"),
            ("refusalDay: 3", "", "/policy/disclosure/refusalDay"),
            ("privacy: {epsilon: 1}", "", "/policy/disclosure/privacy"),
            ("privacy: {mechanism: discrete-laplace}", "", "/policy/disclosure/privacy/mechanism"),
            ("privacy: {mechanism: discrete-gaussian, epsilon: 1}", "", "/policy/disclosure/privacy/mechanism"),
            ("privacy: {mechanism: none, epsilon: 0}", "", "/policy/disclosure/privacy/epsilon"),
            ("privacy: {mechanism: none, epsilon: 0.0000001}", "", "/policy/disclosure/privacy/epsilon"),
            ("privacy: {mechanism: none, epsilon: 100.000001}", "", "/policy/disclosure/privacy/epsilon"),
            ("privacy: {mechanism: none, epsilon: -1}", "", "/policy/disclosure/privacy/epsilon"),
            ("privacy: {mechanism: none, epsilon: 1., delta: 0}", "", "/policy/disclosure/privacy/epsilon"),
            ("privacy: {mechanism: none, delta: 0.01}", "", "/policy/disclosure/privacy/delta"),
            ("privacy: {mechanism: none, delta: nan}", "", "/policy/disclosure/privacy/delta"),
        ])
    func unusableDisclosure(_ disclosure: String, _ before: String, _ pointer: String) throws {
        let error = try #require(throws: CatalogueError.self) { try policy(disclosure, before: before) }
        #expect(error.faults.map(\.pointer.description).contains(pointer), "\(error.faults)")
        #expect(error.faults.allSatisfy { $0.phrase.english.hasPrefix("line ") })
    }

    @Test("a field that is misspelt names the nearest one, and a setting that is said twice both")
    func disclosureWords() throws {
        let misspelt = try #require(throws: CatalogueError.self) { try policy("maximumRefusal: 3") }
        #expect(misspelt.phrase.english.contains("\"maximumRefusals\""))
        let twice = try #require(throws: CatalogueError.self) {
            try policy("minimumCount: 9", before: "minimumCount: 9")
        }
        #expect(twice.faults.map(\.code) == ["site-said-twice"])
        #expect(twice.phrase.english.contains("policy.disclosure.minimumCount"))
        let looser = try #require(throws: CatalogueError.self) {
            try policy("profile: strict", before: "minimumCount: 10")
        }
        #expect(looser.faults.map(\.code) == ["site-looser-than-profile"])
    }

    @Test("an unknown key is a fault that gives its place, its line and the nearest known key")
    func unknownKeys() throws {
        let found = try faults(
            Self.whole.replacingOccurrences(of: "minimumCount", with: "minimumCout")
                .replacingOccurrences(of: "concept:", with: "consept:")
                .replacingOccurrences(of: "optOut:", with: "optout:"))
        #expect(found["/policy/minimumCout"]?.contains("\"minimumCount\"") == true)
        #expect(found["/policy/minimumCout"]?.hasPrefix("line 20:") == true)
        #expect(found["/variables/1/consept"]?.contains("\"concept\"") == true)
        #expect(found["/optout"]?.contains("\"optOut\"") == true)
        #expect(found.count == 3)
    }

    @Test(
        "what cannot be used is refused at its place",
        arguments: [
            ("site: siemens", "site: Siemens AG", "/site"),
            ("key: TrackingID", "key: TrackingIdentity", "/data/dicom/0/key"),
            ("level: case", "level: cases", "/data/tables/0/level"),
            ("id: people", "id: nodules", "/data/tables/1/id"),
            ("table: people, column: answer", "table: peeple, column: answer", "/variables/2/from/table"),
            ("resolution: 0.01", "resolution: 1/100", "/variables/0/resolution"),
            ("range: [0, 100]", "range: [100, 0]", "/variables/0/range"),
            ("range: [0, 100]", "range: [0, 1e30]", "/variables/0/range"),
            ("id: diameter", "id: \"diameter mm\"", "/variables/0/id"),
            ("levels: [GE, Siemens]", "levels: [GE, GE]", "/variables/1/levels/1"),
            ("SYSTEMS\": GE", "SYSTEMS\": GM", "/variables/1/map/GE MEDICAL SYSTEMS"),
            ("kind: quantity, unit: mm, resolution: 0.01", "kind: number", "/variables/0/kind"),
            ("dicom: SliceThickness", "dicom: Slicethicknes", "/variables/3/from/dicom"),
            ("minimumCount: 12", "minimumCount: 0", "/policy/minimumCount"),
            ("purposes: [research]", "purposes: [research, reserch]", "/policy/purposes/1"),
            ("jobs: automatic", "jobs: auto", "/policy/approvals/jobs"),
            ("seconds: 90", "seconds: 0", "/policy/modelLimits/seconds"),
            ("seconds: 90", "seconds: 86401", "/policy/modelLimits/seconds"),
            ("seconds: 90", "seconds: 1.5", "/policy/modelLimits/seconds"),
            ("memoryMiB: 2048", "memoryMiB: 255", "/policy/modelLimits/memoryMiB"),
            ("memoryMiB: 2048", "memoryMiB: 1048577", "/policy/modelLimits/memoryMiB"),
            ("memoryMiB: 2048", "memoryMB: 2048", "/policy/modelLimits/memoryMB"),
            ("optOut: opt-out.txt", "optOut:", "/optOut"),
        ])
    func unusable(_ old: String, _ new: String, _ pointer: String) throws {
        let yaml = Self.whole.replacingOccurrences(of: old, with: new)
        try #require(yaml != Self.whole)
        let found = try faults(yaml)
        #expect(found[pointer] != nil, "\(found)")
    }

    @Test("a purpose that no protocol can have is a fault that names the nearest one")
    func purposes() throws {
        let all = Self.whole.replacingOccurrences(
            of: "[research]", with: "[research, regulatory, quality-improvement]")
        #expect(
            try SiteDescription.parse(all, folder: "/").policy.purposes == Purpose.allCases.map(\.rawValue))
        let found = try faults(Self.whole.replacingOccurrences(of: "[research]", with: "[quality-improvment]"))
        #expect(found["/policy/purposes/0"]?.contains("\"quality-improvement\"") == true)
    }

    @Test("each fault is said once, in words that help")
    func phrase() throws {
        let yaml = Self.whole.replacingOccurrences(of: "resolution: 0.01", with: "resolution: 1/100")
        let error = try #require(throws: CatalogueError.self) { try SiteDescription.parse(yaml, folder: "/") }
        let text = error.phrase.english
        #expect(text.components(separatedBy: "/variables/0/resolution").count == 2)
        #expect(text.contains("\"1/100\" is no resolution"))
        #expect(!text.contains("StatisticsError"))
        #expect(error.faults.map(\.code) == ["malformed-resolution"])
    }

    @Test("a case table must name the patient unless DICOM files can")
    func patientIsKnown() throws {
        let table = "tables: [{id: t, file: t.csv, key: k}]"
        #expect(try faults("site: a\ndata: {\(table)}").keys.contains("/data/tables/0"))
        _ = try SiteDescription.parse("site: a\ndata: {dicom: [{folder: d, key: PatientID}], \(table)}", folder: "/")
        #expect(try faults("site: a\ndata: {}").keys.contains("/data"))
    }

    @Test("repeated keys, bad syntax, anchors that multiply and empty files are refused")
    func badYAML() {
        for text in [
            "site: a\nsite: b\ndata: {}", "site: [a", "", "a: &x [1]\nb: *undefined",
            (0..<40).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        ] {
            let error = #expect(throws: CatalogueError.self) { try SiteDescription.parse(text, folder: "/") }
            #expect(error?.kind == .siteNotYAML)
        }
    }

    @Test("the sample descriptions of this repository are valid")
    func samples() throws {
        let sites = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../sites").standardizedFileURL
        let files =
            FileManager.default.enumerator(at: sites, includingPropertiesForKeys: nil)?
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "yaml" } ?? []
        try #require(files.count >= 4)
        for file in files { _ = try SiteDescription.load(path: file.path) }
    }
}

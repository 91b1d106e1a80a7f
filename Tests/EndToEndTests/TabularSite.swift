import Foundation

/// A made-up site with a table of numbers and no images: enough for a description of its cohort.
struct TabularSite {
    struct Row {
        let patient: Int
        let age: Int
        let volume: Double
        let sex: String
        let positive: Bool
    }

    /// The same rows for the same seed.
    static func rows(_ count: Int, seed: UInt64) -> [Row] {
        var state = seed
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        return (0..<count).map { index in
            // A third of the patients have a second case.
            Row(
                patient: index * 3 / 4, age: 30 + Int(next(50)), volume: Double(next(40_000)) / 100 + 5,
                sex: next(2) == 0 ? "F" : "M", positive: next(10) < 4)
        }
    }

    static func write(_ rows: [Row], site: String, to folder: URL, approvals: String = "automatic") throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var table = "case,patient,age,volume,sex,positive\n"
        for (index, row) in rows.enumerated() {
            table +=
                "c\(row.patient)-\(index),p\(row.patient),\(row.age),\(row.volume),\(row.sex),\(row.positive ? 1 : 0)\n"
        }
        try Data(table.utf8).write(to: folder.appendingPathComponent("cases.csv"))
        let description = """
            site: \(site)
            name: {en: "Made-up site"}
            data:
              tables:
                - {id: cases, file: cases.csv, key: case, patient: patient, level: case}
            variables:
              - {id: age, kind: quantity, unit: a, resolution: "1", range: ["0", "120"], from: {table: cases, column: age}}
              - {id: volume, kind: quantity, unit: mL, resolution: "0.01", range: ["0", "1000"], from: {table: cases, column: volume}}
              - {id: sex, kind: category, levels: [F, M], from: {table: cases, column: sex}}
              - {id: positive, kind: category, levels: ["0", "1"], from: {table: cases, column: positive}}
            policy:
              minimumCount: 10
              purposes: [research, regulatory]
              trustedSponsors: [sponsor.pem]
              approvals: {jobs: \(approvals), releases: \(approvals)}
            """
        try Data(description.utf8).write(to: folder.appendingPathComponent("site.yaml"))
    }

    /// A description of the cohort at the named sites.
    static func protocolDocument(sites: [String], at url: URL) throws {
        let document: [String: Any] = [
            "schemaVersion": "1.0", "identifier": "made-up-description", "version": "1.0.0",
            "title": ["en": "Description of a made-up cohort"],
            "intendedUse": ["en": "A test of the line from protocol to result"],
            "purpose": "research",
            "sponsor": ["name": "Tester", "contact": "tester@example.org"],
            "variables": [
                ["id": "age", "kind": "quantity", "unit": "a", "resolution": "1", "range": ["0", "120"]],
                ["id": "volume", "kind": "quantity", "unit": "mL", "resolution": "0.01", "range": ["0", "1000"]],
                ["id": "sex", "kind": "category", "levels": ["F", "M"]],
                ["id": "positive", "kind": "category", "levels": ["0", "1"]],
            ],
            "cohort": [
                "unit": "lesion", "include": [["variable": "age", "atLeast": "35", "reason": "too-young"]],
                "exclude": [Any](),
            ],
            "statistics": [
                ["id": "age-summary", "kind": "summary", "variable": "age"],
                ["id": "volume-summary", "kind": "summary", "variable": "volume", "by": "sex"],
                [
                    "id": "volume", "kind": "histogram", "variable": "volume",
                    "edges": ["0", "100", "200", "300", "1000"],
                ],
                ["id": "sex-by-reference", "kind": "table", "axes": ["sex", "positive"]],
            ],
            "endpoints": [Any](),
            "disclosure": ["minimumCell": 10],
            "sites": ["invited": sites],
            "ethics": [["site": "*", "basis": "made-up data"]],
            "expires": "2036-12-31T00:00:00Z",
        ]
        try JSONSerialization.data(withJSONObject: document).write(to: url)
    }
}

import Evidence
import Foundation
import Statistics
import Testing

@testable import Agent

@Suite("Order of cases, predictions and the record of requests")
struct LocalFileTests {
    private func secrets(_ seed: UInt64) throws -> SiteSecrets {
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(state: seed)
        return try SiteSecrets.readOrCreate(StateDirectory(folder.url), using: &generator)
    }

    @Test("the order of cases depends on the site's key, the job and the keys of the cases, and on nothing else")
    func order() throws {
        let keys = (0..<400).map { "case-\($0)" }
        let job = Digest(of: Data("job".utf8))
        let first = CaseOrder(job: job, keys: keys, secrets: try secrets(1))
        #expect(first.order.sorted() == Array(0..<400))
        #expect(first.order != Array(0..<400))
        #expect(CaseOrder(job: job, keys: keys, secrets: try secrets(1)).order == first.order)
        #expect(CaseOrder(job: job, keys: keys, secrets: try secrets(2)).order != first.order)
        #expect(
            CaseOrder(job: Digest(of: Data("other".utf8)), keys: keys, secrets: try secrets(1)).order != first.order)
        // However the cases are numbered, the same keys come in the same order.
        let shuffled = Array(keys.reversed())
        let other = CaseOrder(job: job, keys: shuffled, secrets: try secrets(1))
        #expect(other.order.map { shuffled[$0] } == first.order.map { keys[$0] })
    }

    @Test("a sample is scored again in an order of its own")
    func repeating() throws {
        let keys = (0..<400).map { "case-\($0)" }
        let order = CaseOrder(job: Digest(of: Data("job".utf8)), keys: keys, secrets: try secrets(1))
        #expect(order.repeating.count == 20)
        #expect(Set(order.repeating).count == 20)
        #expect(order.repeating != order.repeating.sorted())
        let few = CaseOrder(job: Digest(of: Data()), keys: ["a", "b", "c"], secrets: try secrets(1))
        #expect(few.repeating.sorted() == [0, 1, 2])
    }

    @Test("predictions are CSV with quantised scores, readable by their owner only")
    func predictions() throws {
        let folder = try TemporaryFolder()
        let job = Digest(of: Data("job".utf8))
        let file = PredictionsFile(
            rows: [
                .init(caseKey: "n1", patientKey: "p1", reference: 1, score: 123_456, status: "analysed"),
                .init(caseKey: "n,2", patientKey: "p \"2\"", reference: 0, score: 1_000_000, status: "analysed"),
                .init(caseKey: "n3", patientKey: "p3", reference: 0, score: nil, status: "input-missing"),
                .init(caseKey: "n4", patientKey: "p4", reference: Coded.missing, score: 1, status: "analysed"),
            ], resolution: try Resolution("0.000001"))
        try file.write(job: job, folder: folder.url)
        let written = folder.url.appendingPathComponent("\(job.hex).csv")
        #expect(
            try String(contentsOf: written, encoding: .utf8) == """
                case,patient,reference,score,status
                n1,p1,1,0.123456,analysed
                "n,2","p ""2\"\"",0,1,analysed
                n3,p3,0,,input-missing
                n4,p4,,0.000001,analysed

                """)
        let mode = try FileManager.default.attributesOfItem(atPath: written.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["\(job.hex).csv"])
    }

    @Test("the recorder keeps exact bodies under increasing numbers, also after a restart")
    func recorder() throws {
        let folder = try TemporaryFolder()
        let path = "/v1/jobs/sha256:ab/release"
        let first = try DirectoryRecorder(folder: folder.url)
        try first.record(method: "GET", path: "/v1/jobs/next?wait=25", body: Data())
        try first.record(method: "PUT", path: path, body: Data("{\"a\":1}".utf8))
        let second = try DirectoryRecorder(folder: folder.url)
        try second.record(method: "PUT", path: path, body: Data("{}".utf8))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        #expect(
            names == [
                "000002-PUT-v1-jobs-sha256-ab-release.json", "000003-PUT-v1-jobs-sha256-ab-release.json",
                "requests.tsv",
            ])
        #expect(try Data(contentsOf: folder.url.appendingPathComponent(names[0])) == Data("{\"a\":1}".utf8))
        #expect(
            try String(contentsOf: folder.url.appendingPathComponent("requests.tsv"), encoding: .utf8)
                == "000001\tGET\t/v1/jobs/next?wait=25\t0\n000002\tPUT\t\(path)\t7\n000003\tPUT\t\(path)\t2\n")
    }
}

import Foundation
import LocalScoring
import Scoring
import Statistics
import Testing

@Suite struct SegmentationReportTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Writes an array of bytes with the axes y and x.
    private func file(_ name: String, _ rows: [[UInt8]]) throws -> String {
        var text = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(rows.count), \(rows[0].count)), }"
        text += String(repeating: " ", count: 63 - (text.utf8.count + 10) % 64) + "\n"
        let header: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, UInt8(text.utf8.count), 0]
        let url = folder.appending(path: name)
        try Data(header + Array(text.utf8) + rows.flatMap { $0 }).write(to: url)
        return url.path
    }

    private func metrics(
        _ reference: [[UInt8]], _ prediction: [[UInt8]], label: Int64? = nil, threads: Int = 1
    ) throws -> [Metric] {
        try SegmentationReport.metrics(
            reference: file("reference.npy", reference), prediction: file("prediction.npy", prediction),
            spacing: [1, 1], label: label, request: SegmentationRequest(tolerances: [1]), threads: threads)
    }

    private func code(_ reference: String, _ prediction: String, threads: Int) -> String? {
        do throws(LocalFileError) {
            _ = try SegmentationReport.metrics(
                reference: reference, prediction: prediction, spacing: [1, 1], request: SegmentationRequest(),
                threads: threads)
            return nil
        } catch { return "\(error.code) \(error.phrase)" }
    }

    @Test func severalLabelsAreScoredEachByItself() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let reference: [[UInt8]] = [[1, 1, 0, 2], [1, 1, 0, 2], [0, 0, 0, 0]]
        let prediction: [[UInt8]] = [[1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 9, 9]]
        let all = try metrics(reference, prediction)
        let each = try [1, 2, 9].flatMap { try metrics(reference, prediction, label: $0) }
        #expect(all == each)
        #expect(all == (try metrics(reference, prediction, threads: 2)))
        let dice = all.filter { $0.name == "dice" }
        #expect(dice.map(\.classLabel) == ["1", "2", "9"])
        #expect(dice.map(\.value) == [6 / 7, 0, 0])
        // One of the masks is empty.
        let distances = all.filter { $0.name == "hd" }
        #expect(distances.map { $0.value == nil } == [false, true, true])
    }

    @Test func oneLabelEachIsAMaskWhateverItsValue() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let reference: [[UInt8]] = [[1, 1, 0], [1, 0, 0]]
        let all = try metrics(reference, reference.map { $0.map { $0 * 255 } })
        #expect(all == (try metrics(reference, reference)))
        #expect(all.allSatisfy { $0.classLabel == nil })
        #expect(all.first { $0.name == "dice" }?.value == 1)
    }

    @Test func severalLabelsOfOneFileAreEnough() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let all = try metrics([[1, 1, 0], [1, 0, 0]], [[1, 1, 0], [1, 0, 3]])
        #expect(all.filter { $0.name == "dice" }.map(\.classLabel) == ["1", "3"])
        #expect(all.filter { $0.name == "dice" }.map(\.value) == [1, 0])
    }

    @Test func moreLabelsThanTheLimitAreRefused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let values = (0..<256).map { UInt8($0) }
        let most = try metrics([values], [values])
        #expect(most.filter { $0.name == "dice" }.map(\.classLabel) == (1..<256).map { String($0) })
        let bytes = (1...257).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        var wide = try Data(contentsOf: URL(filePath: file("wide.npy", [Array(bytes.prefix(257))])))
        let start = wide.count - 257
        wide.replaceSubrange(start..., with: bytes)
        let type = try #require(wide.range(of: Data("|u1".utf8)))
        wide.replaceSubrange(type, with: Data("<u2".utf8))
        let url = folder.appending(path: "wide.npy")
        try wide.write(to: url)
        #expect(code(url.path, url.path, threads: 1)?.hasPrefix("mask-too-many-labels") == true)
    }

    @Test func theErrorOfTheReferenceComesFirstWithAnyNumberOfThreads() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let good = try file("good.npy", [[1, 0]])
        let (one, two) = (folder.appending(path: "one.npy").path, folder.appending(path: "two.npy").path)
        for _ in 0..<20 {
            for (reference, prediction) in [(one, two), (good, two), (one, good)] {
                let alone = try #require(code(reference, prediction, threads: 1))
                #expect(alone.contains(reference == good ? "two.npy" : "one.npy"))
                #expect(code(reference, prediction, threads: 2) == alone)
            }
        }
    }
}

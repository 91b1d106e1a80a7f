import Foundation
import Testing

@testable import Imaging

/// Patches of real segmentations (LIDC-IDRI, CC BY 3.0), made by the reference implementation.
@Suite("Consensus patch against the reference")
struct ConsensusPatchVectorTests {
    private struct Expected: Decodable {
        struct Case: Decodable {
            let key: String
            let files: [String]
            /// Rows of 0 and 1; nil where the reference refuses the case.
            let patch: [String]?
        }

        let preprocessing: String
        let size: [Int]
        let spacing: [String]
        let cases: [Case]
    }

    @Test("every pixel of every patch is the reference's, whatever the order of the files")
    func patches() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Vectors")
        let expected = try JSONDecoder().decode(
            Expected.self, from: Data(contentsOf: folder.appendingPathComponent("expected.json")))
        #expect(expected.preprocessing == ConsensusPatch.name)
        try #require(expected.cases.count >= 5)
        let spacing = try expected.spacing.map { try #require(Double($0)) }
        let patch = try #require(
            ConsensusPatch(
                rows: expected.size[0], columns: expected.size[1], rowSpacing: spacing[0], columnSpacing: spacing[1]))
        for item in expected.cases {
            let paths = item.files.map { folder.appendingPathComponent($0).path }
            guard let rows = item.patch else {
                #expect(throws: ImagingError.self, "\(item.key)") { try patch.make(paths: paths) }
                continue
            }
            let values = rows.joined().map { $0 == "1" ? Float(1) : 0 }
            #expect(values.contains(1))
            #expect(try patch.make(paths: paths) == values, "\(item.key)")
            #expect(try patch.make(paths: paths.reversed()) == values, "\(item.key)")
            #expect(try DICOMFile(path: paths[0]).text("TrackingID") == item.key)
        }
    }
}

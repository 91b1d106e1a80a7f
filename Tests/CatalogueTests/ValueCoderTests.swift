import Statistics
import StudyProtocol
import Testing

@testable import Catalogue

@Suite("Values and their codes")
struct ValueCoderTests {
    private func coder(_ kind: String) throws -> ValueCoder {
        let site = try SiteDescription.parse(
            """
            site: a
            data: {tables: [{id: t, file: t.csv, key: k, patient: p}]}
            variables:
              - {id: v, \(kind), from: {table: t, column: c}}
            """, folder: "/")
        return ValueCoder(try #require(site.variables.first))
    }

    @Test("a quantity is the nearest multiple of its resolution, or says why there is none")
    func quantities() throws {
        let coder = try coder("kind: quantity, unit: mm, resolution: \"0.01\", range: [\"-1\", \"100\"]")
        #expect(coder.code("0.285") == 28)
        #expect(coder.code(" 12.5\t") == 1250)
        #expect(coder.code("-1") == -100)
        #expect(coder.code("100.004") == 10_000)
        #expect(coder.code("100.01") == Coded.outOfRange)
        #expect(coder.code("1e300") == Coded.outOfRange)
        for missing in ["", "  ", "NA", "na", "N/A", "n/a", "null", "NULL"] {
            #expect(coder.code(missing) == Coded.missing, "\(missing)")
        }
        for malformed in ["042Y", "N-A", "1,5", "nan", "-", "12 mm", "0x10", "nul"] {
            #expect(coder.code(malformed) == Coded.malformed, "\(malformed)")
        }
        #expect(coder.code(nil) == Coded.missing)
    }

    @Test("a category is the index of its level, by the level's own or a mapped spelling")
    func categories() throws {
        let coder = try coder(
            "kind: category, levels: [GE, Siemens], map: {\"GE MEDICAL SYSTEMS\": GE, SIEMENS: Siemens}")
        #expect(coder.code("GE") == 0)
        #expect(coder.code("GE MEDICAL SYSTEMS ") == 0)
        #expect(coder.code("Siemens") == 1)
        #expect(coder.code("SIEMENS") == 1)
        #expect(coder.code("siemens") == Coded.malformed)
        #expect(coder.code("Philips") == Coded.malformed)
        #expect(coder.code("NA") == Coded.missing)
    }

    @Test("a level that is spelt like a missing value is a level")
    func levelNamedNA() throws {
        let coder = try coder("kind: category, levels: [EU, NA]")
        #expect(coder.code("NA") == 1)
        #expect(coder.code("N/A") == Coded.missing)
    }
}

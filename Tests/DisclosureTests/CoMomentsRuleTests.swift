@_spi(ReleaseGate) import Statistics
import Testing

@testable import Disclosure

@Suite("Co-moments")
struct CoMomentsRuleTests {
    private func coMoments(_ columns: [[Int64]], range: ClosedRange<Int64> = 0...1_000_000) throws -> CoMoments {
        let patients = columns[0].indices.map(Int32.init)
        return try CoMoments(
            variables: zip(["x", "y", "z"], columns).map {
                CoMoments.Variable(variable: $0.0, resolution: .made("1"), range: range)
            }, columns: columns, patients: patients, selection: patients)
    }

    /// What a site without a gate would release.
    private func open(_ columns: [[Int64]]) throws -> ReleasedCoMoments { ReleasedCoMoments(try coMoments(columns)) }

    private func answer(_ columns: [[Int64]]) throws -> Answer {
        ReleaseGate.standard().answer(.coMoments(try coMoments(columns)))
    }

    private func rule(_ columns: [[Int64]]) throws -> Int? {
        ReleaseGate.standard().rule(.coMoments(try coMoments(columns)))
    }

    /// Sixty values from 400 to 599, and sixty others that go with them a little.
    private let x: [Int64] = (0..<60).map { 400 + ($0 * 37) % 200 }
    private let y: [Int64] = (0..<60).map { 300 + ($0 * 53) % 170 + ($0 * 37) % 50 }
    private let target = 17

    @Test("of many patients with many values leave exactly")
    func released() throws {
        guard case .released(.coMoments(let released)) = try answer([x, y]) else {
            Issue.record("withheld")
            return
        }
        #expect(released.n == .exact(60))
        #expect(released.product(0, 1) == WideInteger(zip(x, y).reduce(0) { $0 + Int128($1.0) * Int128($1.1) }))
        #expect(ReleasedAggregate.coMoments(released).numberCount == 10)
    }

    @Test("a product with a one-patient indicator is that patient's value")
    func indicatorOfOne() throws {
        let indicator = x.indices.map { Int64($0 == target ? 1 : 0) }
        #expect(try open([x, indicator]).product(0, 1)?.value == Int128(x[target]))
        #expect(try answer([x, indicator]) == .withheld)
    }

    @Test("an indicator with too few patients in a level is withheld, one with enough is not")
    func indicatorLevels() throws {
        let half = x.indices.map { Int64($0 % 2) }
        let few = x.indices.map { Int64($0 < 19 ? 1 : 0) }
        #expect(try answer([x, half]) != .withheld)
        #expect(try rule([x, few]) == 15)
    }

    @Test("two indicators give the table of both, so that its cells hold ten patients or none")
    func twoIndicators() throws {
        let half = x.indices.map { Int64($0 < 30 ? 0 : 1) }
        let other = x.indices.map { Int64($0 < 27 || $0 >= 58 ? 0 : 1) }
        // Σ of the product counts the patients of both.
        #expect(try open([x, half, other]).product(1, 2)?.value == 28)
        #expect(try rule([x, half, other]) == 15)
        let even = x.indices.map { Int64(($0 / 15) % 2) }
        #expect(try answer([x, half, even]) != .withheld)
    }

    @Test("an indicator hidden in noise gives the value away all the same")
    func hiddenIndicator() throws {
        // More than five values, none far from 1000 but the target's; no sum or product is dominated.
        let hidden = x.indices.map { Int64($0 == target ? 3000 : 1000 + $0 % 7) }
        let released = try open([x, hidden])
        let n = Double(x.count)
        let mean = Double(x.reduce(0, +)) / n
        let product = Double(try #require(released.product(0, 1)).value)
        let sums = try #require(released.sums).map { Double($0.value) }
        // Who knows that the others are about 1003 reads the target's distance from the mean off.
        let distance = (product - 1003 * sums[0] - mean * (sums[1] - 1003 * n)) / (3000 - 1003)
        #expect(abs(mean + distance - Double(x[target])) < 0.01 * Double(x[target]))
        #expect(try answer([x, hidden]) == .withheld)
    }

    @Test("two quantities that differ on one patient are an indicator of that patient")
    func differenceOfTwo() throws {
        var twin = y
        twin[target] += 9
        let released = try open([x, y, twin])
        let (first, second) = (try #require(released.product(0, 1)), try #require(released.product(0, 2)))
        #expect((second.value - first.value) / 9 == Int128(x[target]))
        #expect(try rule([x, y, twin]) == 15)
    }

    @Test("one patient who lacks one quantity would show as a difference to the other's own statistics")
    func incomplete() throws {
        var (missingX, missingY) = (x, y)
        for index in 0..<12 { missingX[index] = Coded.missing }
        for index in 0..<13 { missingY[index] = Coded.missing }
        // The own statistics of x are of 48 patients, the common ones of 47.
        #expect(try open([missingX, missingY]).n == .exact(47))
        #expect(try rule([missingX, missingY]) == 1)
        #expect(try answer([missingX, y]) != .withheld)
    }

    @Test("incomplete cases may be one in a level, which the statistics by that level would show")
    func incompleteByLevel() throws {
        let half = x.indices.map { Int64($0 % 2) }
        var missing = y
        for index in (0..<23).filter({ $0 % 2 == 0 }) + [1] { missing[index] = Coded.missing }
        // Of level 1 one patient lacks y: the sum of x at that level less the product is that patient's x.
        let released = try open([x, missing, half])
        let whole = x.indices.filter { half[$0] == 1 }.reduce(0) { $0 + Int128(x[$1]) }
        #expect(whole - (try #require(released.product(0, 2))).value == Int128(x[1]))
        #expect(try rule([x, missing, half]) == 4)
    }

    @Test("co-moments that share a quantity but not their cases differ by the cases that only one has")
    func overlapping() throws {
        func item(_ name: String, _ other: [Int64], as variable: String) throws -> ReleaseGate.Item {
            let patients = x.indices.map(Int32.init)
            let raw = try CoMoments(
                variables: ["x", variable].map {
                    CoMoments.Variable(variable: $0, resolution: .made("1"), range: 0...1_000_000)
                }, columns: [x, other], patients: patients, selection: patients)
            return ReleaseGate.Item(key: .named(name), outcome: .computed(.coMoments(raw)))
        }
        let z = x.indices.map { 200 + Int64($0 * 71) % 190 }
        var (someY, someZ) = (y, z)
        for index in 0..<12 { someY[index] = Coded.missing }
        for index in 0..<11 { someZ[index] = Coded.missing }
        func withheld(_ items: [ReleaseGate.Item]) -> [Bool] {
            ReleaseGate.standard().decide(items).answers.map { $0.answer == .withheld }
        }
        // Without a gate: the sums of x differ by that of the twelfth patient.
        #expect(try open([x, someZ]).sums?[0].value != nil)
        #expect(try open([x, someZ]).sums![0].value - open([x, someY]).sums![0].value == Int128(x[11]))
        #expect(withheld([try item("first", someY, as: "y")]) == [false])
        #expect(withheld([try item("second", someZ, as: "z")]) == [false])
        #expect(withheld([try item("first", someY, as: "y"), try item("second", someZ, as: "z")]) == [false, true])
        #expect(withheld([try item("first", y, as: "y"), try item("second", z, as: "z")]) == [false, false])
    }

    @Test("few patients, few degrees of freedom, a dominated product and an outlier are withheld")
    func others() throws {
        #expect(try rule([Array(x.prefix(19)), Array(y.prefix(19))]) == 6)
        var heavy = x
        heavy[target] = 900_000
        #expect(try answer([heavy, y]) == .withheld)
        #expect(try rule([x, x.map { 2 * $0 }]) == 15)
    }

    @Test("a quantity that the site does not declare is refused")
    func undeclared() throws {
        let patients = x.indices.map(Int32.init)
        let raw = try CoMoments(
            variables: ["x", "secret"].map { CoMoments.Variable(variable: $0, resolution: .made("1")) },
            columns: [x, y], patients: patients, selection: patients)
        #expect(ReleaseGate.standard().rule(.coMoments(raw)) == 8)
    }
}

import Statistics
import Testing

@testable import Disclosure

@Suite("Moments")
struct MomentsRuleTests {
    private func moments(_ values: [Int64], range: ClosedRange<Int64> = 0...1_000_000) throws -> Aggregate {
        .moments(
            try Moments(
                variable: "x", column: values, range: range, patients: values.indices.map(Int32.init),
                selection: values.indices.map(Int32.init), resolution: .made("1")))
    }

    private let spread: [Int64] = (0..<60).map { 400 + ($0 * 37) % 200 }

    @Test("moments of many patients with many values leave exactly")
    func released() throws {
        guard case .released(.moments(let moments)) = ReleaseGate.standard().answer(try moments(spread)) else {
            Issue.record("withheld")
            return
        }
        #expect(moments.groups[0].n == .exact(60))
        #expect(moments.groups[0].sum == WideInteger(spread.reduce(0) { $0 + Int128($1) }))
        #expect(moments.groups[0].sumSquares == WideInteger(spread.reduce(0) { $0 + Int128($1) * Int128($1) }))
    }

    @Test("n, S and S2 of a 0/1 or 0/1/2 variable would give every cell")
    func indicator() throws {
        let indicator = (0..<60).map { Int64($0 % 2) }
        let three = (0..<60).map { Int64($0 % 3) }
        #expect(ReleaseGate.standard().answer(try moments(indicator)) == .withheld)
        #expect(ReleaseGate.standard().answer(try moments(three)) == .withheld)
        #expect(ReleaseGate.standard().rule(try moments(three)) == 6)
    }

    @Test("19 patients are too few")
    func fewPatients() throws {
        #expect(ReleaseGate.standard().answer(try moments(Array(spread.prefix(19)))) == .withheld)
        #expect(ReleaseGate.standard().answer(try moments(Array(spread.prefix(20)))) != .withheld)
    }

    @Test("two patients who hold nine tenths of a sum are protected")
    func dominance() throws {
        let dominated = spread.map { _ in Int64(1) }.enumerated().map { Int64($0.offset % 7) + $0.element }
        #expect(ReleaseGate.standard().rule(try moments([9000, 8000] + dominated)) == 5)
    }

    @Test("an outlier whose size n, S and S2 bound closely is protected, although no sum is dominated")
    func outlier() throws {
        // One large volume among many small ones: mean + sd * sqrt(n - 1) hardly exceeds it.
        let volumes: [Int64] = [1000] + (0..<30).map { 20 + Int64($0 * 7) % 60 }
        let contributions = volumes.reduce(0, +)
        #expect(1000 * 10 < contributions * 9)
        #expect(ReleaseGate.standard().answer(try moments(volumes)) == .withheld)
    }

    @Test("a handful of missing values withholds the moments")
    func missing() throws {
        let answer = ReleaseGate.standard().answer(try moments(spread + [Coded.missing, Coded.missing]))
        #expect(answer == .withheld)
    }
}

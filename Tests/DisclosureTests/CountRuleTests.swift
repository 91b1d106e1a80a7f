import Statistics
import StudyProtocol
import Testing

@testable import Disclosure

@Suite("Counts of flow, tables and histograms")
struct CountRuleTests {
    private func table(_ counts: [Int]) throws -> Aggregate {
        var cases = Cases()
        for (level, count) in counts.enumerated() { cases.add(count, value: Int64(level)) }
        let column = CategoryColumn(
            variable: "group", levels: counts.indices.map { "level-\($0)" }, codes: cases.values)
        return .table(try ContingencyTable(axes: [column], patients: cases.patients, selection: cases.selection))
    }

    @Test("a cell of one patient withholds its table; zero and ten do not")
    func tableCells() throws {
        #expect(ReleaseGate.standard().answer(try table([30, 1, 20])) == .withheld)
        #expect(ReleaseGate.standard().answer(try table([30, 9, 20])) == .withheld)
        guard case .released(.table(let released)) = ReleaseGate.standard().answer(try table([30, 0, 10])) else {
            Issue.record("a table of allowed cells was withheld")
            return
        }
        #expect(released.cells == [.exact(30), .exact(0), .exact(10), .exact(0)])
    }

    @Test("many cases of few patients are few")
    func casesAreNotPatients() throws {
        var cases = Cases()
        cases.add(30, value: 0)
        // One patient with forty lesions in the other cell.
        cases.patients += Array(repeating: 30, count: 40)
        cases.values += Array(repeating: 1, count: 40)
        let column = CategoryColumn(variable: "group", levels: ["a", "b"], codes: cases.values)
        let table = try ContingencyTable(axes: [column], patients: cases.patients, selection: cases.selection)
        #expect(ReleaseGate.standard().answer(.table(table)) == .withheld)
    }

    private func flow(excluded: Int, analysed: Int) throws -> Aggregate {
        var cases = Cases()
        cases.add(excluded, value: 0)
        cases.add(analysed, value: 1)
        return .flow(
            try Flow(
                boxes: [.excluded(reason: "age"), .analysed], boxOfCase: cases.values, patients: cases.patients,
                selection: cases.selection))
    }

    @Test("56 screened and 54 analysed do not reveal two patients")
    func flowDifference() throws {
        guard case .released(.flow(let flow)) = ReleaseGate.standard().answer(try flow(excluded: 2, analysed: 54))
        else {
            Issue.record("the analysed cases alone may be given")
            return
        }
        #expect(flow[.analysed]?.patients == .exact(54))
        #expect(flow[.screened]?.patients == .protected)
        #expect(flow[.screened]?.cases == .protected)
        #expect(flow[.excluded, "age"]?.cases == .protected)
    }

    @Test("a flow in which every box and every remainder is large enough is given whole")
    func flowWhole() throws {
        guard case .released(.flow(let flow)) = ReleaseGate.standard().answer(try flow(excluded: 12, analysed: 54))
        else {
            Issue.record("withheld")
            return
        }
        #expect(flow[.screened]?.patients == .exact(66))
        #expect(flow[.excluded, "age"]?.patients == .exact(12))
    }

    @Test("an analysed cohort under the minimum leaves nothing")
    func flowTooSmall() throws {
        #expect(ReleaseGate.standard().answer(try flow(excluded: 40, analysed: 9)) == .withheld)
    }

    @Test("patients who have lesions in two boxes do not hide a small remainder")
    func overlappingBoxes() throws {
        var cases = Cases()
        cases.add(54, value: 1)
        // Two more lesions that are excluded, of analysed patients, and two excluded patients without another lesion.
        var boxes = cases.values
        var patients = cases.patients
        patients.insert(contentsOf: [0, 1], at: 0)
        boxes.insert(contentsOf: [0, 0], at: 0)
        patients.sort()
        patients += [54, 55]
        boxes += [0, 0]
        let flow = try Flow(
            boxes: [.excluded(reason: "age"), .analysed], boxOfCase: boxes, patients: patients,
            selection: patients.indices.map(Int32.init))
        guard case .released(.flow(let released)) = ReleaseGate.standard().answer(.flow(flow)) else {
            Issue.record("withheld whole")
            return
        }
        #expect(released[.screened]?.patients == .protected)
    }

    @Test("three patients with lesions in two boxes do not show as the boxes' sum over the screened")
    func overlapOfBoxes() throws {
        var patients: [Int32] = []
        var boxes: [Int64] = []
        for patient in 0..<43 {
            patients.append(Int32(patient))
            boxes.append(0)
        }
        for patient in 40..<100 {
            patients.append(Int32(patient))
            boxes.append(1)
        }
        let order = patients.indices.sorted { patients[$0] < patients[$1] }
        let flow = try Flow(
            boxes: [.excluded(reason: "age"), .analysed], boxOfCase: order.map { boxes[$0] },
            patients: order.map { patients[$0] }, selection: order.indices.map(Int32.init))
        guard case .released(.flow(let released)) = ReleaseGate.standard().answer(.flow(flow)) else {
            Issue.record("withheld whole")
            return
        }
        #expect(released[.screened]?.patients == .protected)
    }

    private func histogram(_ counts: [Int], missing: Int = 0) throws -> Histogram {
        var cases = Cases()
        for (bin, count) in counts.enumerated() { cases.add(count, value: Int64(bin)) }
        cases.add(missing, value: Coded.missing)
        return try Histogram(
            variable: "x", column: cases.values, edges: (0...counts.count).map(Int64.init), patients: cases.patients,
            selection: cases.selection, resolution: .made("1"))
    }

    @Test("small bins are merged, and bounds stand at every protocol edge")
    func merging() throws {
        guard
            case .released(.histogram(let released)) = ReleaseGate.standard()
                .answer(.histogram(try histogram([12, 3, 8, 0, 20, 4])))
        else {
            Issue.record("withheld")
            return
        }
        // Runs: 12 | 3+8 | 0 | 20+4.
        #expect(released.groups[0].lower == [0, 12, 12, 23, 23, 23, 47])
        #expect(released.groups[0].upper == [0, 12, 23, 23, 23, 47, 47])
    }

    @Test("a few missing values withhold the histogram: the difference to the analysed cases would give them")
    func missingValues() throws {
        #expect(ReleaseGate.standard().answer(.histogram(try histogram([20, 20], missing: 3))) == .withheld)
        #expect(ReleaseGate.standard().answer(.histogram(try histogram([20, 20], missing: 0))) != .withheld)
    }

    @Test("whatever the data, each published run of a histogram stands for no patient or at least ten")
    func everyRunIsLargeEnough() throws {
        var random = SplitMix(state: 7)
        for _ in 0..<400 {
            let counts = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                Bool.random(using: &random) ? Int.random(in: 0...14, using: &random) : 0
            }
            let raw = try histogram(counts)
            guard case .released(.histogram(let released)) = ReleaseGate.standard().answer(.histogram(raw)) else {
                #expect(counts.reduce(0, +) < 10 && counts.reduce(0, +) > 0)
                continue
            }
            let group = released.groups[0]
            let cuts = group.lower.indices.filter { group.lower[$0] == group.upper[$0] }
            for (start, end) in zip(cuts, cuts.dropFirst()) {
                let count = group.lower[end] - group.lower[start]
                #expect(count == 0 || count >= 10)
                #expect(count == counts[start..<end].reduce(0, +))
            }
        }
    }

    @Test("a variable that the site did not declare is never answered")
    func undeclared() throws {
        var cases = Cases()
        cases.add(40)
        let column = CategoryColumn(variable: "hiv", levels: ["0"], codes: cases.values)
        let table = try ContingencyTable(axes: [column], patients: cases.patients, selection: cases.selection)
        #expect(ReleaseGate.standard().answer(.table(table)) == .withheld)
        #expect(ReleaseGate.standard().rule(.table(table)) == 8)
    }
}

/// A small generator with a fixed seed, so that a failure can be repeated (Steele et al. 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

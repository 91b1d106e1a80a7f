import Testing

@testable import Privacy

@Suite struct `The bound on a patient's cases` {
    /// Cases of a random site: sorted by patient, with priorities and the cell that each falls into.
    private struct Site {
        var patients: [Int32] = []
        var priorities: [UInt64] = []
        var cells: [Int] = []
        var values: [Int64] = []

        var everyCase: [Int32] { (0..<Int32(patients.count)).map { $0 } }

        static func random(using generator: inout SeededGenerator) -> Site {
            var site = Site()
            for patient in 0..<Int32.random(in: 2...8, using: &generator) {
                for _ in 0..<Int.random(in: 1...9, using: &generator) {
                    site.patients.append(patient)
                    // Few distinct priorities, so that ties occur.
                    site.priorities.append(UInt64.random(in: 0..<6, using: &generator))
                    site.cells.append(Int.random(in: 0..<4, using: &generator))
                    site.values.append(Int64.random(in: -7...5, using: &generator))
                }
            }
            return site
        }

        func without(_ patient: Int32) -> Site {
            var site = Site()
            for index in patients.indices where patients[index] != patient {
                site.patients.append(patients[index])
                site.priorities.append(priorities[index])
                site.cells.append(cells[index])
                site.values.append(values[index])
            }
            return site
        }

        func kept(_ bound: ContributionBound) throws -> [Int] {
            try bound.selection(of: everyCase, patients: patients, priorities: priorities).map(Int.init)
        }

        func cases(_ bound: ContributionBound) throws -> [Int64] {
            var counts = [Int64](repeating: 0, count: 4)
            for index in try kept(bound) { counts[cells[index]] += 1 }
            return counts
        }

        func patientCounts(_ bound: ContributionBound) throws -> [Int64] {
            var members = [Set<Int32>](repeating: [], count: 4)
            for index in try kept(bound) { members[cells[index]].insert(patients[index]) }
            return members.map { Int64($0.count) }
        }

        func sums(_ bound: ContributionBound) throws -> [Int64] {
            var sums = [Int64](repeating: 0, count: 4)
            for index in try kept(bound) { sums[cells[index]] += values[index] }
            return sums
        }
    }

    @Test func `no patient moves an answer further than its sensitivity, and some move it as far`() throws {
        var generator = SeededGenerator(seed: 14)
        var reached: Set<String> = []
        for _ in 0..<400 {
            let site = Site.random(using: &generator)
            for m in 1...4 {
                let bound = try ContributionBound(mostCases: m)
                let answers: [(String, Sensitivity, (Site) throws -> [Int64])] = [
                    ("cases", try .cases(bound), { try $0.cases(bound) }),
                    ("patients", try .patients(bound, cells: 4), { try $0.patientCounts(bound) }),
                    ("sums", try .sums(bound, range: -7...5), { try $0.sums(bound) }),
                ]
                for (name, sensitivity, answer) in answers {
                    let all = try answer(site)
                    for patient in Set(site.patients) {
                        let changes = zip(all, try answer(site.without(patient))).map { UInt64(($0 - $1).magnitude) }
                        let l1 = changes.reduce(0, +)
                        let l2Squared = changes.reduce(0) { $0 + $1 * $1 }
                        #expect(l1 <= sensitivity.l1)
                        #expect(l2Squared <= sensitivity.l2Squared)
                        if l1 == sensitivity.l1 { reached.insert("\(name) \(m) l1") }
                        if l2Squared == sensitivity.l2Squared { reached.insert("\(name) \(m) l2") }
                    }
                }
            }
        }
        for name in ["cases", "patients", "sums"] {
            for m in 1...2 { #expect(reached.isSuperset(of: ["\(name) \(m) l1", "\(name) \(m) l2"])) }
        }
    }

    /// Choosing over the whole site at once (the first n cases, say) would let one patient decide about another's.
    @Test func `which cases of a patient count does not depend on other patients`() throws {
        var generator = SeededGenerator(seed: 15)
        let bound = try ContributionBound(mostCases: 2)
        for _ in 0..<200 {
            let site = Site.random(using: &generator)
            let gone = try #require(site.patients.randomElement(using: &generator))
            let before = try site.kept(bound).filter { site.patients[$0] != gone }.map {
                [Int(site.patients[$0]), Int(site.priorities[$0]), site.cells[$0]]
            }
            let rest = site.without(gone)
            let after = try rest.kept(bound).map { [Int(rest.patients[$0]), Int(rest.priorities[$0]), rest.cells[$0]] }
            #expect(before == after)
        }
    }

    @Test func `each patient keeps the m cases of least priority, all if there are no more`() throws {
        let patients: [Int32] = [0, 0, 0, 1, 2, 2]
        let priorities: [UInt64] = [9, 3, 5, 7, 1, 1]
        func kept(_ m: Int, of selection: [Int32]) throws -> [Int32] {
            try ContributionBound(mostCases: m).selection(of: selection, patients: patients, priorities: priorities)
        }
        #expect(try kept(1, of: [0, 1, 2, 3, 4, 5]) == [1, 3, 4])
        #expect(try kept(2, of: [0, 1, 2, 3, 4, 5]) == [1, 2, 3, 4, 5])
        #expect(try kept(3, of: [0, 1, 2, 3, 4, 5]) == [0, 1, 2, 3, 4, 5])
        #expect(try kept(1, of: [0, 2, 5]) == [2, 5])
        #expect(try kept(1, of: []) == [])
    }

    @Test func `a greater bound keeps all that a smaller one does`() throws {
        var generator = SeededGenerator(seed: 16)
        for _ in 0..<100 {
            let site = Site.random(using: &generator)
            var last: Set<Int> = []
            for m in 1...9 {
                let kept = Set(try site.kept(ContributionBound(mostCases: m)))
                #expect(kept.isSuperset(of: last))
                last = kept
            }
            #expect(last.count == site.patients.count)
        }
    }

    @Test func `cases that are not sorted or have no priority are refused`() throws {
        let bound = try ContributionBound(mostCases: 1)
        let refused = PrivacyError(.malformedRecord, "")
        let lists: [([Int32], [Int32], [UInt64])] = [
            ([0, 1], [1, 0], [1, 2]), ([1, 0], [0, 1], [1, 2]), ([0, 0], [0, 1], [1, 2]), ([0, 1], [0, 1], [1]),
            ([0, 2], [0, 1], [1, 2]), ([-1], [0, 1], [1, 2]),
        ]
        for (selection, patients, priorities) in lists {
            #expect(throws: refused) { try bound.selection(of: selection, patients: patients, priorities: priorities) }
        }
    }

    @Test func `bounds and ranges beyond the limits are refused`() throws {
        let refused = PrivacyError(.beyondLimits, "")
        #expect(throws: refused) { try ContributionBound(mostCases: 0) }
        #expect(throws: refused) { try ContributionBound(mostCases: 10_001) }
        let bound = try ContributionBound(mostCases: 2)
        #expect(throws: refused) { try Sensitivity.sums(bound, range: 0...0) }
        #expect(throws: refused) { try Sensitivity.sums(bound, range: 0...(1 << 31)) }
        #expect(throws: refused) { try Sensitivity.sums(bound, range: Int64.min...0) }
        #expect(throws: refused) { try Sensitivity.patients(bound, cells: 0) }
        #expect(try Sensitivity.sums(bound, range: -5...3).l1 == 10)
        #expect(throws: PrivacyError.self) { try decoded("0", as: ContributionBound.self) }
        #expect(try decoded("3", as: ContributionBound.self) == ContributionBound(mostCases: 3))
    }
}

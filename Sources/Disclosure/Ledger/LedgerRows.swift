internal import Ledger
internal import Statistics
internal import StudyProtocol

/// The rows of a release: what every number in it counts, by patient of the site's register.
struct LedgerRows {
    /// A row, and the answer that it stands in.
    struct Row {
        let item: Int
        let row: PatientRow
    }

    let cases: CaseAxes
    let context: LedgerContext

    private func row(_ item: Int, cases indices: some Sequence<Int>) throws(LedgerError) -> Row {
        Row(item: item, row: try PatientRow(cases: indices.map { context.register[Int(cases.patients[$0])] }))
    }

    private func patients(_ indices: some Sequence<Int>) -> Set<Int32> { Set(indices.map { cases.patients[$0] }) }

    /// Counts of cases.
    /// - Parameter published: the places of what an answer publishes, each list of cases ascending.
    func counts(_ published: [PublishedPlace]) throws(LedgerError) -> [Row] {
        var rows: [Row] = []
        for place in published where place.performance == nil { rows.append(try row(place.item, cases: place.cases)) }
        for places in performance(published) { rows += try classes(places) }
        return rows
    }

    /// Performance places by subgroup, in the order of the answers.
    private func performance(_ published: [PublishedPlace]) -> [[PublishedPlace]] {
        Dictionary(grouping: published.filter { $0.performance != nil }) { $0.performance?.part }
            .values.sorted { $0[0].item < $1[0].item }
    }

    /// Who is positive and who negative. Rule 3 lets TP, FP, FN and TN be small, and rule 12 the cases of one class in a
    /// step; where all of them are large they are rows too.
    private func classes(_ places: [PublishedPlace]) throws(LedgerError) -> [Row] {
        var rows: [Row] = []
        for isPositive in [true, false] {
            let own = places.filter { $0.performance?.isPositive == isPositive }
            let everyone = Set(own.flatMap(\.cases))
            guard let first = own.first else { continue }
            rows.append(try row(first.item, cases: everyone.sorted()))
            var signatures: [Int: [Bool]] = [:]
            for (number, place) in own.enumerated() {
                for index in place.cases {
                    signatures[index, default: Array(repeating: false, count: own.count)][number] = true
                }
            }
            let cells = Dictionary(grouping: everyone) { signatures[$0] ?? [] }
            let areLarge = cells.values.allSatisfy { patients($0).count >= context.ledger.counts.minimumCount }
            guard areLarge else { continue }
            for place in own { rows.append(try row(place.item, cases: place.cases)) }
        }
        return rows
    }

    /// Who was called what, whatever the truth, in a space of its own: with the classes it would give the number of
    /// errors, which rule 3 lets be small. Two models that differ on one case differ here.
    func calls(_ published: [PublishedPlace]) -> [(item: Int, sum: ReleaseLedger.Addition.Sum)] {
        struct Call: Hashable {
            let item: Int
            let name: String
        }
        var result: [(item: Int, sum: ReleaseLedger.Addition.Sum)] = []
        for places in performance(published) {
            // The same call over both classes.
            var order: [Call] = []
            var indices: [Call: [Int]] = [:]
            for place in places {
                let call = Call(item: place.item, name: place.performance?.call ?? "")
                if indices[call] == nil { order.append(call) }
                indices[call, default: []] += place.cases
            }
            for call in order { result.append((call.item, sum(space: "calls", cases: indices[call] ?? []))) }
        }
        return result
    }

    /// Numbers of patients, in a space of their own: with the cases they would give the patients who have several,
    /// which a release that names both says anyway.
    func patientCounts(_ numbers: [(item: Int, cases: [Int])]) -> [(item: Int, sum: ReleaseLedger.Addition.Sum)] {
        numbers.map { number in
            let register = patients(number.cases).map { context.register[Int($0)] }.sorted()
            return (
                number.item,
                ReleaseLedger.Addition.Sum(
                    space: "patients", patients: register, multiplicities: register.map { _ in 1 },
                    digests: register.map { _ in 0 })
            )
        }
    }

    /// A number that no value of a patient is in.
    private func sum(space: String, cases indices: [Int]) -> ReleaseLedger.Addition.Sum {
        var multiplicities: [UInt32: Int] = [:]
        for index in indices { multiplicities[context.register[Int(cases.patients[index])], default: 0] += 1 }
        let register = multiplicities.keys.sorted()
        return ReleaseLedger.Addition.Sum(
            space: space, patients: register, multiplicities: register.map { multiplicities[$0] ?? 0 },
            digests: register.map { _ in 0 })
    }

    /// Sums over the values of cases.
    /// - Parameter values: of each case of the site.
    func sum(space: String, cases indices: [Int], values: (Int) -> [Int64]) -> ReleaseLedger.Addition.Sum {
        var multiplicities: [Int32: Int] = [:]
        for index in indices { multiplicities[cases.patients[index], default: 0] += 1 }
        // All of a patient's described values: what a group takes of them then cannot look like a change.
        var digests: [Int32: [Int64]] = [:]
        for index in cases.described where multiplicities[cases.patients[index]] != nil {
            digests[cases.patients[index], default: []] += values(index)
        }
        let ordered = multiplicities.keys.sorted { context.register[Int($0)] < context.register[Int($1)] }
        return ReleaseLedger.Addition.Sum(
            space: space, patients: ordered.map { context.register[Int($0)] },
            multiplicities: ordered.map { multiplicities[$0] ?? 0 },
            digests: ordered.map { digest((digests[$0] ?? []).sorted()) })
    }

    /// Keyed FNV-1a with a last mixing. It never leaves the site, and the values stand beside it in the catalogue.
    private func digest(_ values: [Int64]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ context.seed
        for value in values {
            withUnsafeBytes(of: value.littleEndian) { bytes in
                for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            }
        }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        return hash ^ (hash >> 33)
    }
}

/// The cases behind one published count.
struct PublishedPlace {
    /// Which part of a performance answer it is.
    struct Performance: Hashable {
        /// The subgroup, by name; empty for all.
        let part: String
        let isPositive: Bool
        /// The operating point or cut, and its side: both classes have one of the same name.
        let call: String
    }

    let item: Int
    let cases: [Int]
    let performance: Performance?
}

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
        let performance = Dictionary(grouping: published.filter { $0.performance != nil }) { $0.performance?.part }
        for (_, places) in performance.sorted(by: { ($0.value.first?.item ?? 0) < ($1.value.first?.item ?? 0) }) {
            rows += try self.performance(places)
        }
        return rows
    }

    /// Performance counts. Rule 3 lets TP, FP, FN and TN be small, and rule 12 the cases of one class in a step: whoever
    /// publishes them has chosen to. What counts for the ledger is then who is positive, who is negative, and who was
    /// called positive; two models that differ on one case, or a cohort with one patient more, differ in those.
    private func performance(_ places: [PublishedPlace]) throws(LedgerError) -> [Row] {
        var rows: [Row] = []
        for (_, both) in Dictionary(grouping: places, by: { $0.performance?.call }).sorted(by: {
            $0.value[0].item < $1.value[0].item
        }) {
            // The same call over both classes.
            for (_, pair) in Dictionary(grouping: both, by: \.item).sorted(by: { $0.key < $1.key }) {
                rows.append(try row(pair[0].item, cases: pair.flatMap(\.cases)))
            }
        }
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

    /// Numbers of patients.
    func patientCounts(_ numbers: [(item: Int, cases: [Int])]) throws(LedgerError) -> [Row] {
        var rows: [Row] = []
        for number in numbers {
            let register = patients(number.cases).map { context.register[Int($0)] }
            rows.append(Row(item: number.item, row: try PatientRow(patients: register)))
        }
        return rows
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

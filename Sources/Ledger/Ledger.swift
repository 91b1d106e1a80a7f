public import Foundation

/// Rule 7: all numbers that ever left about a dataset, to anyone, as vectors over its patients.
///
/// Whoever holds the numbers can form every linear combination of them. One that is zero for all patients but 1 to `t - 1`
/// of them isolates those; a release whose rows make one possible is refused.
///
/// How it is decided (`docs/design/gate.md`), everything exact:
/// 1. A row that is a rational combination of others says nothing new and is dropped (`ExactDependence`).
/// 2. `t` sets of patients, no patient in two of them, on each of which all rows are independent: then every combination
///    that is not zero is not zero on each set, for `t` patients at least. The sets grow with the ledger (`ProofGroup`).
/// 3. Where the patients do not suffice for that: an exhaustive search for a combination of small support
///    (`SmallSupportSearch`), within a number of steps.
///
/// A ledger is kept as segments, one for up to 64 rows, that are never rewritten.
public struct Ledger: Sendable {
    /// What a row's columns are.
    public enum Space: UInt8, Sendable, Hashable {
        /// Patients, by index.
        case counts = 0
        /// Patients with a digest of their values, by the columns of `ValueColumns`.
        case values = 1
    }

    /// What is stored of up to 64 rows.
    public struct Segment: Sendable, Hashable {
        /// What the rows say of each patient: 8 bytes a patient, 16 where a patient has several cases. May lie in a mapped
        /// file: a few patients of it are read.
        public let columns: Data
        /// What is needed at every check.
        public let proof: Data

        public init(columns: Data, proof: Data) {
            self.columns = columns
            self.proof = proof
        }
    }

    struct Held: Sendable {
        let block: ColumnBlock
        let rowCount: Int
        /// A multiple of 8.
        var positionCount: Int { (rowCount + 7) / 8 * 8 }
    }

    /// About a second of work.
    public static let standardEffort = 1_000_000_000

    /// Up to so many times `t` columns the sets are given up for a search, where it allows what they cannot prove.
    private static let fewPatients = 200

    /// `t`: how many patients a combination must not be zero for.
    public let minimumCount: Int
    public let space: Space
    /// The most steps of a check; a step is about an entry of a matrix.
    public let effort: Int

    var held: [Held] = []
    /// `t` of them; none once the sets could not be grown.
    var groups: [ProofGroup]
    /// The patients in the groups, bits of words.
    var used: [UInt64] = []
    public internal(set) var segments: [Segment] = []

    /// An empty ledger.
    /// - Parameters:
    ///   - minimumCount: `t`, 1 or more.
    ///   - effort: the most steps of a check.
    public init(minimumCount: Int, space: Space = .counts, effort: Int = Ledger.standardEffort) {
        self.minimumCount = max(1, minimumCount)
        self.space = space
        self.effort = effort
        groups = (0..<max(1, minimumCount)).map { _ in ProofGroup() }
    }

    /// The rows that say something that no others say.
    public var independentRowCount: Int { held.reduce(0) { $0 + $1.rowCount } }

    /// Whether the cheap proof still holds; a ledger without it decides by search only, which small datasets alone allow.
    public var hasDisjointProof: Bool { !groups.isEmpty }

    /// Whether rows may be released on top of all that was. The same rows always give the same verdict.
    public func check(adding rows: [PatientRow]) -> LedgerVerdict { extended(by: rows).verdict }

    /// Keeps rows that are released.
    /// - Returns: what is to be stored, also at the end of `segments`; nothing when the rows say nothing new.
    /// - Throws: `notAllowed`, and the ledger is as before.
    @discardableResult
    public mutating func append(_ rows: [PatientRow]) throws(LedgerError) -> [Segment] {
        let (verdict, ledger) = extended(by: rows)
        guard verdict.isAllowed else { throw LedgerError(.notAllowed) }
        let added = Array(ledger.segments[segments.count...])
        self = ledger
        return added
    }

    func counts(_ column: Int) -> Bool { space == .counts || column % 2 == 0 }

    private func extended(by rows: [PatientRow]) -> (verdict: LedgerVerdict, ledger: Ledger) {
        var seen: Set<PatientRow> = []
        var fresh: [Fresh] = []
        for (index, row) in rows.enumerated() where !row.isZero && seen.insert(row).inserted {
            let patients = patientCount(row)
            if patients < minimumCount { return (.isolates(patients: patients, rows: [index]), self) }
            fresh.append(Fresh(row: row, index: index, patients: patients))
        }
        fresh = withoutMargins(fresh)
        guard !fresh.isEmpty else { return (.allowed, self) }
        if hasDisjointProof {
            // Large groups first: what remains of small ones is then looked for where it is.
            let ordered = fresh.sorted { ($1.patients, $0.index) < ($0.patients, $1.index) }
            var next = self
            var suspects: [Suspect]?
            var steps = effort
            for start in stride(from: 0, to: ordered.count, by: RowBatch.capacity) {
                let part = Array(ordered[start..<min(start + RowBatch.capacity, ordered.count)])
                suspects = next.appendProven(part, steps: &steps)
                if suspects != nil { break }
            }
            guard let suspects else { return (.allowed, next) }
            let verdict = next.verdict(on: suspects)
            if case .isolates = verdict { return (verdict, self) }
            // What a search allows has no sets any more: at a site of many patients a few rows are not worth them.
            let patients = ordered.reduce(held.reduce(0) { max($0, $1.block.patientCount) }) {
                max($0, 64 * $1.row.wordCount)
            }
            guard patients <= Self.fewPatients * minimumCount else { return (verdict, self) }
            if let found = searched(fresh) {
                if case .beyondEffort = found.verdict { return (verdict, self) }
                return found
            }
            return (verdict, self)
        }
        return searched(fresh) ?? (.beyondEffort(rows: []), self)
    }

    /// Step 1 among the new rows alone, all at once: most that says nothing new is a margin of the same release.
    private func withoutMargins(_ fresh: [Fresh]) -> [Fresh] {
        let batches = stride(from: 0, to: fresh.count, by: RowBatch.capacity).map { start in
            RowBatch(fresh[start..<min(start + RowBatch.capacity, fresh.count)].map(\.row))
        }
        let words = batches.reduce(0) { $0 + $1.planes.count * $1.patientCount }
        guard words > 0, 8 * words <= effort, fresh.count * fresh.count * fresh.count <= effort,
            let patterns = ColumnPatterns(of: batches, limit: 50_000, counts: counts),
            let verdicts = ExactDependence(values: patterns.values).verdicts(from: 0)
        else { return fresh }
        return fresh.indices.filter { verdicts[$0] != .dependent }.map { fresh[$0] }
    }

    private func patientCount(_ row: PatientRow) -> Int {
        if space == .counts { return row.patientCount }
        let even: UInt64 = 0x5555_5555_5555_5555
        return (0..<row.wordCount).reduce(0) { $0 + (row.support($1) & even).nonzeroBitCount }
    }
}

extension Ledger {
    /// A row that may be new, with its place in what was given.
    struct Fresh {
        let row: PatientRow
        let index: Int
        let patients: Int
    }

    /// A row without a pivot, and the rows of the ledger that it seems to be a combination of.
    struct Suspect {
        let positions: [Int]
        /// The new rows, and their bits in a block of such.
        let fresh: [Fresh]
        let block: ColumnBlock
        let bits: [Int]
        /// Patients for whom the sum of all these rows is even.
        var sample: [UInt32] = []
    }

    /// The block and bit of a position.
    func place(of position: Int) -> (block: Int, bit: Int) {
        var start = 0
        for (index, held) in held.enumerated() {
            if position < start + held.positionCount { return (index, position - start) }
            start += held.positionCount
        }
        return (held.count, 0)
    }

    func source(at position: Int) -> ColumnPatterns.Source {
        let place = place(of: position)
        return ColumnPatterns.Source(place: .block(held[place.block].block), bit: place.bit)
    }

    /// Step 3: over all rows. Nil when that is beyond the effort.
    private func searched(_ fresh: [Fresh]) -> (verdict: LedgerVerdict, ledger: Ledger)? {
        let old = held.flatMap { held in
            (0..<held.rowCount).map { ColumnPatterns.Source(place: .block(held.block), bit: $0) }
        }
        let batches = stride(from: 0, to: fresh.count, by: RowBatch.capacity).map { start in
            RowBatch(fresh[start..<min(start + RowBatch.capacity, fresh.count)].map(\.row))
        }
        let new = batches.flatMap { batch in
            batch.rows.indices.map { ColumnPatterns.Source(place: .batch(batch), bit: $0) }
        }
        guard let judgement = judged(old: old, new: new) else { return nil }
        switch judgement {
        case .isolates(let patients, let rows):
            return (.isolates(patients: patients, rows: rows.map { fresh[$0].index }.sorted()), self)
        case .beyondEffort: return (.beyondEffort(rows: []), self)
        case .allowed(let independent):
            var next = self
            guard !independent.isEmpty else { return (.allowed, next) }
            next.groups = []
            next.used = []
            for start in stride(from: 0, to: independent.count, by: RowBatch.capacity) {
                let part = independent[start..<min(start + RowBatch.capacity, independent.count)]
                let block = ColumnBlock(RowBatch(part.map { fresh[$0].row }))
                next.keep(block, rowCount: part.count, parts: [])
            }
            return (.allowed, next)
        }
    }

    /// What is said about rows that could not be placed: a combination of a few rows of the ledger with them is one of all.
    private func verdict(on suspects: [Suspect]) -> LedgerVerdict {
        var steps = effort / 4
        for suspect in suspects {
            if case .isolates(let patients, let rows) = resolved(suspect, steps: &steps) {
                return .isolates(patients: patients, rows: rows)
            }
        }
        return .beyondEffort(rows: Set(suspects.flatMap { $0.fresh.map(\.index) }).sorted())
    }

    mutating func keep(_ block: ColumnBlock, rowCount: Int, parts: [ProofGroup.Part]) {
        let segment = Segment(
            columns: block.data,
            proof: SegmentProof(
                space: space, minimumCount: minimumCount, rowCount: rowCount, planeCount: block.planeCount,
                patientCount: block.patientCount, form: block.form, parts: parts
            ).serialized)
        add(Held(block: block, rowCount: rowCount), parts: parts, segment: segment)
    }

    mutating func add(_ new: Held, parts: [ProofGroup.Part], segment: Segment) {
        held.append(new)
        segments.append(segment)
        for (group, part) in parts.enumerated() {
            groups[group].append(part)
            for pivot in part.pivots where pivot != ProofGroup.noPatient {
                let word = Int(pivot / 64)
                if word >= used.count { used.append(contentsOf: repeatElement(0, count: word + 1 - used.count)) }
                used[word] |= 1 << UInt64(pivot % 64)
            }
        }
    }
}

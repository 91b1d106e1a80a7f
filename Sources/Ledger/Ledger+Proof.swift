extension Ledger {
    /// Patients whose columns were looked up.
    private struct Pool {
        var patients: [UInt32]
        /// Of each, the bits of all positions.
        var columns: [[UInt8]]
        /// Of each, the odd multiplicities in the new rows.
        var own: [UInt64]
        var isTaken: [Bool]

        mutating func append(_ other: Pool) {
            patients += other.patients
            columns += other.columns
            own += other.own
            isTaken += other.isTaken
        }
    }

    /// What is odd in a combination that was zero for all patients looked at.
    private struct Trace {
        let suspect: Suspect
        /// Patients without a set, evenly spread over them; nil when all were not looked at.
        let patients: [UInt32]?
        /// Whether those are all.
        let isFew: Bool
        /// All for whom it is odd, where they are not many.
        let odd: [UInt32]?
        /// Zero for everybody, as far as odd and even go.
        let isEven: Bool
    }

    private enum Placing {
        case placed(ProofGroup.Part)
        case stuck([Trace])
    }

    private static let retries = 3

    /// Step 2 (and 1): finds pivots for up to 64 rows in every group and keeps the rows.
    /// - Returns: nil when it was done; else the rows that could not be placed.
    mutating func appendProven(_ fresh: [Fresh]) -> [Suspect]? {
        var rows = fresh
        var (halvings, retries) = (0, 0)
        var scarce: Set<UInt32> = []
        while !rows.isEmpty {
            let batch = RowBatch(rows.map(\.row))
            var pool = pool(of: batch, sizes: rows.map(\.patients), scarce: scarce)
            var parts: [ProofGroup.Part] = []
            var stuck: [Trace] = []
            for group in groups {
                switch place(
                    rows, batch: batch, in: group, isFirst: parts.isEmpty, isLast: retries == Self.retries, pool: &pool)
                {
                case .placed(let part): parts.append(part)
                case .stuck(let traces): stuck = traces
                }
                if !stuck.isEmpty { break }
            }
            if parts.count == groups.count {
                keep(batch, parts: parts)
                return nil
            }
            guard parts.isEmpty, stuck.contains(where: \.isEven) else {
                // Groups before took more than one of the few patients that a combination is not zero for: those last.
                let few = stuck.flatMap { $0.isFew ? $0.patients ?? [] : [] }
                guard retries < Self.retries, !stuck.isEmpty else { return stuck.map(\.suspect) }
                retries = scarce.isSuperset(of: few) ? Self.retries : retries + 1
                scarce.formUnion(few)
                continue
            }
            var isChanged = false
            let even = stuck.filter(\.isEven).map(\.suspect)
            for (suspect, resolution) in zip(even, resolved(even, in: batch)) {
                guard let last = suspect.fresh.last,
                    let place = rows.firstIndex(where: { $0.index == last.index })
                else { continue }
                switch resolution {
                case .dependent:
                    rows.remove(at: place)
                    isChanged = true
                case .half(let half):
                    halvings += 1
                    guard halvings <= 64 else { continue }
                    rows[place] = Fresh(row: half, index: last.index, patients: half.patientCount)
                    isChanged = true
                case .unknown: break
                }
            }
            guard isChanged else { return stuck.map(\.suspect) }
        }
        return nil
    }

    /// Finds pivots in one group; where those offered do not suffice, among the patients for whom what is left is odd.
    private func place(
        _ rows: [Fresh], batch: RowBatch, in group: ProofGroup, isFirst: Bool, isLast: Bool, pool: inout Pool
    ) -> Placing {
        let combination = group.combination(of: batch)
        let active = rows.count == 64 ? UInt64.max : (1 << UInt64(rows.count)) - 1
        for attempt in 0..<4 {
            let residuals = group.residuals(of: combination, columns: pool.columns, own: pool.own)
            let choice = ProofGroup.choose(
                residuals: residuals,
                isFree: { !pool.isTaken[$0] && !group.kernelPatients.contains(pool.patients[$0]) },
                needed: rows.count)
            func placed(unplaced: UInt64, kernel: [[UInt32]]) -> Placing {
                let part = group.part(
                    rows: rows.count, unplaced: unplaced, kernel: kernel, combination: combination, choice: choice,
                    columns: choice.columns.map { pool.columns[$0] },
                    patients: choice.columns.map { pool.patients[$0] })
                guard let part else { return .stuck([]) }
                for column in choice.columns { pool.isTaken[column] = true }
                return .placed(part)
            }
            if choice.columns.count == rows.count { return placed(unplaced: 0, kernel: []) }
            let vanishing = ProofGroup.vanishing(words: choice.words, active: active)
            let traces = vanishing.map {
                trace($0, combination: combination, batch: batch, fresh: rows)
            }
            if isFirst && traces.contains(where: \.isEven) { return .stuck(traces) }
            let known = Set(pool.patients)
            let offered = Set(traces.flatMap { $0.patients ?? [] }).subtracting(known).sorted()
            if attempt == 3 || offered.isEmpty {
                // The last of each combination stays without a pivot, where that proves as much.
                let kernel = traces.compactMap(\.odd)
                guard isLast, kernel.count == traces.count,
                    group.mayVanish(kernel, minimumCount: minimumCount)
                else { return .stuck(traces) }
                let last = vanishing.reduce(UInt64(0)) { $0 | 1 << UInt64(63 - $1.leadingZeroBitCount) }
                return placed(unplaced: last, kernel: kernel)
            }
            pool.append(looked(up: offered, in: batch))
        }
        return .stuck([])
    }

    private func trace(_ vanishing: UInt64, combination: [UInt64], batch: RowBatch, fresh: [Fresh]) -> Trace {
        let suspect = suspect(vanishing, combination: combination, fresh: fresh)
        var masks: [(block: ColumnBlock, mask: UInt64)] = []
        var start = 0
        for held in held {
            var mask: UInt64 = 0
            for bit in 0..<held.positionCount
            where (combination[start + bit] & vanishing).nonzeroBitCount % 2 == 1 { mask |= 1 << UInt64(bit) }
            if mask != 0 { masks.append((held.block, mask)) }
            start += held.positionCount
        }
        let patients = masks.reduce(batch.patientCount) { max($0, $1.block.patientCount) }
        guard patients * (masks.count + 1) <= effort / 8 else {
            return Trace(suspect: suspect, patients: nil, isFew: false, odd: nil, isEven: false)
        }
        var sums = [UInt64](repeating: 0, count: patients)
        for patient in 0..<batch.patientCount { sums[patient] = batch.planes[0][patient] & vanishing }
        for patient in 0..<batch.patientCount { sums[patient] = UInt64(sums[patient].nonzeroBitCount) }
        for (block, mask) in masks {
            block.read { read in
                for patient in 0..<block.patientCount {
                    sums[patient] += UInt64((read(0, patient) & mask).nonzeroBitCount)
                }
            }
        }
        let odd = sums.indices.filter { sums[$0] % 2 == 1 }
        let free = odd.filter { isFree(UInt32($0)) }
        let count = min(free.count, 8 * minimumCount)
        return Trace(
            suspect: suspect, patients: (0..<count).map { UInt32(free[$0 * free.count / count]) },
            isFew: count == free.count,
            odd: odd.count <= 1024 ? odd.filter(counts).map { UInt32($0) } : nil, isEven: odd.isEmpty)
    }

    private func isFree(_ patient: UInt32) -> Bool {
        let word = Int(patient / 64)
        return counts(Int(patient)) && (word >= used.count || used[word] >> UInt64(patient % 64) & 1 == 0)
    }

    private func suspect(_ vanishing: UInt64, combination: [UInt64], fresh: [Fresh]) -> Suspect {
        let positions = combination.indices.filter { (combination[$0] & vanishing).nonzeroBitCount % 2 == 1 }
        return Suspect(
            positions: positions.count <= 512 ? positions : [], bits: vanishing,
            fresh: fresh.indices.filter { vanishing >> UInt64($0) & 1 == 1 }.map { fresh[$0] })
    }

    private enum Resolution {
        case dependent
        /// The row plus the others of the suspect, halved: with the others it tells what the row told.
        case half(PatientRow)
        case unknown
    }

    /// What the last row of each suspect is whose sum with the others is even for everybody; all by one look at the
    /// patients.
    private func resolved(_ suspects: [Suspect], in batch: RowBatch) -> [Resolution] {
        let unknown = suspects.map { _ in Resolution.unknown }
        let positions = Set(suspects.flatMap(\.positions)).sorted()
        let bits = suspects.reduce(0) { $0 | $1.bits }
        let new = batch.rows.indices.filter { bits >> UInt64($0) & 1 == 1 }
        let sources =
            positions.map { source(at: $0) } + new.map { ColumnPatterns.Source(place: .batch(batch), bit: $0) }
        let patients = sources.reduce(0) { max($0, $1.patientCount) }
        guard patients * sources.count <= effort,
            let patterns = ColumnPatterns(of: sources, limit: 200_000, counts: { _ in true })
        else { return unknown }
        return suspects.map { suspect in
            let rows =
                positions.indices.filter { suspect.positions.contains(positions[$0]) }
                + new.indices.filter { suspect.bits >> UInt64(new[$0]) & 1 == 1 }.map { positions.count + $0 }
            let verdicts = ExactDependence(values: rows.map { patterns.values[$0] }).verdicts(from: rows.count - 1)
            switch verdicts?.last {
            case .dependent: return .dependent
            case .independent: return half(rows.map { sources[$0] }, patients: patients).map { .half($0) } ?? .unknown
            case .doubtful, nil: return .unknown
            }
        }
    }

    private func half(_ sources: [ColumnPatterns.Source], patients: Int) -> PatientRow? {
        var sums = [Int](repeating: 0, count: patients)
        for source in sources { source.forEachWord { sums[$1] += Int($2) << $0 } }
        guard sums.allSatisfy({ $0 % 2 == 0 && $0 / 2 <= PatientRow.maximumMultiplicity }) else { return nil }
        var planes = [[UInt64]](repeating: [UInt64](repeating: 0, count: (patients + 63) / 64), count: 16)
        for (patient, sum) in sums.enumerated() where sum != 0 {
            for plane in 0..<16 where (sum / 2) >> plane & 1 == 1 {
                planes[plane][patient / 64] |= 1 << UInt64(patient % 64)
            }
        }
        return PatientRow(planes: planes)
    }

    /// Patients behind the rows, spread evenly over each, that no group has yet; those of the largest rows first, so that
    /// the few patients of a small row are left for it.
    private func pool(of batch: RowBatch, sizes: [Int], scarce: Set<UInt32>) -> Pool {
        var chosen = scarce
        for row in batch.rows { chosen.formUnion(row.sample(8 * minimumCount)) }
        let ranked = chosen.filter(isFree).map { patient in
            var (word, least) = (batch.parity(Int(patient)), scarce.contains(patient) ? 0 : Int.max)
            while word != 0 {
                least = min(least, sizes[word.trailingZeroBitCount])
                word &= word - 1
            }
            return (least, Self.mixed(patient), patient)
        }.sorted { ($1.0, $0.1) < ($0.0, $1.1) }
        return looked(up: ranked.map(\.2), in: batch)
    }

    private func looked(up patients: [UInt32], in batch: RowBatch) -> Pool {
        Pool(
            patients: patients, columns: bytes(of: patients), own: patients.map { batch.parity(Int($0)) },
            isTaken: patients.map { _ in false })
    }

    /// An order that has nothing to do with the index.
    private static func mixed(_ patient: UInt32) -> UInt64 {
        var value = UInt64(patient) &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        return value ^ (value >> 27)
    }

    /// The odd multiplicities of patients in all rows: bit `s` of byte `b` is position `8 b + s`.
    private func bytes(of patients: [UInt32]) -> [[UInt8]] {
        var result = patients.map { _ in [UInt8]() }
        let total = held.reduce(0) { $0 + $1.positionCount } / 8
        for index in result.indices { result[index].reserveCapacity(total) }
        for held in held {
            held.block.read { read in
                for (index, patient) in patients.enumerated() {
                    let word = read(0, Int(patient))
                    for byte in 0..<held.positionCount / 8 {
                        result[index].append(UInt8(truncatingIfNeeded: word >> UInt64(8 * byte)))
                    }
                }
            }
        }
        return result
    }
}

extension PatientRow {
    /// Patients of the row, evenly spread over it: all when there are not more.
    func sample(_ count: Int) -> [UInt32] {
        let total = patientCount
        let wanted = min(count, total)
        var result: [UInt32] = []
        result.reserveCapacity(wanted)
        var (rank, next) = (0, 0)
        for word in 0..<wordCount where result.count < wanted {
            var support = support(word)
            let size = support.nonzeroBitCount
            if rank + size <= next {
                rank += size
                continue
            }
            while support != 0, result.count < wanted {
                if rank == next {
                    result.append(UInt32(64 * word + support.trailingZeroBitCount))
                    next = result.count * total / wanted
                }
                rank += 1
                support &= support - 1
            }
        }
        return result
    }
}

extension Ledger {
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
    /// - Parameter steps: what may be done; less afterwards.
    /// - Returns: nil when it was done; else the rows that could not be placed.
    mutating func appendProven(_ fresh: [Fresh], steps: inout Int) -> [Suspect]? {
        var rows = fresh
        var (halvings, retries) = (0, 0)
        var scarce: Set<UInt32> = []
        while !rows.isEmpty {
            let batch = RowBatch(rows.map(\.row))
            let block = ColumnBlock(batch)
            var pool = pool(of: batch, sizes: rows.map(\.patients), scarce: scarce)
            var parts: [ProofGroup.Part] = []
            var stuck: [Trace] = []
            for group in groups {
                switch place(
                    rows, batch: batch, block: block, in: group, isFirst: parts.isEmpty,
                    isLast: retries == Self.retries, pool: &pool, steps: &steps)
                {
                case .placed(let part): parts.append(part)
                case .stuck(let traces): stuck = traces
                }
                if !stuck.isEmpty { break }
            }
            if parts.count == groups.count {
                keep(block, rowCount: rows.count, parts: parts)
                return nil
            }
            guard parts.isEmpty, stuck.contains(where: \.isEven) else {
                // Groups before took more than one of the few patients that a combination is not zero for: those last.
                let few = stuck.flatMap { $0.isFew ? $0.patients ?? [] : [] }
                guard retries < Self.retries, steps > 0, !stuck.isEmpty else { return stuck.map(\.suspect) }
                retries = scarce.isSuperset(of: few) ? Self.retries : retries + 1
                scarce.formUnion(few)
                continue
            }
            var isChanged = false
            for suspect in stuck.filter(\.isEven).map(\.suspect) {
                guard let last = suspect.fresh.last,
                    let place = rows.firstIndex(where: { $0.index == last.index })
                else { continue }
                switch resolved(suspect, steps: &steps) {
                case .dependent:
                    rows.remove(at: place)
                    isChanged = true
                case .half(let half):
                    halvings += 1
                    guard halvings <= 64 else { continue }
                    rows[place] = Fresh(row: half, index: last.index, patients: half.patientCount)
                    isChanged = true
                case .isolates, .unknown: break
                }
            }
            guard isChanged else { return stuck.map(\.suspect) }
        }
        return nil
    }

    /// Finds pivots in one group; where those offered do not suffice, among the patients for whom what is left is odd.
    private func place(
        _ rows: [Fresh], batch: RowBatch, block: ColumnBlock, in group: ProofGroup, isFirst: Bool, isLast: Bool,
        pool: inout PatientPool, steps: inout Int
    ) -> Placing {
        let combination = group.combination(of: batch)
        steps -= group.positionCount * group.positionCount / 8
        let active = rows.count == 64 ? UInt64.max : (1 << UInt64(rows.count)) - 1
        for attempt in 0..<4 {
            let residuals = group.residuals(of: combination, over: pool)
            steps -= group.positionCount / 8 * pool.count
            let choice = ProofGroup.choose(
                residuals: residuals,
                isFree: { !pool.isTaken[$0] && !group.kernelPatients.contains(pool.patients[$0]) },
                needed: rows.count)
            func placed(unplaced: UInt64, kernel: [[UInt32]]) -> Placing {
                let part = group.part(
                    rows: rows.count, unplaced: unplaced, kernel: kernel, combination: combination, choice: choice,
                    columns: choice.columns.map { pool.column($0) },
                    patients: choice.columns.map { pool.patients[$0] })
                guard let part else { return .stuck([]) }
                for column in choice.columns { pool.isTaken[column] = true }
                return .placed(part)
            }
            if choice.columns.count == rows.count { return placed(unplaced: 0, kernel: []) }
            let vanishing = ProofGroup.vanishing(words: choice.words, active: active)
            let traces = traces(
                vanishing, combination: combination, block: block, fresh: rows, sample: pool.patients, steps: &steps)
            if isFirst && traces.contains(where: \.isEven) { return .stuck(traces) }
            let known = Set(pool.patients)
            let offered = Set(traces.flatMap { $0.patients ?? [] }).subtracting(known).sorted()
            if attempt == 3 || offered.isEmpty || steps < 0 {
                // The last of each combination stays without a pivot, where that proves as much.
                let kernel = traces.compactMap(\.odd)
                guard isLast, kernel.count == traces.count,
                    group.mayVanish(kernel, minimumCount: minimumCount)
                else { return .stuck(traces) }
                let last = vanishing.reduce(UInt64(0)) { $0 | 1 << UInt64(63 - $1.leadingZeroBitCount) }
                return placed(unplaced: last, kernel: kernel)
            }
            pool.append(PatientPool(offered, held: held, batch: batch))
        }
        return .stuck([])
    }

    /// For whom combinations are odd, of all patients: by one look at those blocks that take part.
    private func traces(
        _ vanishing: [UInt64], combination: [UInt64], block fresh: ColumnBlock, fresh rows: [Fresh], sample: [UInt32],
        steps: inout Int
    ) -> [Trace] {
        var suspects = vanishing.map { suspect($0, combination: combination, block: fresh, fresh: rows) }
        var blocks: [(block: ColumnBlock, weights: [UInt64])] = []
        var start = 0
        for held in held {
            var weights = [UInt64](repeating: 0, count: 64)
            var any: UInt64 = 0
            for bit in 0..<held.positionCount where combination[start + bit] != 0 {
                for (index, mask) in vanishing.enumerated()
                where (combination[start + bit] & mask).nonzeroBitCount % 2 == 1 {
                    weights[bit] |= 1 << UInt64(index)
                }
                any |= weights[bit]
            }
            if any != 0 { blocks.append((held.block, weights)) }
            start += held.positionCount
        }
        let patients = blocks.reduce(fresh.patientCount) { max($0, $1.block.patientCount) }
        steps -= patients * (blocks.count + 1)
        guard steps >= 0 else {
            return suspects.map {
                Trace(suspect: $0, patients: nil, isFew: false, odd: nil, isEven: false)
            }
        }
        var sums = [UInt64](repeating: 0, count: patients)
        let own = (0..<64).map { row in
            vanishing.indices.reduce(UInt64(0)) { $0 | (vanishing[$1] >> UInt64(row) & 1) << UInt64($1) }
        }
        RowSums.addParities([(fresh, own)] + blocks, to: &sums)
        var odd = vanishing.map { _ in [UInt32]() }
        for (patient, word) in sums.enumerated() where word != 0 {
            var rest = word
            while rest != 0 {
                odd[rest.trailingZeroBitCount].append(UInt32(patient))
                rest &= rest - 1
            }
        }
        return suspects.indices.map { index in
            suspects[index].sample = sample.filter {
                Int($0) >= patients || sums[Int($0)] >> UInt64(index) & 1 == 0
            }
            let free = odd[index].filter(isFree)
            let count = min(free.count, 8 * minimumCount)
            return Trace(
                suspect: suspects[index], patients: (0..<count).map { free[$0 * free.count / count] },
                isFew: count == free.count,
                odd: odd[index].count <= 1024 ? odd[index].filter { counts(Int($0)) } : nil,
                isEven: odd[index].isEmpty)
        }
    }

    private func isFree(_ patient: UInt32) -> Bool {
        let word = Int(patient / 64)
        return counts(Int(patient)) && (word >= used.count || used[word] >> UInt64(patient % 64) & 1 == 0)
    }

    private func suspect(
        _ vanishing: UInt64, combination: [UInt64], block: ColumnBlock, fresh: [Fresh]
    ) -> Suspect {
        let bits = fresh.indices.filter { vanishing >> UInt64($0) & 1 == 1 }
        return Suspect(
            positions: combination.indices.filter { (combination[$0] & vanishing).nonzeroBitCount % 2 == 1 },
            fresh: bits.map { fresh[$0] }, block: block, bits: bits)
    }

    enum Resolution {
        case dependent
        /// The row plus the others of the suspect, halved: with the others it tells what the row told.
        case half(PatientRow)
        /// New rows that take part, by their indices.
        case isolates(patients: Int, rows: [Int])
        case unknown
    }

    /// What a combination is in whole numbers that is even for all patients, or all but a few.
    func resolved(_ suspect: Suspect, steps: inout Int) -> Resolution {
        let old = suspect.positions.map { position in
            let place = place(of: position)
            return CombinationSearch.Row.held(block: place.block, bit: place.bit)
        }
        let search = CombinationSearch(
            held: held, fresh: suspect.block, rows: old + suspect.bits.map { .fresh($0) }, minimumCount: minimumCount,
            counts: counts)
        switch search.run(sample: suspect.sample, steps: &steps) {
        case .zero: return .dependent
        case .few(let patients, let rows):
            let own = rows.filter { $0 >= old.count }.map { suspect.fresh[$0 - old.count].index }
            return .isolates(patients: patients, rows: own.sorted())
        case .none:
            return search.total(steps: &steps).flatMap { half($0) }.map { .half($0) } ?? .unknown
        case .unknown: return .unknown
        }
    }

    private func half(_ sums: [Int64]) -> PatientRow? {
        guard sums.allSatisfy({ $0 % 2 == 0 && $0 / 2 <= PatientRow.maximumMultiplicity }) else { return nil }
        var planes = [[UInt64]](
            repeating: [UInt64](repeating: 0, count: (sums.count + 63) / 64), count: 16)
        for (patient, sum) in sums.enumerated() where sum != 0 {
            for plane in 0..<16 where (sum / 2) >> Int64(plane) & 1 == 1 {
                planes[plane][patient / 64] |= 1 << UInt64(patient % 64)
            }
        }
        return PatientRow(planes: planes)
    }

    /// Patients behind the rows, spread evenly over each, that no group has yet; those of the largest rows first, so that
    /// the few patients of a small row are left for it.
    private func pool(of batch: RowBatch, sizes: [Int], scarce: Set<UInt32>) -> PatientPool {
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
        return PatientPool(ranked.map(\.2), held: held, batch: batch)
    }

    /// An order that has nothing to do with the index.
    private static func mixed(_ patient: UInt32) -> UInt64 {
        var value = UInt64(patient) &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        return value ^ (value >> 27)
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

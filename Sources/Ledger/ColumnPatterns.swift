/// The distinct columns of some rows: patients with equal columns can never be told apart by them.
struct ColumnPatterns {
    /// By rows, one entry a pattern: the multiplicity.
    private(set) var values: [[Int32]]
    /// How many patients have each pattern (in a space of values: how many first values).
    private(set) var weights: [Int]

    var count: Int { weights.count }

    /// A row to look at: bit `bit` of every plane of a block or a batch.
    struct Source {
        enum Place {
            case block(ColumnBlock)
            case batch(RowBatch)
        }
        let place: Place
        let bit: Int

        var planeCount: Int {
            switch place {
            case .block(let block): block.planeCount
            case .batch(let batch): batch.planes.count
            }
        }

        var patientCount: Int {
            switch place {
            case .block(let block): block.patientCount
            case .batch(let batch): batch.patientCount
            }
        }

        /// Calls with (plane, patient, bit).
        func forEachWord(_ body: (Int, Int, UInt64) -> Void) {
            for plane in 0..<planeCount {
                switch place {
                case .block(let block):
                    block.read { read in
                        for patient in 0..<block.patientCount {
                            body(plane, patient, read(plane, patient) >> UInt64(bit) & 1)
                        }
                    }
                case .batch(let batch):
                    let columns = batch.planes[plane]
                    for patient in columns.indices { body(plane, patient, columns[patient] >> UInt64(bit) & 1) }
                }
            }
        }
    }

    /// - Parameters:
    ///   - limit: the most patterns.
    ///   - counts: whether a column counts as a patient.
    /// - Returns: nil for more patterns than the limit. The pattern of zeros is left out.
    init?(of sources: [Source], limit: Int, counts: (Int) -> Bool) {
        let patients = sources.reduce(0) { max($0, $1.patientCount) }
        let slotCount = sources.reduce(0) { $0 + $1.planeCount }
        let width = max(1, (slotCount + 63) / 64)
        var keys = [UInt64](repeating: 0, count: patients * width)
        var slot = 0
        keys.withUnsafeMutableBufferPointer { keys in
            for source in sources {
                source.forEachWord { plane, patient, bit in
                    keys[patient * width + (slot + plane) / 64] |= bit << UInt64((slot + plane) % 64)
                }
                slot += source.planeCount
            }
        }
        var rows: [[Int]] = []
        slot = 0
        for source in sources {
            rows.append((0..<source.planeCount).map { slot + $0 })
            slot += source.planeCount
        }
        self.init(keys: keys, width: width, rows: rows, limit: limit, counts: counts)
    }

    /// All rows of batches, in their order.
    init?(of batches: [RowBatch], limit: Int, counts: (Int) -> Bool) {
        let patients = batches.reduce(0) { max($0, $1.patientCount) }
        let width = batches.reduce(0) { $0 + $1.planes.count }
        var keys = [UInt64](repeating: 0, count: patients * width)
        var rows: [[Int]] = []
        var start = 0
        for batch in batches {
            for (plane, columns) in batch.planes.enumerated() {
                for patient in columns.indices { keys[patient * width + start + plane] = columns[patient] }
            }
            for row in batch.rows.indices { rows.append(batch.planes.indices.map { 64 * (start + $0) + row }) }
            start += batch.planes.count
        }
        self.init(keys: keys, width: width, rows: rows, limit: limit, counts: counts)
    }

    /// - Parameters:
    ///   - keys: `width` words a patient.
    ///   - rows: of each, the places of its planes in a key.
    private init?(keys: [UInt64], width: Int, rows: [[Int]], limit: Int, counts: (Int) -> Bool) {
        let patients = keys.count / width
        var slots = 1024
        while slots < 2 * min(limit, patients) { slots *= 2 }
        var table = [Int32](repeating: -1, count: slots)
        var examples: [Int] = []
        var weights: [Int] = []
        for patient in 0..<patients {
            let base = patient * width
            var hash: UInt64 = 0
            var any: UInt64 = 0
            for word in 0..<width {
                any |= keys[base + word]
                hash = (hash ^ keys[base + word]) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 31
            }
            guard any != 0 else { continue }
            var place = Int(truncatingIfNeeded: hash) & (slots - 1)
            while table[place] >= 0 {
                let example = examples[Int(table[place])] * width
                if (0..<width).allSatisfy({ keys[example + $0] == keys[base + $0] }) { break }
                place = (place + 1) & (slots - 1)
            }
            let weight = counts(patient) ? 1 : 0
            if table[place] >= 0 {
                weights[Int(table[place])] += weight
            } else {
                guard examples.count < limit else { return nil }
                table[place] = Int32(examples.count)
                examples.append(patient)
                weights.append(weight)
            }
        }
        self.weights = weights
        var values: [[Int32]] = []
        for planes in rows {
            var row = [Int32](repeating: 0, count: examples.count)
            for (plane, slot) in planes.enumerated() {
                for (index, patient) in examples.enumerated() {
                    let bit = keys[patient * width + slot / 64] >> UInt64(slot % 64) & 1
                    row[index] |= Int32(bit) << Int32(plane)
                }
            }
            values.append(row)
        }
        self.values = values
    }
}

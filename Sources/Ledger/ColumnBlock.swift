internal import Foundation

/// What one batch of rows that the ledger holds says of each patient, as `RowBatch`, in bytes that may lie in a mapped
/// file: they are read where they are asked for.
///
/// Few patients differ in what a release asks: so the distinct columns are listed once, and a patient has the number of
/// one of them (`coded`). Where there are too many, each patient has the words themselves (`raw`).
/// ```
/// raw    of each plane, of each patient: 8
/// coded  0 the number of entries (4)   4 bytes of a code, 1 or 2 (4)   8 of each entry, of each plane: 8
///        then of each patient its code; at the end a check sum (8)
/// ```
/// Numbers are little-endian. Entry 0 is zero.
struct ColumnBlock: Sendable {
    enum Form: UInt8, Sendable {
        case raw = 0
        case coded = 1
    }

    let form: Form
    let data: Data
    let planeCount: Int
    let patientCount: Int
    /// Coded: of each entry its planes.
    private let entries: [UInt64]
    private let codeWidth: Int

    private static let mostEntries = 1 << 16

    /// - Returns: nil for bytes that are not such a block.
    init?(data: Data, form: Form, planeCount: Int, patientCount: Int) {
        guard planeCount >= 1, planeCount <= 16, patientCount >= 0, patientCount <= PatientRow.maximumPatients else {
            return nil
        }
        self.form = form
        self.data = data
        self.planeCount = planeCount
        self.patientCount = patientCount
        switch form {
        case .raw:
            guard data.count == 8 * planeCount * patientCount else { return nil }
            (entries, codeWidth) = ([], 8)
        case .coded:
            guard data.count >= 16 else { return nil }
            func number(_ place: Int) -> Int {
                (0..<4).reduce(0) { $0 | Int(data[data.startIndex + place + $1]) << (8 * $1) }
            }
            let (count, width) = (number(0), number(4))
            guard count >= 1, count <= Self.mostEntries, width == (count <= 256 ? 1 : 2),
                data.count == 16 + 8 * count * planeCount + width * patientCount
            else { return nil }
            let isWhole = data.withUnsafeBytes { bytes in
                let sum = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self))
                return sum == Self.checkSum(UnsafeRawBufferPointer(rebasing: bytes.dropLast(8)))
            }
            guard isWhole else { return nil }
            codeWidth = width
            entries = data.withUnsafeBytes { bytes in
                (0..<count * planeCount).map { place in
                    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 + 8 * place, as: UInt64.self))
                }
            }
        }
    }

    init(_ batch: RowBatch) {
        // Those after the last patient of the batch are zero anyway.
        let count = batch.planes.reduce(0) { largest, plane in max(largest, (plane.lastIndex { $0 != 0 } ?? -1) + 1) }
        planeCount = batch.planes.count
        patientCount = count
        if let coded = Self.coded(batch, patients: count) {
            (form, data, entries, codeWidth) = (.coded, coded.data, coded.entries, coded.width)
            return
        }
        var data = Data(capacity: 8 * count * batch.planes.count)
        for plane in batch.planes {
            let words = plane.prefix(count).map { $0.littleEndian }
            words.withUnsafeBytes { data.append(contentsOf: $0) }
        }
        (form, self.data, entries, codeWidth) = (.raw, data, [], 8)
    }

    /// Against damage, as that of the proof; four words at a time, so that none waits for another.
    private static func checkSum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var sums = SIMD4<UInt64>(1, 2, 3, 4) &* 0x9E37_79B9_7F4A_7C15
        var place = 0
        while place + 32 <= bytes.count {
            let words = SIMD4(
                bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian,
                bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self).littleEndian,
                bytes.loadUnaligned(fromByteOffset: place + 16, as: UInt64.self).littleEndian,
                bytes.loadUnaligned(fromByteOffset: place + 24, as: UInt64.self).littleEndian)
            sums = (sums ^ words) &* 0xBF58_476D_1CE4_E5B9
            sums ^= sums &>> 29
            place += 32
        }
        var sum = UInt64(bytes.count)
        for lane in 0..<4 {
            sum = (sum ^ sums[lane]) &* 0xBF58_476D_1CE4_E5B9
            sum ^= sum >> 29
        }
        while place < bytes.count {
            sum = (sum ^ UInt64(bytes[place])) &* 0xBF58_476D_1CE4_E5B9
            sum ^= sum >> 29
            place += 1
        }
        return sum
    }

    private static func coded(_ batch: RowBatch, patients: Int) -> (data: Data, entries: [UInt64], width: Int)? {
        let planes = batch.planes.count
        var entries = [UInt64](repeating: 0, count: planes)
        var codes = [UInt16](repeating: 0, count: patients)
        var slots = 1 << 12
        var table = [Int32](repeating: -1, count: slots)
        func hash(_ column: [UInt64]) -> Int {
            var hash: UInt64 = 0
            for word in column {
                hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 29
            }
            return Int(truncatingIfNeeded: hash >> 8)
        }
        var column = [UInt64](repeating: 0, count: planes)
        var last = (column: column, code: 0)
        func find(in table: [Int32]) -> (slot: Int, code: Int?) {
            var slot = hash(column) & (slots - 1)
            while table[slot] >= 0 {
                let code = Int(table[slot])
                if (0..<planes).allSatisfy({ entries[code * planes + $0] == column[$0] }) { return (slot, code) }
                slot = (slot + 1) & (slots - 1)
            }
            return (slot, nil)
        }
        table[find(in: table).slot] = 0
        for patient in 0..<patients {
            var any: UInt64 = 0
            for plane in 0..<planes {
                column[plane] = batch.planes[plane][patient]
                any |= column[plane]
            }
            if any == 0 { continue }
            if column == last.column {
                codes[patient] = UInt16(last.code)
                continue
            }
            let found = find(in: table)
            let code = found.code ?? entries.count / planes
            if found.code == nil {
                guard code < mostEntries else { return nil }
                table[found.slot] = Int32(code)
                entries += column
                if 2 * code > slots {
                    slots *= 4
                    table = [Int32](repeating: -1, count: slots)
                    let kept = column
                    for index in 0...code {
                        for plane in 0..<planes { column[plane] = entries[index * planes + plane] }
                        table[find(in: table).slot] = Int32(index)
                    }
                    column = kept
                }
            }
            codes[patient] = UInt16(code)
            last = (column, code)
        }
        let count = entries.count / planes
        let width = count <= 256 ? 1 : 2
        // Where nearly everybody has a column of his own, the words are shorter.
        guard 8 * entries.count + width * patients < 8 * planes * patients else { return nil }
        var data = Data(capacity: 16 + 8 * entries.count + width * patients)
        for number in [count, width] {
            withUnsafeBytes(of: UInt32(number).littleEndian) { data.append(contentsOf: $0) }
        }
        entries.map { $0.littleEndian }.withUnsafeBytes { data.append(contentsOf: $0) }
        if width == 1 {
            data.append(contentsOf: codes.map { UInt8($0) })
        } else {
            codes.map { $0.littleEndian }.withUnsafeBytes { data.append(contentsOf: $0) }
        }
        let sum = data.withUnsafeBytes { Self.checkSum($0) }
        withUnsafeBytes(of: sum.littleEndian) { data.append(contentsOf: $0) }
        return (data, entries, width)
    }
}

extension ColumnBlock {
    /// Calls with a reader of (plane, patient) that is valid during the call.
    func read<Result>(_ body: (_ word: (Int, Int) -> UInt64) -> Result) -> Result {
        data.withUnsafeBytes { bytes in
            switch form {
            case .raw:
                return body { plane, patient in
                    guard patient < patientCount, plane < planeCount else { return 0 }
                    let place = 8 * (plane * patientCount + patient)
                    return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                }
            case .coded:
                let codes = codes(bytes)
                return entries.withUnsafeBufferPointer { entries in
                    body { plane, patient in
                        guard patient < patientCount, plane < planeCount else { return 0 }
                        let place = codes(patient) * planeCount + plane
                        return place < entries.count ? entries[place] : 0
                    }
                }
            }
        }
    }

    /// What the block says of patients, odd and even.
    func parities(of patients: [UInt32]) -> [UInt64] {
        guard form == .coded else {
            return read { read in patients.map { read(0, Int($0)) } }
        }
        let start = 8 + 8 * entries.count
        return data.withUnsafeBytes { bytes in
            entries.withUnsafeBufferPointer { entries in
                patients.map { patient in
                    guard patient < patientCount else { return 0 }
                    let code: Int
                    if codeWidth == 1 {
                        code = Int(bytes[start + Int(patient)])
                    } else {
                        let place = start + 2 * Int(patient)
                        code = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self)))
                    }
                    let place = code * planeCount
                    return place < entries.count ? entries[place] : 0
                }
            }
        }
    }

    private func codes(_ bytes: UnsafeRawBufferPointer) -> (Int) -> Int {
        let start = 8 + 8 * entries.count
        if codeWidth == 1 { return { Int(bytes[start + $0]) } }
        return { patient in
            Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 2 * patient, as: UInt16.self)))
        }
    }

    /// Of each code what a function makes of its column, given by planes; nil where there are no codes.
    /// - Parameter value: of one plane's word; a column has the sum over its planes.
    func table<Sum>(
        zero: Sum, adding: (inout Sum, Sum) -> Void, value: (_ plane: Int, _ word: UInt64) -> Sum
    ) -> [Sum]? {
        guard form == .coded else { return nil }
        var table = [Sum](repeating: zero, count: entries.count / planeCount)
        for place in entries.indices where entries[place] != 0 {
            adding(&table[place / planeCount], value(place % planeCount, entries[place]))
        }
        return table
    }

    /// Adds to the sums of some patients what a table, or else a function, makes of their columns.
    /// - Parameters:
    ///   - sums: one a patient.
    ///   - patients: what is beyond the block is left.
    ///   - table: as `table` makes it.
    func accumulate<Sum>(
        _ sums: UnsafeMutableBufferPointer<Sum>, patients: Range<Int>, table: [Sum]?, adding: (inout Sum, Sum) -> Void,
        value: (_ plane: Int, _ word: UInt64) -> Sum
    ) {
        let patients = patients.clamped(to: 0..<patientCount)
        data.withUnsafeBytes { bytes in
            guard let table else {
                for plane in 0..<planeCount {
                    for patient in patients {
                        let place = 8 * (plane * patientCount + patient)
                        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                        if word != 0 { adding(&sums[patient], value(plane, word)) }
                    }
                }
                return
            }
            let (start, last) = (8 + 8 * entries.count, table.count - 1)
            table.withUnsafeBufferPointer { table in
                if codeWidth == 1 {
                    for patient in patients { adding(&sums[patient], table[min(Int(bytes[start + patient]), last)]) }
                } else {
                    for patient in patients {
                        let code = bytes.loadUnaligned(fromByteOffset: start + 2 * patient, as: UInt16.self)
                        adding(&sums[patient], table[min(Int(UInt16(littleEndian: code)), last)])
                    }
                }
            }
        }
    }
}

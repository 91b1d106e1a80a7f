internal import Foundation

/// What a segment says besides its columns: a head, and of each group its part.
///
/// ```
/// 0  "CLS" and the version 1       4  space    5  planes   6  rows     7  form of the columns
/// 8  minimum count (4)            12  patients (4)        16  groups (4)   20  positions before (4)
/// 24 of each group: pivots (4 each), combos, reduced, the number of lists (4), of each its length and patients (4 each)
/// at the end: a check sum (8)
/// ```
/// Numbers are little-endian.
struct SegmentProof: Hashable {
    let space: Ledger.Space
    let minimumCount: Int
    let rowCount: Int
    let planeCount: Int
    let patientCount: Int
    let form: ColumnBlock.Form
    var positionsBefore = 0
    let parts: [ProofGroup.Part]

    private static let mark: [UInt8] = [0x43, 0x4C, 0x53, 0x01]

    init(
        space: Ledger.Space, minimumCount: Int, rowCount: Int, planeCount: Int, patientCount: Int,
        form: ColumnBlock.Form, parts: [ProofGroup.Part]
    ) {
        self.space = space
        self.minimumCount = minimumCount
        self.rowCount = rowCount
        self.planeCount = planeCount
        self.patientCount = patientCount
        self.form = form
        self.parts = parts
        // The last reduced row of n positions behind p takes (p + n) / 8 bytes.
        if let part = parts.first {
            let rows = part.pivots.count
            positionsBefore = part.combos.isEmpty ? 0 : part.combos.count / (rows / 8) - 4 * (rows / 8 + 1)
        }
    }

    var serialized: Data {
        var data = Data(Self.mark)
        data.append(contentsOf: [space.rawValue, UInt8(planeCount), UInt8(rowCount), form.rawValue])
        for number in [minimumCount, patientCount, parts.count, positionsBefore] { data.appendWord(UInt32(number)) }
        for part in parts {
            for pivot in part.pivots { data.appendWord(pivot) }
            data.append(contentsOf: part.combos)
            data.append(contentsOf: part.reduced)
            data.appendWord(UInt32(part.kernel.count))
            for patients in part.kernel {
                data.appendWord(UInt32(patients.count))
                for patient in patients { data.appendWord(patient) }
            }
        }
        withUnsafeBytes(of: Self.checkSum(data).littleEndian) { data.append(contentsOf: $0) }
        return data
    }

    init(serialized data: Data) throws(LedgerError) {
        guard data.count >= 32 else { throw LedgerError(.damaged) }
        let content = data.prefix(data.count - 8)
        let read = data.withUnsafeBytes { bytes in
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self))
        }
        guard content.prefix(3) == Data(Self.mark.prefix(3)) else { throw LedgerError(.damaged) }
        let head = [UInt8](content.prefix(24))
        guard head[3] == Self.mark[3] else { throw LedgerError(.mismatched) }
        guard read == Self.checkSum(content), let form = ColumnBlock.Form(rawValue: head[7]),
            let space = Ledger.Space(rawValue: head[4])
        else { throw LedgerError(.damaged) }
        func number(at place: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(head[place + $1]) << (8 * $1) }
        }
        let (groups, before, rows) = (number(at: 16), number(at: 20), Int(head[6]))
        guard (1...64).contains(rows), before % 8 == 0, before <= 1 << 24, groups <= 1 << 16 else {
            throw LedgerError(.damaged)
        }
        let positions = (rows + 7) / 8 * 8
        let sizes = ProofGroup.sizes(positions: positions, behind: before)
        var place = 24
        func take(_ count: Int) throws(LedgerError) -> [UInt8] {
            guard content.count - place >= count else { throw LedgerError(.damaged) }
            defer { place += count }
            return [UInt8](content[content.startIndex + place..<content.startIndex + place + count])
        }
        func word() throws(LedgerError) -> UInt32 {
            let bytes = try take(4)
            return (0..<4).reduce(0) { $0 | UInt32(bytes[$1]) << UInt32(8 * $1) }
        }
        func words(_ count: Int) throws(LedgerError) -> [UInt32] {
            guard count <= 1 << 16 else { throw LedgerError(.damaged) }
            var words: [UInt32] = []
            for _ in 0..<count { words.append(try word()) }
            return words
        }
        var parts: [ProofGroup.Part] = []
        for _ in 0..<groups {
            let pivots = try words(positions)
            var part = ProofGroup.Part(
                pivots: pivots, combos: try take(sizes.combos), reduced: try take(sizes.reduced))
            for _ in 0..<(try word()) { part.kernel.append(try words(Int(try word()))) }
            parts.append(part)
        }
        guard place == content.count else { throw LedgerError(.damaged) }
        self.init(
            space: space, minimumCount: number(at: 8), rowCount: rows, planeCount: Int(head[5]),
            patientCount: number(at: 12), form: form, parts: parts)
        guard positionsBefore == before || parts.isEmpty else { throw LedgerError(.damaged) }
    }

    /// Against damage, not against a forger: who can write the ledger can write anything.
    private static func checkSum(_ data: Data) -> UInt64 {
        data.withUnsafeBytes { bytes in
            var sum = UInt64(bytes.count) ^ 0x9E37_79B9_7F4A_7C15
            var place = 0
            while place + 8 <= bytes.count {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                sum = (sum ^ word) &* 0xBF58_476D_1CE4_E5B9
                sum ^= sum >> 29
                place += 8
            }
            while place < bytes.count {
                sum = (sum ^ UInt64(bytes[place])) &* 0xBF58_476D_1CE4_E5B9
                sum ^= sum >> 29
                place += 1
            }
            return sum
        }
    }
}

extension Data {
    fileprivate mutating func appendWord(_ word: UInt32) {
        Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
    }
}

public import Foundation

extension PatientRow {
    private static let mark: [UInt8] = [0x43, 0x50, 0x52, 0x01]  // "CPR", version 1

    /// Bytes that are equal for equal rows and for no others: mark and version, the number of planes, and of each plane
    /// its words as runs: zeros to skip, words that follow, those words, little-endian. Numbers are LEB128.
    public var serialized: Data {
        var data = Data(Self.mark)
        data.append(UInt8(planes.count))
        for plane in planes {
            data.appendNumber(plane.count)
            var index = 0
            while index < plane.count {
                let start = plane[index...].firstIndex { $0 != 0 } ?? plane.count
                let end = plane[start...].firstIndex(of: 0) ?? plane.count
                data.appendNumber(start - index)
                data.appendNumber(end - start)
                for word in plane[start..<end] {
                    withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) }
                }
                index = end
            }
        }
        return data
    }

    /// - Throws: `mismatched` for another version, `damaged` for bytes that `serialized` does not write, `outOfRange`.
    public init(serialized data: Data) throws(LedgerError) {
        var reader = ByteReader(data)
        let mark = try reader.bytes(4)
        guard mark.prefix(3) == Self.mark.prefix(3) else { throw LedgerError(.damaged) }
        guard mark == Self.mark else { throw LedgerError(.mismatched) }
        let count = try reader.bytes(1)[0]
        guard count <= 16 else { throw LedgerError(.damaged) }
        var planes: [[UInt64]] = []
        for _ in 0..<count {
            let length = try reader.number()
            guard length <= Self.maximumPatients / 64 else { throw LedgerError(.outOfRange) }
            var plane: [UInt64] = []
            while plane.count < length {
                let (zeros, words) = (try reader.number(), try reader.number())
                guard zeros <= length, words <= length, plane.count + zeros + words <= length, words > 0 else {
                    throw LedgerError(.damaged)
                }
                plane.append(contentsOf: repeatElement(0, count: zeros))
                for _ in 0..<words { plane.append(try reader.word()) }
            }
            planes.append(plane)
        }
        self.init(planes: planes)
        // One row has one form: what is read is what would be written.
        guard reader.isAtEnd, serialized == data else { throw LedgerError(.damaged) }
    }
}

extension Data {
    mutating func appendNumber(_ number: Int) {
        var rest = UInt64(number)
        while rest >= 128 {
            append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        append(UInt8(rest))
    }
}

/// Reads bytes in order; nothing is trusted.
struct ByteReader {
    private let data: Data
    private var place: Data.Index

    init(_ data: Data) {
        self.data = data
        place = data.startIndex
    }

    var isAtEnd: Bool { place == data.endIndex }

    mutating func bytes(_ count: Int) throws(LedgerError) -> [UInt8] {
        guard count >= 0, data.endIndex - place >= count else { throw LedgerError(.damaged) }
        defer { place += count }
        return Array(data[place..<place + count])
    }

    mutating func number() throws(LedgerError) -> Int {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 56, by: 7) {
            let byte = try bytes(1)[0]
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return Int(value) }
        }
        throw LedgerError(.damaged)
    }

    mutating func word() throws(LedgerError) -> UInt64 {
        try bytes(8).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
    }
}

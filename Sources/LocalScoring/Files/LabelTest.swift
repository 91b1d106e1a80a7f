/// Which elements are set in the mask: those of a value, or those that are not zero.
enum LabelTest {
    /// Elements of one byte that differ from the value, which is repeated in every byte; or those that equal it.
    case bytes(value: UInt64, equal: Bool)
    /// Elements of 2, 4 or 8 bytes.
    case wide(value: UInt64, size: Int, equal: Bool)
    /// The element type cannot hold the label.
    case never

    init(_ label: Int64?, as element: NumpyHeader.Element) {
        switch element {
        case .bool, .uint8: self.init(label, as: UInt8.self)
        case .int8: self.init(label, as: Int8.self)
        case .uint16: self.init(label, as: UInt16.self)
        case .int16: self.init(label, as: Int16.self)
        case .uint32: self.init(label, as: UInt32.self)
        case .int32: self.init(label, as: Int32.self)
        case .uint64: self.init(label, as: UInt64.self)
        case .int64: self.init(label, as: Int64.self)
        case .float32, .float64: self = .never
        }
    }

    private init<Element: FixedWidthInteger>(_ label: Int64?, as type: Element.Type) {
        guard let value = Element(exactly: label ?? 0) else {
            self = .never
            return
        }
        let size = Element.bitWidth / 8
        let bits = UInt64(truncatingIfNeeded: value) & (UInt64.max >> UInt64(64 - 8 * size))
        let isEqual = label != nil
        self =
            size == 1
            ? .bytes(value: bits &* 0x0101_0101_0101_0101, equal: isEqual)
            : .wide(value: bits, size: size, equal: isEqual)
    }

    /// Calls `emit` with each word of the line that has a bit set; elements are little-endian, the first is bit 0.
    /// - Parameter found: notes the values, where the test is for all but 0.
    @inline(__always)
    func pack(
        _ line: UnsafeRawBufferPointer, count: Int, found: inout FoundLabels,
        emit: (_ word: Int, _ bits: UInt64) -> Void
    ) {
        switch self {
        case .bytes(let value, let isEqual):
            for word in 0..<(count / 64) {
                let differing = Self.differing(line, at: word * 64, from: value, &found)
                let bits = isEqual ? ~differing : differing
                if bits != 0 { emit(word, bits) }
            }
            let whole = count & ~63
            var bits: UInt64 = 0
            for index in whole..<count where (line[index] == UInt8(truncatingIfNeeded: value)) == isEqual {
                bits |= 1 << UInt64(index - whole)
                found.note(UInt64(line[index]))
            }
            if bits != 0 { emit(whole / 64, bits) }
        case .wide(let value, 2, let isEqual): Self.pack(line, count, UInt16(value), isEqual, &found, emit)
        case .wide(let value, 4, let isEqual): Self.pack(line, count, UInt32(value), isEqual, &found, emit)
        case .wide(let value, _, let isEqual): Self.pack(line, count, value, isEqual, &found, emit)
        case .never: break
        }
    }

    /// A bit for each of 64 bytes that is not the value.
    @inline(__always)
    private static func differing(
        _ line: UnsafeRawBufferPointer, at start: Int, from value: UInt64, _ found: inout FoundLabels
    ) -> UInt64 {
        var (any, same) = (UInt64(0), true)
        let first = load(line, start) ^ value
        for part in 0..<8 {
            let part = load(line, start + part * 8) ^ value
            any |= part
            same = same && part == first
        }
        if any == 0 { return 0 }
        if same && first == 0x0101_0101_0101_0101 {
            found.note(1)
            return .max
        }
        found.begin(any)
        var bits: UInt64 = 0
        for part in 0..<8 {
            let bytes = load(line, start + part * 8) ^ value
            // The top bit of each byte that is not zero, gathered by a product that puts each at its own place.
            let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
            let flags = ((bytes & low) &+ low | bytes) & ~low
            found.others |= bytes ^ (flags >> 7 &* found.first)
            let gathered = (flags >> 7 &* 0x0102_0408_1020_4080) >> 56
            bits |= gathered << UInt64(8 * part)
        }
        return bits
    }

    @inline(__always)
    private static func load(_ line: UnsafeRawBufferPointer, _ start: Int) -> UInt64 {
        UInt64(littleEndian: line.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }

    private static func pack<Element: FixedWidthInteger>(
        _ line: UnsafeRawBufferPointer, _ count: Int, _ value: Element, _ isEqual: Bool, _ found: inout FoundLabels,
        _ emit: (Int, UInt64) -> Void
    ) {
        let size = MemoryLayout<Element>.size
        for word in 0..<((count + 63) / 64) {
            let elements = min(64, count - word * 64)
            let start = word * 64 * size
            if !isEqual, elements == 64 {
                // Most stretches of a mask are empty.
                var any: UInt64 = 0
                for part in 0..<(8 * size) { any |= load(line, start + part * 8) }
                if any == 0 { continue }
            }
            var bits: UInt64 = 0
            var (any, others) = (Element(0), Element(0))
            let first = Element(truncatingIfNeeded: found.first)
            for index in 0..<elements {
                let element = Element(
                    littleEndian: line.loadUnaligned(fromByteOffset: start + index * size, as: Element.self))
                bits |= ((element == value) == isEqual ? 1 : 0) << UInt64(index)
                any |= element
                others |= element == 0 ? 0 : element ^ first
            }
            if found.first != 0 {
                found.others |= UInt64(others)
            } else if any != 0 {
                found.first = UInt64(any)
                for index in 0..<elements {
                    let element = Element(
                        littleEndian: line.loadUnaligned(fromByteOffset: start + index * size, as: Element.self))
                    found.note(UInt64(element))
                }
            }
            if bits != 0 { emit(word, bits) }
        }
    }
}

/// Whether more than one value other than 0 has been seen.
struct FoundLabels {
    /// The first value, or if there are several in the first stretch, their bits together, which differ from one of
    /// them at least. 0 before there is any.
    var first: UInt64 = 0
    /// The bits by which others differ from the first.
    var others: UInt64 = 0

    @inline(__always)
    mutating func note(_ value: UInt64) {
        guard value != 0 else { return }
        if first == 0 { first = value }
        others |= value ^ first
    }

    /// Takes the first from bytes, all of a stretch together.
    @inline(__always)
    mutating func begin(_ bytes: UInt64) {
        guard first == 0 else { return }
        var all = bytes | bytes >> 32
        all |= all >> 16
        all |= all >> 8
        first = all & 255
    }

    var labels: MaskFile.Labels { first == 0 ? .none : others == 0 ? .one : .several }
}

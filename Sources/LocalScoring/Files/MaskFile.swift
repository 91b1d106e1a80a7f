public import Scoring

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Reads a mask from a `.npy` file of labels: bool or integers, axes z, y, x or y, x, in C or Fortran order.
///
/// The file is read once, in pieces, straight into one bit a voxel: memory is that of the mask.
public struct MaskFile: Sendable {
    /// Why a file gives no mask.
    public enum Failure: Error, Hashable, Sendable {
        /// The file cannot be opened or read; with the system's error number.
        case unreadable(Int32)
        /// The header is not that of a `.npy` file that is read here.
        case header(NumpyHeader.Refusal)
        /// Fractions are no labels; with the NumPy name of the type.
        case notLabels(String)
        /// The axes are not two or three of a positive length within the limits of `BinaryMask`.
        case shape([Int])
        /// The file holds fewer bytes, or more, than its header says.
        case length(expected: Int, found: Int)
    }

    /// About how many bytes are read at a time.
    private static let pieceSize = 1 << 18

    /// Reads the mask of a label, or of everything that is not zero.
    /// - Parameters:
    ///   - path: the file.
    ///   - label: the value that is set in the mask; nil for all but 0.
    public static func read(path: String, label: Int64? = nil) throws(Failure) -> BinaryMask {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .unreadable(errno) }
        defer { close(file) }
        let header = try header(file)
        guard var mask = BinaryMask(shape: header.shape) else { throw .shape(header.shape) }
        let expected = header.dataOffset + header.elementCount * header.element.size
        let found = lseek(file, 0, SEEK_END)
        guard found == expected else { throw .length(expected: expected, found: Int(found)) }
        let sets: LabelTest
        switch header.element {
        case .bool, .uint8: sets = LabelTest(label, as: UInt8.self)
        case .int8: sets = LabelTest(label, as: Int8.self)
        case .uint16: sets = LabelTest(label, as: UInt16.self)
        case .int16: sets = LabelTest(label, as: Int16.self)
        case .uint32: sets = LabelTest(label, as: UInt32.self)
        case .int32: sets = LabelTest(label, as: Int32.self)
        case .uint64: sets = LabelTest(label, as: UInt64.self)
        case .int64: sets = LabelTest(label, as: Int64.self)
        case .float32, .float64: throw .notLabels(header.element.rawValue)
        }
        try mask.withUnsafeMutableWords { words throws(Failure) in
            try fill(words, from: file, header: header, sets: sets)
        }
        return mask
    }

    /// Reads the header from the start of an open file.
    private static func header(_ file: Int32) throws(Failure) -> NumpyHeader {
        let size = NumpyHeader.byteLimit + 12
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { buffer.deallocate() }
        var count = try readPiece(file, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<4096]), at: 0)
        if count == 4096 {
            // Nearly every header is short; the rest of a long one follows.
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            if let header = try? NumpyHeader(bytes) { return header }
            count += try readPiece(file, into: UnsafeMutableRawBufferPointer(rebasing: buffer[4096...]), at: 4096)
        }
        do { return try NumpyHeader(UnsafeRawBufferPointer(rebasing: buffer[..<count])) } catch {
            throw .header(error)
        }
    }

    /// Reads the elements and packs them.
    private static func fill(
        _ words: UnsafeMutableBufferPointer<UInt64>, from file: Int32, header: NumpyHeader, sets: LabelTest
    ) throws(Failure) {
        // In Fortran order the fastest axis is the first, and lines run along it.
        let shape = header.shape
        let lineLength = header.isFortranOrder ? shape[0] : shape[shape.count - 1]
        let lines = header.elementCount / lineLength
        let lineSize = lineLength * header.element.size
        let linesAPiece = max(1, pieceSize / lineSize)
        let wordsPerLine = (lineLength + 63) / 64
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: linesAPiece * lineSize, alignment: 64)
        defer { buffer.deallocate() }
        var line = 0
        while line < lines {
            let count = min(linesAPiece, lines - line)
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * lineSize)])
            let found = try readPiece(file, into: piece, at: header.dataOffset + line * lineSize)
            guard found == piece.count else {
                throw .length(
                    expected: header.dataOffset + header.elementCount * header.element.size,
                    found: header.dataOffset + line * lineSize + found)
            }
            for index in 0..<count {
                let bytes = UnsafeRawBufferPointer(rebasing: piece[(index * lineSize)..<((index + 1) * lineSize)])
                if header.isFortranOrder {
                    let place = ColumnPlace(line: line + index, shape: shape)
                    sets.pack(bytes, count: lineLength) { word, bits in place.set(bits, from: word * 64, in: words) }
                } else {
                    let start = (line + index) * wordsPerLine
                    sets.pack(bytes, count: lineLength) { word, bits in words[start + word] = bits }
                }
            }
            line += count
        }
    }

    /// Fills a buffer from a place in a file; fewer bytes only at its end.
    private static func readPiece(
        _ file: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(Failure) -> Int {
        var count = 0
        while count < buffer.count {
            let found = pread(
                file, buffer.baseAddress?.advanced(by: count), buffer.count - count, off_t(offset + count))
            if found < 0 && errno == EINTR { continue }
            guard found >= 0 else { throw .unreadable(errno) }
            if found == 0 { break }
            count += found
        }
        return count
    }
}

/// Where a line along the first axis of an array in Fortran order lies in a mask.
private struct ColumnPlace {
    let start: Int
    let stride: Int
    let bit: UInt64

    /// - Parameter line: the number of the line; of the axes that follow the first the second varies fastest.
    init(line: Int, shape: [Int]) {
        let wordsPerRow = (shape[shape.count - 1] + 63) / 64
        let (x, y) = shape.count == 3 ? line.quotientAndRemainder(dividingBy: shape[1]) : (line, 0)
        start = y * wordsPerRow + x >> 6
        stride = shape.count == 3 ? shape[1] * wordsPerRow : wordsPerRow
        bit = 1 << UInt64(x & 63)
    }

    func set(_ bits: UInt64, from first: Int, in words: UnsafeMutableBufferPointer<UInt64>) {
        var rest = bits
        while rest != 0 {
            words[start + (first + rest.trailingZeroBitCount) * stride] |= bit
            rest &= rest &- 1
        }
    }
}

/// Which elements are set in the mask: those of a value, or those that are not zero.
private enum LabelTest {
    /// Elements of one byte that differ from the value, which is repeated in every byte; or those that equal it.
    case bytes(value: UInt64, equal: Bool)
    /// Elements of 2, 4 or 8 bytes.
    case wide(value: UInt64, size: Int, equal: Bool)
    /// The element type cannot hold the label.
    case never

    init<Element: FixedWidthInteger>(_ label: Int64?, as type: Element.Type) {
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
    @inline(__always)
    func pack(_ line: UnsafeRawBufferPointer, count: Int, emit: (_ word: Int, _ bits: UInt64) -> Void) {
        switch self {
        case .bytes(let value, let isEqual):
            for word in 0..<(count / 64) {
                let differing = Self.differing(line, at: word * 64, from: value)
                let bits = isEqual ? ~differing : differing
                if bits != 0 { emit(word, bits) }
            }
            let whole = count & ~63
            var bits: UInt64 = 0
            for index in whole..<count where (line[index] == UInt8(truncatingIfNeeded: value)) == isEqual {
                bits |= 1 << UInt64(index - whole)
            }
            if bits != 0 { emit(whole / 64, bits) }
        case .wide(let value, 2, let isEqual): Self.pack(line, count, UInt16(value), isEqual, emit)
        case .wide(let value, 4, let isEqual): Self.pack(line, count, UInt32(value), isEqual, emit)
        case .wide(let value, _, let isEqual): Self.pack(line, count, value, isEqual, emit)
        case .never: break
        }
    }

    /// A bit for each of 64 bytes that is not the value.
    @inline(__always)
    private static func differing(_ line: UnsafeRawBufferPointer, at start: Int, from value: UInt64) -> UInt64 {
        var (any, same) = (UInt64(0), true)
        let first = load(line, start) ^ value
        for part in 0..<8 {
            let part = load(line, start + part * 8) ^ value
            any |= part
            same = same && part == first
        }
        if any == 0 { return 0 }
        if same && first == 0x0101_0101_0101_0101 { return .max }
        var bits: UInt64 = 0
        for part in 0..<8 {
            let bytes = load(line, start + part * 8) ^ value
            // The top bit of each byte that is not zero, gathered by a product that puts each at its own place.
            let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
            let flags = ((bytes & low) &+ low | bytes) & ~low
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
        _ line: UnsafeRawBufferPointer, _ count: Int, _ value: Element, _ isEqual: Bool, _ emit: (Int, UInt64) -> Void
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
            for index in 0..<elements {
                let element = Element(
                    littleEndian: line.loadUnaligned(fromByteOffset: start + index * size, as: Element.self))
                bits |= ((element == value) == isEqual ? 1 : 0) << UInt64(index)
            }
            if bits != 0 { emit(word, bits) }
        }
    }
}

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

    /// How many values other than 0 a file holds.
    public enum Labels: Hashable, Sendable {
        case none, one, several
    }

    /// About how many bytes are read at a time.
    private static let pieceSize = 1 << 18

    /// Reads the mask of a label, or of everything that is not zero.
    /// - Parameters:
    ///   - path: the file.
    ///   - label: the value that is set in the mask; nil for all but 0.
    public static func read(path: String, label: Int64? = nil) throws(Failure) -> BinaryMask {
        try contents(path: path, label: label).mask
    }

    /// Reads the mask of everything that is not zero, and tells whether that is more than one label.
    public static func readForeground(path: String) throws(Failure) -> (mask: BinaryMask, labels: Labels) {
        try contents(path: path, label: nil)
    }

    private static func contents(path: String, label: Int64?) throws(Failure) -> (mask: BinaryMask, labels: Labels) {
        let file = try OpenFile(path)
        let header = file.header
        guard var mask = BinaryMask(shape: header.shape) else { throw .shape(header.shape) }
        let sets = LabelTest(label, as: header.element)
        var found = FoundLabels()
        try mask.withUnsafeMutableWords { words throws(Failure) in
            try fill(words, from: file, sets: sets, found: &found)
        }
        // Any byte but 0 is true.
        return (mask, header.element == .bool && found.labels == .several ? .one : found.labels)
    }

    /// The values other than 0 in a file, ascending; nil when there are more than so many.
    public static func labels(path: String, limit: Int) throws(Failure) -> [Int64]? {
        let file = try OpenFile(path)
        var found = DistinctLabels(limit: limit, element: file.header.element)
        try file.readLines { _, bytes in found.add(bytes) }
        if found.isBeyondInt64 { throw .notLabels(file.header.element.rawValue) }
        return found.isBeyondLimit ? nil : found.values.sorted()
    }

    /// An open file with its header.
    private struct OpenFile: ~Copyable {
        let file: Int32
        let header: NumpyHeader

        init(_ path: String) throws(Failure) {
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { throw .unreadable(errno) }
            let header: NumpyHeader
            do throws(Failure) {
                header = try Self.checkedHeader(file)
            } catch {
                close(file)
                throw error
            }
            (self.file, self.header) = (file, header)
        }

        private static func checkedHeader(_ file: Int32) throws(Failure) -> NumpyHeader {
            let header = try MaskFile.header(file)
            guard BinaryMask.holds(shape: header.shape) else { throw .shape(header.shape) }
            let expected = header.dataOffset + header.elementCount * header.element.size
            let found = lseek(file, 0, SEEK_END)
            guard found == expected else { throw .length(expected: expected, found: Int(found)) }
            switch header.element {
            case .float32, .float64: throw .notLabels(header.element.rawValue)
            default: return header
            }
        }

        deinit { close(file) }

        /// Calls the body with whole lines, the number of the first and their bytes, in order.
        func readLines(_ body: (_ first: Int, _ bytes: UnsafeRawBufferPointer) -> Void) throws(Failure) {
            let lines = header.elementCount / header.lineLength
            let linesAPiece = max(1, MaskFile.pieceSize / header.lineSize)
            let buffer = UnsafeMutableRawBufferPointer.allocate(
                byteCount: linesAPiece * header.lineSize, alignment: 64)
            defer { buffer.deallocate() }
            var line = 0
            while line < lines {
                let count = min(linesAPiece, lines - line)
                let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * header.lineSize)])
                let offset = header.dataOffset + line * header.lineSize
                let found = try MaskFile.readPiece(file, into: piece, at: offset)
                guard found == piece.count else {
                    throw .length(
                        expected: header.dataOffset + header.elementCount * header.element.size, found: offset + found)
                }
                body(line, UnsafeRawBufferPointer(piece))
                line += count
            }
        }
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
        _ words: UnsafeMutableBufferPointer<UInt64>, from file: borrowing OpenFile, sets: LabelTest,
        found: inout FoundLabels
    ) throws(Failure) {
        let header = file.header
        let lineLength = header.lineLength
        let wordsPerLine = (lineLength + 63) / 64
        try file.readLines { first, bytes in
            for index in 0..<(bytes.count / header.lineSize) {
                let line = UnsafeRawBufferPointer(
                    rebasing: bytes[(index * header.lineSize)..<((index + 1) * header.lineSize)])
                if header.isFortranOrder {
                    let place = ColumnPlace(line: first + index, shape: header.shape)
                    sets.pack(line, count: lineLength, found: &found) { word, bits in
                        place.set(bits, from: word * 64, in: words)
                    }
                } else {
                    let start = (first + index) * wordsPerLine
                    sets.pack(line, count: lineLength, found: &found) { word, bits in words[start + word] = bits }
                }
            }
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

extension NumpyHeader {
    /// The elements of a line. In Fortran order the fastest axis is the first, and lines run along it.
    fileprivate var lineLength: Int { isFortranOrder ? shape[0] : shape[shape.count - 1] }
    fileprivate var lineSize: Int { lineLength * element.size }
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

/// The header of a `.npy` file: element type, order and shape. NumPy Enhancement Proposal 1 ("A Simple File Format for
/// NumPy Arrays"), versions 1.0 to 3.0. The bytes come from outside: every length is checked before it is used.
public struct NumpyHeader: Hashable, Sendable {
    /// The element types that are read, all little-endian or of one byte.
    public enum Element: String, Hashable, Sendable, CaseIterable {
        case bool = "|b1"
        case uint8 = "|u1"
        case int8 = "|i1"
        case uint16 = "<u2"
        case int16 = "<i2"
        case uint32 = "<u4"
        case int32 = "<i4"
        case uint64 = "<u8"
        case int64 = "<i8"
        case float32 = "<f4"
        case float64 = "<f8"

        /// Bytes an element.
        public var size: Int {
            switch self {
            case .bool, .uint8, .int8: 1
            case .uint16, .int16: 2
            case .uint32, .int32, .float32: 4
            case .uint64, .int64, .float64: 8
            }
        }
    }

    /// The most bytes of a header, and the most axes.
    public static let byteLimit = 65_536
    public static let axisLimit = 8

    public let element: Element
    /// Whether the first axis varies fastest.
    public let isFortranOrder: Bool
    public let shape: [Int]
    /// Where the elements begin in the file.
    public let dataOffset: Int

    /// The number of elements.
    public var elementCount: Int { shape.reduce(1, *) }

    /// Why a header is refused.
    public enum Refusal: Error, Hashable, Sendable {
        /// Not a `.npy` file, or one whose header is damaged.
        case malformed
        /// An element type that is not read, by its NumPy name.
        case unsupported(String)
        /// The header is longer than the limit, or the bytes given end before it does.
        case truncated
    }

    /// Reads the header from the first bytes of a file.
    public init(_ bytes: UnsafeRawBufferPointer) throws(Refusal) {
        guard bytes.count >= 10, bytes.prefix(6).elementsEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]) else {
            throw .malformed
        }
        let lengthSize = bytes[6] == 1 ? 2 : 4
        guard (1...3).contains(bytes[6]), bytes.count >= 8 + lengthSize else { throw .malformed }
        let length = (0..<lengthSize).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        let start = 8 + lengthSize
        guard length <= Self.byteLimit, bytes.count >= start + length else { throw .truncated }
        var reader = HeaderReader(text: Array(bytes[start..<start + length]))
        (element, isFortranOrder, shape) = try reader.dictionary()
        dataOffset = start + length
        var count = 1
        for axis in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: axis)
            guard !overflow, product <= 1 << 40 else { throw .malformed }
            count = product
        }
    }
}

/// Reads the Python dictionary of a header: three known keys, in any order, each once.
private struct HeaderReader {
    let text: [UInt8]
    var position = 0

    init(text: [UInt8]) { self.text = text }

    mutating func dictionary() throws(NumpyHeader.Refusal) -> (NumpyHeader.Element, Bool, [Int]) {
        var element: NumpyHeader.Element?
        var isFortranOrder: Bool?
        var shape: [Int]?
        try expect("{")
        while !accept("}") {
            let key = try string()
            try expect(":")
            switch key {
            case "descr" where element == nil:
                let name = try string()
                guard let known = NumpyHeader.Element(rawValue: name) else { throw .unsupported(name) }
                element = known
            case "fortran_order" where isFortranOrder == nil:
                if accept("True") {
                    isFortranOrder = true
                } else {
                    try expect("False")
                    isFortranOrder = false
                }
            case "shape" where shape == nil: shape = try tuple()
            default: throw .malformed
            }
            if !accept(",") {
                try expect("}")
                break
            }
        }
        guard let element, let isFortranOrder, let shape else { throw .malformed }
        return (element, isFortranOrder, shape)
    }

    private mutating func tuple() throws(NumpyHeader.Refusal) -> [Int] {
        var axes: [Int] = []
        try expect("(")
        while !accept(")") {
            skipSpaces()
            var value = 0
            let start = position
            while position < text.count, text[position] &- 0x30 < 10, position - start < 13 {
                value = value * 10 + Int(text[position] &- 0x30)
                position += 1
            }
            guard position > start, axes.count < NumpyHeader.axisLimit else { throw .malformed }
            axes.append(value)
            if !accept(",") {
                try expect(")")
                break
            }
        }
        return axes
    }

    private mutating func string() throws(NumpyHeader.Refusal) -> String {
        skipSpaces()
        guard position < text.count, text[position] == 0x27 || text[position] == 0x22 else { throw .malformed }
        let quote = text[position]
        guard let end = text[(position + 1)...].firstIndex(of: quote), end - position <= 64 else { throw .malformed }
        let value = String(decoding: text[(position + 1)..<end], as: UTF8.self)
        position = end + 1
        return value
    }

    private mutating func skipSpaces() {
        while position < text.count, text[position] == 0x20 || text[position] == 0x0a { position += 1 }
    }

    private mutating func accept(_ word: StaticString) -> Bool {
        skipSpaces()
        let bytes = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard text.count - position >= bytes.count, text[position..<position + bytes.count].elementsEqual(bytes) else {
            return false
        }
        position += bytes.count
        return true
    }

    private mutating func expect(_ word: StaticString) throws(NumpyHeader.Refusal) {
        guard accept(word) else { throw .malformed }
    }
}

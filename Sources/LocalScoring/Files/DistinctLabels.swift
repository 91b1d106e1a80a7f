/// The different values other than 0 of an array of labels.
struct DistinctLabels {
    private let limit: Int
    private let element: NumpyHeader.Element
    private(set) var values: Set<Int64> = []
    /// Whether there are more than the limit.
    var isBeyondLimit: Bool { values.count > limit }
    /// Whether a value is too large for a label.
    private(set) var isBeyondInt64 = false

    init(limit: Int, element: NumpyHeader.Element) { (self.limit, self.element) = (limit, element) }

    /// Adds little-endian elements, a whole number of them.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard !isBeyondLimit else { return }
        switch element {
        case .bool, .uint8: add(bytes, as: UInt8.self)
        case .int8: add(bytes, as: Int8.self)
        case .uint16: add(bytes, as: UInt16.self)
        case .int16: add(bytes, as: Int16.self)
        case .uint32: add(bytes, as: UInt32.self)
        case .int32: add(bytes, as: Int32.self)
        case .uint64: add(bytes, as: UInt64.self)
        case .int64: add(bytes, as: Int64.self)
        case .float32, .float64: break
        }
    }

    private mutating func add<Element: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, as type: Element.Type) {
        // Neighbours are mostly alike.
        var last: Element = 0
        for start in stride(from: 0, to: bytes.count, by: MemoryLayout<Element>.size) {
            let value = Element(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: Element.self))
            guard value != last else { continue }
            last = value
            guard value != 0 else { continue }
            guard let label = Int64(exactly: value) else {
                isBeyondInt64 = true
                continue
            }
            values.insert(label)
            if isBeyondLimit { return }
        }
    }
}

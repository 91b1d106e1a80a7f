internal import Evidence
internal import Foundation
internal import Statistics
internal import StrictJSON
internal import StudyProtocol

/// Everything that a snapshot holds, as it is written.
struct SnapshotContent {
    struct Column {
        let variable: SiteVariable
        let codes: [Int64]
    }

    struct Object {
        let caseIndex: Int
        let path: String
        let digest: Digest
    }

    let site: SiteID
    /// Ascending; a patient's position is its index in `patientOfCase`.
    let patientKeys: [String]
    /// In the order of (patient, case key).
    let caseKeys: [String]
    let patientOfCase: [Int32]
    /// In the order in which the site declares its variables.
    let columns: [Column]
    /// By case, then by path.
    let objects: [Object]
}

/// The canonical bytes of a snapshot and of its parts: the same content gives the same bytes on every machine.
///
/// Integers are little-endian. A text is its UTF-8 behind its length in 32 bits; a part is its bytes behind their
/// length in 64 bits. Parts: the format's name, the site, patient keys, case keys, patient of each case (Int32),
/// objects (case index as Int32, path, 32 bytes of SHA-256), then for each variable, in the order of their names, its
/// declaration and its codes (Int64).
enum CanonicalForm {
    static let name = "concordat-catalogue-v1"

    static func texts(_ texts: [String]) -> Data {
        var data = Data()
        data.reserveCapacity(texts.reduce(0) { $0 + 4 + $1.utf8.count })
        for text in texts { append(text, to: &data) }
        return data
    }

    static func readTexts(_ data: Data, count: Int) -> [String]? {
        data.withUnsafeBytes { bytes in
            var texts: [String] = []
            texts.reserveCapacity(count)
            var position = 0
            while position < bytes.count {
                guard bytes.count - position >= 4 else { return nil }
                let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
                position += 4
                guard bytes.count - position >= length else { return nil }
                let text = UnsafeRawBufferPointer(rebasing: bytes[position..<position + length])
                texts.append(String(decoding: text, as: UTF8.self))
                position += length
            }
            return texts.count == count ? texts : nil
        }
    }

    static func integers<Integer: FixedWidthInteger>(_ values: [Integer]) -> Data {
        guard Integer(1).littleEndian == 1 else {
            return values.map(\.littleEndian).withUnsafeBytes { Data($0) }
        }
        return values.withUnsafeBytes { Data($0) }
    }

    /// Nil unless the bytes are exactly `count` integers.
    static func readIntegers<Integer: FixedWidthInteger>(
        _ type: Integer.Type, _ data: Data, count: Int
    ) -> [Integer]? {
        guard data.count == count * MemoryLayout<Integer>.size else { return nil }
        let values = [Integer](unsafeUninitializedCapacity: count) { buffer, initialized in
            data.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
            initialized = count
        }
        return Integer(1).littleEndian == 1 ? values : values.map { Integer(littleEndian: $0) }
    }

    static func digest(_ content: SnapshotContent) -> Digest {
        var accumulator = Digest.Accumulator()
        add(Data(name.utf8), to: &accumulator)
        add(Data(content.site.rawValue.utf8), to: &accumulator)
        add(texts(content.patientKeys), to: &accumulator)
        add(texts(content.caseKeys), to: &accumulator)
        add(integers(content.patientOfCase), to: &accumulator)
        var objects = Data()
        for object in content.objects {
            objects.append(integers([Int32(object.caseIndex)]))
            append(object.path, to: &objects)
            objects.append(object.digest.bytes)
        }
        add(objects, to: &accumulator)
        for column in content.columns.sorted(by: { $0.variable.id < $1.variable.id }) {
            add(declaration(column.variable), to: &accumulator)
            add(integers(column.codes), to: &accumulator)
        }
        return accumulator.digest
    }

    private static func declaration(_ variable: SiteVariable) -> Data {
        var parts = [variable.id.rawValue]
        switch variable.kind {
        case .quantity(let quantity):
            let (low, high) = (quantity.range.lowerBound, quantity.range.upperBound)
            parts += ["quantity", quantity.unit, quantity.resolution.text, "\(low)", "\(high)"]
        case .category(let levels):
            parts += ["category"] + levels
        }
        return texts(parts)
    }

    private static func append(_ text: String, to data: inout Data) {
        let bytes = text.utf8
        withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(contentsOf: bytes)
    }

    private static func add(_ part: Data, to accumulator: inout Digest.Accumulator) {
        withUnsafeBytes(of: UInt64(part.count).littleEndian) { accumulator.update($0) }
        accumulator.update(part)
    }
}

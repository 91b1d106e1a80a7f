import Foundation

/// Writes small DICOM files (Explicit VR Little Endian, PS3.5 section 7.1) element by element, so that a test can also
/// write what no library would.
struct SyntheticSegmentation {
    struct Frame {
        var position: [Double]
        /// One character a pixel, `#` is on; rows are of equal length.
        var mask: [String]
    }

    var sopClass = "1.2.840.10008.5.1.4.1.1.66.4"
    var type = "BINARY"
    var bitsAllocated: UInt16 = 1
    var patient = "P1"
    var tracking = "P1-n1"
    var orientation = [1.0, 0, 0, 0, 1, 0]
    /// Distance of rows, then of columns, in mm.
    var spacing = [0.5, 0.5]
    var thickness = "2.5"
    var frames: [Frame]
    /// Says how many frames there are, when that is to be wrong.
    var declaredFrames: Int?
    var declaredRows: Int?

    var file: Data {
        var dataset = Data()
        let rows = frames.first?.mask.count ?? 0
        let columns = frames.first?.mask.first?.count ?? 0
        dataset += element(0x0008, 0x0016, "UI", text(sopClass, padding: 0))
        dataset += element(0x0008, 0x0018, "UI", text("1.2.3.4", padding: 0))
        dataset += element(0x0010, 0x0020, "LO", text(patient))
        dataset += element(0x0020, 0x000E, "UI", text("1.2.3", padding: 0))
        dataset += element(0x0028, 0x0008, "IS", text("\(declaredFrames ?? frames.count)"))
        dataset += element(0x0028, 0x0010, "US", number(UInt16(declaredRows ?? rows)))
        dataset += element(0x0028, 0x0011, "US", number(UInt16(columns)))
        dataset += element(0x0028, 0x0100, "US", number(bitsAllocated))
        dataset += element(0x0062, 0x0001, "CS", text(type))
        let segment = element(0x0062, 0x0004, "US", number(1)) + element(0x0062, 0x0020, "UT", text(tracking))
        dataset += sequence(0x0062, 0x0002, [segment])
        let measures =
            element(0x0018, 0x0050, "DS", text(thickness))
            + element(0x0028, 0x0030, "DS", text(spacing.map { "\($0)" }.joined(separator: "\\")))
        let plane = element(0x0020, 0x0037, "DS", text(orientation.map { "\($0)" }.joined(separator: "\\")))
        let identification = element(0x0062, 0x000B, "US", number(1))
        let shared =
            sequence(0x0020, 0x9116, [plane]) + sequence(0x0028, 0x9110, [measures])
            + sequence(0x0062, 0x000A, [identification])
        dataset += sequence(0x5200, 0x9229, [shared])
        dataset += sequence(
            0x5200, 0x9230,
            frames.map { frame in
                let position = frame.position.map { "\($0)" }.joined(separator: "\\")
                return sequence(0x0020, 0x9113, [element(0x0020, 0x0032, "DS", text(position))])
            })
        dataset += element(0x7FE0, 0x0010, "OB", pixels)
        let syntax = element(0x0002, 0x0010, "UI", text("1.2.840.10008.1.2.1", padding: 0))
        let group = element(0x0002, 0x0000, "UL", Data([UInt8(syntax.count), 0, 0, 0]))
        return Data(count: 128) + Data("DICM".utf8) + group + syntax + dataset
    }

    private var pixels: Data {
        let bits = frames.flatMap { $0.mask.joined().map { $0 == "#" } }
        var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
        for (index, bit) in bits.enumerated() where bit { bytes[index / 8] |= 1 << UInt8(index % 8) }
        if !bytes.count.isMultiple(of: 2) { bytes.append(0) }
        return Data(bytes)
    }

    private func number(_ value: UInt16) -> Data { Data([UInt8(value & 255), UInt8(value >> 8)]) }

    private func text(_ value: String, padding: UInt8 = 0x20) -> Data {
        let bytes = Data(value.utf8)
        return bytes.count.isMultiple(of: 2) ? bytes : bytes + [padding]
    }

    private func element(_ group: UInt16, _ element: UInt16, _ vr: String, _ value: Data) -> Data {
        var data = number(group) + number(element) + Data(vr.utf8)
        if ["OB", "SQ", "UT"].contains(vr) {
            data += Data(count: 2)
            withUnsafeBytes(of: UInt32(value.count).littleEndian) { data.append(contentsOf: $0) }
        } else {
            data += number(UInt16(value.count))
        }
        return data + value
    }

    private func sequence(_ group: UInt16, _ number: UInt16, _ items: [Data]) -> Data {
        var value = Data()
        for item in items {
            value += Data([0xFE, 0xFF, 0x00, 0xE0])
            withUnsafeBytes(of: UInt32(item.count).littleEndian) { value.append(contentsOf: $0) }
            value += item
        }
        return element(group, number, "SQ", value)
    }
}

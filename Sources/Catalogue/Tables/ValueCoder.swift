internal import Foundation
internal import Statistics

/// Turns the text of a value into its column code: a quantity's multiple of the resolution or a level's index, or the
/// reserved codes for missing, malformed and out of range. Nothing is clipped or guessed.
struct ValueCoder: Sendable {
    /// What stands for "no value", in any case of its letters, unless a level or a mapped spelling is written so.
    static let missingSpellings = ["", "NA", "N/A", "null"]

    private enum Kind: Sendable {
        case quantity(Resolution, ClosedRange<Int64>)
        case category(spellings: [(bytes: [UInt8], code: Int64)])
    }

    private let kind: Kind

    init(_ variable: SiteVariable) {
        switch variable.kind {
        case .quantity(let quantity):
            kind = .quantity(quantity.resolution, quantity.range)
        case .category(let levels):
            var spellings = levels.enumerated().map { (bytes: Array($0.element.utf8), code: Int64($0.offset)) }
            // Sorted, so that the value does not hang on a dictionary's order. Reading the description proved that
            // every mapped spelling names a level.
            for (spelling, level) in variable.spellings.sorted(by: { $0.key < $1.key }) {
                guard let index = levels.firstIndex(of: level) else { continue }
                spellings.insert((Array(spelling.utf8), Int64(index)), at: 0)
            }
            kind = .category(spellings: spellings)
        }
    }

    func code(_ text: String?) -> Int64 {
        guard var text else { return Coded.missing }
        return text.withUTF8 { code($0) }
    }

    /// - Parameter bytes: the value in UTF-8; spaces and tabs around it do not count.
    func code(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64 {
        let value = CSVReader.trimmed(bytes)
        switch kind {
        case .quantity(let resolution, let range):
            if Self.isMissing(value) { return Coded.missing }
            return resolution.code(decimalUTF8: value, within: range)
        case .category(let spellings):
            for (spelling, code) in spellings where Self.equal(spelling, value) { return code }
            return Self.isMissing(value) ? Coded.missing : Coded.malformed
        }
    }

    private static func equal(_ spelling: [UInt8], _ value: UnsafeBufferPointer<UInt8>) -> Bool {
        guard spelling.count == value.count else { return false }
        return spelling.withUnsafeBufferPointer { bytes in
            guard let left = bytes.baseAddress, let right = value.baseAddress else { return value.isEmpty }
            return memcmp(left, right, value.count) == 0
        }
    }

    private static func isMissing(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        guard value.count <= 4 else { return false }
        if value.isEmpty { return true }
        return missingSpellings.contains { spelling in
            spelling.utf8.count == value.count
                && zip(spelling.utf8, value).allSatisfy { lowercased($0) == lowercased($1) }
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}

import Foundation

/// Numbers for tests: the same sequence for the same seed (SplitMix64; Steele, Lea and Flood 2014).
struct LocalFileGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number with the mean 0 and the standard deviation 1, nearly normal.
    mutating func deviate() -> Double {
        (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
    }
}

/// Writes a file of its own, gives its path to the body and removes it.
func withLocalFile<Result>(
    _ bytes: some Sequence<UInt8>, suffix: String = ".csv", _ body: (String) throws -> Result
) throws -> Result {
    let url = FileManager.default.temporaryDirectory.appending(path: "local-\(UUID().uuidString)\(suffix)")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
}

/// A `.npy` file of version 1.0.
func numpyFile(_ element: String, _ shape: [Int], fortran: Bool = false, _ data: [UInt8]) -> [UInt8] {
    let axes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(element)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(axes)), }"
    text += String(repeating: " ", count: 63 - (text.utf8.count + 10) % 64) + "\n"
    return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, UInt8(text.utf8.count & 255), UInt8(text.utf8.count >> 8)]
        + Array(text.utf8) + data
}

/// The little-endian bytes of numbers.
func littleEndian(_ values: [Double]) -> [UInt8] {
    values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) } }
}

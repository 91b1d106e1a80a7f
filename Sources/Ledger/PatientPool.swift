/// Patients whose columns over all positions of a ledger were looked up.
struct PatientPool {
    private(set) var patients: [UInt32] = []
    /// Of each block of 8 positions, of each patient a byte: bit `s` of byte `b` is position `8 b + s`.
    private(set) var bytes: [UInt8] = []
    /// Of each, the odd multiplicities in the new rows.
    private(set) var own: [UInt64] = []
    var isTaken: [Bool] = []

    var count: Int { patients.count }

    init() {}

    init(_ patients: [UInt32], held: [Ledger.Held], batch: RowBatch) {
        self.patients = patients
        own = patients.map { batch.parity(Int($0)) }
        isTaken = patients.map { _ in false }
        let count = patients.count
        bytes = [UInt8](repeating: 0, count: held.reduce(0) { $0 + $1.positionCount } / 8 * count)
        bytes.withUnsafeMutableBufferPointer { bytes in
            var start = 0
            for held in held {
                let width = held.positionCount / 8
                for (index, word) in held.block.parities(of: patients).enumerated() {
                    for byte in 0..<width {
                        bytes[start + byte * count + index] = UInt8(truncatingIfNeeded: word >> UInt64(8 * byte))
                    }
                }
                start += width * count
            }
        }
    }

    mutating func append(_ other: PatientPool) {
        guard other.count > 0 else { return }
        let blocks = count > 0 ? bytes.count / count : other.bytes.count / other.count
        var joined: [UInt8] = []
        joined.reserveCapacity(bytes.count + other.bytes.count)
        for block in 0..<blocks {
            joined += bytes[block * count..<(block + 1) * count]
            joined += other.bytes[block * other.count..<(block + 1) * other.count]
        }
        bytes = joined
        patients += other.patients
        own += other.own
        isTaken += other.isTaken
    }

    /// The bytes of one patient over the positions.
    func column(_ index: Int) -> [UInt8] {
        guard count > 0 else { return [] }
        return stride(from: index, to: bytes.count, by: count).map { bytes[$0] }
    }
}

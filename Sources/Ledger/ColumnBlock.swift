internal import Foundation

/// What one batch of rows that the ledger holds says of each patient, as `RowBatch`, in bytes that may lie in a mapped
/// file: they are read where they are asked for.
struct ColumnBlock: Sendable {
    let data: Data
    let planeCount: Int
    let patientCount: Int

    init?(data: Data, planeCount: Int, patientCount: Int) {
        guard planeCount >= 1, planeCount <= 16, patientCount >= 0, patientCount <= PatientRow.maximumPatients,
            data.count == 8 * planeCount * patientCount
        else { return nil }
        self.data = data
        self.planeCount = planeCount
        self.patientCount = patientCount
    }

    init(_ batch: RowBatch) {
        // Those after the last patient of the batch are zero anyway.
        let count = batch.planes.reduce(0) { largest, plane in
            max(largest, (plane.lastIndex { $0 != 0 } ?? -1) + 1)
        }
        var data = Data(capacity: 8 * count * batch.planes.count)
        for plane in batch.planes {
            let words = plane.prefix(count).map(\.littleEndian)
            words.withUnsafeBytes { data.append(contentsOf: $0) }
        }
        self.data = data
        planeCount = batch.planes.count
        patientCount = count
    }

    /// Calls with a reader of (plane, patient) that is valid during the call.
    func read<Result>(_ body: (_ word: (Int, Int) -> UInt64) -> Result) -> Result {
        data.withUnsafeBytes { bytes in
            body { plane, patient in
                guard patient < patientCount, plane < planeCount else { return 0 }
                let place = 8 * (plane * patientCount + patient)
                return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            }
        }
    }
}

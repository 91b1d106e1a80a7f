internal import Dispatch
internal import Scoring
internal import Synchronization
import TextCatalogue

/// The files of a reference and a prediction.
struct MaskFilePair {
    let reference: String
    let prediction: String
    let threads: Int

    struct Masks {
        let reference: BinaryMask
        let prediction: BinaryMask
        /// How many labels each file holds; empty where a label was asked for.
        let labels: [MaskFile.Labels]
    }

    /// Reads both masks: of a label, or of all but 0.
    func read(label: Int64?) throws(LocalFileError) -> Masks {
        let found = try both { path throws(MaskFile.Failure) in
            guard let label else { return try MaskFile.readForeground(path: path) }
            return (try MaskFile.read(path: path, label: label), MaskFile.Labels.none)
        }
        return Masks(
            reference: found.0.mask, prediction: found.1.mask,
            labels: label == nil ? [found.0.labels, found.1.labels] : [])
    }

    /// The values other than 0 in either file, ascending; nil when there are more than so many.
    func labels(limit: Int) throws(LocalFileError) -> [Int64]? {
        let found = try both { path throws(MaskFile.Failure) in try MaskFile.labels(path: path, limit: limit) }
        guard let first = found.0, let second = found.1 else { return nil }
        let all = Set(first).union(second)
        return all.count <= limit ? all.sorted() : nil
    }

    /// Does the same with both files, at the same time if there are threads; an error of the reference comes first.
    private func both<Found: Sendable>(
        _ body: @Sendable (String) throws(MaskFile.Failure) -> Found
    ) throws(LocalFileError) -> (Found, Found) {
        guard threads > 1 else { return (try result(reference, body).get(), try result(prediction, body).get()) }
        let results = Mutex<[Int: Result<Found, LocalFileError>]>([:])
        withoutActuallyEscaping(body) { body in
            DispatchQueue.concurrentPerform(iterations: 2) { place in
                let found = result(place == 0 ? reference : prediction, body)
                results.withLock { $0[place] = found }
            }
        }
        let found = results.withLock { $0 }
        guard let first = found[0], let second = found[1] else {
            return (try result(reference, body).get(), try result(prediction, body).get())
        }
        return (try first.get(), try second.get())
    }

    private func result<Found>(
        _ path: String, _ body: (String) throws(MaskFile.Failure) -> Found
    ) -> Result<Found, LocalFileError> {
        do throws(MaskFile.Failure) { return .success(try body(path)) } catch {
            return .failure(LocalFileError(error, path: path))
        }
    }
}

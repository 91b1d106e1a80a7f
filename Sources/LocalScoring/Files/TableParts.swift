internal import Dispatch

/// Reads the parts of a table at the same time.
enum TableParts {
    /// What a thread gives back. Each box is written by one iteration and read after all of them, which is why it may be
    /// shared.
    private final class Box<Value>: @unchecked Sendable {
        var result: Result<Value, LocalFileError>?
    }

    /// A work that several threads may do at once, each on its own part.
    private struct Work<Value>: @unchecked Sendable {
        let body: (Range<Int>) -> Result<Value, LocalFileError>
    }

    /// What the body gives for each part, in their order.
    static func inParallel<Value>(
        _ parts: [Range<Int>], _ body: @escaping (Range<Int>) -> Result<Value, LocalFileError>
    ) -> [Result<Value, LocalFileError>] {
        guard parts.count > 1 else { return parts.map(body) }
        let work = Work(body: body)
        let boxes = parts.map { _ in Box<Value>() }
        DispatchQueue.concurrentPerform(iterations: parts.count) { index in
            boxes[index].result = work.body(parts[index])
        }
        return boxes.compactMap(\.result)
    }
}

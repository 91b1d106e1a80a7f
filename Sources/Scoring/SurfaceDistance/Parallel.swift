internal import Dispatch

/// Work on numbered parts, dealt out to threads in turn.
enum Parallel {
    /// Calls the body once for each part, with the number of the thread, which is below `threads`. A thread takes its
    /// parts in ascending order, always the same ones.
    static func run(_ parts: Int, threads: Int, _ body: (_ part: Int, _ thread: Int) -> Void) {
        let count = max(1, min(threads, parts))
        guard count > 1 else {
            for part in 0..<parts { body(part, 0) }
            return
        }
        withoutActuallyEscaping(body) { body in
            // Safe, for the call returns only when every thread is done, and the parts write to places of their own.
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: count) { thread in
                for part in stride(from: thread, to: parts, by: count) { body(part, thread) }
            }
        }
    }
}

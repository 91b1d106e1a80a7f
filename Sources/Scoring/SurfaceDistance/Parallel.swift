internal import Dispatch
internal import Synchronization

/// Work on numbered parts, shared out to threads.
enum Parallel {
    /// Calls the body once for each part, with the number of the thread, which is below `threads`. A thread takes the next
    /// part when it is done with one, so that which thread takes which is left to chance: nothing may depend on it.
    static func run(_ parts: Int, threads: Int, _ body: (_ part: Int, _ thread: Int) -> Void) {
        let count = max(1, min(threads, parts))
        guard count > 1 else {
            for part in 0..<parts { body(part, 0) }
            return
        }
        let next = Atomic(0)
        withoutActuallyEscaping(body) { body in
            // Safe, for the call returns only when every thread is done, and the parts write to places of their own.
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: count) { thread in
                while true {
                    let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard part < parts else { return }
                    body(part, thread)
                }
            }
        }
    }
}

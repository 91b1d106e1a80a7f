import CConfinement
import Glibc
import Synchronization

/// A pipe whose ends are closed at most once, and at the latest with the value's last reference.
final class Pipe: Sendable {
    private let ends: Mutex<(read: Int32, write: Int32)>

    init() throws(ModelRuntimeError) {
        var (read, write): (Int32, Int32) = (-1, -1)
        let error = concordat_make_pipe(&read, &write)
        guard error == 0 else { throw ConfinedProcess.unavailable(error, "cannot make a pipe") }
        ends = Mutex((read, write))
    }

    deinit {
        closeReadEnd()
        closeWriteEnd()
    }

    /// -1 once it is closed.
    var readEnd: Int32 { ends.withLock { $0.read } }
    /// -1 once it is closed.
    var writeEnd: Int32 { ends.withLock { $0.write } }

    func closeReadEnd() {
        ends.withLock { ends in
            if ends.read >= 0 { close(ends.read) }
            ends.read = -1
        }
    }

    func closeWriteEnd() {
        ends.withLock { ends in
            if ends.write >= 0 { close(ends.write) }
            ends.write = -1
        }
    }
}

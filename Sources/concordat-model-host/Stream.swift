import COnnxRuntime
import Glibc

/// Whole values over the pipes to the agent. When the agent is gone there is nobody to tell: the process ends.
enum Stream {
    /// Takes standard output for the answers alone; whatever a library may print goes to the diagnostics instead.
    static func takeStandardOutput() -> Int32? {
        let answer = fcntl(STDOUT_FILENO, F_DUPFD, 3)
        return answer >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 ? answer : nil
    }

    /// Fills the buffer from standard input; false when the input ends before.
    static func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
        var offset = 0
        while offset < buffer.count, let start = buffer.baseAddress {
            let count = Glibc.read(STDIN_FILENO, start + offset, buffer.count - offset)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }

    static func read<Value: BitwiseCopyable>() -> Value? {
        withUnsafeTemporaryAllocation(of: Value.self, capacity: 1) { place in
            fill(UnsafeMutableRawBufferPointer(place)) ? place[0] : nil
        }
    }

    static func write<Value: BitwiseCopyable>(_ value: Value, to descriptor: Int32) {
        withUnsafeBytes(of: value) { bytes in
            var offset = 0
            while offset < bytes.count, let start = bytes.baseAddress {
                let count = Glibc.write(descriptor, start + offset, bytes.count - offset)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { _exit(1) }
                offset += count
            }
        }
    }

    /// Words for the site's own log; the agent keeps only the beginning.
    static func report(_ message: concordat_ort_message) {
        withUnsafeBytes(of: message.text) { text in
            _ = Glibc.write(STDERR_FILENO, text.baseAddress, text.firstIndex(of: 0) ?? text.count)
        }
    }
}

import COnnxRuntime
import Glibc

/// Whole values over the pipes to the agent. When the agent is gone there is nobody to tell: the process ends.
enum Stream {
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
    static func report(_ message: concordat_ort_message, to descriptor: Int32) {
        withUnsafeBytes(of: message.text) { text in
            _ = Glibc.write(descriptor, text.baseAddress, text.firstIndex(of: 0) ?? text.count)
        }
    }
}

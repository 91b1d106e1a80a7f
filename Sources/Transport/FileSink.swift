import Foundation

/// Writes the body of a download to a file, from where an earlier try stopped.
///
/// Used by one transfer at a time, on the loop's thread; see `Transfer`.
final class FileSink {
    private let descriptor: Int32
    private var offset: Int64
    private var isPlaced = false

    /// Opens or creates the file (mode 0600) and remembers its length as the place to go on from.
    init(path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw TransportError(.cannotWrite) }
        offset = Int64(lseek(descriptor, 0, SEEK_END))
        guard offset >= 0 else { throw TransportError(.cannotWrite) }
    }

    deinit {
        close(descriptor)
    }

    /// How many bytes an earlier try left.
    var resumeOffset: Int64 { offset }

    /// Takes a piece of a response's body.
    /// - Returns: false when the response is not the file (its status is neither 200 nor 206).
    func take(_ piece: UnsafeRawBufferPointer, status: Int, contentRange: String?) throws -> Bool {
        guard status == 200 || status == 206 else { return false }
        if !isPlaced {
            // 200 means that the server ignored the range and sends the whole file.
            if status == 200 || !(contentRange ?? "").hasPrefix("bytes \(offset)-") {
                guard status == 200 else { throw TransportError(.protocolViolation) }
                guard ftruncate(descriptor, 0) == 0 else { throw TransportError(.cannotWrite) }
                offset = 0
            }
            isPlaced = true
        }
        var rest = piece
        while !rest.isEmpty {
            let written = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset))
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw TransportError(.cannotWrite) }
            offset += Int64(written)
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
        return true
    }

    /// Makes what was written durable.
    func finish() throws {
        guard fsync(descriptor) == 0 else { throw TransportError(.cannotWrite) }
    }
}

internal import Foundation
internal import TextCatalogue

/// A regular file that is read by position; closed when it is released. Reading by position keeps no state, so that
/// several threads may read at once.
final class LocalFile: Sendable {
    let path: String
    /// Bytes, when it was opened.
    let size: Int
    private let descriptor: Int32

    init(path: String) throws(LocalFileError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            size = 0
            throw LocalFileError(.fileUnreadable, .localFileUnreadable(path))
        }
        size = Int(status.st_size)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Reads bytes from an offset; fewer than asked only at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(LocalFileError) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw LocalFileError(.fileUnreadable, .localFileUnreadable(path)) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// Reads exactly these bytes; a file that has become shorter is `file-changed`.
    func readWhole(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(LocalFileError) {
        guard try read(into: buffer, at: offset) == buffer.count else {
            throw LocalFileError(.fileChanged, .localFileChanged(path))
        }
    }

    /// The line and column of a byte, both from 1, found by reading the file up to it: errors alone ask.
    func place(ofByte offset: Int) -> FilePlace {
        var line = 1
        var lineStart = 0
        var position = 0
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while position < offset {
            let wanted = min(bytes.count, offset - position)
            let count = bytes.withUnsafeMutableBytes { buffer in
                (try? read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: position)) ?? 0
            }
            guard count > 0 else { break }
            for index in 0..<count where bytes[index] == 0x0a {
                line += 1
                lineStart = position + index + 1
            }
            position += count
        }
        return FilePlace(file: path, line: line, column: offset - lineStart + 1)
    }
}

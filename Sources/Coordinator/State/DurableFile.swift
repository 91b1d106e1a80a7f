internal import Foundation
internal import Glibc
internal import TextCatalogue

/// Files that are complete or absent: written beside their place, synchronised, then renamed into it.
enum DurableFile {
    /// - Parameter permissions: of the new file; `0o600` for secrets.
    static func write(_ data: Data, to url: URL, permissions: mode_t) throws(CoordinatorError) {
        let partial = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).partial-\(getpid())")
        // Left behind only by an earlier process of the same number that was killed.
        unlink(partial.path(percentEncoded: false))
        do {
            let descriptor = try check(
                open(partial.path(percentEncoded: false), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions))
            do {
                defer { close(descriptor) }
                try data.withUnsafeBytes { try writeAll($0, to: descriptor) }
                try check(fsync(descriptor))
            } catch {
                unlink(partial.path(percentEncoded: false))
                throw error
            }
            try check(rename(partial.path(percentEncoded: false), url.path(percentEncoded: false)))
            try synchronise(directory: url.deletingLastPathComponent())
        } catch {
            throw CoordinatorError(.fileUnwritable, .coordinatorFileUnwritable(url.lastPathComponent))
        }
    }

    /// Makes a rename in the directory outlast a loss of power.
    static func synchronise(directory: URL) throws {
        let descriptor = try check(open(directory.path(percentEncoded: false), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        defer { close(descriptor) }
        try check(fsync(descriptor))
    }

    static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            rest = rest.dropFirst(Int(try check(Int32(clamping: count))))
        }
    }

    @discardableResult
    static func check(_ result: Int32) throws -> Int32 {
        guard result >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return result
    }
}

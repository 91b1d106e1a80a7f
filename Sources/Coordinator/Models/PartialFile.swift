internal import Foundation
internal import NIOCore

/// A file that is being received. It has one writer at a time, which awaits each step before the next.
final class PartialFile: Sendable {
    private let descriptor: Int32
    private let place: URL

    init(at place: URL) throws {
        self.place = place
        descriptor = try DurableFile.check(
            open(place.path(percentEncoded: false), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
    }

    deinit { close(descriptor) }

    func append(_ buffer: ByteBuffer) throws {
        try buffer.readableBytesView.withUnsafeBytes { try DurableFile.writeAll($0, to: descriptor) }
    }

    /// Makes the content durable, then gives it its name.
    func finish(as url: URL) throws {
        try DurableFile.check(fsync(descriptor))
        try DurableFile.check(rename(place.path(percentEncoded: false), url.path(percentEncoded: false)))
        try DurableFile.synchronise(directory: url.deletingLastPathComponent())
        try DurableFile.synchronise(directory: url.deletingLastPathComponent().deletingLastPathComponent())
    }

    func discard() { unlink(place.path(percentEncoded: false)) }
}

internal import Foundation
internal import TextCatalogue

/// Holds the state folder for one `serve` at a time. The kernel lets go of it when the process ends, however it ends.
public final class StateLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `already-serving` when another process holds it; `file-unwritable`.
    public init(_ state: StateDirectory) throws {
        let path = state.lock.path(percentEncoded: false)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CoordinatorError(.fileUnwritable, .coordinatorFileUnwritable(path)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw CoordinatorError(
                .alreadyServing, .coordinatorAlreadyServing(state.url.path(percentEncoded: false)))
        }
    }

    deinit { close(descriptor) }
}

import Foundation
internal import TextCatalogue

/// Holds the state directory for one `serve` at a time. The kernel lets go of it when the process ends, however it
/// ends.
final class StateLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `already-serving` when another process holds it; `state-unwritable`.
    init(_ state: StateDirectory) throws(AgentError) {
        descriptor = open(state.lock.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw AgentError(.stateUnwritable, .agentStateUnwritable(state.lock.path))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw AgentError(.alreadyServing, .agentAlreadyServing(state.url.path))
        }
    }

    deinit {
        close(descriptor)
    }
}

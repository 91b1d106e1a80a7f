import Foundation
internal import TextCatalogue

/// Files that are either whole under their name or not there, and survive a loss of power once written.
enum DurableFile {
    /// Writes a file of mode 0600 next to its place, makes it durable, and moves it there in one step.
    /// - Throws: `disk-full` or `state-unwritable`.
    static func write(_ bytes: Data, to destination: URL) throws(AgentError) {
        let folder = destination.deletingLastPathComponent()
        let temporary = folder.appendingPathComponent(".\(destination.lastPathComponent).new")
        let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure(destination) }
        var isWritten = fchmod(descriptor, 0o600) == 0
        bytes.withUnsafeBytes { buffer in
            var rest = buffer
            while isWritten, !rest.isEmpty {
                let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                isWritten = count > 0
                if isWritten { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
            }
        }
        isWritten = isWritten && fsync(descriptor) == 0
        let problem = errno
        close(descriptor)
        guard isWritten else {
            unlink(temporary.path)
            errno = problem
            throw failure(destination)
        }
        guard rename(temporary.path, destination.path) == 0 else { throw failure(destination) }
        try synchronize(folder)
    }

    /// Makes the names in a folder durable.
    static func synchronize(_ folder: URL) throws(AgentError) {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(folder) }
    }

    /// Reads a file of at most `limit` bytes; nil when it does not exist.
    /// - Throws: `state-unreadable`.
    static func read(_ file: URL, limit: Int = 64 << 20) throws(AgentError) -> Data? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        do {
            let bytes = try Data(contentsOf: file)
            guard bytes.count <= limit else { throw AgentError(.stateUnreadable, .agentStateUnreadable(file.path)) }
            return bytes
        } catch {
            throw AgentError(.stateUnreadable, .agentStateUnreadable(file.path))
        }
    }

    private static func failure(_ file: URL) -> AgentError {
        errno == ENOSPC || errno == EDQUOT
            ? AgentError(.diskFull, .agentDiskFull(file.deletingLastPathComponent().path))
            : AgentError(.stateUnwritable, .agentStateUnwritable(file.path))
    }
}

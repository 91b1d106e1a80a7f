public import Foundation
import TextCatalogue

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files with secrets: readable by their owner alone, never overwritten.
public enum KeyFile {
    private static let maximumSize = 64 << 10

    /// Writes a new file of mode 0600. The content is complete, and on the disk, before the name exists; a crash
    /// leaves at most a file whose name begins with a dot.
    /// - Throws: `key-file-exists` or `key-file-unwritable`.
    public static func create(_ content: Data, at path: String) throws(EvidenceError) {
        let parentPath = (path as NSString).deletingLastPathComponent
        let directory = parentPath.isEmpty ? "." : parentPath
        let hiddenName = ".\((path as NSString).lastPathComponent).XXXXXX"
        var template = Array((directory as NSString).appendingPathComponent(hiddenName).utf8CString)
        guard access(path, F_OK) != 0 else { throw EvidenceError(.keyFileExists, .keyFileExists(path)) }
        // A name of its own for every writer, so that none can link what another is still writing.
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw unwritable(path) }
        defer {
            close(descriptor)
            unlink(template)
        }
        // POSIX leaves the mode of mkstemp to the platform; all of today's use 0600.
        guard fchmod(descriptor, 0o600) == 0 else { throw unwritable(path) }
        var rest = content[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw unwritable(path) }
            rest = rest.dropFirst(written)
        }
        guard fsync(descriptor) == 0 else { throw unwritable(path) }
        // Unlike rename, link never replaces a file.
        guard link(template, path) == 0 else {
            if errno == EEXIST { throw EvidenceError(.keyFileExists, .keyFileExists(path)) }
            throw unwritable(path)
        }
        let parent = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if parent >= 0 {
            fsync(parent)
            close(parent)
        }
    }

    /// Reads a file with a secret.
    /// - Throws: `key-file-unreadable`; `key-file-exposed` when group or others have any access to it.
    public static func load(_ path: String) throws(EvidenceError) -> Data {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        // Asked of the open file, so that the answer is about the bytes that are read.
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path, String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw unreadable(path, "not a regular file") }
        guard status.st_mode & 0o077 == 0 else { throw EvidenceError(.keyFileExposed, .keyFileExposed(path)) }
        guard status.st_size <= maximumSize else { throw unreadable(path, "larger than \(maximumSize) bytes") }
        var content = Data()
        var buffer = [UInt8](repeating: 0, count: 4096)
        while content.count <= maximumSize {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, String(cString: strerror(errno))) }
            if count == 0 { break }
            content.append(contentsOf: buffer[..<count])
        }
        return content
    }

    private static func unwritable(_ path: String) -> EvidenceError {
        EvidenceError(.keyFileUnwritable, .keyFileUnwritable(path, String(cString: strerror(errno))))
    }

    private static func unreadable(_ path: String, _ reason: String) -> EvidenceError {
        EvidenceError(.keyFileUnreadable, .keyFileUnreadable(path, reason))
    }
}

extension SigningKey {
    /// Reads a private key file.
    /// - Throws: what `KeyFile.load` throws; `invalid-key`.
    public init(file path: String) throws(EvidenceError) {
        try self.init(pem: String(decoding: KeyFile.load(path), as: UTF8.self))
    }

    /// Writes the private key to a new file that only its owner can read.
    /// - Throws: `key-file-exists` or `key-file-unwritable`.
    public func write(to path: String) throws(EvidenceError) {
        try KeyFile.create(Data(pem.utf8), at: path)
    }
}

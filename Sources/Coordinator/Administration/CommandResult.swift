public import Foundation
public import TextCatalogue

/// What a command has to say: a JSON document, and the same for people.
public struct CommandResult: Sendable {
    /// JSON with a line end.
    public let document: Data
    public let lines: [Phrase]
    /// Whether the document must be kept from others.
    public let isSecret: Bool

    /// Puts the document into a file: for its owner alone when it is secret.
    /// - Throws: `file-unwritable`.
    public func write(to url: URL) throws(CoordinatorError) {
        try DurableFile.write(document, to: url, permissions: isSecret ? 0o600 : 0o644)
    }
}

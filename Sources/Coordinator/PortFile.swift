public import Foundation

/// Tells others which port was bound: the number and a line end, there complete or not at all.
public enum PortFile {
    /// - Throws: `file-unwritable`.
    public static func write(_ port: Int, to url: URL) throws(CoordinatorError) {
        try DurableFile.write(Data("\(port)\n".utf8), to: url, permissions: 0o644)
    }
}

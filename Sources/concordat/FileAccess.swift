import Foundation

/// Reading and writing the files that a user names.
enum FileAccess {
    /// More than any document of ours.
    static let largestDocument = 64 << 20

    /// - Parameter most: bytes; a larger file is refused before it is read whole.
    static func read(_ path: String, most: Int = largestDocument) throws -> Data {
        guard let handle = FileHandle(forReadingAtPath: path),
            // An empty file gives nil, not empty data.
            let data = try? handle.read(upToCount: most + 1) ?? Data(), data.count <= most
        else { throw CommandError.unreadable(path, most: most) }
        return data
    }

    /// Replaces the file in one step, so that a reader never sees half of it.
    static func write(_ data: Data, to path: String) throws {
        do {
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandError.unwritable(path)
        }
    }

    static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw CommandError.unwritable(path)
        }
    }
}

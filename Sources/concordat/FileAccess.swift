import Foundation

/// Reading and writing the files that a user names.
enum FileAccess {
    /// More than any document of ours.
    static let largest = 64 << 20

    static func read(_ path: String) throws -> Data {
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: largest + 1),
            data.count <= largest
        else { throw CommandError.unreadable(path) }
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

internal import Foundation
internal import TextCatalogue

/// Finds the regular files of a folder and its subfolders, in an order that does not hang on the file system.
///
/// Symbolic links inside the folder are not followed, so that a link cannot bring in files from elsewhere; the folder
/// itself may be one. Hidden files and folders (a name with a leading dot) and `DICOMDIR` are passed over.
struct FolderWalk {
    static let maximumFiles = 5_000_000
    static let maximumDepth = 64

    /// Paths relative to the folder, sorted by their bytes.
    private(set) var files: [String] = []
    /// Folders that could not be listed, relative to the folder.
    private(set) var unlistable: [String] = []

    init(_ folder: String) throws(CatalogueError) {
        var status = stat()
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, let root = opendir(folder) else {
            throw CatalogueError(.fileUnreadable, .siteFileUnreadable(folder))
        }
        try list(root, folder: folder, prefix: "", depth: 0)
        files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        unlistable.sort()
    }

    private mutating func list(
        _ directory: OpaquePointer, folder: String, prefix: String, depth: Int
    ) throws(CatalogueError) {
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix("."), name != "DICOMDIR" else { continue }
            let relative = prefix + name
            let path = folder + "/" + relative
            var status = stat()
            guard lstat(path, &status) == 0 else {
                unlistable.append(relative)
                continue
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                guard files.count < Self.maximumFiles else {
                    throw CatalogueError(.tooManyFiles, .dicomTooManyFiles(limit: Self.maximumFiles))
                }
                files.append(relative)
            case S_IFDIR:
                guard depth < Self.maximumDepth, let child = opendir(path) else {
                    unlistable.append(relative)
                    continue
                }
                try list(child, folder: folder, prefix: relative + "/", depth: depth + 1)
            default: continue
            }
        }
    }
}

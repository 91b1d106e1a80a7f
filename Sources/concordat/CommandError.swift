import TextCatalogue

/// What goes wrong in the commands themselves; everything else is the error of the module that it happened in.
struct CommandError: UserFacingError {
    let code: String
    let phrase: Phrase

    static func unreadable(_ path: String, most: Int) -> CommandError {
        CommandError(code: "file-unreadable", phrase: .fileUnreadable(path, mebibytes: most >> 20))
    }
    static func unwritable(_ path: String) -> CommandError {
        CommandError(code: "file-unwritable", phrase: .fileUnwritable(path))
    }
    static func exists(_ path: String) -> CommandError {
        CommandError(code: "file-exists", phrase: .fileExists(path))
    }
    static let resultsDiffer = CommandError(code: "results-differ", phrase: .resultsDiffer)
    static let protocolDiffers = CommandError(code: "protocol-differs", phrase: .protocolDiffers)
    static func modelDiffers(_ expected: String, _ found: String) -> CommandError {
        CommandError(code: "model-digest-mismatch", phrase: .submitModelDiffers(expected, found))
    }
}

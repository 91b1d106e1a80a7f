import TextCatalogue

extension LocalFileError {
    /// What a person is told when a file gives no mask.
    init(_ failure: MaskFile.Failure, path: String) {
        switch failure {
        case .unreadable: self.init(.fileUnreadable, .localFileUnreadable(path))
        case .header(.unsupported(let name)): self.init(.maskNotLabels, .localMaskNotLabels(path, name))
        case .header(.malformed), .header(.truncated): self.init(.arrayMalformed, .localArrayMalformed(path))
        case .notLabels(let name): self.init(.maskNotLabels, .localMaskNotLabels(path, name))
        case .shape(let shape): self.init(.maskShape, .localMaskShape(path, shape))
        case .length(let expected, let found):
            self.init(.arrayTruncated, .localArrayTruncated(path, expected: expected, found: found))
        }
    }
}

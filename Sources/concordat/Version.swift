internal import Messages

enum Version {
    static let current = ConcordatVersion.current
}

internal import Evidence

/// The uploads that are being received. A file has one at a time, so that nobody fills the disk with copies of it.
actor UploadsUnderWay {
    struct Target: Hashable, Sendable {
        let model: Digest
        let file: Digest
    }

    private var targets: Set<Target> = []

    /// True when nobody is uploading the file; the caller then sees to it that `end` follows.
    func begin(_ target: Target) -> Bool { targets.insert(target).inserted }

    func end(_ target: Target) { targets.remove(target) }
}

public import Evidence

/// The model under test: a package addressed by the digest of its manifest.
public struct ModelReference: Hashable, Sendable {
    public let name: String
    public let version: String
    /// SHA-256 of the bytes of the package's `model.json`.
    public let digest: Digest
    /// Sites whose data the model has seen: none of them may evaluate it.
    public let trainingSites: [SiteID]
}

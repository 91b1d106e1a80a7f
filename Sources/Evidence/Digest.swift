internal import Crypto
public import Foundation
import TextCatalogue

/// A SHA-256 digest (FIPS 180-4), written `sha256:` and 64 lower-case hexadecimal digits, also in JSON.
public struct Digest: Hashable, Sendable {
    public static let byteCount = 32
    private static let prefix = "sha256:"

    /// The 32 bytes.
    public let bytes: Data

    /// The digest of the data.
    public init(of data: some DataProtocol) {
        bytes = Data(SHA256.hash(data: data))
    }

    /// Reads `sha256:<hex>`.
    /// - Throws: `invalid-digest`.
    public init(_ text: String) throws(EvidenceError) {
        guard text.utf8.starts(with: Self.prefix.utf8) else {
            throw EvidenceError(.invalidDigest, .invalidDigest)
        }
        try self.init(hex: String(text.utf8.dropFirst(Self.prefix.utf8.count)) ?? "")
    }

    /// Reads 64 lower-case hexadecimal digits.
    /// - Throws: `invalid-digest`.
    public init(hex: String) throws(EvidenceError) {
        guard let bytes = Hexadecimal.decode(hex), bytes.count == Self.byteCount else {
            throw EvidenceError(.invalidDigest, .invalidDigest)
        }
        self.bytes = bytes
    }

    /// Takes 32 bytes that are a digest.
    /// - Throws: `invalid-digest` when they are not 32.
    public init(bytes: Data) throws(EvidenceError) {
        guard bytes.count == Self.byteCount else { throw EvidenceError(.invalidDigest, .invalidDigest) }
        self.bytes = Data(bytes)
    }

    fileprivate init(finished: SHA256.Digest) { bytes = Data(finished) }

    public var hex: String { Hexadecimal.encode(bytes) }

    /// Computes a digest of data that comes in pieces.
    public struct Accumulator {
        private var hash = SHA256()

        public init() {}

        public mutating func update(_ data: some DataProtocol) { hash.update(data: data) }

        public mutating func update(_ buffer: UnsafeRawBufferPointer) { hash.update(bufferPointer: buffer) }

        /// The digest of what has come so far.
        public var digest: Digest { Digest(finished: hash.finalize()) }
    }
}

extension Digest: CustomStringConvertible {
    public var description: String { Self.prefix + hex }
}

extension Digest: Comparable {
    public static func < (left: Digest, right: Digest) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

extension Digest: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(try container.decode(String.self))
        } catch let error as EvidenceError {
            throw DecodingError.refused(error, in: container)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension DecodingError {
    static func refused(_ error: EvidenceError, in container: any SingleValueDecodingContainer) -> DecodingError {
        .dataCorrupted(
            .init(
                codingPath: container.codingPath, debugDescription: error.phrase.english, underlyingError: error))
    }
}

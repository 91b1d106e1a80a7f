internal import Evidence
public import Foundation
public import StudyProtocol

/// What the coordinator takes from the outside world: the time and randomness. Tests bring their own.
public struct Surroundings: Sendable {
    public let now: @Sendable () -> Timestamp
    /// So many bytes from a cryptographic generator.
    public let randomBytes: @Sendable (Int) -> Data

    public init(now: @escaping @Sendable () -> Timestamp, randomBytes: @escaping @Sendable (Int) -> Data) {
        self.now = now
        self.randomBytes = randomBytes
    }

    /// The system's clock and generator.
    public static let system = Surroundings(
        now: { Timestamp(secondsSinceEpoch: Int64(Date().timeIntervalSince1970)) },
        randomBytes: { count in
            var generator = SystemRandomNumberGenerator()
            return Data((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        }
    )

    /// A secret of 256 bits for a one-time or bearer token, in lower-case hex.
    func token() -> String { randomBytes(32).hexText }

    /// The nonce of a job: 128 bits in lower-case hex.
    func nonce() -> String { randomBytes(16).hexText }
}

/// A secret that a client presents. Only its hash is stored, so a stolen database opens nothing.
struct TokenHash: Hashable, Sendable {
    let bytes: Data

    /// Nil when the text cannot be a token of ours.
    init?(token: String) {
        guard token.utf8.count == 64 else { return nil }
        bytes = Digest(of: Data(token.utf8)).bytes
    }
}

/// Compares without telling by its duration where two secrets differ.
func equalInConstantTime(_ left: Data, _ right: Data) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
}

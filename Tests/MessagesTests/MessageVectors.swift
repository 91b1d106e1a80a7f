import Foundation
import Messages
import StrictJSON

/// The committed messages: what peers of this version exchange, byte for byte in canonical form.
enum MessageVectors {
    static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    static let root = tests.deletingLastPathComponent().deletingLastPathComponent()

    static func load(_ name: String) throws -> JSONValue {
        try StrictJSON.parse(Data(contentsOf: tests.appending(path: "Vectors/\(name).json")))
    }

    static func loadProtocol(_ name: String) throws -> JSONValue {
        try StrictJSON.parse(Data(contentsOf: root.appending(path: "protocols/\(name).json")))
    }

    /// Every kind of message: its file, and how it is read and written again.
    static let all: [Vector] = [
        Vector("job", JobPredicate.self), Vector("job-without-model", JobPredicate.self),
        Vector("release", ReleasePredicate.self), Vector("invitation", Invitation.self),
        Vector("connection", Connection.self), Vector("enrolment-request", EnrolmentRequest.self),
        Vector("enrolment-response", EnrolmentResponse.self), Vector("challenge-request", ChallengeRequest.self),
        Vector("challenge", Challenge.self), Vector("session-request", SessionRequest.self),
        Vector("session", Session.self), Vector("model-manifest-receipt", ModelManifestReceipt.self),
        Vector("job-status", JobStatus.self), Vector("problem", Problem.self),
        Vector("study-status", StudyStatus.self), Vector("study-list", StudyList.self),
        Vector("envelope-list", EnvelopeList.self),
    ]

    struct Vector: Sendable, CustomStringConvertible {
        let name: String
        let rewrite: @Sendable (JSONValue) throws -> JSONValue

        init<Message: Codable & Sendable>(_ name: String, _ type: Message.Type) {
            self.name = name
            rewrite = { try JSONValue(encoding: $0.decode(Message.self)) }
        }

        var description: String { name }
    }
}

internal import Evidence
public import Foundation
internal import Messages
internal import StrictJSON
internal import StudyProtocol
internal import TextCatalogue

/// Where a preview has the scores of its cases from, when its protocol has a model.
public enum PreviewScores: Hashable, Sendable {
    /// Nowhere: only the flow and the statistics are shown.
    case none
    /// A file of scores: CSV with the columns `case` and `score`, as `predictions/JOB.csv` in the state directory.
    case predictions(URL)
    /// The model's package in a folder: it is run in the sandbox, as for a job.
    case model(URL)
}

/// A protocol out of a file that may be the plain document, a sponsor's signed envelope, or a coordinator's job.
struct PreviewProtocol {
    let studyProtocol: StudyProtocol
    /// Of the envelope's payload, as releases name it; nil for a plain document.
    let digest: Digest?

    /// - Throws: `protocol-unreadable`.
    init(_ bytes: Data) throws(AgentError) {
        var document: JSONValue
        do {
            document = try StrictJSON.parse(bytes)
        } catch {
            throw AgentError(.protocolUnreadable, .previewNoProtocol(error.phrase))
        }
        var digest: Digest?
        // Nothing is done on a signature's strength: a preview leaves no trace and sends nothing.
        while document["payloadType"] != nil {
            do {
                let envelope = try Envelope(json: document)
                let statement = try envelope.unverifiedStatement
                switch statement.predicateType {
                case .job: document = statement.predicate["protocol"]?["envelope"] ?? .null
                default:
                    document = statement.predicate
                    digest = envelope.digest
                }
            } catch {
                throw AgentError(.protocolUnreadable, .previewNoProtocol(error.phrase))
            }
        }
        switch StudyProtocol.parse(document) {
        case .success(let studyProtocol): self.studyProtocol = studyProtocol
        case .failure(let faults):
            let lines = faults.faults.map { fault in
                (pointer: fault.pointer.tokens.isEmpty ? "/" : fault.pointer.description, phrase: fault.phrase)
            }
            throw AgentError(.protocolUnreadable, .previewFaults(lines))
        }
        self.digest = digest
    }
}

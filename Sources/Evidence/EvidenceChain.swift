public import Foundation
public import TextCatalogue

/// Checks a set of signed documents against a trust file and against each other, offline.
///
/// Each document must be signed by the role that may sign it, and everything that it names by digest must be there
/// and agree: a job its protocol; a release its job, and through it protocol, site and model; a report and an
/// approval what they name. Times are not judged: a study is verified long after its jobs have expired.
public enum EvidenceChain {
    public struct File: Sendable {
        /// How the file is called in findings.
        public let name: String
        public let data: Data

        public init(name: String, data: Data) {
            self.name = name
            self.data = data
        }
    }

    /// What was found about one file.
    public struct Finding: Sendable, Hashable {
        public let file: String
        /// `verified`, or the code of the first thing that is wrong.
        public let code: String
        public let phrase: Phrase
        /// Digest, type and signers; nil unless the signatures were verified.
        public let document: Document?

        public var isVerified: Bool { code == EvidenceChain.verified }
    }

    public struct Document: Sendable, Hashable {
        public let digest: Digest
        public let predicateType: PredicateType
        public let role: Role
        public let signers: [VerificationKey]
    }

    public static let verified = "verified"

    /// One finding for each file, in their order.
    public static func check(_ files: [File], trust: TrustStore) -> [Finding] {
        var links = ChainLinks(trust: trust)
        let results = files.map { file in
            Result { () throws(EvidenceError) -> VerifiedStatement in try trust.verify(Envelope(file.data)) }
        }
        for case .success(let statement) in results { links.add(statement) }
        return zip(files, results).map { file, result in
            switch result {
            case .failure(let error):
                return Finding(file: file.name, code: error.code, phrase: error.phrase, document: nil)
            case .success(let statement):
                let document = Document(
                    digest: statement.digest, predicateType: statement.statement.predicateType,
                    role: statement.role, signers: statement.signers)
                let fault = links.firstFault(of: statement)
                return Finding(
                    file: file.name, code: fault?.code ?? verified,
                    phrase: fault?.phrase ?? .chainVerified(statement.role.description), document: document)
            }
        }
    }
}

extension PredicateType {
    /// The type's name within the URN, such as `release`.
    public var shortName: String {
        switch self {
        case .studyProtocol: "study-protocol"
        case .job: "job"
        case .release: "release"
        case .report: "report"
        case .siteApproval: "site-approval"
        }
    }
}

/// Why a request failed, as RFC 9457 has it (`application/problem+json`). People read `title` and `detail`, programs
/// read `code`.
public struct Problem: Codable, Hashable, Sendable, Error {
    public static let contentType = "application/problem+json"

    public let type: String
    public let title: String
    public let status: Int
    /// A `ProblemCode`, as text, so that a newer coordinator's codes can be read too.
    public let code: String
    /// More about this occurrence; never a value of a patient, a path, or an inner error.
    public let detail: String?
    /// What is wrong with a document that was sent; nil where it is not about one.
    public let faults: [ProblemFault]?

    public init(_ code: ProblemCode, detail: String? = nil, faults: [ProblemFault]? = nil) {
        type = "urn:concordat:problem:\(code.rawValue)"
        title = code.title
        status = code.status
        self.code = code.rawValue
        self.detail = detail
        self.faults = faults
    }

    /// The code, when this program knows it.
    public var known: ProblemCode? { ProblemCode(rawValue: code) }

    enum CodingKeys: String, CodingKey {
        case type, title, status, code, detail, faults
    }
}

/// One fault of a document that was sent.
public struct ProblemFault: Codable, Hashable, Sendable {
    /// A JSON pointer into the document.
    public let pointer: String
    public let code: String
    public let message: String

    public init(pointer: String, code: String, message: String) {
        self.pointer = pointer
        self.code = code
        self.message = message
    }

    enum CodingKeys: String, CodingKey {
        case pointer, code, message
    }
}

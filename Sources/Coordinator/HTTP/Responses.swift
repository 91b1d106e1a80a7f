internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Messages
internal import NIOCore
internal import StrictJSON

extension Response {
    /// Bytes of a document, which nobody may cache or guess the type of.
    static func bytes(_ data: Data, contentType: String, status: HTTPResponse.Status = .ok) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = contentType
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    static func json(_ data: Data, status: HTTPResponse.Status = .ok) -> Response {
        bytes(data, contentType: "application/json", status: status)
    }

    static func json(_ message: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        json(try StrictJSON.encode(message), status: status)
    }

    static func problem(_ problem: Problem) -> Response {
        let data = (try? StrictJSON.encode(problem)) ?? Data("{}".utf8)
        return bytes(data, contentType: Problem.contentType, status: .init(code: problem.status))
    }

    static var noContent: Response { Response(status: .noContent) }
}

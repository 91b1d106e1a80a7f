internal import Foundation
internal import Messages
internal import StrictJSON

/// Reads responses of the coordinator's interface.
enum APIResponse {
    /// The error that a response of another status than the expected ones stands for.
    static func failure(_ response: HTTPResponse) -> TransportError {
        let type = response.fields["content-type"] ?? ""
        guard type.hasPrefix(Problem.contentType), response.body.count <= MessageSchema.Limit.other,
            let problem = try? StrictJSON.decode(Problem.self, from: response.body),
            problem.status == response.status
        else { return TransportError(.unexpectedResponse(response.status)) }
        return TransportError(.problem(problem))
    }

    /// The body of a response of one of these statuses.
    static func body(_ response: HTTPResponse, statuses: Set<Int> = [200]) throws(TransportError) -> Data {
        guard statuses.contains(response.status) else { throw failure(response) }
        return response.body
    }

    /// The body of a response of one of these statuses, read strictly.
    static func decode<T: Decodable>(
        _ type: T.Type, _ response: HTTPResponse, statuses: Set<Int> = [200]
    ) throws(TransportError) -> T {
        let body = try body(response, statuses: statuses)
        do {
            return try StrictJSON.decode(type, from: body)
        } catch {
            throw TransportError(.unexpectedResponse(response.status))
        }
    }
}

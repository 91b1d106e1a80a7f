internal import Evidence
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Messages
internal import NIOCore
internal import StrictJSON
internal import TextCatalogue

/// One route of the API: what it is called by, whom it lets in, how much it reads, what it does.
struct Endpoint: Sendable {
    let method: HTTPRequest.Method
    /// As in the OpenAPI document: `/v1/jobs/{digest}/status`.
    let path: String
    let access: Access
    /// The greatest body, in bytes; zero for none.
    let bodyLimit: Int
    let handle: @Sendable (Exchange) async throws -> Response

    init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, bodyLimit: Int = 0,
        handle: @escaping @Sendable (Exchange) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.bodyLimit = bodyLimit
        self.handle = handle
    }
}

/// One request that was let in.
struct Exchange: Sendable {
    let request: Request
    let context: CoordinatorContext
    let caller: Caller
    let bodyLimit: Int

    /// The site of the client certificate.
    func site() throws -> SiteID {
        guard case .site(let site) = caller else { throw Problem(.certificateRequired) }
        return site
    }

    func person() throws -> Person {
        guard case .person(let person) = caller else { throw Problem(.unauthenticated) }
        return person
    }

    /// A digest in the path, `sha256:<hex>` or the bare digits. What is no digest names nothing.
    func digest(_ name: String) throws -> Digest {
        let text = (context.parameters.get(name) ?? "").removingPercentEncoding ?? ""
        guard let digest = (try? Digest(text)) ?? (try? Digest(hex: text)) else { throw Problem(.notFound) }
        return digest
    }

    func study() throws -> StudyID {
        guard let study = context.parameters.get("id").flatMap(StudyID.init(rawValue:)) else {
            throw Problem(.notFound)
        }
        return study
    }

    /// A whole number of the query, within the range; nil when there is none.
    func query(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = request.uri.queryParameters.get(name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw Problem(.malformedRequest, detail: "\(name): \(range.lowerBound)…\(range.upperBound)")
        }
        return value
    }

    /// The whole body, within the route's limit.
    func body() async throws -> Data {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > bodyLimit {
            throw Problem(.tooLarge)
        }
        var data = Data()
        for try await buffer in request.body {
            guard data.count + buffer.readableBytes <= bodyLimit else { throw Problem(.tooLarge) }
            data.append(contentsOf: buffer.readableBytesView)
        }
        return data
    }

    /// The body as a message: JSON read strictly, unknown members refused.
    func message<Message: Codable>(_ type: Message.Type = Message.self) async throws -> Message {
        let data = try await body()
        let document: JSONValue
        do {
            document = try StrictJSON.parse(data, limits: .init(bytes: bodyLimit, depth: 16, values: 4096))
        } catch {
            throw Problem(.malformedRequest, detail: error.phrase.english)
        }
        do {
            let message = try document.decode(type)
            guard try JSONValue(encoding: message).canonicalBytes == document.canonicalBytes else {
                throw Problem(.schemaError)
            }
            return message
        } catch let error as StrictJSONError {
            throw Problem(.schemaError, detail: error.phrase.english)
        }
    }
}

internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Messages

extension API {
    var models: [Endpoint] {
        let library = ModelLibrary(office: office)
        return [
            Endpoint(.post, "/v1/models", .sponsor, bodyLimit: MessageSchema.Limit.modelManifest) { exchange in
                try .json(try await library.add(manifest: exchange.body(), by: exchange.person()))
            },
            Endpoint(
                .put, "/v1/models/{digest}/files/{sha256}", .sponsor, bodyLimit: ModelFileList.greatestFile
            ) { exchange in
                let upload = try await library.store(
                    exchange.digest("sha256"), of: exchange.digest("digest"), from: exchange.request.body)
                switch upload {
                case .created: return Response(status: .created)
                case .known: return .noContent
                }
            },
            Endpoint(.get, "/v1/models/{digest}/manifest", .agentOrReader) { exchange in
                try await requireModelAccess(exchange, library)
                return .json(try await library.manifest(of: exchange.digest("digest")))
            },
            Endpoint(.get, "/v1/models/{digest}/files/{sha256}", .agentOrReader) { exchange in
                try await requireModelAccess(exchange, library)
                let (url, size) = try await library.file(exchange.digest("sha256"), of: exchange.digest("digest"))
                return try await Self.file(url, size: size, exchange)
            },
        ]
    }

    /// A site fetches only models that it has a job on; another model looks like none.
    private func requireModelAccess(_ exchange: Exchange, _ library: ModelLibrary) async throws {
        guard case .site(let site) = exchange.caller else { return }
        guard try await library.mayFetch(exchange.digest("digest"), site) else { throw Problem(.notFound) }
    }

    private static func file(_ url: URL, size: Int, _ exchange: Exchange) async throws -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/octet-stream"
        headers[.acceptRanges] = "bytes"
        let path = url.path(percentEncoded: false)
        let files = FileIO()
        switch ByteRange(exchange.request.headers[.range], size: size) {
        case .whole:
            let body = try await files.loadFile(path: path, context: exchange.context)
            return Response(status: .ok, headers: headers, body: body)
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(size)"
            let body = try await files.loadFile(path: path, range: range, context: exchange.context)
            return Response(status: .partialContent, headers: headers, body: body)
        case .notSatisfiable:
            var response = Response.problem(Problem(.rangeNotSatisfiable))
            response.headers[.contentRange] = "bytes */\(size)"
            return response
        }
    }
}

internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Messages
internal import NIOCore

/// The outermost layer: every error becomes a problem document, every response carries the security headers, and the
/// log gets one line for what was refused or failed.
struct EdgeMiddleware: RouterMiddleware {
    typealias Context = CoordinatorContext

    /// To tell a wrong method from a wrong path.
    let methodsByPath: [PathTemplate: [String]]

    func handle(
        _ request: Request, context: CoordinatorContext,
        next: (Request, CoordinatorContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            let allowed = allowedMethods(request, error)
            let problem = allowed == nil ? ProblemMapping.problem(for: error) : Problem(.methodNotAllowed)
            let isFault = problem.status >= 500 && !(error is CancellationError)
            // The type of an unexpected error helps; its text could hold a payload and is not logged.
            let name = isFault ? "request failed: \(type(of: error))" : "request refused"
            context.logger.log(
                isFault ? .error : .info, "\(name)",
                [
                    .route: "\(request.method) \(context.endpointPath ?? "-")", .code: problem.code,
                    .status: "\(problem.status)", .address: context.remoteAddress,
                ])
            response = .problem(problem)
            if let allowed { response.headers[.allow] = allowed.joined(separator: ", ") }
        }
        for (name, value) in Self.headers where response.headers[name] == nil { response.headers[name] = value }
        return response
    }

    /// The methods of the path, when the router found no route for the request only because of its method.
    private func allowedMethods(_ request: Request, _ error: any Error) -> [String]? {
        guard let error = error as? HTTPError, error.status == .notFound else { return nil }
        let methods = methodsByPath.first { $0.key.matches(request.uri.path) }?.value
        return methods.flatMap { $0.contains(request.method.rawValue) ? nil : $0 }
    }

    private static let headers: [(HTTPField.Name, String)] =
        [
            (.cacheControl, "no-store"),
            (.strictTransportSecurity, "max-age=31536000"),
            (.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"),
            (.xContentTypeOptions, "nosniff"),
        ]
        + [("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY")].compactMap { name, value in
            HTTPField.Name(name).map { ($0, value) }
        }
}

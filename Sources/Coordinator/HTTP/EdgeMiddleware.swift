internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Messages
internal import NIOCore

/// The outermost layer: every error becomes a problem document, every response carries the security headers, and the
/// log gets one line for what was refused or failed.
struct EdgeMiddleware: RouterMiddleware {
    typealias Context = CoordinatorContext

    func handle(
        _ request: Request, context: CoordinatorContext,
        next: (Request, CoordinatorContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            let problem = ProblemMapping.problem(for: error)
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
        }
        for (name, value) in Self.headers where response.headers[name] == nil { response.headers[name] = value }
        return response
    }

    private static let headers: [(HTTPField.Name, String)] = [
        (.cacheControl, "no-store"),
        (.strictTransportSecurity, "max-age=31536000"),
        (.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"),
        (.xContentTypeOptions, "nosniff"),
    ] + [("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY")].compactMap { name, value in
        HTTPField.Name(name).map { ($0, value) }
    }
}

internal import Evidence
internal import Foundation
internal import Hummingbird
internal import Messages

/// The coordinator's API: every route in one table, from which the router is built and which a test compares with the
/// OpenAPI document.
struct API: Sendable {
    let office: Office

    var endpoints: [Endpoint] { [document] + enrolment + sessions + models + studies + jobs }

    private var document: Endpoint {
        Endpoint(.get, "/v1/openapi.json", .anyone) { _ in .json(OpenAPIDocument.bytes) }
    }

    /// The methods that each path of the table answers to.
    private var methodsByPath: [PathTemplate: [String]] {
        Dictionary(grouping: endpoints) { PathTemplate($0.path) }.mapValues { $0.map(\.method.rawValue).sorted() }
    }

    /// The responder that serves the table.
    func router() -> Router<CoordinatorContext> {
        let router = Router(context: CoordinatorContext.self)
        router.add(middleware: EdgeMiddleware(methodsByPath: methodsByPath))
        let gate = Gate(office: office)
        for endpoint in endpoints {
            router.on(RouterPath(endpoint.path), method: endpoint.method) { request, context in
                let caller = try await gate.admit(request, context, to: endpoint.access)
                return try await endpoint.handle(
                    Exchange(request: request, context: context, caller: caller, bodyLimit: endpoint.bodyLimit))
            }
        }
        return router
    }
}

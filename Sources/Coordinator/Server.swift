internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdHTTP2
public import Logging
internal import NIOCore
internal import NIOSSL
internal import ServiceLifecycle
internal import TextCatalogue
internal import UnixSignals

/// The coordinator's HTTPS server: TLS 1.3, HTTP/2 and HTTP/1.1 on one port.
public struct Server: Sendable {
    let office: Office
    private let address: ListenAddress

    public init(
        _ installation: Installation, listen address: ListenAddress, surroundings: Surroundings = .system,
        logger: Logger
    ) {
        office = Office(installation: installation, surroundings: surroundings, logger: logger)
        self.address = address
    }

    /// How long requests may go on after the server was told to stop.
    private static let grace: Duration = .milliseconds(300)
    private static let idleTime: Duration = .seconds(120)

    /// Serves until SIGTERM or SIGINT, or until the task is cancelled.
    /// - Parameter onListening: called once with the port that was bound; the server stops when it throws.
    /// - Throws: `address-unavailable`, what `onListening` threw, or what made the server fail.
    public func run(onListening: @escaping @Sendable (Int) throws -> Void) async throws {
        try ModelLibrary(office: office).removePartialFiles()
        let announcement = Announcement()
        let connections = OpenConnections()
        let tls = try office.installation.tlsConfiguration()
        let application = Application(
            router: API(office: office).router(),
            server: HTTPServerBuilder { responder in
                GuardedChannel(
                    base: try HTTP2UpgradeChannel(
                        tlsConfiguration: tls,
                        configuration: .init(
                            idleTimeout: Self.idleTime, gracefulCloseTimeout: Self.grace,
                            streamConfiguration: .init(idleTimeout: TimeAmount(Self.idleTime))),
                        responder: responder),
                    connections: connections)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: "concordat"),
            onServerRunning: { channel in
                announcement.make {
                    let port = channel.localAddress?.port ?? address.port
                    try PortFile.write(port, to: office.installation.state.port)
                    try onListening(port)
                }
            },
            logger: office.logger
        )
        let farewell = Farewell(bells: office.bells, connections: connections, grace: Self.grace)
        var configuration = ServiceGroupConfiguration(
            // Services stop in reverse order: first the long polls end, then the server.
            services: [application, announcement, farewell],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: office.logger)
        configuration.maximumGracefulShutdownDuration = Self.grace * 2
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError where [EADDRINUSE, EADDRNOTAVAIL, EACCES].contains(error.errnoCode) {
            throw CoordinatorError(.addressUnavailable, .coordinatorAddressUnavailable(address.description))
        }
    }
}

/// Carries the failure of `onListening`, which the application's callback cannot throw, to the service group.
private struct Announcement: Service {
    private let results = AsyncStream<Result<Void, any Error>>.makeStream()

    func make(_ announce: () throws -> Void) {
        results.continuation.yield(Result { try announce() })
        results.continuation.finish()
    }

    func run() async throws {
        for await result in results.stream.cancelOnGracefulShutdown() { try result.get() }
        try? await gracefulShutdown()
    }
}

/// Ends all long polls when the server is told to stop, so that nobody waits for them, and a little later every
/// connection that is still open.
private struct Farewell: Service {
    let bells: Bells
    let connections: OpenConnections
    let grace: Duration

    func run() async throws {
        try? await gracefulShutdown()
        await bells.close()
        // The server is told to stop only when this service has ended, so the rest happens beside it.
        Task {
            try await Task.sleep(for: grace)
            connections.closeAll()
        }
    }
}

internal import Evidence
internal import Foundation
public import Logging
internal import Messages
internal import ModelRuntime
public import StudyProtocol
internal import Synchronization
internal import TextCatalogue
public import Transport

/// A site's agent at work: fetches jobs, runs them one at a time, and tells the coordinator.
///
/// Three loops share the store and nothing else: one waits for jobs, one does what needs no network, one what does. Each
/// step is stored before the next begins, so the process may be killed anywhere; `run` goes on with what is unfinished.
public final class AgentService: Sendable {
    /// What the service takes from its surroundings.
    public struct Surroundings: Sendable {
        public var now: @Sendable () -> Timestamp
        /// Makes the generator of each loop's back-off.
        public var generator: @Sendable () -> any RandomNumberGenerator
        /// How often the store is looked at for what a person decided.
        public var tick: Duration

        public init(
            now: @escaping @Sendable () -> Timestamp,
            generator: @escaping @Sendable () -> any RandomNumberGenerator = { SystemRandomNumberGenerator() },
            tick: Duration = .milliseconds(500)
        ) {
            self.now = now
            self.generator = generator
            self.tick = tick
        }
    }

    let state: StateDirectory
    let membership: Membership
    let store: JobStore
    let api: CoordinatorAPI
    let runner: JobRunner
    let surroundings: Surroundings
    let logger: Logger
    let localBell = Bell()
    let remoteBell = Bell()
    /// Jobs whose receipt the receiving loop is sending right now, so that the other one does not send it too.
    let receiving = Mutex(Set<Digest>())
    /// When the jobs that wait for a person expire, so that their bytes are read once only.
    let expiries = Mutex<[Digest: Timestamp]>([:])
    private let lock: StateLock

    /// - Throws: `not-joined`, `not-indexed`, `already-serving`, …
    public init(
        state: StateDirectory, surroundings: Surroundings, recorder: (any RequestRecorder)? = nil, logger: Logger
    ) throws {
        guard let membership = try Membership.read(state), let secrets = try SiteSecrets.read(state) else {
            throw AgentError(.notJoined, .agentNotJoined)
        }
        guard try SiteSettings.read(state) != nil else { throw AgentError(.notIndexed, .agentNotIndexed) }
        lock = try StateLock(state)
        let client = try HTTPSClient(
            .init(
                address: membership.coordinator.url, certificateAuthority: membership.coordinator.certificateAuthority,
                identity: .init(certificate: membership.certificate, privateKey: secrets.tlsKey),
                userAgent: AgentVersion.userAgent),
            recorder: recorder)
        self.state = state
        self.membership = membership
        self.surroundings = surroundings
        self.logger = logger
        store = try JobStore(state)
        api = CoordinatorAPI(client: client)
        runner = JobRunner(
            state: state, site: membership.site, secrets: secrets, api: api, now: surroundings.now, logger: logger)
    }

    /// Works until the task is cancelled. A coordinator that cannot be reached, or that errs, is waited for.
    /// A state directory that fails is waited for too.
    /// - Throws: `CancellationError` in the end.
    public func run() async throws {
        logger.log(
            .info, "serving",
            [.site: membership.site.rawValue, .coordinator: membership.coordinator.name])
        do throws(ModelRuntimeError) {
            _ = try ModelRuntimeTools.locate()
        } catch {
            // Studies without a model run all the same, and what is missing may be installed later.
            logger.log(.warning, "models cannot be run here", [.code: error.code, .detail: error.detail])
        }
        try await withThrowingTaskGroup { group in
            group.addTask { try await self.receiveJobs() }
            group.addTask {
                try await self.localBell.eachRing { try await self.outlasting { try await self.workLocally() } }
            }
            group.addTask { try await self.workRemotely() }
            group.addTask {
                while true {
                    try await Task.sleep(for: self.surroundings.tick)
                    self.localBell.ring()
                    self.remoteBell.ring()
                }
            }
            // The first loop that ends takes the others with it: none of them ends unless it must.
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Does a piece of work, and waits where the state directory fails: a full disk may have room again.
    func outlasting(_ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let error as AgentError {
            logger.log(.critical, "the state directory fails", [.code: error.code])
            try await Task.sleep(for: .seconds(5))
        }
    }

    /// What verifies jobs, under the site's settings of this moment.
    func verifier(_ settings: SiteSettings) throws(AgentError) -> JobVerifier {
        JobVerifier(
            site: membership.site, coordinatorKey: try membership.jobKey, sponsorKeys: try settings.sponsorKeys)
    }

    func settings() throws(AgentError) -> SiteSettings {
        guard let settings = try SiteSettings.read(state) else { throw AgentError(.notIndexed, .agentNotIndexed) }
        return settings
    }
}

public import Evidence
public import Foundation
public import Messages
internal import StrictJSON

/// The coordinator's interface under `/v1`, one function a route. Agents use it with their certificate, sponsors and
/// leads after `signIn`. The interface itself is described in `docs/openapi.json`.
///
/// Every function throws a `TransportError`; `isTransient` says whether the same call may succeed later.
public struct CoordinatorAPI: Sendable {
    public let client: HTTPSClient
    /// The session of a sponsor or lead; nil for agents.
    public var session: Session?

    /// The longest that the coordinator holds a request open, in seconds.
    public static let longestWait = 25

    public init(client: HTTPSClient, session: Session? = nil) {
        self.client = client
        self.session = session
    }

    // MARK: Enrolment and sessions

    /// Exchanges an invitation's token and proofs for a client certificate.
    public func enrol(_ request: EnrolmentRequest) async throws(TransportError) -> EnrolmentResponse {
        try APIResponse.decode(
            EnrolmentResponse.self, await post("/v1/enrolments", encoding: request), statuses: [200, 201])
    }

    /// Opens a session: asks for a challenge and answers it with the key.
    /// - Parameter fingerprint: of the coordinator's authority, as in the connection file: the proof names it, so that
    ///   a coordinator cannot pass on another's challenge.
    /// - Returns: the interface with the session.
    public func signIn(with key: SigningKey, fingerprint: String) async throws(TransportError) -> CoordinatorAPI {
        let keyID = key.verificationKey.keyID
        let challenge = try APIResponse.decode(
            Challenge.self, await post("/v1/challenges", encoding: ChallengeRequest(keyID: keyID)),
            statuses: [200, 201])
        let proof: Envelope
        do {
            proof = try SessionProof(challenge: challenge.challenge, coordinator: fingerprint, keyID: keyID)
                .signed(by: key)
        } catch {
            throw TransportError(.invalidRequest)
        }
        let session = try APIResponse.decode(
            Session.self, await post("/v1/sessions", encoding: SessionRequest(proof: proof)), statuses: [200, 201])
        return CoordinatorAPI(client: client, session: session)
    }

    // MARK: Jobs (agents)

    /// Waits for the site's oldest job without a receipt.
    /// - Parameter wait: seconds that the coordinator may hold the request, 0 to `longestWait`.
    /// - Returns: the bytes of the job's envelope; nil when there is none.
    public func nextJob(wait: Int = longestWait) async throws(TransportError) -> Data? {
        var request = HTTPRequest(.get, "/v1/jobs/next?wait=\(wait)")
        request.limits = .init(
            responseBytes: Self.envelopeLimit(MessageSchema.Limit.job), total: .seconds(wait + 20),
            lowSpeed: .seconds(wait + 20))
        let response = try await send(request)
        guard response.status != 204 else { return nil }
        return try APIResponse.body(response)
    }

    public func report(_ status: JobStatus, of job: Digest) async throws(TransportError) {
        let response = try await post("/v1/jobs/\(job)/status", encoding: status)
        _ = try APIResponse.body(response, statuses: [200, 202, 204])
    }

    /// Sends the release of a job. The same bytes may be sent again.
    /// - Parameter envelope: the release's envelope, exactly as signed and stored.
    public func sendRelease(_ envelope: Data, of job: Digest) async throws(TransportError) {
        let response = try await send(HTTPRequest(.put, "/v1/jobs/\(job)/release", body: envelope))
        _ = try APIResponse.body(response, statuses: [200, 201])
    }

    // MARK: Models

    /// The bytes of a model package's manifest; the caller checks their digest.
    public func modelManifest(_ model: Digest) async throws(TransportError) -> Data {
        var request = HTTPRequest(.get, "/v1/models/\(model)/manifest")
        request.limits.responseBytes = MessageSchema.Limit.modelManifest
        return try APIResponse.body(await send(request))
    }

    /// Downloads one file of a model package, resuming an earlier try, and checks its digest.
    /// - Parameter size: as the manifest names it, bytes.
    public func downloadModelFile(
        _ file: Digest, of model: Digest, size: Int, to destination: URL
    ) async throws(TransportError) {
        try await client.download(
            "/v1/models/\(model)/files/\(file)", fields: authorization, to: destination, byteLimit: size
        ) { bytes in bytes.count == size && Digest(of: bytes) == file }
    }

    /// Hands in a model package's manifest.
    /// - Returns: its digest, and the files that the coordinator still needs.
    public func submitModelManifest(_ manifest: Data) async throws(TransportError) -> ModelManifestReceipt {
        let response = try await send(HTTPRequest(.post, "/v1/models", body: manifest))
        return try APIResponse.decode(ModelManifestReceipt.self, response, statuses: [200, 201])
    }

    public func uploadModelFile(_ bytes: Data, digest: Digest, of model: Digest) async throws(TransportError) {
        var request = HTTPRequest(.put, "/v1/models/\(model)/files/\(digest)", body: bytes)
        request.fields = [HTTPRequest.Field("Content-Type", "application/octet-stream")]
        request.limits.total = nil
        _ = try APIResponse.body(await send(request), statuses: [200, 201, 204])
    }

    // MARK: Studies (sponsors and leads)

    /// Submits a signed protocol.
    /// - Parameter envelope: the protocol's envelope as signed. Submitting it again gives the same study.
    public func submitStudy(_ envelope: Data) async throws(TransportError) -> StudyStatus {
        let response = try await send(HTTPRequest(.post, "/v1/studies", body: envelope))
        return try APIResponse.decode(StudyStatus.self, response, statuses: [200, 201])
    }

    public func studies() async throws(TransportError) -> StudyList {
        try APIResponse.decode(StudyList.self, await send(HTTPRequest(.get, "/v1/studies")))
    }

    /// Where a study stands.
    /// - Parameters:
    ///   - since: a revision; with it the coordinator answers as soon as the study's is greater.
    ///   - wait: seconds to wait for that at most, 0 to `longestWait`.
    public func study(
        _ id: StudyID, since: Int? = nil, wait: Int = longestWait
    ) async throws(TransportError) -> StudyStatus {
        var request = HTTPRequest(.get, "/v1/studies/\(id)")
        if let since {
            request.path += "?wait=\(wait)&since=\(since)"
            request.limits.total = .seconds(wait + 20)
            request.limits.lowSpeed = .seconds(wait + 20)
        }
        return try APIResponse.decode(StudyStatus.self, await send(request))
    }

    /// The results document, as the coordinator computed it.
    public func results(_ id: StudyID) async throws(TransportError) -> Data {
        try APIResponse.body(await send(HTTPRequest(.get, "/v1/studies/\(id)/results")))
    }

    /// Which envelopes belong to a study.
    public func envelopes(_ id: StudyID) async throws(TransportError) -> EnvelopeList {
        try APIResponse.decode(EnvelopeList.self, await send(HTTPRequest(.get, "/v1/studies/\(id)/envelopes")))
    }

    /// The bytes of one envelope; the caller verifies them.
    public func envelope(_ digest: Digest) async throws(TransportError) -> Data {
        try APIResponse.body(await send(HTTPRequest(.get, "/v1/envelopes/\(digest)")))
    }

    // MARK: Requests

    private var authorization: [HTTPRequest.Field] {
        session.map { [HTTPRequest.Field("Authorization", "Bearer \($0.token)")] } ?? []
    }

    private func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        var request = request
        request.fields += authorization
        return try await client.send(request)
    }

    private func post(_ path: String, encoding body: some Encodable) async throws(TransportError) -> HTTPResponse {
        let bytes: Data
        do { bytes = try StrictJSON.encode(body) } catch { throw TransportError(.invalidRequest) }
        return try await send(HTTPRequest(.post, path, body: bytes))
    }

    /// An envelope's size for a payload's: base64 makes four bytes of three, and signatures come on top.
    private static func envelopeLimit(_ payload: Int) -> Int { payload * 2 + (64 << 10) }
}

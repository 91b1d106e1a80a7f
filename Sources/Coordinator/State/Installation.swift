internal import Crypto
public import Evidence
internal import Foundation
internal import Messages
internal import NIOSSL
internal import StrictJSON
internal import StudyProtocol
internal import TextCatalogue
internal import X509

/// A coordinator that was initialised: its settings, keys and database.
public struct Installation: Sendable {
    public let state: StateDirectory
    let settings: Settings
    let authority: CertificateAuthority
    let jobKey: SigningKey
    let store: Store

    /// Signs the jobs; sites pin it by their invitation.
    public var jobVerificationKey: VerificationKey { jobKey.verificationKey }

    /// `sha256:` and the digest of the authority's certificate in DER.
    public var authorityFingerprint: String {
        get throws { try authority.certificate.fingerprint() }
    }

    /// What sites and sponsors need to reach this coordinator and to know it.
    func description() throws -> CoordinatorDescription {
        CoordinatorDescription(
            name: settings.name, url: url, certificateAuthority: try authority.certificate.pemText(),
            fingerprint: try authorityFingerprint, jobKey: jobKey.verificationKey.pem)
    }

    public var name: String { settings.name }
    /// The base URL that invitations carry: as `init` was told, or else the host and the port last served on.
    public var url: String {
        if let url = settings.url { return url }
        let text = try? String(contentsOf: state.port, encoding: .utf8)
        let port = text.flatMap { UInt16($0.trimmingCharacters(in: .newlines)) }.map(Int.init) ?? Self.defaultPort
        return "https://\(settings.host.urlText):\(port)"
    }

    /// What `init` takes.
    public struct Plan: Sendable {
        public var name: String
        /// A DNS name or an IP address under which sites reach the coordinator.
        public var host: String
        /// The base URL; nil for the host and the port last served on (8443 before the first time).
        public var url: String?
        /// How long the authority and the server's certificate are valid, in days.
        public var days: Int

        public init(name: String, host: String, url: String? = nil, days: Int = 3650) {
            self.name = name
            self.host = host
            self.url = url
            self.days = days
        }
    }

    public static let defaultPort = 8443

    /// Creates the state directory with everything in it. It is built beside its place and renamed, so it is complete
    /// or absent.
    /// - Throws: `state-exists` when there is something already; `invalid-host`, `invalid-name`, `invalid-url`,
    ///   `invalid-duration`, `file-unwritable`.
    public static func create(
        at state: StateDirectory, _ plan: Plan, surroundings: Surroundings = .system
    ) throws -> Installation {
        guard let host = ServerName(plan.host) else {
            throw CoordinatorError(.invalidHost, .coordinatorInvalidHost(plan.host))
        }
        guard (1...200).contains(plan.name.utf8.count), !plan.name.unicodeScalars.contains(where: { $0.value < 0x20 })
        else { throw CoordinatorError(.invalidName, .coordinatorInvalidName) }
        guard (1...36_500).contains(plan.days) else {
            throw CoordinatorError(.invalidDuration, .coordinatorInvalidDuration("\(plan.days)"))
        }
        let settings = Settings(name: plan.name, host: host, url: try plan.url.map(Settings.checkedURL))
        let place = state.url.standardizedFileURL
        let manager = FileManager.default
        if manager.fileExists(atPath: place.path(percentEncoded: false)) {
            let content = try? manager.contentsOfDirectory(atPath: place.path(percentEncoded: false))
            guard content?.isEmpty == true else {
                throw CoordinatorError(.stateExists, .coordinatorStateExists(place.path(percentEncoded: false)))
            }
        }
        let building = place.deletingLastPathComponent().appending(
            path: ".\(place.lastPathComponent).init-\(surroundings.randomBytes(6).hexText)",
            directoryHint: .isDirectory)
        do {
            try fill(StateDirectory(building), settings, plan, surroundings)
            try DurableFile.check(
                rename(building.path(percentEncoded: false), place.path(percentEncoded: false)))
            try DurableFile.synchronise(directory: place.deletingLastPathComponent())
        } catch {
            try? manager.removeItem(at: building)
            guard error is CoordinatorError else {
                throw CoordinatorError(.fileUnwritable, .coordinatorFileUnwritable(place.lastPathComponent))
            }
            throw error
        }
        return try open(StateDirectory(place))
    }

    private static func fill(
        _ state: StateDirectory, _ settings: Settings, _ plan: Plan, _ surroundings: Surroundings
    ) throws {
        let owner: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        let manager = FileManager.default
        try manager.createDirectory(at: state.url, withIntermediateDirectories: true, attributes: owner)
        try manager.createDirectory(at: state.models, withIntermediateDirectories: false, attributes: owner)
        let now = surroundings.now()
        let lifetime = Int64(plan.days) * 86_400
        let authority = try CertificateAuthority.create(name: plan.name, now: now, lifetime: lifetime)
        let serverKey = P256.Signing.PrivateKey()
        var names = [settings.host]
        for name in [ServerName.localhost, .loopback] where !names.contains(name) { names.append(name) }
        let serverCertificate = try authority.issueServerCertificate(
            for: serverKey.publicKey, names: names, now: now, lifetime: lifetime)
        let jobKey = try SigningKey(seed: surroundings.randomBytes(32))
        try DurableFile.write(text: authority.certificate.pemText(), to: state.authorityCertificate, permissions: 0o644)
        try DurableFile.write(text: authority.keyPEM, to: state.authorityKey, permissions: 0o600)
        try DurableFile.write(text: serverCertificate.pemText(), to: state.serverCertificate, permissions: 0o644)
        try DurableFile.write(text: serverKey.pemRepresentation + "\n", to: state.serverKey, permissions: 0o600)
        try DurableFile.write(text: jobKey.pem, to: state.jobKey, permissions: 0o600)
        try DurableFile.write(text: jobKey.verificationKey.pem, to: state.jobVerificationKey, permissions: 0o644)
        try Store(path: state.database.path(percentEncoded: false)).close()
        try DurableFile.write(settings.json.prettyBytes, to: state.settings, permissions: 0o600)
    }

    /// Opens an initialised state directory; its database is brought up to date.
    /// - Throws: `state-missing`, `state-unreadable`.
    public static func open(_ state: StateDirectory) throws -> Installation {
        guard FileManager.default.fileExists(atPath: state.settings.path(percentEncoded: false)) else {
            throw CoordinatorError(.stateMissing, .coordinatorStateMissing(state.url.path(percentEncoded: false)))
        }
        func read<Value>(_ url: URL, _ parse: (Data) throws -> Value) throws -> Value {
            do {
                return try parse(Data(contentsOf: url))
            } catch {
                throw CoordinatorError(.stateUnreadable, .coordinatorStateUnreadable(url.lastPathComponent))
            }
        }
        func text(_ data: Data) -> String { String(decoding: data, as: UTF8.self) }
        let settings = try read(state.settings) { try Settings($0) }
        let certificate = try read(state.authorityCertificate, text)
        let authority = try read(state.authorityKey) {
            try CertificateAuthority(certificatePEM: certificate, keyPEM: text($0))
        }
        let jobKey = try read(state.jobKey) { try SigningKey(pem: text($0)) }
        let store = try read(state.settings) { _ in try Store(path: state.database.path(percentEncoded: false)) }
        return Installation(state: state, settings: settings, authority: authority, jobKey: jobKey, store: store)
    }

    /// TLS 1.3 with the server's certificate; a client may show a certificate, which then must be of our authority.
    func tlsConfiguration() throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMFile(state.serverCertificate.path(percentEncoded: false))
        let key = try NIOSSLPrivateKey(file: state.serverKey.path(percentEncoded: false), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates([
            try NIOSSLCertificate(bytes: authority.certificate.derBytes(), format: .der)
        ])
        configuration.certificateVerification = .optionalVerification
        return configuration
    }
}

extension DurableFile {
    static func write(text: String, to url: URL, permissions: mode_t) throws(CoordinatorError) {
        try write(Data(text.utf8), to: url, permissions: permissions)
    }
}

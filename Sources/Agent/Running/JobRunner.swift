internal import Catalogue
internal import Crypto
internal import Disclosure
internal import Evidence
internal import Foundation
internal import Logging
internal import Messages
internal import ModelRuntime
internal import Statistics
internal import StudyProtocol
internal import Transport

/// Runs one job: cohort, model, aggregates, gate, signature. Keeps nothing but the file of predictions; running a job
/// again gives the same answers.
actor JobRunner {
    private let state: StateDirectory
    private let site: SiteID
    private let secrets: SiteSecrets
    private let api: CoordinatorAPI
    private let now: @Sendable () -> Timestamp
    private let logger: Logger

    /// Kept between jobs, so that a job does not begin with reading what the last one read.
    private var catalogue: CatalogueStore?
    private var current: CatalogueSnapshot?
    private var modelRunner: ModelRunner?

    init(
        state: StateDirectory, site: SiteID, secrets: SiteSecrets, api: CoordinatorAPI,
        now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.state = state
        self.site = site
        self.secrets = secrets
        self.api = api
        self.now = now
        self.logger = logger
    }

    /// The number of the snapshot that a job begun now works with.
    /// - Throws: `JobFailure` with `catalogue-unavailable`.
    func currentSnapshot() throws(JobFailure) -> Int64 {
        do {
            let store = try openCatalogue()
            let snapshot = try store.currentSnapshot()
            if current?.id != snapshot.id { current = snapshot }
            return snapshot.id
        } catch {
            throw JobFailure(error)
        }
    }

    /// - Parameters:
    ///   - accepted: when the site took the job on.
    ///   - snapshot: the number of the snapshot that the job was begun with.
    ///   - store: knows all that left before.
    /// - Throws: `JobFailure`; `CancellationError`.
    func run(
        _ job: JobVerifier.VerifiedJob, accepted: Timestamp, snapshot number: Int64, settings: SiteSettings,
        store: JobStore
    ) async throws -> GatedRelease {
        do {
            let snapshot = try snapshot(number)
            let cohort = try CohortSelection(job.studyProtocol, in: snapshot)
            let scores = try await score(job, cohort: cohort, snapshot: snapshot, settings: settings)
            let run = try GateRun(
                AnswerBuilder(studyProtocol: job.studyProtocol, cohort: cohort, scores: scores),
                site: settings.disclosure, declared: Set(snapshot.variables.map(\.id.rawValue)),
                earlier: GateRun.Earlier(
                    snapshot: snapshot, policy: settings.disclosure,
                    model: job.predicate.model?.digest, release: job.digest, sponsor: job.sponsor, store: store,
                    secrets: secrets))
            guard
                let commitment = CatalogueCommitment(
                    rawValue: snapshot.commitment(key: SymmetricKey(data: secrets.siteKey)))
            else { throw JobFailure(.failed(.internalError), cause: "commitment") }
            return try ReleaseMaker(site: site, signingKey: secrets.signingKey).make(
                run, binding: .init(job: job, commitment: commitment, accepted: accepted, completed: now()),
                dataset: .init(patients: snapshot.patients, releasedNumbers: try store.releasedNumbers()))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw JobFailure(error)
        }
    }

    private func openCatalogue() throws -> CatalogueStore {
        if let catalogue { return catalogue }
        let store = try CatalogueStore(path: state.catalogue.path)
        catalogue = store
        return store
    }

    private func snapshot(_ number: Int64) throws -> CatalogueSnapshot {
        if let current, current.id == number { return current }
        let snapshot = try openCatalogue().snapshot(number)
        current = snapshot
        return snapshot
    }

    // MARK: Model

    private func score(
        _ job: JobVerifier.VerifiedJob, cohort: CohortSelection, snapshot: CatalogueSnapshot, settings: SiteSettings
    ) async throws -> Scores? {
        guard let evaluation = job.studyProtocol.evaluation, let standard = job.studyProtocol.referenceStandard,
            let model = job.predicate.model?.digest
        else { return nil }
        let package = try await ModelStore(folder: state.models).package(model, from: api)
        try check(package, job.studyProtocol)
        let allKeys = try snapshot.caseKeys()
        let keys = cohort.analysed.map { allKeys[Int($0)] }
        let scoring = Scoring(
            runner: try preparedRunner(), package: package,
            inputs: try CaseInputs(snapshot: snapshot, settings: settings, manifest: package.manifest),
            secrets: secrets,
            limits: ModelLimits(
                wallClock: .seconds(settings.modelLimits.seconds),
                memory: UInt64(settings.modelLimits.memoryMiB) << 20))
        let total = String(cohort.analysed.count)
        let scores = try await scoring.score(
            cases: cohort.analysed, keys: keys, job: job.digest, resolution: evaluation.scoreResolution
        ) { [logger] done in
            logger.log(.info, "scored", [.job: job.digest.hex, .done: String(done), .total: total])
        }
        try writePredictions(
            scores, job: job, cohort: cohort, keys: keys, patientKeys: snapshot.patientKeys(),
            patientOfCase: snapshot.patientOfCase, standard: standard, resolution: evaluation.scoreResolution)
        return scores
    }

    /// The manifest is bound by its digest; that it also is the model of that name keeps a sponsor from signing one
    /// model under another's name, and its training sites bind even where the protocol forgot them.
    private func check(_ package: ModelPackage, _ studyProtocol: StudyProtocol) throws(JobFailure) {
        guard let model = studyProtocol.model, package.manifest.name == model.name,
            package.manifest.version == model.version
        else { throw JobFailure(.refused(.modelDigestMismatch), cause: "model-name") }
        guard !package.manifest.trainingSites.contains(site.rawValue) else {
            throw JobFailure(.refused(.trainingSite), cause: "manifest")
        }
    }

    private func preparedRunner() throws -> ModelRunner {
        if let modelRunner { return modelRunner }
        let runner = try ModelRunner(tools: .locate())
        modelRunner = runner
        return runner
    }

    private func writePredictions(
        _ scores: Scores, job: JobVerifier.VerifiedJob, cohort: CohortSelection, keys: [String],
        patientKeys: [String], patientOfCase: [Int32], standard: ReferenceStandard, resolution: Resolution
    ) throws {
        guard let codes = cohort.columns[standard.variable.rawValue] else {
            throw JobFailure(.failed(.internalError), cause: "unresolved-reference")
        }
        let reference = ReferenceColumn.classes(codes, standard)
        let rows = zip(zip(cohort.analysed, keys), scores.entries).map { located, entry in
            let (index, key) = (Int(located.0), located.1)
            let score: Int64?
            let status: String
            switch entry {
            case .score(let units): (score, status) = (units, "analysed")
            case .failed(_, let code): (score, status) = (nil, code)
            }
            return PredictionsFile.Row(
                caseKey: key, patientKey: patientKeys[Int(patientOfCase[index])], reference: reference[index],
                score: score, status: status)
        }
        try PredictionsFile(rows: rows, resolution: resolution).write(job: job.digest, folder: state.predictions)
    }
}

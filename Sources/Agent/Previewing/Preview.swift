internal import Catalogue
internal import Disclosure
public import Evidence
public import Foundation
public import Messages
internal import ModelRuntime
internal import Statistics
public import StrictJSON
public import StudyProtocol
public import TextCatalogue

/// What this site would release under a protocol: the same statistics and the same gate as for a job, on the data as they
/// were last indexed. Nothing is sent, signed, kept in the ledger or the audit log, and nobody is asked.
///
/// A preview is a look at the site's own data, for the site's own people. What it shows is not released: run it where
/// the data may be seen.
public struct Preview: Hashable, Sendable {
    /// What a job for this protocol would also meet; the preview goes on all the same.
    public enum Remark: Hashable, Sendable {
        case notInvited
        case trainingSite
        case expired
        case purposeNotAllowed
        /// So many answers need the model's scores, and there were none.
        case evaluationNotRun(answers: Int)
        /// More numbers than may still leave of this dataset.
        case datasetNumbers
        /// The noise that is shown is not that of a release.
        case noiseIsAnExample
        /// Noise is asked for, and the site has set no privacy budget.
        case noBudget
        /// What is left of the privacy budget does not cover it.
        case budgetSpent
        case nothingReleased
    }

    public let site: SiteID
    /// `identifier@version`.
    public let name: String
    /// Nil when the protocol was not signed.
    public let protocolDigest: Digest?
    /// Every answer that was computed, in the protocol's order, as a release would hold it.
    public let answers: [AnswerRecord]
    /// What the gate withheld and why, by its own policy.
    public let record: LocalRecord
    /// Answers that were not computed, for want of scores.
    public let skipped: [AnswerKey]
    public let remarks: [Remark]

    /// - Parameters:
    ///   - bytes: the protocol: the plain document, a signed envelope, or a job. Signatures are not looked at.
    ///   - now: judges whether the protocol has expired.
    /// - Throws: `AgentError` `not-indexed`, `protocol-unreadable`, `predictions-unreadable`; `CatalogueError` when the
    ///   site does not declare a variable, …; `ModelRuntimeError`.
    public static func make(
        of bytes: Data, state: StateDirectory, scores source: PreviewScores = .none, now: Timestamp
    ) async throws -> Preview {
        let file = try PreviewProtocol(bytes)
        let studyProtocol = file.studyProtocol
        guard let settings = try SiteSettings.read(state), let secrets = try SiteSecrets.read(state) else {
            throw AgentError(.notIndexed, .agentNotIndexed)
        }
        let snapshot = try CatalogueStore(path: state.catalogue.path).currentSnapshot()
        let cohort = try CohortSelection(studyProtocol, in: snapshot)
        let context = Context(
            studyProtocol: studyProtocol, snapshot: snapshot, cohort: cohort, settings: settings, secrets: secrets)
        let scores = try await context.scores(source, job: file.digest ?? Digest(of: bytes))

        let plan = studyProtocol.plan
        let jobs = FileManager.default.fileExists(atPath: state.jobs.path) ? try JobStore(state) : nil
        let run = try GateRun(
            AnswerBuilder(
                studyProtocol: studyProtocol, cohort: cohort, scores: scores, leavesOutEvaluation: scores == nil),
            site: settings.disclosure, declared: Set(snapshot.variables.map(\.id.rawValue)),
            earlier: GateRun.Earlier(
                snapshot: snapshot, policy: settings.disclosure, model: studyProtocol.model?.digest,
                release: file.digest ?? Digest(of: bytes), sponsor: "preview", store: jobs, secrets: secrets))
        let computed = Set(run.answers.map(\.key))
        let skipped = plan.map(\.key).filter { !computed.contains($0) }

        var remarks: [Remark] = []
        if !studyProtocol.invites(settings.site) { remarks.append(.notInvited) }
        if studyProtocol.isTrainingSite(settings.site) { remarks.append(.trainingSite) }
        if studyProtocol.expires <= now { remarks.append(.expired) }
        if !settings.allows(studyProtocol.purpose.rawValue) { remarks.append(.purposeNotAllowed) }
        if !skipped.isEmpty { remarks.append(.evaluationNotRun(answers: skipped.count)) }
        if !run.releasesSomething { remarks.append(.nothingReleased) }
        let released = try jobs?.releasedNumbers() ?? 0
        if !run.fits(patients: snapshot.patients, releasedNumbers: released) { remarks.append(.datasetNumbers) }
        if run.localRecord.noise != nil, run.releasesSomething { remarks.append(.noiseIsAnExample) }
        switch run.obstacle {
        case .noBudget: remarks.append(.noBudget)
        case .budgetSpent: remarks.append(.budgetSpent)
        case nil: break
        }
        return Preview(
            site: settings.site, name: studyProtocol.name, protocolDigest: file.digest,
            answers: run.answers.map { AnswerRecord(key: $0.key, answer: $0.answer) },
            record: run.localRecord, skipped: skipped, remarks: remarks)
    }

    /// What would be released, for a terminal.
    public var text: ReleaseText { ReleaseText(answers: answers, record: record) }

    /// `site`, `protocol`, `answers` (as in a release), `local` (what never leaves), `skipped` and `remarks`.
    public var json: JSONValue {
        get throws {
            .object([
                "site": .string(site.rawValue), "protocol": .string(name),
                "protocolDigest": protocolDigest.map { .string($0.description) },
                "answers": try JSONValue(encoding: answers), "local": try JSONValue(encoding: record),
                "skipped": .array(skipped.map { .string($0.description) }),
                "remarks": .array(remarks.map { .string($0.code) }),
            ])
        }
    }
}

extension Preview.Remark {
    /// Stable.
    public var code: String {
        switch self {
        case .notInvited: "not-invited"
        case .trainingSite: "training-site"
        case .expired: "expired"
        case .purposeNotAllowed: "purpose-not-allowed"
        case .evaluationNotRun: "evaluation-not-run"
        case .datasetNumbers: "dataset-numbers"
        case .noiseIsAnExample: "noise-is-an-example"
        case .noBudget: NoisyRun.Obstacle.noBudget.rawValue
        case .budgetSpent: NoisyRun.Obstacle.budgetSpent.rawValue
        case .nothingReleased: "nothing-released"
        }
    }

    public var phrase: Phrase {
        switch self {
        case .notInvited: .previewNotInvited
        case .trainingSite: .previewTrainingSite
        case .expired: .previewExpired
        case .purposeNotAllowed: .previewPurpose
        case .evaluationNotRun(let answers): .previewNoEvaluation(answers: answers)
        case .datasetNumbers: .previewDatasetNumbers
        case .noiseIsAnExample: .previewNoiseIsAnExample
        case .noBudget: .previewNoBudget
        case .budgetSpent: .previewBudgetSpent
        case .nothingReleased: .previewNothing
        }
    }
}

/// What the scores of a preview are made with.
private struct Context {
    let studyProtocol: StudyProtocol
    let snapshot: CatalogueSnapshot
    let cohort: CohortSelection
    let settings: SiteSettings
    let secrets: SiteSecrets

    func scores(_ source: PreviewScores, job: Digest) async throws -> Scores? {
        guard let evaluation = studyProtocol.evaluation else { return nil }
        let resolution = evaluation.scoreResolution
        switch source {
        case .none: return nil
        case .predictions(let file):
            guard let text = FileManager.default.contents(atPath: file.path) else {
                throw AgentError(.predictionsUnreadable, .previewNoPredictions(file.path))
            }
            return try PredictionsFile.scores(text, of: try analysedKeys(), resolution: resolution)
        case .model(let folder):
            let package = try ModelPackage(folder: folder, expecting: studyProtocol.model?.digest)
            let scoring = Scoring(
                runner: try ModelRunner(tools: .locate()), package: package,
                inputs: try CaseInputs(snapshot: snapshot, settings: settings, manifest: package.manifest),
                secrets: secrets,
                limits: ModelLimits(
                    wallClock: .seconds(settings.modelLimits.seconds),
                    memory: UInt64(settings.modelLimits.memoryMiB) << 20))
            return try await scoring.score(
                cases: cohort.analysed, keys: try analysedKeys(), job: job, resolution: resolution,
                progress: { _ in })
        }
    }

    private func analysedKeys() throws -> [String] {
        let keys = try snapshot.caseKeys()
        return cohort.analysed.map { keys[Int($0)] }
    }
}

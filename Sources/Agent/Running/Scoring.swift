internal import Evidence
internal import Foundation
internal import Messages
internal import ModelRuntime
internal import Statistics

/// What a model made of the cases of a job.
struct Scores {
    /// Why a case has no score, as the flow has it. The file of predictions holds the finer code.
    enum FailureBox: String, CaseIterable {
        case inputMissing = "input-missing"
        case inputUnreadable = "input-unreadable"
        case modelFailed = "model-failed"
    }

    /// One entry for each scored case, in the order they were handed in.
    enum Entry: Hashable {
        /// In units of the protocol's score resolution.
        case score(Int64)
        case failed(box: FailureBox, code: String)
    }

    var entries: [Entry]
}

/// Has a model score cases in the order that only the site knows.
struct Scoring {
    let runner: ModelRunner
    let package: ModelPackage
    let inputs: CaseInputs
    let secrets: SiteSecrets
    /// What all runs of the model for this job may use together.
    let limits: ModelLimits

    /// Values that are held in memory for one run of the model.
    private static let valuesPerRun = 64 << 20

    /// Scores the cases.
    /// - Parameters:
    ///   - cases: indices of the snapshot's cases.
    ///   - keys: their keys.
    ///   - progress: is told how many cases are done.
    /// - Throws: `ModelRuntimeError`, among them `model-not-deterministic`; `CancellationError`.
    func score(
        cases: [Int32], keys: [String], job: Digest, resolution: Resolution, progress: (Int) -> Void
    ) async throws -> Scores {
        var entries = [Scores.Entry?](repeating: nil, count: cases.count)
        let order = CaseOrder(job: job, keys: keys, secrets: secrets)
        let again = Set(order.repeating)
        let size = package.manifest.input.count
        let casesPerRun = max(1, Self.valuesPerRun / size)

        var values: [Float] = []
        var places: [Int] = []
        var repeated: [Int] = []
        var done = 0
        let clock = ContinuousClock()
        var left = limits.wallClock
        func run() async throws {
            guard !places.isEmpty else { return }
            // The places of the second scoring are sorted by another code, so a model that counts sees another order.
            let wanted = order.repeating.filter { repeated.contains($0) }
            let positions = wanted.compactMap { place in places.firstIndex(of: order.order[place]) }
            guard left > .zero else { throw ModelRuntimeError(.timeout) }
            let begun = clock.now
            let results = try await runner.score(
                package, cases: values, count: places.count, repeating: positions,
                limits: ModelLimits(wallClock: left, memory: limits.memory))
            // Only the model's own time counts, not what the site needs to read its images.
            left -= begun.duration(to: clock.now)
            for (place, result) in zip(places, results) {
                entries[place] = try Self.entry(result, resolution: resolution)
            }
            done += places.count
            progress(done)
            values.removeAll(keepingCapacity: true)
            places.removeAll(keepingCapacity: true)
            repeated.removeAll(keepingCapacity: true)
        }
        for (place, position) in order.order.enumerated() {
            try Task.checkCancellation()
            switch try inputs.input(ofCase: Int(cases[position])) {
            case .success(let input):
                values.append(contentsOf: input)
                places.append(position)
                if again.contains(place) { repeated.append(place) }
            case .failure(let failure):
                let box: Scores.FailureBox = failure == .missing ? .inputMissing : .inputUnreadable
                entries[position] = .failed(box: box, code: failure.rawValue)
                done += 1
            }
            if places.count == casesPerRun { try await run() }
        }
        try await run()
        return Scores(
            entries: try entries.map { entry in
                guard let entry else { throw JobFailure(.failed(.internalError), cause: "case-not-scored") }
                return entry
            })
    }

    private static func entry(_ result: CaseScore, resolution: Resolution) throws(JobFailure) -> Scores.Entry {
        switch result {
        case .score(let score):
            guard let units = resolution.units(Double(score)) else {
                throw JobFailure(.failed(.internalError), cause: "score-not-quantised")
            }
            return .score(units)
        case .failed(let failure):
            return .failed(box: .modelFailed, code: failure.code)
        }
    }
}

import CConfinement
import Foundation
import Glibc

/// Scores cases with a model that nobody trusts.
///
/// Each run is a new process in a `Sandbox`, which confines itself (no new process, thread, file or socket, no executable
/// memory) before it looks at the model. The model sees one case at a time, so a score cannot depend on another case or
/// on the order, unless the model keeps a state; `repeating` finds that.
public struct ModelRunner: Sendable {
    private let sandbox: Sandbox

    /// Prepares the sandbox; do it once, it asks the dynamic loader for the libraries.
    /// - Throws: `ModelRuntimeError` `sandbox-unavailable`.
    public init(tools: ModelRuntimeTools) throws {
        sandbox = try Sandbox(
            bubblewrap: tools.bubblewrap, program: tools.modelHost, plugins: [CONCORDAT_HOST_LIBRARY: tools.onnxRuntime]
        )
    }

    /// Scores every case.
    /// - Parameters:
    ///   - cases: the input values of all cases, one case after the other, each in row-major order.
    ///   - count: the number of cases.
    ///   - repeating: positions of cases that are scored a second time after all the others, in this order.
    /// - Returns: one entry for each case, in the order of the cases.
    /// - Throws: `ModelRuntimeError`; `CancellationError` when the task is cancelled. A run in which no case gets a score
    ///   is an error, never a list of failures.
    public func score(
        _ package: ModelPackage, cases: [Float], count: Int, repeating: [Int] = [], limits: ModelLimits = .standard
    ) async throws -> [CaseScore] {
        let size = package.manifest.input.count
        guard count >= 0, cases.count == count * size, repeating.allSatisfy((0..<count).contains) else {
            throw ModelRuntimeError(.inputMismatch, detail: "\(cases.count) values for \(count) cases of \(size)")
        }
        let again = repeating.flatMap { cases[$0 * size..<($0 + 1) * size] }
        let total = count + repeating.count
        let request = HostRequest.bytes(for: package, caseCount: total)
        let outcome = try await sandbox.run(
            input: [.bytes(request), .data(package.model), .floats(cases), .floats(again)],
            limits: limits, outputLimit: HostAnswer.size(caseCount: total))
        if outcome.ending == .cancelled { throw CancellationError() }
        let scores = try HostAnswer.scores(from: outcome, caseCount: total)

        for (index, position) in repeating.enumerated() where scores[position] != scores[count + index] {
            throw ModelRuntimeError(.notDeterministic)
        }
        if case .failed(let failure)? = scores.first, !scores.contains(where: \.isScore) {
            throw ModelRuntimeError(failure == .memory ? .memory : .outputInvalid, detail: failure.code)
        }
        return Array(scores.prefix(count))
    }
}

extension CaseScore {
    fileprivate var isScore: Bool {
        if case .score = self { true } else { false }
    }
}

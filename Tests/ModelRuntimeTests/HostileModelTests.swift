import Foundation
import ModelRuntime
import Testing

/// Model packages that are well formed and mean harm: each run fails with its own code, and the next one works.
@Suite struct HostileModelTests {
    private func expect(
        _ reason: ModelRuntimeError.Reason, of vector: String, limits: ModelLimits = Runtime.limits,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let runner = try Runtime.runner.get()
        let package = try PackageFixture(vector: vector).load()
        let cases = Runtime.constantCases([0.25, 0.5, 0.75])
        await #expect(throws: ModelRuntimeError(reason), sourceLocation: sourceLocation) {
            try await runner.score(package, cases: cases, count: 3, limits: limits)
        }
        // The site goes on.
        let good = try PackageFixture(vector: "good").load()
        let scores = try await runner.score(good, cases: cases, count: 3, limits: Runtime.limits)
        #expect(scores.count == 3, sourceLocation: sourceLocation)
    }

    @Test(arguments: ["external-data-relative", "external-data-absolute"])
    func weightsInAFileOfTheSiteAreRefused(vector: String) async throws {
        try await expect(.loadFailed, of: vector)
    }

    @Test(arguments: ["garbage", "truncated"])
    func bytesThatAreNoModelAreRefused(vector: String) async throws {
        try await expect(.loadFailed, of: vector)
    }

    @Test(arguments: ["huge-at-load", "huge-at-run"])
    func memoryWithoutBoundIsRefused(vector: String) async throws {
        try await expect(.memory, of: vector)
    }

    @Test func anEndlessLoopReachesTheTimeLimit() async throws {
        try await expect(
            .timeout, of: "endless-loop", limits: ModelLimits(wallClock: .seconds(2), memory: 2 << 30))
    }

    @Test func anEndlessLoopEndsWithItsTask() async throws {
        let runner = try Runtime.runner.get()
        let package = try PackageFixture(vector: "endless-loop").load()
        let started = ContinuousClock.now
        let task = Task {
            try await runner.score(package, cases: Runtime.constantCases([1]), count: 1, limits: .standard)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - started < ModelLimits.standard.wallClock)
    }

    @Test(arguments: ["nan-output", "out-of-range", "many-outputs"])
    func scoresThatAreNoProbabilitiesAreNotTaken(vector: String) async throws {
        try await expect(.outputInvalid, of: vector)
    }

    @Test(arguments: ["whole-numbers", "two-inputs", "other-shape"])
    func anotherInterfaceThanDeclaredIsRefused(vector: String) async throws {
        try await expect(.interfaceMismatch, of: vector)
    }

    @Test func aModelThatScoresACaseDifferentlyTwiceIsFound() async throws {
        let runner = try Runtime.runner.get()
        let package = try PackageFixture(vector: "stateful").load()
        let cases = Runtime.constantCases([0.25, 0.5, 0.75])
        await #expect(throws: ModelRuntimeError(.notDeterministic)) {
            try await runner.score(package, cases: cases, count: 3, repeating: [2, 0], limits: Runtime.limits)
        }
        // Without the second look nobody would know.
        let scores = try await runner.score(package, cases: cases, count: 3, limits: Runtime.limits)
        #expect(scores.count == 3)
    }
}

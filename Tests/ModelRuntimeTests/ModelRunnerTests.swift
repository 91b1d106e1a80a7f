import Foundation
import ModelRuntime
import Testing

/// What a good model gives, and how a run is refused before a model is even started.
@Suite struct ModelRunnerTests {
    @Test func aGoodModelGivesTheScoresOfONNXRuntimeInPython() async throws {
        let package = try PackageFixture(vector: "good").load()
        let cases = try Vectors.floats("good-cases.f32")
        let expected = try Vectors.floats("good-scores.f32")

        let scores = try await Runtime.runner.get().score(
            package, cases: cases, count: expected.count, limits: Runtime.limits)

        #expect(Set(expected).count == expected.count, "the vector could not tell the cases apart")
        #expect(scores == expected.map { .score($0) })
    }

    @Test func aSampleScoredAgainInAnotherOrderAgrees() async throws {
        let package = try PackageFixture(vector: "good").load()
        let cases = try Vectors.floats("good-cases.f32")
        let expected = try Vectors.floats("good-scores.f32")

        let scores = try await Runtime.runner.get().score(
            package, cases: cases, count: expected.count, repeating: [15, 0, 7, 7], limits: Runtime.limits)

        #expect(scores == expected.map { .score($0) })
    }

    @Test func aCohortWithoutCasesHasNoScores() async throws {
        let package = try PackageFixture(vector: "good").load()
        let scores = try await Runtime.runner.get().score(package, cases: [], count: 0, limits: Runtime.limits)
        #expect(scores.isEmpty)
    }

    @Test func moreCasesThanAPipeHoldsPassThrough() async throws {
        let package = try PackageFixture(vector: "good").load()
        let (cases, expected) = (try Vectors.floats("good-cases.f32"), try Vectors.floats("good-scores.f32"))
        let times = 500

        let scores = try await Runtime.runner.get().score(
            package, cases: (0..<times).flatMap { _ in cases }, count: expected.count * times, limits: Runtime.limits)

        #expect(scores == (0..<times).flatMap { _ in expected.map { .score($0) } })
    }

    @Test func casesThatDoNotFitTheInputAreRefused() async throws {
        let package = try PackageFixture(vector: "good").load()
        await #expect(throws: ModelRuntimeError(.inputMismatch)) {
            try await Runtime.runner.get().score(package, cases: [1, 2, 3], count: 1)
        }
        await #expect(throws: ModelRuntimeError(.inputMismatch)) {
            try await Runtime.runner.get().score(
                package, cases: Runtime.constantCases([1]), count: 1, repeating: [1])
        }
    }

    @Test func oneFailedCaseDoesNotHideTheOthers() async throws {
        let package = try PackageFixture(vector: "nan-for-dark-cases").load()
        let scores = try await Runtime.runner.get().score(
            package, cases: Runtime.constantCases([2, -1, 100, 1]), count: 4, limits: Runtime.limits)

        guard case .score(let value) = scores[0] else {
            Issue.record("the first case has no score")
            return
        }
        #expect(abs(value - Float(0.693_147_2)) < 1e-6)
        #expect(scores[1] == .failed(.scoreNotFinite))
        #expect(scores[2] == .failed(.scoreOutOfRange))
        #expect(scores[3] == .score(0))
    }

    @Test func severalModelsCanBeScoredAtOnce() async throws {
        let package = try PackageFixture(vector: "good").load()
        let (cases, expected) = (try Vectors.floats("good-cases.f32"), try Vectors.floats("good-scores.f32"))
        let runner = try Runtime.runner.get()
        try await withThrowingTaskGroup(of: [CaseScore].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await runner.score(package, cases: cases, count: expected.count, limits: Runtime.limits)
                }
            }
            for try await scores in group { #expect(scores == expected.map { .score($0) }) }
        }
    }
}

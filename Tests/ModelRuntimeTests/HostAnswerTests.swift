import CConfinement
import Foundation
import Testing

@testable import ModelRuntime

/// The agent's reading of what a captured model host may write: nothing but the one right form gives scores.
@Suite struct HostAnswerTests {
    /// The parts of an answer for two cases, each of which a test may falsify.
    private struct Answer {
        var greeting = CONCORDAT_HOST_GREETING
        var verdict = UInt32(CONCORDAT_HOST_DONE)
        var scores: [(status: UInt32, bits: UInt32)] = [(0, Float(0.25).bitPattern), (0, Float(0.75).bitPattern)]
        var farewell = CONCORDAT_HOST_FAREWELL
        var appendix: [UInt8] = []

        var bytes: [UInt8] {
            var bytes = withUnsafeBytes(of: greeting) { Array($0) } + withUnsafeBytes(of: verdict) { Array($0) }
            for score in scores {
                bytes += withUnsafeBytes(of: score.status) { Array($0) } + withUnsafeBytes(of: score.bits) { Array($0) }
            }
            return bytes + withUnsafeBytes(of: farewell) { Array($0) } + appendix
        }
    }

    private func read(
        _ bytes: [UInt8], ending: ConfinedProcess.Ending = .exited(0)
    ) throws(ModelRuntimeError) -> [CaseScore] {
        try HostAnswer.scores(
            from: ConfinedProcess.Outcome(ending: ending, output: bytes, diagnostics: "words"), caseCount: 2)
    }

    @Test func theRightFormGivesTheScores() throws {
        #expect(try read(Answer().bytes) == [.score(0.25), .score(0.75)])
        #expect(Answer().bytes.count == HostAnswer.size(caseCount: 2))
    }

    @Test func everyShorterAnswerIsRefused() {
        let whole = Answer().bytes
        for length in 0..<whole.count {
            #expect(throws: ModelRuntimeError.self, "\(length) bytes") { try read(Array(whole.prefix(length))) }
        }
    }

    @Test func moreOrFewerScoresThanCasesAreRefused() {
        var answer = Answer()
        answer.scores.removeLast()
        #expect(throws: ModelRuntimeError(.outputInvalid)) { try read(answer.bytes) }
        answer.scores += [(0, 0), (0, 0)]
        #expect(throws: ModelRuntimeError(.outputInvalid)) { try read(answer.bytes) }
        var longer = Answer()
        longer.appendix = [0]
        #expect(throws: ModelRuntimeError(.outputInvalid)) { try read(longer.bytes) }
    }

    @Test func anAnswerWithoutItsMarksIsRefused() {
        var answer = Answer()
        answer.greeting ^= 1
        #expect(throws: ModelRuntimeError(.sandboxUnavailable)) { try read(answer.bytes) }
        answer = Answer()
        answer.farewell ^= 1
        #expect(throws: ModelRuntimeError(.outputInvalid)) { try read(answer.bytes) }
    }

    @Test(arguments: [Float.nan, .signalingNaN, .infinity, -.infinity])
    func aScoreThatIsNoNumberIsAFailedCase(value: Float) throws {
        var answer = Answer()
        answer.scores[0].bits = value.bitPattern
        #expect(try read(answer.bytes) == [.failed(.scoreNotFinite), .score(0.75)])
    }

    @Test(arguments: [Float(-0.001), 1.000_001, .greatestFiniteMagnitude])
    func aScoreThatIsNoProbabilityIsAFailedCase(value: Float) throws {
        var answer = Answer()
        answer.scores[1].bits = value.bitPattern
        #expect(try read(answer.bytes) == [.score(0.25), .failed(.scoreOutOfRange)])
    }

    @Test func zeroHasOneForm() throws {
        var answer = Answer()
        answer.scores[0].bits = Float(-0.0).bitPattern
        guard case .score(let value)? = try read(answer.bytes).first else {
            Issue.record("zero is a score")
            return
        }
        #expect(value.bitPattern == 0)
    }

    @Test func aStatusThatDoesNotExistIsAFailure() throws {
        var answer = Answer()
        answer.scores[0].status = .max
        #expect(try read(answer.bytes) == [.failed(.runFailed), .score(0.75)])
        answer.verdict = .max
        #expect(throws: ModelRuntimeError(.loadFailed)) { try read(answer.bytes) }
    }

    @Test func aRightAnswerOfAProcessThatEndedBadlyIsRefused() {
        let bytes = Answer().bytes
        #expect(throws: ModelRuntimeError(.crashed)) { try read(bytes, ending: .exited(139)) }
        #expect(throws: ModelRuntimeError(.forbiddenCall)) { try read(bytes, ending: .exited(159)) }
        #expect(throws: ModelRuntimeError(.timeout)) { try read(bytes, ending: .timedOut) }
        #expect(throws: ModelRuntimeError(.outputInvalid)) { try read(bytes, ending: .wroteTooMuch) }
    }

    @Test func wordsOfAModelAreMadePrintableAndShort() {
        let detail = String(repeating: "a\u{1B}[2Jé\n", count: 1_000)
        let error = ModelRuntimeError(.loadFailed, detail: detail)
        #expect(error.detail.count == 2_048)
        #expect(error.detail.allSatisfy { $0.isASCII && ($0 == " " || !$0.isWhitespace) })
        #expect(!error.detail.contains("\u{1B}"))
        #expect("\(error)" == "model-load-failed")
    }
}

import Testing

@testable import Transport

@Suite("Back-off")
struct BackoffTests {
    /// Always the largest value, so that waits are their bounds.
    private struct Greatest: RandomNumberGenerator {
        mutating func next() -> UInt64 { .max }
    }

    private struct Counting: RandomNumberGenerator {
        var state: UInt64 = 1
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state
        }
    }

    @Test("bounds double up to the ceiling, and a success starts anew")
    func bounds() {
        var backoff = Backoff(base: .milliseconds(100), ceiling: .milliseconds(450))
        var generator = Greatest()
        let waits = (0..<4).map { _ in backoff.next(using: &generator) }
        #expect(waits == [.milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(450)])
        backoff.reset()
        #expect(backoff == Backoff(base: .milliseconds(100), ceiling: .milliseconds(450)))
    }

    @Test("waits lie anywhere between zero and the bound, whatever the number of tries")
    func jitter() {
        var backoff = Backoff(base: .milliseconds(10), ceiling: .seconds(1))
        var generator = Counting()
        var lower = 0
        for _ in 0..<2_000 {
            let bound = backoff.bound
            let wait = backoff.next(using: &generator)
            #expect(wait >= .zero && wait <= bound)
            if wait * 2 < .seconds(1) { lower += 1 }
        }
        #expect((900...1_100).contains(lower))
    }
}

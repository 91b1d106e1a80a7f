import Evidence
import Testing

@testable import Coordinator

@Suite("Waiting for changes") struct BellsTests {
    let topic = Topic.jobs(site: "siemens")

    /// Waits until so many waits are open; every step lets other tasks run.
    func untilWaiting(_ bells: Bells, _ count: Int) async {
        while await bells.waiterCount < count { await Task.yield() }
    }

    @Test func `a stroke wakes everyone who waits for its topic, and nobody else`() async {
        let bells = Bells()
        async let first = bells.wait(for: topic, after: 0, atMost: .seconds(60))
        async let second = bells.wait(for: topic, after: 0, atMost: .seconds(60))
        let other = Task { await bells.wait(for: .study(id: "s"), after: 0, atMost: .seconds(60)) }
        await untilWaiting(bells, 3)
        await bells.ring([topic])
        #expect(await first == .rung)
        #expect(await second == .rung)
        #expect(await bells.waiterCount == 1)
        other.cancel()
        #expect(await other.value == .released)
    }

    @Test func `a stroke between looking and waiting is not missed`() async {
        let bells = Bells()
        let strokes = await bells.strokes(of: topic)
        await bells.ring([topic])
        #expect(await bells.wait(for: topic, after: strokes, atMost: .seconds(60)) == .rung)
    }

    @Test func `a wait ends when its time is over`() async {
        let bells = Bells()
        #expect(await bells.wait(for: topic, after: 0, atMost: .milliseconds(5)) == .timedOut)
        #expect(await bells.wait(for: topic, after: 0, atMost: .zero) == .timedOut)
        #expect(await bells.waiterCount == 0)
    }

    @Test func `a cancelled wait ends at once`() async {
        let bells = Bells()
        let waiting = Task { await bells.wait(for: topic, after: 0, atMost: .seconds(60)) }
        waiting.cancel()
        #expect(await waiting.value == .released)
    }

    @Test func `the waits of a closed connection end, those of another go on`() async {
        let bells = Bells()
        let here = Bells.Connection(id: ObjectIdentifier(Self.self))
        let there = Bells.Connection(id: ObjectIdentifier(Int.self))
        #expect(await bells.beginWatching(here))
        #expect(await !bells.beginWatching(here))
        #expect(await bells.beginWatching(there))
        async let gone = bells.wait(for: topic, after: 0, atMost: .seconds(60), on: here)
        let going = Task { await bells.wait(for: topic, after: 0, atMost: .seconds(60), on: there) }
        await untilWaiting(bells, 2)
        await bells.endWatching(here)
        #expect(await gone == .released)
        #expect(await bells.waiterCount == 1)
        #expect(await bells.wait(for: topic, after: 0, atMost: .seconds(60), on: here) == .released)
        going.cancel()
        _ = await going.value
    }

    @Test func `a caller with too many waits open gets no further one, another caller does`() async throws {
        let bells = Bells()
        let (site, neighbour) = (Caller.site(try SiteID("siemens")), Caller.site(try SiteID("philips")))
        let waits = (0..<Bells.waitsPerCaller).map { _ in
            Task { await bells.wait(for: topic, after: 0, atMost: .seconds(60), by: site) }
        }
        await untilWaiting(bells, waits.count)
        let start = ContinuousClock.now
        #expect(await bells.wait(for: topic, after: 0, atMost: .seconds(60), by: site) == .timedOut)
        #expect(ContinuousClock.now - start < .seconds(30))
        let other = Task { await bells.wait(for: topic, after: 0, atMost: .seconds(60), by: neighbour) }
        await untilWaiting(bells, waits.count + 1)
        // One that ends makes room.
        waits[0].cancel()
        #expect(await waits[0].value == .released)
        let next = Task { await bells.wait(for: topic, after: 0, atMost: .seconds(60), by: site) }
        await untilWaiting(bells, waits.count + 1)
        await bells.ring([topic])
        for wait in waits.dropFirst() + [other, next] { #expect(await wait.value == .rung) }
    }

    @Test func `closing ends every wait, also later ones`() async {
        let bells = Bells()
        async let waiting = bells.wait(for: topic, after: 0, atMost: .seconds(60))
        await untilWaiting(bells, 1)
        await bells.close()
        #expect(await waiting == .released)
        #expect(await bells.wait(for: topic, after: 0, atMost: .seconds(60)) == .released)
    }
}

import Testing

@testable import Scoring

@Suite struct LowerEnvelopeTests {
    @Test(arguments: [1, 0.7, 0.001, 1e-6, 1e6])
    func theEnvelopeIsTheLeastOfAllParabolasToTheLastBit(spacing: Double) throws {
        var maker = MaskMaker(seed: 21)
        for length in [1, 2, 7, 64, 130] {
            var envelope = LowerEnvelope(length: length, spacing: spacing)
            #expect(envelope.isEmpty)
            for scale in [1, 3, 40, 1 << 20] {
                envelope.removeAll()
                // Heights are squares of steps, as in a transform, so that many parabolas meet in a point.
                var sites: [(site: Int, height: Double)] = []
                for site in 0..<length where site == length / 2 || maker.below(3) > 0 {
                    sites.append((site, NearRows.square(maker.below(scale), spacing)))
                }
                for site in sites { envelope.add(at: site.site, height: site.height) }
                #expect(!envelope.isEmpty)
                var found = Array(repeating: -1.0, count: length)
                found.withUnsafeMutableBufferPointer { found in
                    if let base = found.baseAddress { envelope.fill(0..<length, into: base) }
                }
                var index = 0
                for place in 0..<length {
                    let least = sites.map { $0.height + NearRows.square(place - $0.site, spacing) }.min()!
                    #expect(found[place] == least, "\(place) of \(length)")
                    let lowest = envelope.lowest(at: place, from: &index)
                    #expect(abs(lowest.height - least) <= 1e-12 * least)
                    #expect(sites.contains { $0.site == lowest.site })
                }
            }
        }
    }

    @Test func onlyThePlacesThatAreAskedForAreWritten() throws {
        var envelope = LowerEnvelope(length: 10, spacing: 2)
        envelope.add(at: 1, height: 0)
        envelope.add(at: 8, height: 5)
        var found = Array(repeating: -1.0, count: 10)
        found.withUnsafeMutableBufferPointer { found in
            if let base = found.baseAddress { envelope.fill(3..<8, into: base) }
        }
        #expect(found == [-1, -1, -1, 16, 36, 41, 21, 9, -1, -1])
    }
}

@Suite struct ParallelTests {
    @Test(arguments: [1, 2, 3, 8], [0, 1, 5, 100])
    func everyPartIsDoneOnce(threads: Int, parts: Int) {
        let done = ZeroedWords(count: max(parts, 1))
        let own = ZeroedWords(count: threads)
        Parallel.run(parts, threads: threads) { part, thread in
            done.words[part] += 1
            own.words[thread] += 1
        }
        #expect((0..<parts).allSatisfy { done.words[$0] == 1 })
        #expect((0..<threads).reduce(0) { $0 + own.words[$1] } == UInt64(parts))
    }
}

import Statistics
import Testing

@Suite("Proportions and their differences")
struct ProportionsTests {
    @Test("limits at no and at all successes are exact ends, and the rest agrees with high-precision arithmetic")
    func ends() throws {
        // Of a billion trials, none or one a success: mpmath with 40 digits.
        let wilson = try Wilson.interval(successes: 0, trials: 1_000_000_000, level: 0.99).get()
        #expect(wilson.lower == 0)
        #expect(agree(wilson.upper, 6.634896556999361e-09, relative: 1e-14))
        let exact = try ClopperPearson.interval(successes: 1, trials: 1_000_000_000, level: 0.95).get()
        #expect(agree(exact.upper, 5.571643378203114e-09, relative: 1e-14))
        #expect(Wilson.interval(successes: 7, trials: 7, level: 0.95).value?.upper == 1)
        #expect(JeffreysInterval.interval(successes: 0, trials: 7, level: 0.95).value?.lower == 0)
        #expect(JeffreysInterval.interval(successes: 7, trials: 7, level: 0.95).value?.upper == 1)
    }

    @Test("every method mirrors when successes and failures change places")
    func mirrored() throws {
        typealias Method = (Int, Int, Double) -> Inferred<Interval>
        let methods: [Method] = [
            { Wilson.interval(successes: $0, trials: $1, level: $2) },
            { ClopperPearson.interval(successes: $0, trials: $1, level: $2) },
            { AgrestiCoull.interval(successes: $0, trials: $1, level: $2) },
            { JeffreysInterval.interval(successes: $0, trials: $1, level: $2) },
            { WaldProportion.interval(successes: $0, trials: $1, level: $2) },
        ]
        for (k, n) in [(0, 1), (0, 9), (1, 9), (4, 9), (3, 1_000_000)] {
            for method in methods {
                let left = try method(k, n, 0.9).get()
                let right = try method(n - k, n, 0.9).get()
                #expect(agree(left.lower, 1 - right.upper, absolute: 1e-15), "\(k)/\(n)")
                #expect(agree(left.upper, 1 - right.lower, absolute: 1e-15), "\(k)/\(n)")
            }
        }
    }

    @Test("arguments that are none and withheld counts have no value")
    func undefined() {
        #expect(AgrestiCoull.interval(successes: 0, trials: 0, level: 0.95) == .undefined(.noCases))
        #expect(JeffreysInterval.interval(successes: 2, trials: 1, level: 0.95) == .undefined(.badArgument))
        #expect(WaldProportion.interval(successes: 1, trials: 1, level: 1) == .undefined(.badArgument))
        #expect(
            ClopperPearson.interval(successes: .protected, failures: .exact(1), level: 0.9) == .undefined(.withheld))
        #expect(
            JeffreysInterval.interval(successes: .exact(1), failures: .protected, level: 0.9) == .undefined(.withheld))
        #expect(
            ClopperPearson.interval(successes: .exact(1), failures: .exact(2), level: 0.9)
                == ClopperPearson.interval(successes: 1, trials: 3, level: 0.9))
    }

    @Test("Newcombe's intervals are those of his papers, to mpmath's digits")
    func newcombe() throws {
        // 56/70 less 48/80 is example (a) of the paper on independent proportions: 0.0524 to 0.3339.
        let example = try NewcombeDifference.infer(
            successes1: 56, trials1: 70, successes2: 48, trials2: 80, level: 0.95
        ).get()
        #expect(agree(example.estimate, 0.2))
        #expect(agree(example.interval.lower, 0.05243147240236488))
        #expect(agree(example.interval.upper, 0.33387265403690597))
        let extreme = try NewcombeDifference.infer(
            successes1: 10, trials1: 10, successes2: 0, trials2: 10, level: 0.95
        ).get()
        #expect(agree(extreme.interval.lower, 0.6075093504305241))
        #expect(extreme.interval.upper == 1)
        // Paired: ad > bc with and without what the correction leaves, ad < bc, and a pair of equal results.
        for (cells, lower, upper) in [
            ([36, 12, 2, 4], 0.05055916351161809, 0.3172804707502702),
            ([10, 5, 7, 3], -0.3269424652973117, 0.1811457856536896),
            ([20, 0, 0, 0], -0.16112515805281938, 0.16112515805281938),
            ([0, 3, 4, 20], -0.2376654315138413, 0.1656575473960656),
        ] {
            let paired = try NewcombePairedDifference.infer(
                both: cells[0], firstOnly: cells[1], secondOnly: cells[2], neither: cells[3], level: 0.95
            ).get()
            #expect(agree(paired.interval.lower, lower), "\(cells)")
            #expect(agree(paired.interval.upper, upper), "\(cells)")
        }
        #expect(
            NewcombePairedDifference.infer(
                both: .exact(1), firstOnly: .exact(1), secondOnly: .protected, neither: .exact(1), level: 0.95)
                == .undefined(.withheld))
        #expect(
            NewcombeDifference.infer(successes1: 0, trials1: 0, successes2: 1, trials2: 2, level: 0.95)
                == .undefined(.noCases))
    }
}

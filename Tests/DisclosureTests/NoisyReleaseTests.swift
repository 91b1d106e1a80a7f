import Foundation
import Privacy
import Statistics
import Testing

@testable import Disclosure
@testable import StudyProtocol

/// What a site asks of its cases under noise, with a seeded source of draws.
private struct NoisySite {
    var site = JointSite()
    static let declared: Set<String> = ["x", "y", "group", "sex"]

    static func keyed(_ patient: Int32, _ place: Int) -> UInt64 {
        var generator = SeededNoise(seed: UInt64(patient) << 32 | UInt64(place))
        return generator.next()
    }

    /// A digest of each case's own identifier: it does not move when another patient comes or goes.
    var priorities: [UInt64] {
        var place: [Int32: Int] = [:]
        return site.cases.map { one in
            defer { place[one.patient, default: 0] += 1 }
            return Self.keyed(one.patient, place[one.patient, default: 0])
        }
    }

    mutating func askAll() throws {
        for level in 0..<2 {
            site.parts[.of("sex", level == 0 ? "f" : "m")] = .level(Int64(level))
        }
        try site.askFlow()
        try site.askTable("y", "group")
        try site.askHistogram([0, 300, 700, 10_000], by: "sex")
        try site.askMoments()
        try site.askROC()
        try site.askSteps([0, 250_000, 500_000, 1_000_000])
        try site.askConfusion(500_000)
        for sex in ["f", "m"] { try site.askConfusion(500_000, in: .of("sex", sex)) }
    }

    func plan(_ terms: NoiseTerms) throws -> NoisyRelease.Plan {
        try NoisyRelease.plan(
            site.items, cases: site.axes, priorities: priorities, terms: terms,
            declaredVariables: Self.declared)
    }

    /// Patients with one to five cases of all kinds.
    static func random(_ patients: Int, _ generator: inout SeededNoise) -> JointSite {
        var site = JointSite()
        for _ in 0..<patients {
            let lesions = Int.random(in: 1...5, using: &generator)
            let start = site.cases.count
            site.addPatient(lesions)
            for index in start..<start + lesions {
                site.cases[index].size =
                    Bool.random(using: &generator)
                    ? Int64.random(in: 0...10_000, using: &generator)
                    : [Coded.missing, Coded.malformed, Coded.outOfRange][
                        Int.random(in: 0..<3, using: &generator)]
                site.cases[index].maker = Int64.random(in: 0...2, using: &generator)
                site.cases[index].truth = Int64.random(in: 0...1, using: &generator)
                site.cases[index].sex = Int64.random(in: 0...1, using: &generator)
                site.cases[index].score =
                    Int.random(in: 0..<8, using: &generator) == 0
                    ? Coded.missing : Int64.random(in: 0...1_000_000, using: &generator)
                site.cases[index].box = [0, 1, 2, 2, 2][Int.random(in: 0..<5, using: &generator)]
            }
        }
        return site
    }
}

/// SplitMix64.
struct SeededNoise: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

private func terms(_ mechanism: NoiseMechanism = .gaussian, cases: Int = 1, epsilon: String = "1")
    throws -> NoiseTerms
{
    try NoiseTerms(
        mechanism: mechanism, epsilon: Fraction(epsilon),
        delta: mechanism == .gaussian ? Fraction("0.00001") : nil,
        bound: ContributionBound(mostCases: cases))
}

private func noisy(_ answer: Answer) -> ReleasedNoisyCounts? {
    if case .released(.noisyCounts(let counts)) = answer { counts } else { nil }
}

private func draw(
    _ plan: NoisyRelease.Plan, _ seed: UInt64, release: String = "r", basis: String = "b"
) throws
    -> NoiseRecord
{
    var generator = SeededNoise(seed: seed)
    return try NoiseRecord(
        release: release, basis: basis, plan: #require(plan.noise), using: &generator)
}

private func bytes(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return try encoder.encode(value)
}

@Suite("Rule 17: a release with noise")
struct NoisyReleaseTests {
    @Test(
        "without a bound in effect the exact vector is what the site counted, in every cell of every kind"
    )
    func counts() throws {
        for failed in [FailedCases.worstCase, .excluded] {
            var generator = SeededNoise(seed: 5)
            var own = NoisySite()
            own.site = NoisySite.random(60, &generator)
            own.site.failed = failed
            try own.askAll()
            let plan = try own.plan(terms(cases: 10_000))
            let exact = Dictionary(
                uniqueKeysWithValues: plan.exactNumbers.map { ($0.answer, $0.numbers) })
            var expected: [String: [Int64]] = [:]
            for item in own.site.items {
                guard case .computed(let aggregate) = item.outcome else { continue }
                let cells: PatientCells? =
                    switch aggregate {
                    case .flow(let value): value.cells
                    case .table(let value): value.cells
                    case .histogram(let value): value.cells
                    case .scoreSteps(let value): value.cells
                    case .confusion(let value): value.cells
                    default: nil
                    }
                guard let cells else { continue }
                let name = item.key.name.rawValue + (item.key.subgroup.map { "@\($0.variable)" } ?? "")
                expected[name, default: []] += (0..<cells.cellCount).map { Int64(cells.cases(inCell: $0)) }
            }
            #expect(exact == expected)
            #expect(exact.count == 6 && exact["confusion:at-500000@sex"]?.count == 8)
        }
    }

    @Test(
        "one patient more or less changes each answer by no more than the sensitivity that the noise is made for"
    )
    func sensitivity() throws {
        var generator = SeededNoise(seed: 17)
        var largest: [Int: Int64] = [:]
        for round in 0..<60 {
            let bound = [1, 2, 4][round % 3]
            var with = NoisySite()
            with.site = NoisySite.random(12, &generator)
            var without = with
            let leaving = Int32.random(in: 0..<12, using: &generator)
            without.site.cases.removeAll { $0.patient == leaving }
            try with.askAll()
            try without.askAll()
            let (left, right) = (
                try with.plan(terms(cases: bound)), try without.plan(terms(cases: bound))
            )
            #expect(left.noise == right.noise, "the plan tells nothing of the counts")
            #expect(left.cost == right.cost)
            #expect(left.exactNumbers.map(\.answer) == right.exactNumbers.map(\.answer))
            for (one, other) in zip(left.exactNumbers, right.exactNumbers) {
                let changes = zip(one.numbers, other.numbers).map { abs($0 - $1) }
                #expect(changes.reduce(0, +) <= Int64(bound), "\(one.answer), L1")
                #expect(changes.reduce(0) { $0 + $1 * $1 } <= Int64(bound * bound), "\(one.answer), L2")
                largest[bound] = max(largest[bound] ?? 0, changes.reduce(0, +))
            }
        }
        // The bound is reached, so that the test can fail.
        #expect(largest == [1: 1, 2: 2, 4: 4])
    }

    @Test(
        "all cells are published whatever their counts, and which answers there are does not depend on them"
    )
    func shape() throws {
        var shapes: Set<String> = []
        for patients in [1, 3, 40] {
            var generator = SeededNoise(seed: 3)
            var own = NoisySite()
            own.site = NoisySite.random(patients, &generator)
            try own.askAll()
            let plan = try own.plan(terms())
            let answers = try NoisyRelease.answers(plan, record: draw(plan, 1), basis: "b")
            shapes.insert(
                answers.map {
                    "\($0.key) \(noisy($0.answer).map { "\($0.subject) \($0.noise)" } ?? "withheld")"
                }
                .joined(separator: "\n"))
            let withheld = answers.filter { $0.answer == .withheld }.map(\.key.name.rawValue)
            #expect(withheld == ["moments-3", "roc"])
            for answer in answers {
                #expect(noisy(answer.answer).map { $0.numbers.count == $0.subject.cellCount } ?? true)
            }
        }
        #expect(shapes.count == 1)
    }

    @Test("a retry with the stored record gives the same bytes")
    func retry() throws {
        var generator = SeededNoise(seed: 8)
        var own = NoisySite()
        own.site = NoisySite.random(30, &generator)
        try own.askAll()
        let plan = try own.plan(terms())
        let record = try draw(plan, 4)
        let first = try bytes(NoisyRelease.answers(plan, record: record, basis: "b").map(\.answer))
        let stored = try JSONDecoder().decode(NoiseRecord.self, from: JSONEncoder().encode(record))
        let again = try own.plan(terms())
        #expect(
            try bytes(NoisyRelease.answers(again, record: stored, basis: "b").map(\.answer)) == first)
        let redrawn = try bytes(
            NoisyRelease.answers(plan, record: draw(plan, 5), basis: "b").map(\.answer))
        #expect(redrawn != first, "another draw would be another answer")
    }

    @Test("replaying a job for a fresh draw is refused, and so is old noise on changed data")
    func replay() throws {
        var generator = SeededNoise(seed: 9)
        var own = NoisySite()
        own.site = NoisySite.random(30, &generator)
        try own.askAll()
        let plan = try own.plan(terms())
        var budget = try PrivacyBudget(
            dataset: "d", total: .approximate(epsilon: Fraction("3"), delta: Fraction("0.00001")))
        try budget.spend(plan.cost, release: "job-1", sponsor: "s")
        // The attacker sends the job again, hoping for a second draw of the same counts to average.
        let before = budget
        #expect(throws: PrivacyError(.alreadyCharged, "")) {
            try budget.spend(plan.cost, release: "job-1", sponsor: "s")
        }
        #expect(budget == before)
        let record = try draw(plan, 1, release: "job-1", basis: "of-\(plan.exactBytes.hashValue)")
        var changed = own
        changed.site.cases.removeAll { $0.patient == 29 }
        let other = try NoisySite.plan(reasking: changed, terms())
        #expect(other.exactBytes != plan.exactBytes)
        #expect(throws: PrivacyError(.otherValues, "")) {
            try NoisyRelease.answers(other, record: record, basis: "of-\(other.exactBytes.hashValue)")
        }
        let finer = try own.plan(terms(epsilon: "2"))
        #expect(throws: PrivacyError(.otherValues, "")) {
            try NoisyRelease.answers(finer, record: record, basis: "of-\(plan.exactBytes.hashValue)")
        }
    }

    @Test("repeated releases to several sponsors are refused when the one budget is spent")
    func spent() throws {
        var generator = SeededNoise(seed: 10)
        var own = NoisySite()
        own.site = NoisySite.random(10, &generator)
        try own.askAll()
        let plan = try own.plan(terms())
        #expect(plan.cost > .zero)
        let allowed = try PrivacyCost.allowed(epsilon: Fraction("1"), delta: Fraction("0.00001"))
        #expect(plan.cost <= allowed, "one release costs what its protocol says at most")
        #expect(Double(plan.cost.units) > 0.99 * Double(allowed.units))
        var budget = try PrivacyBudget(dataset: "d", total: .rho(PrivacyCost(units: 3 * allowed.units)))
        for job in 0..<3 {
            try budget.spend(plan.cost, release: "job-\(job)", sponsor: "sponsor-\(job)")
        }
        let before = budget
        #expect(throws: PrivacyError(.budgetSpent, "")) {
            try budget.spend(plan.cost, release: "job-3", sponsor: "sponsor-3")
        }
        #expect(budget == before)
    }

    @Test(
        "with Laplace noise the answers' epsilons add up to the protocol's: pure differential privacy")
    func pure() throws {
        var own = NoisySite()
        own.site.add(20)
        try own.askAll()
        for cases in [1, 3] {
            let plan = try own.plan(terms(.laplace, cases: cases))
            let noise = try #require(plan.noise)
            let sum = noise.shares.reduce(0.0) { $0 + Double(cases) / $1.noise.scale.value }
            #expect(sum <= 1 && sum > 0.999)
        }
    }

    @Test(
        "the average of many sites' noisy counts is the true one, and its variance is what the form says"
    )
    func unbiased() throws {
        var own = NoisySite()
        own.site.add(7) { $0.truth = 1 }
        own.site.add(12) { $0.maker = 2 }
        try own.site.askTable("y", "group")
        for mechanism in NoiseMechanism.allCases {
            let plan = try own.plan(terms(mechanism))
            let exact = try #require(plan.exactNumbers.first?.numbers)
            #expect(exact.contains(0) && exact.contains(7) && exact.contains(12))
            let rounds = 800
            var sum: ReleasedAggregate?
            var squares = 0.0
            for seed in 0..<rounds {
                let answers = try NoisyRelease.answers(plan, record: draw(plan, UInt64(seed)), basis: "b")
                let one = try #require(answers[0].answer.aggregate)
                sum = try sum.map { try $0.merged(with: one) } ?? one
                guard case .noisyCounts(let counts) = one else { continue }
                squares += zip(counts.numbers, exact).reduce(0) {
                    $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
                }
            }
            guard case .noisyCounts(let pooled)? = sum else {
                Issue.record("no sum")
                return
            }
            #expect(pooled.sites == rounds && pooled.noise.count == 1)
            let deviation = pooled.varianceBound.squareRoot()
            for (number, count) in zip(pooled.numbers, exact) {
                #expect(abs(Double(number) - Double(rounds) * Double(count)) < 5 * deviation)
            }
            #expect(pooled.numbers.contains { $0 != Int64(rounds) * 12 })
            let variance = squares / Double(rounds * exact.count)
            let stated = pooled.varianceBound / Double(rounds)
            #expect(variance < 1.1 * stated && variance > 0.85 * stated)
        }
    }

    @Test("an undeclared variable is withheld whatever the noise")
    func undeclared() throws {
        var own = NoisySite()
        own.site.add(20)
        try own.site.askFlow()
        try own.site.askTable("y", "sex")
        let plan = try NoisyRelease.plan(
            own.site.items, cases: own.site.axes, priorities: own.priorities, terms: terms(),
            declaredVariables: ["y"])
        let answers = try NoisyRelease.answers(plan, record: draw(plan, 2), basis: "b")
        #expect(noisy(answers[0].answer) != nil && answers[1].answer == .withheld)
    }
}

extension NoisySite {
    /// The same questions of changed cases.
    fileprivate static func plan(reasking changed: NoisySite, _ terms: NoiseTerms) throws
        -> NoisyRelease.Plan
    {
        var fresh = NoisySite()
        fresh.site = JointSite(cases: changed.site.cases)
        try fresh.askAll()
        return try fresh.plan(terms)
    }
}

@Suite("Rule 17: the terms of noise")
struct NoiseTermsTests {
    private func policy(
        _ mechanism: DisclosurePolicy.Privacy.Mechanism, _ epsilon: Int?, _ delta: Double?,
        _ cases: Int?
    )
        -> DisclosurePolicy.Privacy
    {
        var policy = DisclosurePolicy.Privacy()
        policy.mechanism = mechanism
        policy.epsilonMillionths = epsilon
        policy.delta = delta
        policy.casesPerPatient = cases
        return policy
    }

    @Test("nobody asks, no noise; a site that asks alone gives a tenth of its budget")
    func site() throws {
        #expect(try NoiseTerms.agreed(asked: nil, site: policy(.none, nil, nil, nil)) == nil)
        let terms = try #require(
            try NoiseTerms.agreed(asked: nil, site: policy(.discreteGaussian, 3_000_000, 0.000001, 2)))
        #expect(try terms.epsilon == Fraction("0.3") && terms.bound.mostCases == 2)
        #expect(try #require(terms.delta) <= Fraction("0.000001"))
        #expect(terms.mechanism == .gaussian)
        #expect(throws: PrivacyError(.beyondLimits, "")) {
            try NoiseTerms.agreed(asked: nil, site: policy(.discreteLaplace, nil, nil, nil))
        }
        let pure = try #require(
            try NoiseTerms.agreed(asked: nil, site: policy(.discreteLaplace, 1_000_000, 0.001, nil)))
        #expect(pure.mechanism == .laplace && pure.delta == nil && pure.bound.mostCases == 1)
    }

    @Test("of a protocol and a site the stricter word is taken in everything")
    func both() throws {
        func asked(_ mechanism: NoiseRequest.Mechanism, _ epsilon: String, _ delta: String?, _ cases: Int) throws
            -> NoiseRequest
        {
            NoiseRequest(
                mechanism: mechanism, epsilon: try #require(DecimalText(epsilon)),
                delta: delta.flatMap(DecimalText.init),
                casesPerPatient: cases)
        }
        let alone = try #require(
            try NoiseTerms.agreed(
                asked: asked(.discreteGaussian, "1", "0.00001", 4), site: policy(.none, nil, nil, nil)))
        #expect(try alone.epsilon == Fraction("1") && alone.delta == Fraction("0.00001"))
        #expect(alone.bound.mostCases == 4 && alone.mechanism == .gaussian)
        let tightened = try #require(
            try NoiseTerms.agreed(
                asked: asked(.discreteGaussian, "1", "0.00001", 4), site: policy(.discreteGaussian, 500_000, 1e-7, 2)))
        #expect(try tightened.epsilon == Fraction("0.5") && tightened.bound.mostCases == 2)
        #expect(try #require(tightened.delta) <= Fraction("0.0000001"))
        for (protocolAsks, siteAsks) in [
            (NoiseRequest.Mechanism.discreteLaplace, DisclosurePolicy.Privacy.Mechanism.discreteGaussian),
            (.discreteGaussian, .discreteLaplace),
        ] {
            let delta = protocolAsks == .discreteGaussian ? "0.00001" : nil
            let pure = try #require(
                try NoiseTerms.agreed(
                    asked: asked(protocolAsks, "2", delta, 1), site: policy(siteAsks, 9_000_000, 1e-6, nil)))
            #expect(try pure.mechanism == .laplace && pure.delta == nil && pure.epsilon == Fraction("2"))
        }
    }
}

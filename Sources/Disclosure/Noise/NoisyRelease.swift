public import Privacy
@_spi(ReleaseGate) public import Statistics
public import StudyProtocol

/// Rule 17: a release in which every count has noise. Nothing in it depends on the exact counts but through the noise:
/// all cells of an answer are published, none is merged or withheld, and which answers there are follows from the
/// questions and from what the site declares.
///
/// The order of things: ``plan(_:cases:priorities:terms:declaredVariables:)``; the noise is drawn (`NoiseRecord`) and
/// ``answers(_:record:basis:)`` made; in one transaction the budget is charged (`PrivacyBudget.spend`) and noise and answers
/// are stored; only then they are sent or shown. A retry sends what is stored.
///
/// The size of a noisy release (rule 16) is that of the questions: a cap by the number of patients would tell it.
public enum NoisyRelease {
    /// Everything about a release but the draws. Raw: it holds the exact counts, and is not `Encodable`.
    public struct Plan: Sendable {
        /// One answer that noise is drawn for: one planned answer, or one for all subgroups of a variable. Those hold each
        /// case once, so that one patient changes all of them together by no more than one of them.
        struct Request: Sendable {
            let name: String
            /// The items, with where each one's cells start.
            let parts: [(item: Int, start: Int, subject: ReleasedNoisyCounts.Subject)]
            let exact: [Int64]
        }

        let keys: [AnswerKey]
        let requests: [Request]
        let casesPerPatient: Int
        /// Nil when no answer can be given at all.
        public let noise: NoisePlan?

        /// What the release costs.
        public var cost: PrivacyCost { noise?.cost ?? .zero }

        /// How many numbers leave.
        public var numberCount: Int { requests.reduce(0) { $0 + $1.exact.count } }

        /// All answers, when noise can protect none.
        public var withheldAnswers: [(key: AnswerKey, answer: Answer)] { keys.map { ($0, .withheld) } }

        /// What is withheld, for the site's own record.
        public var local: [LocalDecision] {
            let answered = Set(requests.flatMap { $0.parts.map(\.item) })
            return keys.indices.filter { !answered.contains($0) }
                .map { LocalDecision(keys[$0], rule: 17, .notProtectableByNoise) }
        }

        /// The exact vector, by answer. For the site's eyes only.
        var exactNumbers: [(answer: String, numbers: [Int64])] { requests.map { ($0.name, $0.exact) } }

        /// What a keyed digest is made of, to bind the drawn noise to these numbers (`NoiseRecord.basis`).
        public var exactBytes: [UInt8] {
            Array(
                requests.map { "\($0.name):\($0.exact.map(String.init).joined(separator: ","))\n" }.joined().utf8)
        }
    }

    /// Decides what can be answered with noise, counts it on at most m cases a patient, and splits the cost.
    ///
    /// - Parameters:
    ///   - items: the answers, in the protocol's order. Only their shape is used; the counts are made again here.
    ///   - cases: the cases behind them.
    ///   - priorities: a keyed digest of each case, as ``ContributionBound`` asks. Which cases count is decided among a
    ///     patient's screened cases for the flow, and among their described cases for everything else.
    ///   - declaredVariables: the variables that the site declares (rule 8).
    /// - Throws: what the exact arithmetic or the budget's form does not allow; `privacy-beyond-limits` too when a share of
    ///   the cost is too small for the largest scale.
    public static func plan(
        _ items: [ReleaseGate.Item], cases: CaseAxes, priorities: [UInt64], terms: NoiseTerms,
        declaredVariables: Set<String>
    ) throws(PrivacyError) -> Plan {
        let screened = try terms.bound.selection(
            of: cases.patients.indices.map(Int32.init), patients: cases.patients, priorities: priorities)
        let described = try terms.bound.selection(
            of: cases.described.map(Int32.init), patients: cases.patients, priorities: priorities)
        var groups: [String: [(item: Int, subject: NoisySubject)]] = [:]
        var order: [String] = []
        for (index, item) in items.enumerated() {
            guard let subject = subject(of: item, cases, declaredVariables) else { continue }
            let name = item.key.name.rawValue + (item.key.subgroup.map { "@\($0.variable.rawValue)" } ?? "")
            if groups[name] == nil { order.append(name) }
            groups[name, default: []].append((index, subject))
        }
        var requests: [Plan.Request] = []
        for name in order {
            let group = groups[name] ?? []
            let isOfScreened = group.first?.subject.isOfScreened ?? false
            requests.append(
                count(group, of: items, name, in: isOfScreened ? screened : described, cases))
        }
        var noise: NoisePlan?
        if !requests.isEmpty {
            let sensitivity = try Sensitivity.cases(terms.bound)
            var asked: [NoisePlan.Request] = []
            for request in requests {
                asked.append(
                    try NoisePlan.Request(
                        answer: request.name, cells: request.exact.count, sensitivity: sensitivity))
            }
            noise = try NoisePlan(
                asked, within: try terms.allowance(answers: requests.count), mechanism: terms.mechanism)
        }
        return Plan(
            keys: items.map(\.key), requests: requests, casesPerPatient: terms.bound.mostCases, noise: noise)
    }

    /// The answers with the noise that was drawn for this plan, in the order of the items. What noise cannot protect is
    /// withheld always.
    ///
    /// - Parameter basis: the keyed digest of ``Plan/exactBytes``; `privacy-other-values` when the noise was drawn for other
    ///   numbers, or by another plan.
    public static func answers(_ plan: Plan, record: NoiseRecord, basis: String) throws(PrivacyError)
        -> [(key: AnswerKey, answer: Answer)]
    {
        var answers = plan.withheldAnswers
        for (request, share) in zip(plan.requests, plan.noise?.shares ?? []) {
            let noisy = try record.noisy(request.exact, answer: request.name, basis: basis)
            guard noisy.allSatisfy({ $0.noise == share.noise }) else {
                throw PrivacyError(.otherValues, "noise of the plan's scale")
            }
            let noise = ReleasedNoisyCounts.Noise(
                mechanism: share.noise.mechanism == .gaussian ? .discreteGaussian : .discreteLaplace,
                scale: share.noise.scale.description)
            for part in request.parts {
                let numbers = noisy[part.start..<part.start + part.subject.cellCount].map(\.value)
                answers[part.item].answer = .released(
                    .noisyCounts(
                        ReleasedNoisyCounts(
                            subject: part.subject, casesPerPatient: plan.casesPerPatient, numbers: numbers,
                            noise: noise)))
            }
        }
        return answers
    }

    private static func subject(
        of item: ReleaseGate.Item, _ cases: CaseAxes, _ declared: Set<String>
    ) -> NoisySubject? {
        guard case .computed(let aggregate) = item.outcome else { return nil }
        let variables = aggregate.variables + (item.key.subgroup.map { [$0.variable.rawValue] } ?? [])
        guard variables.allSatisfy(declared.contains) else { return nil }
        if let subgroup = item.key.subgroup, cases.parts[subgroup] == nil { return nil }
        return NoisySubject(aggregate, cases: cases)
    }

    /// Each case falls into one cell at most, by construction: of several parts that contain it the first counts it.
    private static func count(
        _ group: [(item: Int, subject: NoisySubject)], of items: [ReleaseGate.Item], _ name: String,
        in selection: [Int32], _ cases: CaseAxes
    ) -> Plan.Request {
        var parts: [(item: Int, start: Int, subject: ReleasedNoisyCounts.Subject)] = []
        var length = 0
        for (item, subject) in group {
            parts.append((item, length, subject.subject))
            length += subject.subject.cellCount
        }
        var exact = [Int64](repeating: 0, count: length)
        for index in selection.lazy.map(Int.init) {
            let place = group.indices.first { cases.contains(items[group[$0].item].key.subgroup, index) }
            guard let place, let cell = group[place].subject.cell(index) else { continue }
            exact[parts[place].start + cell] += 1
        }
        return Plan.Request(name: name, parts: parts, exact: exact)
    }
}

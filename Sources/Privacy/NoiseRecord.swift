/// The noise of one release, drawn once and stored. What leaves is a function of the true numbers and this record: a retry
/// after a crash, a repeated question, a second reader get the same bytes, and nobody can average noise away.
///
/// The noise belongs to the true numbers that it was drawn for (`basis`, a digest of them). With changed data the same
/// noise would show the change exactly, so it is refused: a changed dataset is another release with its own charge.
///
/// A draw takes a time that depends on its value. Who could measure it within the site's walls would learn of the noise;
/// outside, times are no finer than a minute (rule 18).
///
/// It is as secret as the true numbers: whoever holds it and the release has them. It never leaves the site.
public struct NoiseRecord: Hashable, Sendable {
    /// The noise of one answer's cells.
    public struct Answer: Hashable, Sendable {
        public let answer: String
        public let noise: NoiseScale
        /// One draw a cell.
        let draws: [Int64]
    }

    public let release: String
    /// A digest of the true numbers that the noise was drawn for.
    public let basis: String
    public let answers: [Answer]

    /// Draws the noise of a plan. Called once a release; nobody sees the draw before it is stored together with the charge.
    /// - Parameters:
    ///   - basis: a keyed digest of all the true numbers of the release.
    ///   - generator: the system's in the product.
    public init(release: String, basis: String, plan: NoisePlan, using generator: inout some RandomNumberGenerator)
        throws(PrivacyError)
    {
        try PlainName.check(release, basis)
        var bits = RandomBits(generator)
        var answers: [Answer] = []
        for share in plan.shares {
            var draws: [Int64] = []
            draws.reserveCapacity(share.cells)
            for _ in 0..<share.cells { draws.append(try share.noise.draw(from: &bits)) }
            answers.append(Answer(answer: share.answer, noise: share.noise, draws: draws))
        }
        generator = bits.generator
        self.release = release
        self.basis = basis
        self.answers = answers
    }

    /// The noisy numbers of an answer; `privacy-other-values` when the numbers are not those that the noise was drawn for.
    public func noisy(_ counts: [Int64], answer name: String, basis: String) throws(PrivacyError) -> [NoisyCount] {
        guard basis == self.basis, let answer = answers.first(where: { $0.answer == name }),
            answer.draws.count == counts.count
        else { throw PrivacyError(.otherValues, "an answer with the basis and the cells that the noise was drawn for") }
        var noisy: [NoisyCount] = []
        for (count, draw) in zip(counts, answer.draws) {
            let (value, overflows) = count.addingReportingOverflow(draw)
            guard !overflows else { throw PrivacyError(.beyondLimits, "a noisy number of at most 63 bits") }
            noisy.append(NoisyCount(value: value, noise: answer.noise))
        }
        return noisy
    }
}

extension NoiseRecord: CustomStringConvertible, CustomReflectable {
    /// The draws are in no text that could reach a log.
    public var description: String { "noise of \(release)" }
    public var customMirror: Mirror { Mirror(self, children: ["release": release]) }
}

extension NoiseRecord.Answer: CustomStringConvertible, CustomReflectable {
    public var description: String { "noise of \(answer)" }
    public var customMirror: Mirror { Mirror(self, children: ["answer": answer]) }
}

extension NoiseRecord.Answer: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case answer, mechanism, scale, draws }

    public init(from decoder: any Decoder) throws {
        try OnlyKeys.check(decoder, CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        answer = try container.decode(String.self, forKey: .answer)
        try PlainName.check(answer)
        noise = try NoiseScale(
            container.decode(NoiseMechanism.self, forKey: .mechanism),
            scale: container.decode(Fraction.self, forKey: .scale))
        draws = try container.decode([String].self, forKey: .draws).map { try StoredInteger.read($0) }
        guard (1...100_000).contains(draws.count) else {
            throw PrivacyError(.malformedRecord, "from 1 to 100000 cells")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(answer, forKey: .answer)
        try container.encode(noise.mechanism, forKey: .mechanism)
        try container.encode(noise.scale, forKey: .scale)
        try container.encode(draws.map(String.init), forKey: .draws)
    }
}

extension NoiseRecord: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case release, basis, answers }

    public init(from decoder: any Decoder) throws {
        try OnlyKeys.check(decoder, CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        release = try container.decode(String.self, forKey: .release)
        basis = try container.decode(String.self, forKey: .basis)
        answers = try container.decode([Answer].self, forKey: .answers)
        try PlainName.check(release, basis)
        guard !answers.isEmpty, Set(answers.map(\.answer)).count == answers.count else {
            throw PrivacyError(.malformedRecord, "answers with distinct names")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(release, forKey: .release)
        try container.encode(basis, forKey: .basis)
        try container.encode(answers, forKey: .answers)
    }
}

public import Privacy
public import StudyProtocol

/// On which terms a release gets noise (rule 17): what the protocol asks, tightened by the site's policy.
public struct NoiseTerms: Hashable, Sendable {
    /// A protocol that names no epsilon gets this share of the site's: the budget lasts for ten such releases.
    public static let shareOfBudget: UInt64 = 10
    /// δ where neither side names one: 10⁻⁶.
    static func usualDelta() throws(PrivacyError) -> Fraction { try Fraction(1, 1_000_000) }

    public let mechanism: NoiseMechanism
    /// Of the whole release.
    public let epsilon: Fraction
    /// Nil for the discrete Laplace: then the release is purely ε-differentially private.
    public let delta: Fraction?
    public let bound: ContributionBound

    /// - Throws: `privacy-beyond-limits` for numbers outside of what both forms allow.
    public init(mechanism: NoiseMechanism, epsilon: Fraction, delta: Fraction?, bound: ContributionBound)
        throws(PrivacyError)
    {
        guard !epsilon.isZero, (delta == nil) == (mechanism == .laplace) else {
            throw PrivacyError(.beyondLimits, "an epsilon above 0, and a delta with the discrete Gaussian only")
        }
        self.mechanism = mechanism
        self.epsilon = epsilon
        self.delta = delta
        self.bound = bound
    }

    /// The stricter of both sides: the purer mechanism, the smaller epsilon of a release, the smaller delta, the fewer
    /// cases a patient. The site's epsilon is that of the whole dataset, so that no release can have more.
    ///
    /// - Returns: nil where neither the protocol nor the policy asks for noise.
    public static func agreed(asked: NoiseRequest?, site: DisclosurePolicy.Privacy) throws(PrivacyError) -> NoiseTerms?
    {
        guard asked != nil || site.mechanism != .none else { return nil }
        let isPure = asked?.mechanism == .discreteLaplace || site.mechanism == .discreteLaplace
        let own = try site.epsilon()
        let epsilon: Fraction
        if let asked {
            let wanted = try Fraction(asked.epsilon.text)
            epsilon = own.map { min($0, wanted) } ?? wanted
        } else if let own {
            epsilon = try own.multiplied(by: Fraction(1, shareOfBudget))
        } else {
            throw PrivacyError(.beyondLimits, "an epsilon, of the protocol or of the site's policy")
        }
        var delta: Fraction?
        if !isPure {
            var deltas: [Fraction] = []
            if let wanted = asked?.delta { deltas.append(try Fraction(wanted.text)) }
            if let own = try site.deltaFraction() { deltas.append(own) }
            if deltas.isEmpty { deltas.append(try usualDelta()) }
            delta = deltas.min()
        }
        let cases = [asked?.casesPerPatient, site.casesPerPatient].compactMap { $0 }.min() ?? 1
        return try NoiseTerms(
            mechanism: isPure ? .laplace : .gaussian, epsilon: epsilon, delta: delta,
            bound: ContributionBound(mostCases: cases))
    }

    /// What a release of so many answers may cost.
    ///
    /// Pure: with k answers of equal share, each (ε/k)²/2 = ε²/2k in all, each answer is ε/k-differentially private, and k
    /// of them are ε-differentially private, whatever the accounting.
    func allowance(answers: Int) throws(PrivacyError) -> PrivacyCost {
        if let delta { return try .allowed(epsilon: epsilon, delta: delta) }
        let whole = try PrivacyCost.pure(epsilon: epsilon)
        // Rounded up above: one unit less is never more than the exact value.
        return try PrivacyCost(units: (whole.units - min(1, whole.units)) / UInt64(max(1, answers)))
    }
}

extension DisclosurePolicy.Privacy {
    /// The dataset's whole budget, over all sponsors; nil where the site sets no epsilon.
    public func budget() throws(PrivacyError) -> PrivacyTarget? {
        guard let epsilon = try epsilon() else { return nil }
        let stated = try deltaFraction()
        let usual = try NoiseTerms.usualDelta()
        return .approximate(epsilon: epsilon, delta: stated ?? usual)
    }

    func epsilon() throws(PrivacyError) -> Fraction? {
        guard let epsilonMillionths else { return nil }
        return try Fraction(UInt64(max(0, epsilonMillionths)), 1_000_000)
    }

    /// In units of 10⁻¹⁸, rounded down: never a looser delta than the site's.
    func deltaFraction() throws(PrivacyError) -> Fraction? {
        guard let delta else { return nil }
        guard delta > 0, delta < 1 else { throw PrivacyError(.beyondLimits, "a delta above 0 and below 1") }
        return try Fraction(UInt64((delta * 1e18).rounded(.down)), 1_000_000_000_000_000_000)
    }
}

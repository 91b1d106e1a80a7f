/// What a planned study is to show of a value, and with which chances.
///
/// All powers here are of a test by one-sided confidence limits, as endpoints are decided: the value is shown to be above
/// a bound when its lower limit at 1 - α is, and equivalent when both limits lie within the margin.
public struct SampleSizeAim: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// Above the goal (a difference: above zero).
        case superiority
        /// Above the goal less the margin.
        case nonInferiority(margin: Double)
        /// Within the margin of the goal on both sides: two one-sided tests (Schuirmann 1987, J Pharmacokinet Biopharm
        /// 15:657).
        case equivalence(margin: Double)
    }

    public let kind: Kind
    /// The chance of a false claim, above 0 and below 0.5; of equivalence, of each of the two tests.
    public let oneSidedAlpha: Double
    /// The wanted chance of showing it, above alpha and below 1.
    public let power: Double

    /// Nil when a number is outside of its range or a margin is not positive.
    public init?(_ kind: Kind, oneSidedAlpha: Double, power: Double) {
        guard oneSidedAlpha > 0, oneSidedAlpha < 0.5, power > oneSidedAlpha, power < 1 else { return nil }
        switch kind {
        case .superiority: break
        case .nonInferiority(let margin), .equivalence(let margin):
            guard margin > 0, margin < .infinity else { return nil }
        }
        self.kind = kind
        self.oneSidedAlpha = oneSidedAlpha
        self.power = power
    }

    /// What the lower limit must exceed.
    func lowerBound(goal: Double) -> Double {
        switch kind {
        case .superiority: goal
        case .nonInferiority(let margin), .equivalence(let margin): goal - margin
        }
    }

    /// What the upper limit must stay below; nil when there is no such bound.
    func upperBound(goal: Double) -> Double? {
        switch kind {
        case .superiority, .nonInferiority: nil
        case .equivalence(let margin): goal + margin
        }
    }

    /// Whether the aim can be reached when the true value is `expected`.
    func admits(_ expected: Double, goal: Double) -> Bool {
        expected > lowerBound(goal: goal) && expected < upperBound(goal: goal) ?? .infinity
    }
}

/// By how much clustered cases are worth less than independent ones.
public enum DesignEffect {
    /// 1 + (m - 1) ρ with m cases a patient and the intraclass correlation ρ. L. Kish (1965), Survey Sampling, 8.2.
    /// - Parameters:
    ///   - casesPerPatient: the average, at least 1.
    ///   - intraclassCorrelation: 0 to 1; `bad-argument` outside.
    public static func kish(casesPerPatient: Double, intraclassCorrelation: Double) -> Inferred<Double> {
        guard casesPerPatient >= 1, casesPerPatient < .infinity, (0...1).contains(intraclassCorrelation) else {
            return .undefined(.badArgument)
        }
        return .value(1 + (casesPerPatient - 1) * intraclassCorrelation)
    }
}

/// A planned number of cases with the power that it has.
public struct PlannedSize: Hashable, Sendable {
    /// Cases; of two unpaired groups, in each.
    public let cases: Int
    /// The chance of showing the aim with so many, at least the wanted one.
    public let power: Double
}

/// Planned numbers of cases of both classes with the power that they have.
public struct PlannedClasses: Hashable, Sendable {
    public let positives: Int
    public let negatives: Int
    /// The chance of showing the aim with so many; nil when a precision was planned.
    public let power: Double?
}

/// How many cases must be collected for so many of one class, on average.
public enum PrevalenceTotal {
    /// n / share, rounded up. N. M. F. Buderer (1996), Acad Emerg Med 3:895-900.
    /// - Parameters:
    ///   - cases: needed of the class.
    ///   - share: of the class among all cases: the prevalence, or for negatives its complement; above 0, at most 1.
    public static func cases(_ cases: Int, share: Double) -> Inferred<Int> {
        guard cases >= 0, share > 0, share <= 1 else { return .undefined(.badArgument) }
        return SampleSizeSearch.ceiling(Double(cases) / share)
    }
}

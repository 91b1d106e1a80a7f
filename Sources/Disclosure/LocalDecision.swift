internal import StudyProtocol

/// Why something was withheld. Stays in the site's own record: a requester never learns which rule it was.
public struct LocalDecision: Hashable, Sendable, Codable {
    public let name: String
    public let subgroup: String?
    /// The number of the rule in `docs/hospital/disclosure.md`.
    public let rule: Int
    /// A fixed code within the rule; never a count or a value.
    public let reason: Reason

    public enum Reason: String, Hashable, Sendable, Codable {
        case fewPatients = "few-patients"
        case fewPatientsLeft = "few-patients-left"
        case fewPatientsOfOneClass = "few-patients-of-one-class"
        case fewPatientsPredicted = "few-patients-predicted"
        case fewPatientsDiscordant = "few-patients-discordant"
        case smallPerformanceCell = "small-performance-cell"
        case smallRemainder = "small-remainder"
        case dominated = "dominated"
        case boundedTooClosely = "bounded-too-closely"
        case fewValues = "few-values"
        case fewDegreesOfFreedom = "few-degrees-of-freedom"
        case smallLevel = "small-level"
        case undeclaredVariable = "undeclared-variable"
        case noStep = "no-step"
        case largeTie = "large-tie"
        case anotherModel = "another-model"
        case anotherCellWithheld = "another-cell-withheld"
        case incompletePartition = "incomplete-partition"
        case notAccountedFor = "not-accounted-for"
        case notProtectable = "not-protectable"
        case earlierAnswers = "earlier-answers"
        case classDisclosure = "class-disclosure"
        case tooManyNumbers = "too-many-numbers"
        case tooManyBytes = "too-many-bytes"
        case isolatesPatients = "isolates-patients"
        case ledgerTooLarge = "ledger-too-large"
        case ledgerNotUsable = "ledger-not-usable"
        case notProtectableByNoise = "not-protectable-by-noise"
    }

    init(_ key: AnswerKey, rule: Int, _ reason: Reason) {
        self.name = key.name.description
        self.subgroup = key.subgroup.map { "\($0.variable)=\($0.level)" }
        self.rule = rule
        self.reason = reason
    }
}

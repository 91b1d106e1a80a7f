/// One answer that every site owes.
public struct PlannedAnswer: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case flow
        case statistic(Statistic)
        case roc
        case scoreSteps
        case confusion(OperatingPoint)
    }

    public let key: AnswerKey
    public let what: Kind
    /// The part of the cohort that it is about; nil for the whole of it. Its name is `key.subgroup`.
    public let part: SubgroupLevel?
}

extension StudyProtocol {
    /// The answers that every site owes, in the order of a release: the flow, the statistics, the evaluation of the
    /// whole cohort, then that of each subgroup.
    public var plan: [PlannedAnswer] {
        var plan = [PlannedAnswer(key: AnswerKey(name: .flow), what: .flow, part: nil)]
        plan += statistics.map {
            PlannedAnswer(key: AnswerKey(name: .statistic($0.id)), what: .statistic($0), part: nil)
        }
        guard let evaluation else { return plan }
        plan.append(PlannedAnswer(key: AnswerKey(name: .roc), what: .roc, part: nil))
        plan.append(PlannedAnswer(key: AnswerKey(name: .scoreSteps), what: .scoreSteps, part: nil))
        plan += evaluation.operatingPoints.map {
            PlannedAnswer(key: AnswerKey(name: .confusion($0.id)), what: .confusion($0), part: nil)
        }
        for part in evaluation.subgroups.flatMap(\.levels) {
            let subgroup = part.subgroup
            plan.append(PlannedAnswer(key: AnswerKey(name: .roc, subgroup: subgroup), what: .roc, part: part))
            plan += evaluation.operatingPoints.map {
                PlannedAnswer(
                    key: AnswerKey(name: .confusion($0.id), subgroup: subgroup), what: .confusion($0), part: part)
            }
        }
        return plan
    }
}

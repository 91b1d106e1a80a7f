import Statistics
import StudyProtocol

/// The cases that performance answers are about: a part of the cohort, and a class of a one-vs-rest reference.
struct Evaluation: Hashable {
    let subgroup: Subgroup?
    let classLabel: String?
}

// Two models that differ on one case read its class from two exact numbers, each harmless alone (rule 12).
extension ReleaseGate {
    /// A pair of models and a calibration are published only beside answers that are surely of the same models: an exact
    /// number of a third model on the same cases would be one too many. Of two such answers the first in the protocol's
    /// order stays.
    func withholdOtherModels(_ items: [Item], _ proposals: inout [Proposal]) {
        for (index, item) in items.enumerated() {
            guard proposals[index].isRelease, case .computed(let aggregate) = item.outcome,
                let models = aggregate.publishedModels
            else { continue }
            let isAlone = items.indices.allSatisfy { other in
                guard other != index, proposals[other].isRelease, items[other].key.subgroup == item.key.subgroup,
                    case .computed(let neighbour) = items[other].outcome,
                    neighbour.isPerformance, neighbour.classLabel == aggregate.classLabel
                else { return true }
                // Decided already, when it came first.
                if neighbour.publishedModels != nil { return other > index || neighbour == aggregate }
                return models.contains { $0.agrees(with: neighbour) }
                    && (neighbour.stepCuts(of: proposals[other]).map { cuts in
                        aggregate.pairThresholds.allSatisfy { threshold in
                            cuts.contains(threshold) || !models.contains { $0.isAt(threshold, agreesWith: neighbour) }
                        }
                    } ?? true)
            }
            if !isAlone { proposals[index] = .withhold(rule: 12, .anotherModel) }
        }
    }

    /// Sums of one score by two models on the same cases differ by one case's score where the models differ on one; and
    /// co-moments that share a quantity but not their cases differ by the cases that only one of them has. Of two such
    /// answers the first in the protocol's order stays.
    func withholdOverlappingSums(_ items: [Item], _ proposals: inout [Proposal]) {
        for (index, item) in items.enumerated() {
            guard proposals[index].isRelease, case .computed(let aggregate) = item.outcome else { continue }
            let overlaps = items[..<index].indices.contains { other in
                guard proposals[other].isRelease, items[other].key.subgroup == item.key.subgroup,
                    case .computed(let earlier) = items[other].outcome, earlier != aggregate
                else { return false }
                switch (earlier, aggregate) {
                case (.scoreSums(let left), .scoreSums(let right)):
                    return left.score == right.score && left.definition == right.definition
                case (.coMoments(let left), .coMoments(let right)):
                    let isShared = !Set(left.variables.map(\.variable)).isDisjoint(
                        with: right.variables.map(\.variable))
                    return isShared && ![left, right].allSatisfy { $0.records.caseCount == $0.sums.n }
                default: return false
                }
            }
            if overlaps { proposals[index] = .withhold(rule: 4, .smallRemainder) }
        }
    }

    /// Bins of a calibration are cut only where the score steps and the operating points of the release are.
    func cutCalibrations(_ items: [Item], _ proposals: inout [Proposal]) {
        for (index, item) in items.enumerated() {
            guard proposals[index].isRelease, case .computed(.calibration(let sample)) = item.outcome else { continue }
            var cuts: Set<Int64>?
            for (other, neighbour) in items.enumerated() {
                guard proposals[other].isRelease, neighbour.key.subgroup == item.key.subgroup,
                    case .computed(let aggregate) = neighbour.outcome,
                    aggregate.classLabel == sample.steps.classLabel
                else { continue }
                if let stepCuts = aggregate.stepCuts(of: proposals[other]) { cuts = (cuts ?? []).union(stepCuts) }
                if case .confusion(let confusion) = aggregate { cuts = (cuts ?? []).union([confusion.threshold]) }
                if case .pairedConfusion(let pair) = aggregate {
                    cuts = (cuts ?? []).union([pair.first.threshold, pair.second.threshold])
                }
            }
            guard let cuts else { continue }
            proposals[index] = CalibrationRule(policy: policy, minimum: MinimumCount(policy)).decide(sample, cuts: cuts)
        }
    }
}

/// What is published of one model's scores, as far as other answers can be compared with it.
private struct PublishedModel {
    /// The scores of both classes, ascending, where they are known.
    var scores: (resolution: Resolution, positives: [Int64], negatives: [Int64])?
    /// Or the counts at one threshold: the cases called positive and all cases, by class.
    var call: (resolution: Resolution, threshold: Int64, positives: (Int, of: Int), negatives: (Int, of: Int))?

    /// Cases of a class with a score at or above a threshold, and all of them; nil where it is not known.
    func count(_ threshold: Int64, positive: Bool, at resolution: Resolution) -> (Int, of: Int)? {
        if let scores, scores.resolution == resolution {
            let values = positive ? scores.positives : scores.negatives
            return (values.count { $0 >= threshold }, of: values.count)
        }
        guard let call, call.resolution == resolution, call.threshold == threshold else { return nil }
        return positive ? call.positives : call.negatives
    }

    /// Whether an answer is what this model's scores give, as far as both say.
    func agrees(with aggregate: Aggregate) -> Bool {
        switch aggregate {
        case .confusion(let confusion): return isAt(confusion.threshold, agreesWith: aggregate)
        case .scoreSteps(let steps):
            if scores == nil { return call.map { isAt($0.threshold, agreesWith: aggregate) } ?? false }
            return steps.edges.dropLast().allSatisfy { isAt($0, agreesWith: aggregate) }
        case .roc(let sample):
            let cases = sample.patients.joined()
            let positives = cases.filter(\.isPositive).map(\.score).sorted()
            let negatives = cases.filter { !$0.isPositive }.map(\.score).sorted()
            if let scores {
                return scores.resolution == sample.resolution && scores.positives == positives
                    && scores.negatives == negatives
            }
            guard let call, call.resolution == sample.resolution else { return false }
            return call.positives == (positives.count { $0 >= call.threshold }, of: positives.count)
                && call.negatives == (negatives.count { $0 >= call.threshold }, of: negatives.count)
        case .flow, .moments, .histogram, .table, .coMoments, .scoreSums: return true
        case .pairedConfusion, .calibration, .pairedROC: return false
        }
    }

    /// Whether the counts at a threshold are those of an answer; false where it does not say.
    func isAt(_ threshold: Int64, agreesWith aggregate: Aggregate) -> Bool {
        [true, false].allSatisfy { positive in
            let theirs: (Int, of: Int)
            let resolution: Resolution
            switch aggregate {
            case .confusion(let confusion):
                guard confusion.threshold == threshold else { return false }
                resolution = confusion.resolution
                let called = confusion.cases(positive ? .truePositive : .falsePositive)
                theirs = (called, of: called + confusion.cases(positive ? .falseNegative : .trueNegative))
            case .scoreSteps(let steps):
                guard let edge = steps.edges.firstIndex(of: threshold) else { return false }
                resolution = steps.resolution
                let below = steps.cumulative(positive: positive)
                theirs = (below[steps.stepCount] - below[edge], of: below[steps.stepCount])
            default: return false
            }
            guard let ours = count(threshold, positive: positive, at: resolution) else { return false }
            return ours == theirs
        }
    }
}

extension Aggregate {
    /// Whether it is about a model's scores of the evaluated cases.
    fileprivate var isPerformance: Bool {
        switch self {
        case .confusion, .scoreSteps, .roc, .pairedConfusion, .calibration, .pairedROC: true
        case .flow, .moments, .histogram, .table, .coMoments, .scoreSums: false
        }
    }

    fileprivate var classLabel: String? {
        switch self {
        case .confusion(let confusion): confusion.classLabel
        case .scoreSteps(let steps): steps.classLabel
        case .calibration(let sample): sample.steps.classLabel
        case .flow, .moments, .histogram, .table, .roc, .coMoments, .pairedConfusion, .pairedROC, .scoreSums: nil
        }
    }

    /// The thresholds of a pair of calls.
    fileprivate var pairThresholds: [Int64] {
        if case .pairedConfusion(let pair) = self { [pair.first.threshold, pair.second.threshold] } else { [] }
    }

    /// The models of a pair or of a calibration; nil for other kinds.
    fileprivate var publishedModels: [PublishedModel]? {
        switch self {
        case .pairedROC(let sample):
            let columns = sample.columns
            return [(columns.firstScores, sample.first), (columns.secondScores, sample.second)].map { scores, model in
                func ofClass(_ truth: Int64) -> [Int64] {
                    zip(scores, columns.reference).filter { $0.1 == truth }.map(\.0).sorted()
                }
                return PublishedModel(
                    scores: (model.resolution, ofClass(ReferenceClass.positive), ofClass(ReferenceClass.negative)))
            }
        case .calibration(let sample):
            func ofClass(_ positive: Bool) -> [Int64] { sample.scores(positive: positive) }
            return [PublishedModel(scores: (sample.steps.resolution, ofClass(true), ofClass(false)))]
        case .pairedConfusion(let pair):
            return [(pair.first, false), (pair.second, true)].map { call, isSecond in
                func count(_ positive: Bool) -> (Int, of: Int) {
                    let right =
                        pair.cases(positive: positive, .both)
                        + pair.cases(positive: positive, isSecond ? .secondOnly : .firstOnly)
                    let all = JointConfusion.Agreement.allCases.reduce(0) { $0 + pair.cases(positive: positive, $1) }
                    return (positive ? right : all - right, of: all)
                }
                return PublishedModel(call: (call.resolution, call.threshold, count(true), count(false)))
            }
        case .flow, .moments, .histogram, .table, .confusion, .scoreSteps, .roc, .coMoments, .scoreSums: return nil
        }
    }

    /// The score units at which a proposal publishes exact steps; nil for other kinds.
    fileprivate func stepCuts(of proposal: Proposal) -> Set<Int64>? {
        guard case .scoreSteps(let raw) = self, case .release(.scoreSteps(let steps), _) = proposal else { return nil }
        let exact = steps.edges.indices.filter {
            steps.positives.lower[$0] == steps.positives.upper[$0]
                && steps.negatives.lower[$0] == steps.negatives.upper[$0]
        }
        return Set(exact.map { raw.edges[$0] })
    }
}

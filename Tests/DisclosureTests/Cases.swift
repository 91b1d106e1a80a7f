import Statistics
import StudyProtocol

@testable import Disclosure

/// Cases of made-up patients, one column after the other, for rules to be tried on.
struct Cases {
    var patients: [Int32] = []
    var values: [Int64] = []
    var reference: [Int64] = []
    var scores: [Int64] = []

    var selection: [Int32] { patients.indices.map(Int32.init) }

    /// Adds `count` patients with one case each.
    mutating func add(_ count: Int, value: Int64 = 0, positive: Bool = false, score: Int64 = 0) {
        for _ in 0..<count {
            patients.append((patients.last ?? -1) + 1)
            values.append(value)
            reference.append(positive ? 1 : 0)
            scores.append(score)
        }
    }
}

extension Resolution {
    static func made(_ text: String) -> Resolution {
        // A literal of this file: well-formed.
        try! Resolution(text)
    }
}

extension AnswerKey {
    static func named(_ name: String, subgroup: Subgroup? = nil) -> AnswerKey {
        AnswerKey(name: AnswerName(rawValue: name)!, subgroup: subgroup)
    }
}

extension Subgroup {
    static func of(_ variable: String, _ level: String) -> Subgroup {
        Subgroup(variable: VariableID(rawValue: variable)!, level: level)
    }
}

extension ReleaseGate {
    static func standard(_ change: (inout DisclosurePolicy) -> Void = { _ in }) -> ReleaseGate {
        var policy = DisclosurePolicy()
        change(&policy)
        return ReleaseGate(policy: policy, declaredVariables: ["x", "y", "z", "group", "sex"])
    }

    func answer(_ aggregate: Aggregate, name: String = "flow") -> Answer {
        decide([Item(key: .named(name), outcome: .computed(aggregate))]).answers[0].answer
    }

    func rule(_ aggregate: Aggregate) -> Int? {
        decide([Item(key: .named("x"), outcome: .computed(aggregate))]).local.first?.rule
    }
}

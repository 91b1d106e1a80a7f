import Foundation
import Ledger
import Statistics
import StudyProtocol

@testable import Disclosure

/// A site that remembers what it released, as an agent does. The coordinator sees the answers and nothing else.
struct SiteMemory {
    private(set) var ledger = ReleaseLedger(minimumCount: 10, sumsMinimumCount: 20)
    private(set) var earlier: [EarlierStatements] = []
    /// False is a gate without memory, against which a series of questions succeeds.
    var remembers = true
    var gate = ReleaseGate.standard()

    /// One job: a site's cases and the questions of one protocol.
    mutating func ask(
        _ site: JointSite, model: String? = nil, _ questions: (inout JointSite) throws -> Void
    ) throws -> ReleaseGate.Decision {
        var site = site
        try questions(&site)
        let register = (0...UInt32(site.patients.max() ?? 0)).map { $0 }
        let context = LedgerContext(ledger: ledger, register: register, seed: 42, model: model)
        let decision = gate.decide(
            site.items, cases: site.axes, ledger: remembers ? context : nil, earlier: remembers ? earlier : [])
        if let addition = decision.ledger { try ledger.append(addition) }
        if remembers, decision.releasesSomething, let statements = decision.statements { earlier.append(statements) }
        return decision
    }

    /// Patients with one case each, of every kind.
    static func site(_ patients: Int) -> JointSite {
        var site = JointSite()
        for index in 0..<patients {
            site.add(1) { one in
                one.maker = Int64(index % 3)
                one.truth = Int64(index % 2)
                one.sex = Int64(index / 2 % 2)
                one.size = Int64(300 + 37 * (index * 7 % 61))
                one.score = Int64(15_000 * (index * 11 % 61) + 1_000)
            }
        }
        return site
    }

    /// An answer as it leaves, in one order of its members.
    static func bytes(_ answer: Answer) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(answer)
    }
}

extension ReleaseGate.Decision {
    var bytes: [Data] {
        get throws { try answers.map { try SiteMemory.bytes($0.answer) } }
    }

    var released: [ReleasedAggregate?] { answers.map { $0.answer.aggregate } }
    var releasesSomething: Bool { released.contains { $0 != nil } }
}

import Foundation
import Messages
import StrictJSON
import TextCatalogue

/// A protocol that cannot be used, with everything that is wrong with it.
struct ProtocolFaults: UserFacingError {
    let faults: [Fault]

    init(_ faults: [Fault]) { self.faults = faults }

    var code: String { "protocol-faulty" }

    var phrase: Phrase {
        Phrase(
            en: faults.map { line($0, in: .english) }.joined(separator: "\n"),
            zh: faults.map { line($0, in: .chinese) }.joined(separator: "\n"))
    }

    var problemFaults: [ProblemFault] {
        faults.map {
            ProblemFault(pointer: $0.pointer.description, code: $0.code, message: $0.phrase.text(in: Console.language))
        }
    }

    func complain() {
        for fault in faults { Console.complain(line(fault, in: Console.language)) }
    }

    private func line(_ fault: Fault, in language: Language) -> String {
        "\(fault.pointer.tokens.isEmpty ? "/" : fault.pointer.description): \(fault.code): \(fault.phrase.text(in: language))"
    }
}

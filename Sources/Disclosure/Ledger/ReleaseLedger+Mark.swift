public import Ledger

extension ReleaseLedger {
    /// Something exact that left about some patients, beside which other exact answers about them say too much, although
    /// no combination of counts isolates anybody.
    public struct Mark: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            /// An area under the curve, by the digest of the model (rule 12).
            case area(model: String)
            /// A sum over the values of so many cases (rule 6).
            case sum(variable: String, cases: Int)
            /// The few errors of a model (rule 3), for the whole cohort or by the levels of a variable. The patients are
            /// those of the cohort.
            case errors(model: String, variable: String?)
        }

        public let kind: Kind
        public let patients: PatientRow

        public init(_ kind: Kind, patients: PatientRow) {
            self.kind = kind
            self.patients = patients
        }

        /// How a mark is stored. A model's digest stands alone.
        public var name: String {
            switch kind {
            case .area(let model): model
            case .sum(let variable, let cases): "sum \(cases) \(variable)"
            case .errors(let model, let variable): "errors \(model) \(variable ?? "")"
            }
        }

        /// - Throws: `outOfRange` for a name that no mark has.
        public init(name: String, patients: PatientRow) throws(LedgerError) {
            let parts = name.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            switch (parts.count, parts[0]) {
            case (1, _): self.init(.area(model: name), patients: patients)
            case (3, "sum"):
                guard let cases = Int(parts[1]) else { throw LedgerError(.outOfRange) }
                self.init(.sum(variable: parts[2], cases: cases), patients: patients)
            case (3, "errors"):
                let variable = parts[2].isEmpty ? nil : parts[2]
                self.init(.errors(model: parts[1], variable: variable), patients: patients)
            default: throw LedgerError(.outOfRange)
            }
        }
    }
}

public import Statistics
public import StudyProtocol

/// What a protocol can ask of each case of a site, in the codes that the answers were counted from. Raw: it isolates
/// patients, has no `Encodable` conformance and never leaves; the gate needs it to see what answers say together.
public struct CaseAxes: Sendable {
    /// A variable's code of each case.
    public enum Variable: Sendable {
        /// - Parameter levels: how many levels are declared; codes are their indices, or reserved codes.
        case category(levels: Int, codes: [Int64])
        /// - Parameter range: the protocol's range in units; codes are units, or reserved codes.
        case quantity(range: ClosedRange<Int64>, codes: [Int64])
    }

    /// The cases of a subgroup, by its variable's code.
    public enum Part: Hashable, Sendable {
        case level(Int64)
        /// Units, both ends included.
        case units(ClosedRange<Int64>)

        func contains(_ code: Int64) -> Bool {
            switch self {
            case .level(let level): code == level
            case .units(let range): range.contains(code)
            }
        }
    }

    /// The category that holds the reference. No described case lacks it.
    public struct Reference: Sendable {
        public let variable: String
        /// Its code that means positive; every other level means negative.
        public let positiveCode: Int64

        public init(variable: String, positiveCode: Int64) {
            self.variable = variable
            self.positiveCode = positiveCode
        }
    }

    /// The scores of the model that is evaluated.
    public struct Evaluation: Sendable {
        /// Score units of each case; a reserved code without a score.
        public let scores: [Int64]
        /// The highest score, 1.0, in units.
        public let one: Int64
        /// What becomes of cohort cases without a score.
        public let failed: FailedCases

        public init(scores: [Int64], one: Int64, failed: FailedCases) {
            self.scores = scores
            self.one = one
            self.failed = failed
        }
    }

    /// The patient of each case, not decreasing.
    public let patients: [Int32]
    /// The flow's boxes and the box of each case: all screened cases.
    public let boxes: [FlowBox]
    public let boxOfCase: [Int64]
    /// By identifier.
    public let variables: [String: Variable]
    /// The cohort's criteria, in the order in which they are tried; nil where they are not known. Then the release cannot
    /// be protected together with others of the same snapshot.
    public let criteria: [CohortCriterion]?
    /// The subgroups that the answers name.
    public let parts: [Subgroup: Part]
    public let reference: Reference?
    /// Nil when no model is evaluated.
    public let evaluation: Evaluation?

    /// Nil unless every column has one code a case and the cases are sorted by patient.
    public init?(
        patients: [Int32], boxes: [FlowBox], boxOfCase: [Int64], variables: [String: Variable],
        criteria: [CohortCriterion]? = nil, parts: [Subgroup: Part] = [:], reference: Reference? = nil,
        evaluation: Evaluation? = nil
    ) {
        let lengths =
            [boxOfCase.count]
            + variables.values.map { variable in
                switch variable {
                case .category(_, let codes), .quantity(_, let codes): codes.count
                }
            } + (evaluation.map { [$0.scores.count] } ?? [])
        guard lengths.allSatisfy({ $0 == patients.count }), zip(patients, patients.dropFirst()).allSatisfy(<=),
            boxOfCase.allSatisfy({ (0..<Int64(boxes.count)).contains($0) })
        else { return nil }
        self.patients = patients
        self.boxes = boxes
        self.boxOfCase = boxOfCase
        self.variables = variables
        self.criteria = criteria
        self.parts = parts
        self.reference = reference
        self.evaluation = evaluation
    }

    /// Whether the cases of a box are those that statistics and evaluation are about: the analysed ones, and the failed
    /// ones where the protocol counts them.
    func isDescribed(box: FlowBox) -> Bool {
        switch box {
        case .analysed: true
        case .failed: evaluation.map { $0.failed == .worstCase } ?? false
        case .excluded, .missingReference: false
        }
    }

    /// The described cases, ascending.
    var described: [Int] {
        let isDescribed = boxes.map { self.isDescribed(box: $0) }
        return boxOfCase.indices.filter { isDescribed[Int(boxOfCase[$0])] }
    }

    /// The patients among some cases.
    func patientCount(_ cases: some Sequence<Int>) -> Int { Set(cases.lazy.map { patients[$0] }).count }

    func contains(_ subgroup: Subgroup?, _ index: Int) -> Bool {
        guard let subgroup else { return true }
        guard let part = parts[subgroup], let code = code(subgroup.variable.rawValue, index) else { return false }
        return part.contains(code)
    }

    /// The patients of a subgroup, or of all described cases, with a score in a range.
    func patientCount(withScoresIn range: Range<Int64>, in subgroup: Subgroup?) -> Int {
        guard let evaluation else { return 0 }
        return patientCount(
            described.filter { range.contains(evaluation.scores[$0]) && contains(subgroup, $0) })
    }

    func code(_ variable: String, _ index: Int) -> Int64? {
        switch variables[variable] {
        case .category(_, let codes), .quantity(_, let codes): codes[index]
        case nil: nil
        }
    }
}

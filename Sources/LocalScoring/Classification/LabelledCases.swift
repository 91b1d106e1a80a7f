import Statistics
import TextCatalogue

/// The rows of a table as binary cases: those with a reference and a score, and how many have none.
struct LabelledCases {
    /// What becomes of a row without a score.
    enum MissingScore {
        /// It is left out.
        case excluded
        /// It is scored against the model: a positive below, a negative above every other.
        case worstCase
    }

    /// The label that is positive.
    let positive: String
    /// The labels that are negative.
    let negatives: [String]
    /// Rows of the table.
    let rows: Int
    /// Rows without a reference; they are in no analysis.
    let missingReference: Int
    /// Rows with a reference but without a score.
    let missingScore: Int
    private let labels: [UInt8]
    private let patients: [Int32]?

    /// The class of a row without a reference.
    private static let noLabel: UInt8 = 2

    /// - Parameter positive: the label that is positive; nil takes 1 of 0 and 1, and true of false and true.
    init(
        labels texts: ColumnReader.Texts, column: String, scores: [Double], patients: ColumnReader.Texts?,
        positive: String?
    ) throws(LocalFileError) {
        // Where the labels are numbers, a NaN is none.
        let noNumber = texts.levels.firstIndex { $0.lowercased() == "nan" }
        let known = texts.levels.indices.filter { $0 != noNumber }
        let isNumeric = noNumber != nil && known.allSatisfy { Double(texts.levels[$0]) != nil }
        let missing = isNumeric ? noNumber.map { Int32($0) } : nil
        let levels = isNumeric ? known.map { texts.levels[$0] } : texts.levels
        let label = try Self.positiveLabel(levels, column: column, asked: positive)
        let code = texts.levels.firstIndex(of: label).map { Int32($0) }
        self.positive = label
        negatives = levels.filter { $0 != label }
        rows = texts.codes.count
        let (positiveCode, missingCode) = (code ?? .min, missing ?? -1)
        var (withoutReference, withoutScore) = (0, 0)
        labels = [UInt8](unsafeUninitializedCapacity: rows) { labels, count in
            texts.codes.withUnsafeBufferPointer { codes in
                scores.withUnsafeBufferPointer { scores in
                    for row in 0..<min(codes.count, scores.count) {
                        let isMissing = codes[row] < 0 || codes[row] == missingCode
                        labels[row] = isMissing ? Self.noLabel : codes[row] == positiveCode ? 1 : 0
                        withoutReference &+= isMissing ? 1 : 0
                        withoutScore &+= !isMissing && scores[row].isNaN ? 1 : 0
                    }
                    count = min(codes.count, scores.count)
                }
            }
        }
        missingReference = withoutReference
        missingScore = withoutScore
        if let patients {
            guard patients.missing == 0 else {
                throw LocalFileError(.patientMissing, .localScorePatientMissing(patients.missing))
            }
            self.patients = patients.codes
        } else {
            self.patients = nil
        }
    }

    private static func positiveLabel(
        _ levels: [String], column: String, asked: String?
    ) throws(LocalFileError) -> String {
        if let asked {
            // One label alone is that of a table without positives; of several, one must be the positive.
            guard levels.contains(asked) || levels.count <= 1 else {
                throw LocalFileError(.positiveUnknown, .localScorePositiveUnknown(column, asked, levels: levels))
            }
            return asked
        }
        let values = levels.map {
            Double($0) ?? ($0.lowercased() == "true" ? 1 : $0.lowercased() == "false" ? 0 : .nan)
        }
        guard values.allSatisfy({ $0 == 0 || $0 == 1 }), Set(values).count == values.count else {
            throw LocalFileError(.positiveUnnamed, .localScorePositiveUnnamed(column, levels: levels))
        }
        return values.firstIndex(of: 1).map { levels[$0] } ?? "1"
    }

    /// The first few labels.
    private static func list(_ labels: [String]) -> String {
        labels.prefix(10).joined(separator: ", ") + (labels.count > 10 ? ", …" : "")
    }

    /// The cases of a score column.
    func cases(scores: [Double], missing: MissingScore) throws(LocalFileError) -> BinaryCases {
        let isWhole = missingReference == 0 && scores.reduce(0) { $0 | ($1.isNaN ? 1 : 0) } == 0
        if isWhole { return try Self.cases(scores, labels, patients) }
        let worst = Self.worst(scores)
        var kept: [Double] = []
        var keptLabels: [UInt8] = []
        var keptPatients: [Int32] = []
        var renumbered: [Int32: Int32] = [:]
        kept.reserveCapacity(rows)
        keptLabels.reserveCapacity(rows)
        for row in labels.indices where labels[row] != Self.noLabel {
            var score = scores[row]
            if score.isNaN {
                guard missing == .worstCase else { continue }
                score = labels[row] == 1 ? worst.lowest : worst.highest
            }
            kept.append(score)
            keptLabels.append(labels[row])
            if let patient = patients?[row] {
                let number = renumbered[patient] ?? Int32(renumbered.count)
                renumbered[patient] = number
                keptPatients.append(number)
            }
        }
        return try Self.cases(kept, keptLabels, patients == nil ? nil : keptPatients)
    }

    /// The scores that are worst for a positive and for a negative: 0 and 1 of probabilities, infinite otherwise.
    private static func worst(_ scores: [Double]) -> (lowest: Double, highest: Double) {
        scores.allSatisfy { $0.isNaN || ($0 >= 0 && $0 <= 1) } ? (0, 1) : (-.infinity, .infinity)
    }

    private static func cases(
        _ scores: [Double], _ labels: [UInt8], _ patients: [Int32]?
    ) throws(LocalFileError) -> BinaryCases {
        do {
            return try BinaryCases(scores: scores, labels: labels, patients: patients)
        } catch {
            // Labels, lengths and patients are made here; what is left is a table beyond the limit.
            throw LocalFileError(.tooManyRows, .localScoreTooManyCases(limit: BinaryCases.caseLimit))
        }
    }

    /// How many cases are analysed and how many rows are not.
    func flow(of cases: BinaryCases) -> [Metric] {
        let positives = cases.labels.reduce(0) { $0 + Int($1) }
        var metrics = [
            Metric("n", value: Double(cases.scores.count)),
            Metric("positives", value: Double(positives), parameters: ["label": positive]),
            Metric(
                "negatives", value: Double(cases.labels.count - positives),
                parameters: negatives.isEmpty ? nil : ["label": Self.list(negatives)]),
            Metric("missing", value: Double(missingReference), n: rows, variable: "reference"),
            Metric("missing", value: Double(missingScore), n: rows, variable: "score"),
        ]
        if cases.patients != nil { metrics.append(Metric("patients", value: Double(cases.patientCount))) }
        return metrics
    }
}

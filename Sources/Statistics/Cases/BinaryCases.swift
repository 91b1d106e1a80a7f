/// Binary cases with their scores, for evaluation from local data: unlike a site's ``RankSample`` the scores may be any
/// numbers, and ties are ties of the Doubles.
public struct BinaryCases: Hashable, Sendable {
    /// The most cases, 2³⁰.
    public static let caseLimit = 1 << 30

    /// One a case: finite or infinite, never NaN.
    public let scores: [Double]
    /// One a case: 1 positive, 0 negative.
    public let labels: [UInt8]
    /// One a case, where cases are clustered in patients: equal numbers are cases of one patient, in any order, from 0 to
    /// ``patientCount`` − 1.
    public let patients: [Int32]?
    /// The number of patients; of cases, where they are not clustered.
    public let patientCount: Int

    /// Takes the cases; `malformed-columns` for lengths that differ or patient numbers that are not 0...n−1 each used,
    /// `unexpected-value` for a NaN score or a label that is neither 0 nor 1, `too-many-cases` beyond the limit.
    public init(scores: [Double], labels: [UInt8], patients: [Int32]? = nil) throws(StatisticsError) {
        guard scores.count <= Self.caseLimit else {
            throw StatisticsError(.tooManyCases, "at most \(Self.caseLimit) cases")
        }
        guard labels.count == scores.count, patients.map({ $0.count == scores.count }) ?? true else {
            throw StatisticsError(.malformedColumns, "scores, labels and patients differ in length")
        }
        guard labels.allSatisfy({ $0 <= 1 }) else {
            throw StatisticsError(.unexpectedValue, "a label is 0 or 1")
        }
        guard scores.allSatisfy({ !$0.isNaN }) else {
            throw StatisticsError(.unexpectedValue, "a score is a number")
        }
        self.scores = scores
        self.labels = labels
        self.patients = patients
        guard let patients else {
            patientCount = scores.count
            return
        }
        let count = Int(patients.max() ?? -1) + 1
        guard (patients.min() ?? 0) >= 0, count <= patients.count else {
            throw StatisticsError(.malformedColumns, "patients are numbered from 0")
        }
        var isUsed = [Bool](repeating: false, count: count)
        for patient in patients { isUsed[Int(patient)] = true }
        guard isUsed.allSatisfy({ $0 }) else {
            throw StatisticsError(.malformedColumns, "patients are numbered without gaps")
        }
        patientCount = count
    }
}

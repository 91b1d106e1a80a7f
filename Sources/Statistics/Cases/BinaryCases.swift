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
        guard Self.areBinary(labels) else {
            throw StatisticsError(.unexpectedValue, "a label is 0 or 1")
        }
        guard Self.areNumbers(scores) else {
            throw StatisticsError(.unexpectedValue, "a score is a number")
        }
        self.scores = scores
        self.labels = labels
        self.patients = patients
        guard let patients else {
            patientCount = scores.count
            return
        }
        patientCount = try Self.patientCount(patients)
    }

    // Over whole columns without leaving early, which lets the compiler take many cases at a time.

    private static func areBinary(_ labels: [UInt8]) -> Bool {
        labels.withUnsafeBufferPointer { labels in
            var bits: UInt8 = 0
            for index in 0..<labels.count { bits |= labels[index] }
            return bits <= 1
        }
    }

    private static func areNumbers(_ scores: [Double]) -> Bool {
        scores.withUnsafeBufferPointer { scores in
            var unordered: UInt64 = 0
            for index in 0..<scores.count { unordered |= scores[index].isNaN ? 1 : 0 }
            return unordered == 0
        }
    }

    /// The number of patients, who are numbered from 0 without gaps.
    private static func patientCount(_ patients: [Int32]) throws(StatisticsError) -> Int {
        let count: Int? = patients.withUnsafeBufferPointer { patients in
            var (least, most): (Int32, Int32) = (0, -1)
            for index in 0..<patients.count {
                least = min(least, patients[index])
                most = max(most, patients[index])
            }
            guard least >= 0, Int(most) < patients.count else { return nil }
            return withUnsafeTemporaryAllocation(of: Bool.self, capacity: Int(most) + 1) { isUsed in
                isUsed.initialize(repeating: false)
                for index in 0..<patients.count { isUsed[Int(patients[index])] = true }
                return isUsed.allSatisfy { $0 } ? isUsed.count : nil
            }
        }
        guard let count else {
            throw StatisticsError(.malformedColumns, "patients are numbered from 0 without gaps")
        }
        return count
    }
}

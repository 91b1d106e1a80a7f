/// What the engine says to a reference record.
enum Evaluation {
    /// Our value, in the record's own form. A number that we leave undefined is `.null`, which stands for NaN and null.
    case value(JSON)
    /// The record asks for what the engine does not do, or for what it does otherwise on purpose; with the reason.
    case skipped(String)
}

/// The evaluators of a family of files.
struct ReferenceFamily: Sendable {
    /// The files under `Vectors`, such as `stats/tests.json`.
    let files: [String]
    /// Our answer to one record; nil for a name that the family does not know, which is a failure.
    let evaluate: @Sendable (ReferenceRecord) throws -> Evaluation?

    /// Every family. A file under `Vectors` that is in none is a failure.
    static let all: [ReferenceFamily] = [.classification, .roc, .segmentation, .stats, .meta]

    static func of(_ file: String) -> ReferenceFamily? { all.first { $0.files.contains(file) } }
}

/// Compares trees of numbers within tolerances.
enum Comparison {
    /// The paths at which our value is not the expected one; empty when all agree. Our tree may hold more than is asked.
    static func differences(
        _ ours: JSON, _ expected: JSON, relative: Double, absolute: Double, at path: String = "value"
    ) -> [String] {
        switch expected {
        case .null:
            return ours == .null ? [] : ["\(path): expected no value, got \(ours)"]
        case .bool:
            return ours == expected ? [] : ["\(path): expected \(expected), got \(ours)"]
        case .number, .text:
            guard let wanted = expected.number else {
                return ours == expected ? [] : ["\(path): expected \(expected), got \(ours)"]
            }
            if wanted.isNaN { return ours == .null ? [] : ["\(path): expected no value, got \(ours)"] }
            guard let got = ours.number else { return ["\(path): expected \(wanted), got \(ours)"] }
            let isClose = got == wanted || abs(got - wanted) <= max(relative * abs(wanted), absolute)
            return isClose ? [] : ["\(path): expected \(wanted), got \(got), off by \(abs(got - wanted) / abs(wanted))"]
        case .list(let wanted):
            guard let got = ours.list, got.count == wanted.count else {
                return ["\(path): expected a list of \(wanted.count), got \(ours)"]
            }
            return zip(got, wanted).enumerated().flatMap { index, pair in
                differences(pair.0, pair.1, relative: relative, absolute: absolute, at: "\(path)[\(index)]")
            }
        case .object(let wanted):
            guard let got = ours.fields else { return ["\(path): expected an object, got \(ours)"] }
            return wanted.sorted { $0.key < $1.key }.flatMap { key, value in
                differences(
                    got[key] ?? .text("(absent)"), value, relative: relative, absolute: absolute, at: "\(path).\(key)")
            }
        }
    }
}

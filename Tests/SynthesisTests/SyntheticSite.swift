import Evidence
import Messages
@_spi(ReleaseGate) import Statistics
import StudyProtocol

/// A site made up of patients, each a list of cases, with what a gate that withholds nothing would release of it.
struct SyntheticSite {
    struct Case: Hashable {
        var score: Int64
        var isPositive: Bool
    }

    static let one: Int64 = 1_000_000

    var patients: [[Case]]

    /// - Parameter separation: how far positives score above negatives, in units of the score.
    static func random(
        patients count: Int, separation: Int64 = 250_000, using generator: inout some RandomNumberGenerator
    ) -> SyntheticSite {
        SyntheticSite(
            patients: (0..<count).map { _ in
                let own = Int64.random(in: 0...300_000, using: &generator)
                return (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                    let isPositive = Bool.random(using: &generator)
                    // Few distinct scores, so that ties occur.
                    let score = own / 20_000 * 20_000 + Int64.random(in: 0...20, using: &generator) * 20_000
                    return Case(score: max(0, min(one, score + (isPositive ? separation : 0))), isPositive: isPositive)
                }
            })
    }

    var cases: [Case] { patients.flatMap { $0 } }
    var positives: [Int64] { cases.filter(\.isPositive).map(\.score) }
    var negatives: [Int64] { cases.filter { !$0.isPositive }.map(\.score) }

    private var columns: (scores: [Int64], reference: [Int64], patients: [Int32], all: [Int32]) {
        let patientOf = patients.enumerated().flatMap { Array(repeating: Int32($0.offset), count: $0.element.count) }
        return (
            cases.map(\.score), cases.map { $0.isPositive ? ReferenceClass.positive : ReferenceClass.negative },
            patientOf, Array(0..<Int32(cases.count))
        )
    }

    func summary(resolution: Resolution, method: ROCSummary.VarianceMethod = .obuchowski) throws -> ROCSummary? {
        let columns = columns
        return try RankSample(
            scores: columns.scores, reference: columns.reference, patients: columns.patients, selection: columns.all,
            resolution: resolution
        ).statistics().value.flatMap { ROCSummary($0, method: method) }
    }

    func confusion(_ id: OperatingPointID, threshold: Int64, resolution: Resolution) throws -> ReleasedConfusion {
        let columns = columns
        let raw = try Confusion(
            operatingPoint: id.rawValue, threshold: threshold, scores: columns.scores,
            reference: columns.reference, patients: columns.patients, selection: columns.all, resolution: resolution)
        return ReleasedConfusion(
            operatingPoint: raw.operatingPoint, threshold: resolution.text(raw.threshold),
            tp: .exact(raw.cases(.truePositive)), fp: .exact(raw.cases(.falsePositive)),
            fn: .exact(raw.cases(.falseNegative)), tn: .exact(raw.cases(.trueNegative)),
            positives: ClusterTotals(raw.positives), negatives: ClusterTotals(raw.negatives))
    }

    /// The steps with the counts at some edges known only as bounds.
    /// - Parameter isKept: whether the count at an inner edge is published.
    func steps(edges: [Int64], resolution: Resolution, isKept: (Int) -> Bool = { _ in true }) -> ReleasedScoreSteps {
        let cuts = edges.indices.filter { $0 == 0 || $0 == edges.count - 1 || isKept($0) }
        func part(_ scores: [Int64]) -> ReleasedScoreSteps.Class {
            let counts = edges.indices.map { index in
                index == edges.count - 1 ? scores.count : scores.count { $0 < edges[index] }
            }
            return ReleasedScoreSteps.Class(
                n: .exact(scores.count),
                lower: edges.indices.map { edge in counts[cuts.last { $0 <= edge } ?? 0] },
                upper: edges.indices.map { edge in counts[cuts.first { $0 >= edge } ?? edges.count - 1] })
        }
        return ReleasedScoreSteps(
            resolution: resolution, edges: edges, positives: part(positives), negatives: part(negatives))
    }

    func flow() -> ReleasedFlow {
        let everything = (cases: Count.exact(cases.count), patients: Count.exact(patients.count))
        return ReleasedFlow(boxes: [
            ReleasedFlow.Box(box: .screened, reason: nil, cases: everything.cases, patients: everything.patients),
            ReleasedFlow.Box(box: .analysed, reason: nil, cases: everything.cases, patients: everything.patients),
        ])
    }
}

/// Twice the concordant pairs, over all pairs: counted one by one.
func area(positives: [Int64], negatives: [Int64]) -> Double {
    var twice = 0
    for positive in positives {
        for negative in negatives { twice += positive > negative ? 2 : positive == negative ? 1 : 0 }
    }
    return Double(twice) / Double(2 * positives.count * negatives.count)
}

/// A repeatable source of random numbers (SplitMix64: Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

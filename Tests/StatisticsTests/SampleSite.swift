import Statistics

/// A made-up site: cases of patients with every kind of value, as columns.
struct SampleSite {
    var patients: [Int32] = []
    var quantity: [Int64] = []
    var group: [Int64] = []
    var second: [Int64] = []
    var score: [Int64] = []
    var reference: [Int64] = []
    var box: [Int64] = []
    var otherQuantity: [Int64] = []
    var otherScore: [Int64] = []
    /// Of -1...1 in hundredths; some undefined, for two reasons.
    var caseScore: [Int64] = []

    static let hundredth = "0.01"
    static let micro = "0.000001"

    init() {}

    init(patients count: Int, casesAtMost: Int, using generator: inout some RandomNumberGenerator) {
        for patient in 0..<count {
            for _ in 0..<Int.random(in: 1...casesAtMost, using: &generator) {
                patients.append(Int32(patient))
                quantity.append(Self.coded(Int64.random(in: -2000...12_000, using: &generator), using: &generator))
                group.append(Self.coded(Int64.random(in: 0...2, using: &generator), using: &generator))
                second.append(Int64.random(in: 0...1, using: &generator))
                let isPositive = Int64.random(in: 0...1, using: &generator)
                reference.append(Int.random(in: 0..<25, using: &generator) == 0 ? Coded.missing : isPositive)
                // Few distinct scores, so that ties occur.
                let score = Int64.random(in: 0...20, using: &generator) * 40_000 + isPositive * 200_000
                self.score.append(Int.random(in: 0..<25, using: &generator) == 0 ? Coded.missing : score)
                box.append(Int64.random(in: 0...3, using: &generator))
                otherQuantity.append(Self.coded(Int64.random(in: -500...500, using: &generator), using: &generator))
                let otherScore = Int64.random(in: 0...10, using: &generator) * 80_000 + isPositive * 150_000
                self.otherScore.append(Int.random(in: 0..<25, using: &generator) == 0 ? Coded.missing : otherScore)
                let reason = Int.random(in: 0..<12, using: &generator)
                caseScore.append(
                    reason < 2
                        ? ScoreSums.code(reason: reason)
                        : Self.coded(Int64.random(in: -110...100, using: &generator), using: &generator))
            }
        }
    }

    private static func coded(_ value: Int64, using generator: inout some RandomNumberGenerator) -> Int64 {
        switch Int.random(in: 0..<30, using: &generator) {
        case 0: Coded.missing
        case 1: Coded.malformed
        case 2: Coded.outOfRange
        default: value
        }
    }

    var everyCase: [Int32] { (0..<Int32(patients.count)).map { $0 } }

    /// The cases of some patients, as a site of their own, with patients numbered in the order given.
    func of(_ chosen: [Int32]) -> SampleSite {
        var site = SampleSite()
        for (number, patient) in chosen.enumerated() {
            for index in patients.indices where patients[index] == patient {
                site.patients.append(Int32(number))
                site.quantity.append(quantity[index])
                site.group.append(group[index])
                site.second.append(second[index])
                site.score.append(score[index])
                site.reference.append(reference[index])
                site.box.append(box[index])
                site.otherQuantity.append(otherQuantity[index])
                site.otherScore.append(otherScore[index])
                site.caseScore.append(caseScore[index])
            }
        }
        return site
    }

    /// One aggregate of every kind.
    func aggregates() throws -> [Aggregate] {
        let hundredth = try Resolution(Self.hundredth)
        let micro = try Resolution(Self.micro)
        let all = everyCase
        let grouping = CategoryColumn(variable: "group", levels: ["a", "b", "c"], codes: group)
        let second = CategoryColumn(variable: "second", levels: ["0", "1"], codes: second)
        let edges = try ScoreGrid(scale: .linear, from: 0, to: 1, steps: 7).edges(resolution: micro)
        let boxes = [FlowBox.excluded(reason: "young"), .missingReference, .failed(code: "model-failed"), .analysed]
        return [
            .flow(try Flow(boxes: boxes, boxOfCase: box, patients: patients, selection: all)),
            .moments(
                try Moments(
                    variable: "x", column: quantity, range: 0...10_000, patients: patients, selection: all,
                    resolution: hundredth)),
            .moments(
                try Moments(
                    variable: "x", column: quantity, by: grouping, patients: patients, selection: all,
                    resolution: hundredth)),
            .histogram(
                try Histogram(
                    variable: "x", column: quantity, edges: [0, 1000, 2500, 10_000], by: grouping, patients: patients,
                    selection: all, resolution: hundredth)),
            .table(try ContingencyTable(axes: [grouping, second], patients: patients, selection: all)),
            .table(try ContingencyTable(axes: [grouping, second, grouping], patients: patients, selection: all)),
            .confusion(
                try Confusion(
                    operatingPoint: "op", threshold: 500_000, scores: score, reference: reference, failed: .worstCase,
                    patients: patients, selection: all, resolution: micro)),
            .scoreSteps(
                try ScoreSteps(
                    edges: edges, scores: score, reference: reference, patients: patients, selection: all,
                    resolution: micro)),
            .roc(
                try RankSample(
                    scores: score, reference: reference, patients: patients, selection: all, resolution: micro)),
        ] + (try laterAggregates(hundredth: hundredth, micro: micro))
    }

    private func laterAggregates(hundredth: Resolution, micro: Resolution) throws -> [Aggregate] {
        let all = everyCase
        let logit = try ScoreGrid(scale: .logit, from: -3, to: 3, steps: 6).edges(resolution: micro)
        return [
            .scoreSteps(
                try ScoreSteps(
                    edges: logit, scores: score, reference: reference, failed: .worstCase, patients: patients,
                    selection: all, resolution: micro, classLabel: "benign")),
            .coMoments(try coMoments()),
            .pairedConfusion(try jointConfusion()),
            .calibration(
                try CalibrationSample(
                    edges: logit, scores: score, reference: reference, failed: .worstCase, patients: patients,
                    selection: all, resolution: micro)),
            .calibration(
                try CalibrationSample(
                    edges: ScoreGrid(scale: .linear, from: 0, to: 1, steps: 10).edges(resolution: micro),
                    scores: score, reference: reference, patients: patients, selection: all, resolution: micro,
                    classLabel: "benign")),
            .pairedROC(
                try PairedRankSample(
                    first: PairedRankSample.Model(model: "a", resolution: micro), firstScores: score,
                    second: PairedRankSample.Model(model: "b", resolution: micro), secondScores: otherScore,
                    reference: reference, failed: .worstCase, patients: patients, selection: all)),
            .scoreSums(try scoreSums(firstRule: .excluded)),
            .scoreSums(try scoreSums(firstRule: .counted(as: -100))),
        ]
    }

    func calibration() throws -> CalibrationSample {
        let micro = try Resolution(Self.micro)
        return try CalibrationSample(
            edges: ScoreGrid(scale: .linear, from: 0, to: 1, steps: 10).edges(resolution: micro), scores: score,
            reference: reference, patients: patients, selection: everyCase, resolution: micro)
    }

    func coMoments() throws -> CoMoments {
        let hundredth = try Resolution(Self.hundredth)
        return try CoMoments(
            variables: [
                CoMoments.Variable(variable: "x", resolution: hundredth, range: 0...10_000),
                CoMoments.Variable(variable: "y", resolution: hundredth),
                CoMoments.Variable(variable: "second", resolution: Resolution("1")),
            ], columns: [quantity, otherQuantity, second], patients: patients, selection: everyCase)
    }

    func jointConfusion() throws -> JointConfusion {
        let micro = try Resolution(Self.micro)
        return try JointConfusion(
            first: JointConfusion.Call(operatingPoint: "a", threshold: 500_000, resolution: micro), firstScores: score,
            second: JointConfusion.Call(operatingPoint: "b", threshold: 400_000, resolution: micro),
            secondScores: otherScore, reference: reference, failed: .worstCase, patients: patients,
            selection: everyCase)
    }

    func scoreSums(firstRule: UndefinedScoreRule) throws -> ScoreSums {
        try ScoreSums(
            score: "dice", definition: "overlap", column: caseScore, edges: [-100, -50, 0, 80, 100],
            reasons: [
                ScoreSums.Reason(code: "empty-prediction", rule: firstRule),
                ScoreSums.Reason(code: "both-empty", rule: .counted(as: 100)),
            ], patients: patients, selection: everyCase, resolution: Resolution(Self.hundredth))
    }
}

internal import Statistics
internal import StrictJSON
internal import TextCatalogue

extension ValueReader where Value == Evaluation {
    /// The resolution that scores have when the protocol names none.
    private static var standardResolution: String { "0.000001" }

    static func evaluation(in table: VariableTable) -> Self {
        .object { reader in
            let namedTask = reader.optional("task", .choice(of: Evaluation.Task.self))
            let task = reader.contains("task") ? namedTask : .classification
            let output = reader.required("output", .choice(of: Evaluation.Output.self))
            let namedResolution = reader.optional("scoreResolution", ValueReader<(Resolution, DecimalText)>.resolution)
            let resolution =
                reader.contains("scoreResolution")
                ? namedResolution
                : ValueReader<(Resolution, DecimalText)>.resolution.read(
                    .string(standardResolution), reader.pointer, reader.faults)
            let grid = reader.required("scoreGrid", .scoreGrid)
            let score = resolution.flatMap { scoreQuantity($0.0, $0.1, reader) }
            let points = readOperatingPoints(&reader, score)
            let subgroups = reader.optional(
                "subgroups",
                .array(
                    of: ValueReader<SubgroupDefinition>.subgroup(in: table).tolerant,
                    count: 0...ProtocolLimits.subgroups))
            let cluster = reader.optional("cluster", .choice(of: Cluster.self))
            let missing = reader.object("missing") { reader in
                let failed = reader.required("modelFailed", .choice(of: MissingRules.ModelFailed.self))
                let reference = reader.required("referenceMissing", .choice(of: MissingRules.ReferenceMissing.self))
                guard let failed, let reference else { return nil as MissingRules? }
                return MissingRules(modelFailed: failed, referenceMissing: reference)
            }
            addDuplicateSubgroups(subgroups ?? [], reader)
            guard let task, let output, let resolution, let grid, let points, let missing else { return nil }
            return Evaluation(
                task: task, output: output, scoreResolution: resolution.0, scoreGrid: grid,
                operatingPoints: points.compactMap { $0 }, subgroups: (subgroups ?? []).compactMap { $0 },
                cluster: cluster, missing: missing)
        }
    }

    /// The fewest steps of a score from 0 to 1: with only a few values, the AUROC's exact pair count gives back how the
    /// cases lie on them.
    private static let fewestScoreSteps: Int64 = 1000

    /// Scores as a quantity from 0 to 1, when 1 is a multiple of the resolution.
    private static func scoreQuantity(
        _ resolution: Resolution, _ step: DecimalText, _ reader: ObjectReader
    ) -> Quantity? {
        guard let zero = DecimalText("0"), let one = DecimalText("1"), let top = one.multiple(of: step),
            (fewestScoreSteps...Resolution.unitLimit).contains(top)
        else {
            reader.faults.add(
                reader.pointer.appending("scoreResolution"), .resolutionMalformed, .protocolScoreResolution)
            return nil
        }
        return Quantity(
            unit: "1", resolution: resolution, resolutionText: step, range: 0...top, lowerText: zero, upperText: one)
    }

    private static func readOperatingPoints(
        _ reader: inout ObjectReader, _ score: Quantity?
    ) -> [OperatingPoint?]? {
        let point = ValueReader<OperatingPoint>.object { reader in
            let id = reader.required("id", ValueReader<OperatingPointID>.name)
            let text = reader.required("threshold", .decimal)
            let units = score.flatMap { text == nil ? nil : reader.required("threshold", .units(of: $0)) }
            guard let id, let text, let units else { return nil }
            return OperatingPoint(id: id, threshold: text, thresholdUnits: units)
        }
        let points = reader.optional(
            "operatingPoints", .array(of: point.tolerant, count: 0...ProtocolLimits.operatingPoints))
        guard let points else { return reader.contains("operatingPoints") ? nil : [] }
        let pointer = reader.pointer.appending("operatingPoints")
        reader.faults.addDuplicates(
            points.enumerated().compactMap { index, point in
                point.map { (pointer.appending(index).appending("id"), $0.id.rawValue) }
            })
        return points
    }

    private static func addDuplicateSubgroups(_ subgroups: [SubgroupDefinition?], _ reader: ObjectReader) {
        let pointer = reader.pointer.appending("subgroups")
        reader.faults.addDuplicates(
            subgroups.enumerated().compactMap { index, subgroup in
                subgroup.map { (pointer.appending(index).appending("variable"), $0.variable.rawValue) }
            })
    }
}

extension ValueReader where Value == ScoreGrid {
    static var scoreGrid: Self {
        .object { reader in
            let scale = reader.required("scale", .choice(of: ScoreGrid.Scale.self))
            let from = reader.number("from")
            let to = reader.number("to")
            let steps = reader.integer("steps", in: 1...ProtocolLimits.gridSteps)
            guard let scale, let from, let to, let steps else { return nil }
            do {
                return try ScoreGrid(scale: scale, from: from, to: to, steps: steps)
            } catch {
                reader.faults.add(reader.pointer, .gridMalformed, .protocolGrid)
                return nil
            }
        }
    }
}

extension ValueReader where Value == SubgroupDefinition {
    static func subgroup(in table: VariableTable) -> Self {
        .object { reader in
            guard let variable = reader.required("variable", .variable(in: table)) else {
                reader.ignore("edges")
                return nil
            }
            switch variable.kind {
            case .quantity(let quantity):
                guard reader.contains("edges") else {
                    reader.ignore("edges")
                    reader.faults.add(reader.pointer, .edgesRequired, .protocolEdgesRequired(variable.id.rawValue))
                    return nil
                }
                return reader.required("edges", .edges(of: quantity)).flatMap {
                    bins($0, of: variable.id, reader)
                }
            case .category(let category):
                if reader.contains("edges") {
                    reader.ignore("edges")
                    let pointer = reader.pointer.appending("edges")
                    reader.faults.add(
                        pointer, .edgesNotApplicable, .protocolEdgesNotApplicable(variable.id.rawValue))
                    return nil
                }
                return levels(category, of: variable.id, reader)
            }
        }
    }

    private static func bins(_ edges: Edges, of variable: VariableID, _ reader: ObjectReader) -> SubgroupDefinition? {
        guard isWithinLimit(edges.binCount, reader) else { return nil }
        let levels = (0..<edges.binCount).map { bin in
            SubgroupLevel(
                subgroup: Subgroup(variable: variable, level: edges.label(ofBin: bin)), cases: .bin(bin, of: edges))
        }
        return SubgroupDefinition(variable: variable, edges: edges, levels: levels)
    }

    private static func levels(
        _ category: Category, of variable: VariableID, _ reader: ObjectReader
    ) -> SubgroupDefinition? {
        guard isWithinLimit(category.levels.count, reader) else { return nil }
        let levels = category.levels.enumerated().map { index, level in
            SubgroupLevel(
                subgroup: Subgroup(variable: variable, level: level), cases: .level(code: Int64(index)))
        }
        return SubgroupDefinition(variable: variable, edges: nil, levels: levels)
    }

    private static func isWithinLimit(_ count: Int, _ reader: ObjectReader) -> Bool {
        let limit = ProtocolLimits.subgroupLevels
        if count <= limit { return true }
        reader.faults.add(reader.pointer, .tooManyAnswers, .protocolTooManySubgroups(count, limit: limit))
        return false
    }
}

internal import StrictJSON
internal import TextCatalogue

extension ValueReader where Value == Statistic {
    private enum KindName: String, CaseIterable { case summary, histogram, table }

    static func statistic(in table: VariableTable) -> Self {
        .object { reader in
            let id = reader.required("id", ValueReader<StatisticID>.name)
            if let id, AnswerName.reserved.contains(id.rawValue) {
                reader.faults.add(
                    reader.pointer.appending("id"), .reservedName, .protocolReservedName(id.rawValue))
            }
            let kind: Statistic.Kind?
            switch reader.required("kind", .choice(of: KindName.self)) {
            case .summary: kind = readSummary(&reader, table)
            case .histogram: kind = readHistogram(&reader, table)
            case .table: kind = readTable(&reader, table)
            case nil:
                for key in ["variable", "by", "edges", "axes"] { reader.ignore(key) }
                kind = nil
            }
            guard let id, let kind else { return nil }
            return Statistic(id: id, kind: kind)
        }
    }

    private static func readSummary(_ reader: inout ObjectReader, _ table: VariableTable) -> Statistic.Kind? {
        let variable = reader.required("variable", .quantity(in: table))
        let by = reader.optional("by", .category(in: table))
        return variable.map { .summary(variable: $0.id, by: by?.id) }
    }

    private static func readHistogram(_ reader: inout ObjectReader, _ table: VariableTable) -> Statistic.Kind? {
        guard let variable = reader.required("variable", .quantity(in: table)) else {
            for key in ["edges", "by"] { reader.ignore(key) }
            return nil
        }
        let edges = reader.required("edges", .edges(of: variable.quantity))
        let by = reader.optional("by", .category(in: table))
        return edges.map { .histogram(variable: variable.id, edges: $0, by: by?.id) }
    }

    private static func readTable(_ reader: inout ObjectReader, _ table: VariableTable) -> Statistic.Kind? {
        let axes = reader.required("axes", .array(of: .category(in: table), count: ProtocolLimits.tableAxes))
        guard let axes else { return nil }
        let pointer = reader.pointer.appending("axes")
        reader.faults.addDuplicates(
            axes.enumerated().map { (pointer.appending($0.offset), $0.element.id.rawValue) })
        // Each axis has one more level, for cases without a value.
        let cells = axes.reduce(1) { $0 * ($1.category.levels.count + 1) }
        if cells > ProtocolLimits.tableCells {
            reader.faults.add(pointer, .tooManyAnswers, .protocolTooManyCells(cells, limit: ProtocolLimits.tableCells))
        }
        return .table(axes: axes.map(\.id))
    }
}

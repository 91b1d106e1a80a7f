internal import StrictJSON
internal import TextCatalogue

extension ValueReader where Value == Cohort {
    static func cohort(in table: VariableTable) -> Self {
        .object { reader in
            let criteria = ValueReader<[Criterion?]>.array(
                of: ValueReader<Criterion>.criterion(in: table).tolerant, count: 0...ProtocolLimits.criteria)
            let unit = reader.required("unit", .choice(of: CohortUnit.self))
            let include = reader.optional("include", criteria)
            let exclude = reader.optional("exclude", criteria)
            return unit.map {
                Cohort(
                    unit: $0, include: (include ?? []).compactMap { $0 }, exclude: (exclude ?? []).compactMap { $0 })
            }
        }
    }
}

extension ValueReader where Value == Criterion {
    private static var conditionKeys: [String] { ["atLeast", "atMost", "equals", "oneOf", "missing"] }

    static func criterion(in table: VariableTable) -> Self {
        .object { reader in
            let variable = reader.required("variable", .variable(in: table))
            let reason = reader.required("reason", ValueReader<ReasonCode>.name)
            let condition = readCondition(&reader, on: variable)
            guard let variable, let reason, let condition else { return nil }
            return Criterion(variable: variable.id, condition: condition, reason: reason)
        }
    }

    private static func readCondition(_ reader: inout ObjectReader, on variable: Variable?) -> Criterion.Condition? {
        for key in conditionKeys { reader.ignore(key) }
        let written = conditionKeys.filter(reader.contains)
        guard written.count == 1, let key = written.first else {
            reader.faults.add(reader.pointer, .criterionCondition, .protocolCriterionCondition(conditionKeys))
            return nil
        }
        if key == "missing" { return reader.required(key, .boolean).map { .missing($0) } }
        guard let variable else { return nil }
        let code: ValueReader<Int64>
        switch variable.kind {
        case .quantity(let quantity): code = .units(of: quantity)
        case .category(let category):
            guard key == "equals" || key == "oneOf" else {
                let pointer = reader.pointer.appending(key)
                reader.faults.add(pointer, .criterionCondition, .protocolCriterionOfCategory(variable.id.rawValue))
                return nil
            }
            code = .code(in: category)
        }
        switch key {
        case "atLeast": return reader.required(key, code).map { .atLeast($0) }
        case "atMost": return reader.required(key, code).map { .atMost($0) }
        case "equals": return reader.required(key, code).map { .equals($0) }
        default:
            return reader.required(key, .array(of: code, count: 1...ProtocolLimits.criterionValues)).map { .oneOf($0) }
        }
    }
}

extension ValueReader where Value == ReferenceStandard {
    static func referenceStandard(in table: VariableTable) -> Self {
        .object { reader in
            let variable = reader.required("variable", .category(in: table))
            let positive: String?
            var code: Int64?
            if let variable {
                code = reader.required("positive", .code(in: variable.category))
                positive = code.map { variable.category.levels[Int($0)] }
                if variable.category.levels.count != 2 {
                    reader.faults.add(
                        reader.pointer.appending("variable"), .referenceNotBinary,
                        .protocolReferenceNotBinary(variable.id.rawValue, levels: variable.category.levels.count))
                }
            } else {
                positive = reader.required("positive", .level)
            }
            let definition = reader.required("definition", .localized())
            let readers = reader.optionalObject("readers") { reader in
                let minimum = reader.integer("minimum", in: 1...100)
                let blinded = reader.optional("blinded", .boolean)
                let combination = reader.optional("combination", ValueReader<ReasonCode>.name)
                return minimum.map {
                    ReaderDesign(minimum: $0, blinded: blinded, combination: combination?.rawValue)
                }
            }
            guard let variable, let positive, let code, let definition else { return nil }
            return ReferenceStandard(
                variable: variable.id, positive: positive, positiveCode: code, definition: definition,
                readers: readers)
        }
    }
}

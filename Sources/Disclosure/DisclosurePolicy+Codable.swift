/// What an older program did not write has its default. Sets are sorted, so that one policy has one digest.
extension DisclosurePolicy: Codable {
    private enum CodingKeys: String, CodingKey {
        case minimumCount, zeros, sensitiveVariables, allPerformanceCells, dominancePercent, protectionPercent
        case momentsMinimumPatients, maximumNumbers, numbersPerPatient, maximumBytes, maximumDatasetNumbers
        case datasetNumbersPerPatient, maximumRefusals, refusalDays, privacy
    }

    public init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
            if let written = try container.decodeIfPresent(Value.self, forKey: key) { value = written }
        }
        try read(.minimumCount, into: &minimumCount)
        try read(.zeros, into: &zeros)
        try read(.sensitiveVariables, into: &sensitiveVariables)
        try read(.allPerformanceCells, into: &allPerformanceCells)
        try read(.dominancePercent, into: &dominancePercent)
        try read(.protectionPercent, into: &protectionPercent)
        try read(.momentsMinimumPatients, into: &momentsMinimumPatients)
        try read(.maximumNumbers, into: &maximumNumbers)
        try read(.numbersPerPatient, into: &numbersPerPatient)
        try read(.maximumBytes, into: &maximumBytes)
        try read(.maximumDatasetNumbers, into: &maximumDatasetNumbers)
        try read(.datasetNumbersPerPatient, into: &datasetNumbersPerPatient)
        try read(.maximumRefusals, into: &maximumRefusals)
        try read(.refusalDays, into: &refusalDays)
        try read(.privacy, into: &privacy)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(minimumCount, forKey: .minimumCount)
        try container.encode(zeros, forKey: .zeros)
        try container.encode(sensitiveVariables.sorted(), forKey: .sensitiveVariables)
        try container.encode(allPerformanceCells, forKey: .allPerformanceCells)
        try container.encode(dominancePercent, forKey: .dominancePercent)
        try container.encode(protectionPercent, forKey: .protectionPercent)
        try container.encode(momentsMinimumPatients, forKey: .momentsMinimumPatients)
        try container.encode(maximumNumbers, forKey: .maximumNumbers)
        try container.encode(numbersPerPatient, forKey: .numbersPerPatient)
        try container.encode(maximumBytes, forKey: .maximumBytes)
        try container.encode(maximumDatasetNumbers, forKey: .maximumDatasetNumbers)
        try container.encode(datasetNumbersPerPatient, forKey: .datasetNumbersPerPatient)
        try container.encode(maximumRefusals, forKey: .maximumRefusals)
        try container.encode(refusalDays, forKey: .refusalDays)
        try container.encode(privacy, forKey: .privacy)
    }
}

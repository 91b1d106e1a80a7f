internal import Evidence
public import StrictJSON
internal import TextCatalogue

extension StudyProtocol {
    /// Reads a protocol document: its form, its limits, and the references inside it. What it says is not judged:
    /// see `check(now:)`.
    ///
    /// All faults are reported, not only the first.
    public static func parse(_ document: JSONValue) -> Result<StudyProtocol, ProtocolFaults> {
        let faults = FaultList()
        let parts = ProtocolParts(reading: document, faults)
        return result(parts, faults)
    }

    /// Reads and checks a document in one go: every fault of form and of meaning that can be told.
    ///
    /// - Parameter now: the instant by which the protocol must not have expired; nil to leave expiry out.
    public static func validate(_ document: JSONValue, now: Timestamp?) -> Result<StudyProtocol, ProtocolFaults> {
        let faults = FaultList()
        let parts = ProtocolParts(reading: document, faults)
        ProtocolCheck(parts: parts, faults: faults).run(now: now)
        return result(parts, faults)
    }

    /// What a document of good form still has wrong; empty when a study may be run under it.
    ///
    /// - Parameter now: the instant by which the protocol must not have expired; nil to leave expiry out.
    public func check(now: Timestamp?) -> [Fault] {
        let faults = FaultList()
        ProtocolCheck(parts: ProtocolParts(of: self), faults: faults).run(now: now)
        return faults.faults
    }

    private static func result(_ parts: ProtocolParts, _ faults: FaultList) -> Result<StudyProtocol, ProtocolFaults> {
        if faults.isEmpty, let study = parts.whole { return .success(study) }
        return .failure(ProtocolFaults(faults: faults.faults))
    }
}

extension ProtocolParts {
    init(reading document: JSONValue, _ faults: FaultList) {
        self.init()
        var reader = ObjectReader(document, faults: faults)
        present = Set(reader.keys)
        readIdentity(&reader)
        variables =
            reader.required(
                "variables",
                .array(of: ValueReader<Variable>.declaration.tolerant, count: 0...ProtocolLimits.variables)) ?? []
        addDuplicates(variables, "variables", reader) { $0.id.rawValue }
        let table = VariableTable(variables, document: document)
        cohort = reader.required("cohort", .cohort(in: table))
        referenceStandard = reader.optional("referenceStandard", .referenceStandard(in: table))
        model = reader.optional("model", .model)
        readStatistics(&reader, table)
        evaluation = reader.optional("evaluation", .evaluation(in: table))
        readEndpoints(&reader)
        readConduct(&reader)
        reader.finish()
    }

    private mutating func readIdentity(_ reader: inout ObjectReader) {
        if let found = reader.string("schemaVersion", maximum: 256), found != StudyProtocol.schemaVersion {
            reader.faults.add(
                reader.pointer.appending("schemaVersion"), .schemaVersion,
                .protocolSchemaVersion(expected: StudyProtocol.schemaVersion))
        }
        identifier = reader.required("identifier", ValueReader<ProtocolIdentifier>.name)
        version = reader.required("version", .version)
        supersedes = reader.optional("supersedes", .digest)
        title = reader.required("title", .localized(maximum: ProtocolLimits.titleLength))
        intendedUse = reader.required("intendedUse", .localized())
        let named = reader.optional("purpose", .choice(of: Purpose.self))
        purpose = present.contains("purpose") ? named : .research
        sponsor = reader.required("sponsor", .sponsor)
    }

    private mutating func readStatistics(_ reader: inout ObjectReader, _ table: VariableTable) {
        let statistic = ValueReader<Statistic>.statistic(in: table).tolerant
        statistics = reader.optional("statistics", .array(of: statistic, count: 0...ProtocolLimits.statistics)) ?? []
        addDuplicates(statistics, "statistics", reader) { $0.id.rawValue }
    }

    private mutating func readEndpoints(_ reader: inout ObjectReader) {
        let endpoint = ValueReader<Endpoint>.endpoint.tolerant
        endpoints = reader.optional("endpoints", .array(of: endpoint, count: 0...ProtocolLimits.endpoints)) ?? []
        addDuplicates(endpoints, "endpoints", reader) { $0.id.rawValue }
        multiplicity = reader.optional("multiplicity", .multiplicity)
        sampleSize = reader.optional("sampleSize", .sampleSize)
        let plan = reader.optional("synthesis", .synthesis)
        synthesis = present.contains("synthesis") ? plan : .standard
    }

    private mutating func readConduct(_ reader: inout ObjectReader) {
        let asked = reader.optional("disclosure", .disclosure)
        disclosure = present.contains("disclosure") ? asked : .standard
        invitedSites = reader.object("sites") { reader in reader.required("invited", .sites(atLeast: 0)) }
        let statement = ValueReader<EthicsStatement>.ethics.tolerant
        ethics = reader.optional("ethics", .array(of: statement, count: 0...ProtocolLimits.ethics)) ?? []
        expires = reader.required("expires", .timestamp)
    }

    private func addDuplicates<Item>(
        _ items: [Item?], _ key: String, _ reader: ObjectReader, id: (Item) -> String
    ) {
        let pointer = reader.pointer.appending(key)
        reader.faults.addDuplicates(
            items.enumerated().compactMap { index, item in
                item.map { (pointer.appending(index).appending("id"), id($0)) }
            })
    }
}

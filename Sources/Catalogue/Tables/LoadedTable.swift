internal import Statistics
internal import StudyProtocol
internal import TextCatalogue

/// The columns of a table that the site's variables need, coded, and its keys.
struct LoadedTable {
    let source: TableSource
    /// The key of every row that has one.
    private(set) var keys: [String] = []
    /// The patient of every row, when the table names it; empty texts where the cell is empty.
    private(set) var patients: [String] = []
    /// Codes by variable, one a row.
    private(set) var codes: [VariableID: [Int64]] = [:]
    private(set) var rowOfKey: [String: Int] = [:]
    private(set) var rows = 0
    private(set) var rowsWithoutKey = 0

    /// - Throws: `CatalogueError` when the file cannot be read, lacks a column, has a malformed record or a key twice.
    init(_ source: TableSource, of site: SiteDescription, progress: (Int) -> Void) throws(CatalogueError) {
        self.source = source
        let reader = try CSVReader(path: site.path(of: source.file), table: source.id)
        let keyColumn = try reader.column(source.key)
        let patientColumn: Int? = if let patient = source.patient { try reader.column(patient) } else { nil }
        var columns: [(id: VariableID, index: Int, coder: ValueCoder)] = []
        for variable in site.variables {
            guard case .column(source.id, let name) = variable.source else { continue }
            columns.append((variable.id, try reader.column(name), ValueCoder(variable)))
        }
        var values = [[Int64]](repeating: [], count: columns.count)
        var duplicates: [Int] = []
        while try reader.next() {
            rows += 1
            if rows % 50_000 == 0 { progress(rows) }
            let key = try reader.text(keyColumn)
            guard !key.isEmpty else {
                rowsWithoutKey += 1
                continue
            }
            guard rowOfKey.updateValue(keys.count, forKey: key) == nil else {
                duplicates.append(reader.line)
                continue
            }
            keys.append(key)
            if let patientColumn { patients.append(try reader.text(patientColumn)) }
            for index in columns.indices {
                values[index].append(columns[index].coder.code(reader.field(columns[index].index)))
            }
        }
        guard duplicates.isEmpty else {
            let phrase = Phrase.tableDuplicateKeys(
                source.id, column: source.key, count: duplicates.count, lines: Array(duplicates.prefix(5)))
            throw CatalogueError(.tableDuplicateKeys, phrase)
        }
        for (index, column) in columns.enumerated() { codes[column.id] = values[index] }
    }
}

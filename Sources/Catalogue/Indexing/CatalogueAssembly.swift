internal import Evidence
internal import Statistics
internal import StudyProtocol

/// Brings tables and DICOM files together into cases and patients.
struct CatalogueAssembly {
    private let site: SiteDescription
    private(set) var report: QualityReport

    // Cases in the order in which they were found. Those with no patient yet have an empty one.
    private var keys: [String] = []
    private var patients: [String] = []
    private var caseOfKey: [String: Int] = [:]
    /// Indices into the scan's objects, by case.
    private var objects: [[Int]] = []
    private var objectsAreLinked = false
    /// Cases that have a file of a patient who opted out.
    private var optedOutPatientOfCase: [Int: String] = [:]
    /// Cases of the snapshot, in their final order.
    private var order: [Int] = []

    init(site: SiteDescription, created: Timestamp) {
        self.site = site
        report = QualityReport(site: site.site, created: created)
        if site.optOut != nil { report.optOut = .init() }
    }

    /// Lists the cases: the rows of the case table, or the DICOM keys, or the rows of the first patient table.
    mutating func addCases(tables: [LoadedTable], scan: DICOMScan) {
        if let source = site.caseTable, let table = tables.first(where: { $0.source.id == source.id }) {
            keys = table.keys
            caseOfKey = table.rowOfKey
            if source.level == .patient {
                patients = table.keys
            } else {
                patients = source.patient == nil ? Array(repeating: "", count: keys.count) : table.patients
            }
        } else {
            for object in scan.objects {
                guard let key = object.key, caseOfKey[key] == nil else { continue }
                caseOfKey[key] = keys.count
                keys.append(key)
                patients.append("")
            }
        }
        objects = Array(repeating: [], count: keys.count)
    }

    /// Gives each DICOM file to its case. A case that no table gives a patient has that of its first file.
    ///
    /// A case with a file of a patient who opted out is left out, whatever patient the table names: the table may use
    /// other numbers than the list.
    mutating func link(_ scan: DICOMScan, optedOut: OptOutList) {
        guard !site.dicom.isEmpty else { return }
        var images = QualityReport.Images()
        images.files = scan.files
        images.unreadable = scan.unreadable.count
        for file in scan.unreadable { images.unreadableByReason[file.reason, default: 0] += 1 }
        images.unreadableFiles = scan.unreadable.map { .init(path: $0.path, reason: $0.reason) }.sorted {
            ($0.path, $0.reason) < ($1.path, $1.reason)
        }
        images.series = Set(scan.objects.compactMap(\.series)).count
        images.patients = Set(scan.objects.compactMap(\.patient)).count
        for (index, object) in scan.objects.enumerated() {
            guard let key = object.key else {
                images.withoutKey += 1
                continue
            }
            guard let position = caseOfKey[key] else {
                images.unmatched += 1
                continue
            }
            if let patient = object.patient, optedOut.patients.contains(patient) {
                images.optedOut += 1
                optedOutPatientOfCase[position] = patient
                continue
            }
            if patients[position].isEmpty { patients[position] = object.patient ?? "" }
            // An object of an unknown or another patient may be a wrong join: better no image than a wrong one.
            guard let patient = object.patient, patient == patients[position] else {
                images.patientMismatches += 1
                continue
            }
            objects[position].append(index)
        }
        report.images = images
        objectsAreLinked = true
    }

    /// Whoever is left out as having opted out, under the keys that their cases have.
    private(set) var optedOutPatients: Set<String> = []

    /// Drops the cases of patients who opted out and those without a patient, and puts the others in order.
    mutating func leaveOut(_ list: OptOutList) {
        var leftOut: Set<String> = []
        for position in keys.indices {
            let patient = patients[position]
            if list.patients.contains(patient) || optedOutPatientOfCase[position] != nil {
                report.optOut?.cases += 1
                report.images?.optedOut += objects[position].count
                leftOut.insert(optedOutPatientOfCase[position] ?? patient)
                optedOutPatients.insert(patient)
            } else if patient.isEmpty {
                report.casesWithoutPatient += 1
            } else {
                order.append(position)
            }
        }
        order.sort { (patients[$0], keys[$0]) < (patients[$1], keys[$1]) }
        report.optOut?.listed = list.patients.count
        report.optOut?.patients = leftOut.count
        report.cases = order.count
    }

    /// The snapshot; completes the report.
    mutating func content(tables: [LoadedTable], scan: DICOMScan) -> SnapshotContent {
        var patientKeys: [String] = []
        var patientOfCase: [Int32] = []
        for position in order {
            if patientKeys.last != patients[position] { patientKeys.append(patients[position]) }
            patientOfCase.append(Int32(patientKeys.count - 1))
        }
        report.patients = patientKeys.count

        var rowOfCase: [String: [Int?]] = [:]
        for table in tables {
            let (rows, quality) = join(table)
            rowOfCase[table.source.id] = rows
            report.tables.append(quality)
        }
        var columns: [SnapshotContent.Column] = []
        var attribute = 0
        for variable in site.variables {
            let codes: [Int64]
            switch variable.source {
            case .column(let tableID, _):
                let values = tables.first { $0.source.id == tableID }?.codes[variable.id] ?? []
                codes = (rowOfCase[tableID] ?? []).map { $0.map { values[$0] } ?? Coded.missing }
            case .attribute:
                codes = attributeCodes(variable, number: attribute, scan: scan)
                attribute += 1
            }
            columns.append(.init(variable: variable, codes: codes))
            report.variables.append(QualityReport.Column(variable.id, codes: codes))
        }
        return SnapshotContent(
            site: site.site, patientKeys: patientKeys, caseKeys: order.map { keys[$0] }, patientOfCase: patientOfCase,
            columns: columns, objects: linkedObjects(scan))
    }

    /// The row of each case of the snapshot in a table.
    private func join(_ table: LoadedTable) -> (rows: [Int?], quality: QualityReport.Table) {
        var quality = QualityReport.Table(id: table.source.id, rows: table.rows, withoutKey: table.rowsWithoutKey)
        if table.source == site.caseTable { return (order.map { $0 }, quality) }
        if table.source.level == .patient {
            let known = Set(patients)
            quality.unmatched = table.keys.count { !known.contains($0) }
            return (order.map { table.rowOfKey[patients[$0]] }, quality)
        }
        quality.unmatched = table.keys.count { caseOfKey[$0] == nil }
        let rows = order.map { position -> Int? in
            guard let row = table.rowOfKey[keys[position]] else { return nil }
            guard table.source.patient == nil || table.patients[row] == patients[position] else {
                quality.patientMismatches += 1
                return nil
            }
            return row
        }
        return (rows, quality)
    }

    /// One code a case from its objects: their common value; malformed where they disagree.
    private func attributeCodes(_ variable: SiteVariable, number: Int, scan: DICOMScan) -> [Int64] {
        let coder = ValueCoder(variable)
        return order.map { position in
            var result = Coded.missing
            for index in objects[position] {
                let code = coder.code(scan.objects[index].values[number])
                if code == Coded.missing || code == result { continue }
                guard result == Coded.missing else { return Coded.malformed }
                result = code
            }
            return result
        }
    }

    private mutating func linkedObjects(_ scan: DICOMScan) -> [SnapshotContent.Object] {
        guard objectsAreLinked else { return [] }
        var result: [SnapshotContent.Object] = []
        var empty = 0
        for (caseIndex, position) in order.enumerated() {
            if objects[position].isEmpty { empty += 1 }
            let paths = objects[position].map { scan.objects[$0] }.sorted { $0.path < $1.path }
            result += paths.map { .init(caseIndex: caseIndex, path: $0.path, digest: $0.digest) }
        }
        report.images?.linked = result.count
        report.images?.casesWithoutObject = empty
        return result
    }
}

extension QualityReport.Column {
    init(_ id: VariableID, codes: [Int64]) {
        var counts = (missing: 0, malformed: 0, outOfRange: 0)
        for code in codes {
            switch code {
            case Coded.missing: counts.missing += 1
            case Coded.malformed: counts.malformed += 1
            case Coded.outOfRange: counts.outOfRange += 1
            default: break
            }
        }
        self.init(
            id: id, values: codes.count - counts.missing - counts.malformed - counts.outOfRange,
            missing: counts.missing, malformed: counts.malformed, outOfRange: counts.outOfRange)
    }
}

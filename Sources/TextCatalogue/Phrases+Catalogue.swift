// What is said about site.yaml, its tables and the index.
extension Phrase {
    // MARK: - Files and site.yaml

    public static func siteFileUnreadable(_ path: String) -> Phrase {
        Phrase(
            en: "Cannot read \(path); check that it exists and may be read.", zh: "无法读取 \(path);请检查其是否存在、是否可读。")
    }
    public static func siteYAMLSyntax(_ problem: String) -> Phrase {
        Phrase(en: "site.yaml is not valid YAML: \(problem).", zh: "site.yaml 不是有效的 YAML:\(problem)。")
    }
    public static func siteYAMLTooLarge(limit: Int) -> Phrase {
        Phrase(
            en: "site.yaml is too large or nested too deeply (limit: \(limit) bytes).",
            zh: "site.yaml 过大或嵌套过深(上限 \(limit) 字节)。")
    }
    public static var siteYAMLEmpty: Phrase { Phrase(en: "site.yaml is empty.", zh: "site.yaml 为空。") }
    public static func siteFault(_ problem: Phrase, line: Int) -> Phrase {
        Phrase(en: "line \(line): \(problem.english)", zh: "第 \(line) 行:\(problem.chinese)")
    }
    public static func siteInvalid(_ faults: [(pointer: String, phrase: Phrase)]) -> Phrase {
        func list(_ text: (Phrase) -> String) -> String {
            faults.map { "\n  \($0.pointer): \(text($0.phrase))" }.joined()
        }
        return Phrase(
            en: "site.yaml has \(faults.count) fault(s):" + list(\.english),
            zh: "site.yaml 有 \(faults.count) 处错误:" + list(\.chinese))
    }
    public static var siteNoData: Phrase {
        Phrase(
            en: "there is neither a DICOM folder nor a table; write data.dicom or data.tables",
            zh: "既无 DICOM 文件夹也无表格;请写 data.dicom 或 data.tables")
    }
    public static func siteRepeatedName(_ name: String) -> Phrase {
        Phrase(en: "\"\(name)\" is empty or occurs twice; names must differ", zh: "“\(name)”为空或重复;名称须各不相同")
    }
    public static var siteNoPatientColumn: Phrase {
        Phrase(
            en: "nothing names the patient of a row; write patient: COLUMN", zh: "没有说明每行属于哪位患者;请写 patient: 列名")
    }
    public static var sitePatientOfPatient: Phrase {
        Phrase(
            en: "the key of a table of level patient is the patient; remove this", zh: "patient 级表格的 key 就是患者;请删除此项")
    }
    public static func siteUnknownTable(_ table: String, nearest: String?) -> Phrase {
        Phrase(
            en: "there is no table \"\(table)\" in data.tables" + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""),
            zh: "data.tables 中没有表格“\(table)”" + (nearest.map { ";是否应为“\($0)”?" } ?? ""))
    }
    public static var siteNoDICOM: Phrase {
        Phrase(
            en: "the site names no DICOM folder in data.dicom; write one, or take the variable from a table",
            zh: "data.dicom 中没有 DICOM 文件夹;请补上,或改从表格取该变量")
    }
    public static var siteBadPath: Phrase {
        Phrase(en: "this is not a file name", zh: "不是文件名")
    }
    public static func siteBadResolution(_ text: String) -> Phrase {
        Phrase(
            en: "\"\(text)\" is no resolution: write a positive decimal of at most 9 digits, such as \"0.01\"",
            zh: "“\(text)”不是分辨率:请写最多 9 位数字的正十进制数,例如 \"0.01\"")
    }
    public static var siteBadRange: Phrase {
        Phrase(
            en: "the range must be two decimal numbers, the smaller one first, of less than 2^47 resolutions",
            zh: "range 须为两个十进制数,小者在前,且不超过 2^47 个分辨单位")
    }
    public static var siteBadVariableName: Phrase {
        Phrase(
            en: "a variable's name has letters, digits, - _ . only, begins with a letter or digit, at most 64 in all",
            zh: "变量名只能含字母、数字、- _ .,以字母或数字开头,最多 64 个字符")
    }

    // MARK: - Tables

    public static func tableMalformed(_ table: String, line: Int, _ problem: Phrase) -> Phrase {
        Phrase(
            en: "Table \(table), line \(line): \(problem.english).", zh: "表格 \(table) 第 \(line) 行:\(problem.chinese)。")
    }
    public static func tableRagged(found: Int, expected: Int) -> Phrase {
        Phrase(
            en: "\(found) fields, but the header has \(expected)", zh: "有 \(found) 个字段,而表头有 \(expected) 个")
    }
    public static var tableEmpty: Phrase { Phrase(en: "the file has no header", zh: "文件没有表头") }
    public static var tableNotUTF8: Phrase {
        Phrase(en: "not UTF-8; save the file as CSV UTF-8", zh: "不是 UTF-8;请将文件另存为 CSV UTF-8")
    }
    public static func tableTooManyColumns(limit: Int) -> Phrase {
        Phrase(en: "more than \(limit) columns", zh: "超过 \(limit) 列")
    }
    public static func tableRepeatedColumn(_ name: String) -> Phrase {
        Phrase(en: "the column \"\(name)\" occurs twice in the header", zh: "表头中的列“\(name)”重复")
    }
    public static var tableStrayQuote: Phrase {
        Phrase(
            en: "a quote in the middle of a field; quote the whole field and double the quotes in it",
            zh: "字段中间有引号;请用引号括住整个字段,并将其中的引号写两遍")
    }
    public static var tableOpenQuote: Phrase { Phrase(en: "a quote is never closed", zh: "引号没有闭合") }
    public static var tableLoneReturn: Phrase {
        Phrase(
            en: "a carriage return without a line feed; end lines with LF or CRLF", zh: "回车符后没有换行符;请以 LF 或 CRLF 结束每行")
    }
    public static var tableNUL: Phrase { Phrase(en: "a NUL byte", zh: "有 NUL 字节") }
    public static func tableRecordTooLong(limit: Int) -> Phrase {
        Phrase(en: "a record longer than \(limit) bytes", zh: "一条记录超过 \(limit) 字节")
    }
    public static var tableReadFailed: Phrase { Phrase(en: "reading the file failed", zh: "读取文件失败") }
    public static func tableTooManyRows(_ table: String, limit: Int) -> Phrase {
        Phrase(en: "Table \(table) has more than \(limit) rows.", zh: "表格 \(table) 超过 \(limit) 行。")
    }
    public static func tableColumnMissing(_ table: String, column: String, known: [String]) -> Phrase {
        let list = known.prefix(50).joined(separator: ", ")
        return Phrase(
            en: "Table \(table) has no column \"\(column)\"; its columns are: \(list).",
            zh: "表格 \(table) 没有列“\(column)”;现有列:\(list)。")
    }
    public static func tableDuplicateKeys(_ table: String, column: String, count: Int, lines: [Int]) -> Phrase {
        let list = lines.map(String.init).joined(separator: ", ")
        return Phrase(
            en: "Table \(table): \(count) row(s) repeat a key of column \"\(column)\", first at line \(list). "
                + "Keep one row for each key.",
            zh: "表格 \(table):有 \(count) 行重复了列“\(column)”的键,首先见于第 \(list) 行。每个键只保留一行。")
    }

    // MARK: - Index

    public static var dicomNoDictionary: Phrase {
        Phrase(
            en: "DCMTK finds no DICOM dictionary; install libdcmtk or set DCMDICTPATH.",
            zh: "DCMTK 找不到 DICOM 字典;请安装 libdcmtk 或设置 DCMDICTPATH。")
    }
    public static func dicomTooManyFiles(limit: Int) -> Phrase {
        Phrase(en: "A DICOM folder holds more than \(limit) files.", zh: "DICOM 文件夹中的文件超过 \(limit) 个。")
    }
    public static var catalogueNotIndexed: Phrase {
        Phrase(
            en: "There is no index yet; run concordat-agent index.", zh: "尚未建立索引;请运行 concordat-agent index。")
    }
    public static var catalogueCorrupt: Phrase {
        Phrase(
            en: "The catalogue is damaged; run concordat-agent index again.", zh: "目录已损坏;请重新运行 concordat-agent index。")
    }
    public static func variableNotDeclared(_ variable: String) -> Phrase {
        Phrase(
            en: "The protocol names the variable \"\(variable)\", which this site does not declare.",
            zh: "方案使用了本站点未声明的变量“\(variable)”。")
    }
    public static func variableMismatch(_ variable: String, _ difference: Phrase) -> Phrase {
        Phrase(
            en: "The variable \"\(variable)\" is declared differently at this site: \(difference.english).",
            zh: "变量“\(variable)”在本站点的声明与方案不同:\(difference.chinese)。")
    }
    public static var variableKindDiffers: Phrase {
        Phrase(en: "one is a quantity, the other a category", zh: "一方为数值,另一方为类别")
    }
    public static func variableUnitDiffers(site: String, protocol other: String) -> Phrase {
        Phrase(en: "the unit is \(site), not \(other)", zh: "单位为 \(site),而非 \(other)")
    }
    public static func variableResolutionDiffers(site: String, protocol other: String) -> Phrase {
        Phrase(en: "the resolution is \(site), not \(other)", zh: "分辨率为 \(site),而非 \(other)")
    }
    public static var variableRangeNarrower: Phrase {
        Phrase(en: "the protocol's range does not hold the site's", zh: "方案的取值范围未包含本站点的范围")
    }
    public static func variableLevelUnknown(_ levels: [String]) -> Phrase {
        let list = levels.prefix(10).joined(separator: ", ")
        return Phrase(en: "the protocol lacks the levels \(list)", zh: "方案缺少取值 \(list)")
    }

    // MARK: - Quality report

    public static func qualitySnapshot(site: String, number: Int64, created: String, isNew: Bool) -> Phrase {
        Phrase(
            en: "Site \(site): snapshot \(number) of \(created)" + (isNew ? "" : " (unchanged)"),
            zh: "站点 \(site):快照 \(number),\(created)" + (isNew ? "" : "(无变化)"))
    }
    public static func qualityHeld(_ patients: Int) -> Phrase {
        Phrase(
            en:
                "Jobs go on with this snapshot: \(patients) patients differ from it, fewer than the minimum count; the changes wait until more have come",
            zh: "任务继续使用此快照:与其不同的患者为 \(patients) 名,少于最小计数;这些变化将在积累足够后生效")
    }
    public static func qualityTotals(patients: Int, cases: Int) -> Phrase {
        Phrase(en: "Patients: \(patients); cases: \(cases)", zh: "患者:\(patients);病例:\(cases)")
    }
    public static func qualityFiles(files: Int, series: Int, patients: Int) -> Phrase {
        Phrase(
            en: "DICOM files: \(files); series: \(series); patients in them: \(patients)",
            zh: "DICOM 文件:\(files);序列:\(series);其中患者:\(patients)")
    }
    public static func qualityLinked(files: Int, casesWithout: Int) -> Phrase {
        Phrase(
            en: "  files that belong to a case: \(files); cases without a file: \(casesWithout)",
            zh: "  属于病例的文件:\(files);没有文件的病例:\(casesWithout)")
    }
    public static func qualityUnreadable(_ count: Int, reason: String) -> Phrase {
        Phrase(en: "  unreadable (\(reason)): \(count)", zh: "  不可读(\(reason)):\(count)")
    }
    public static func qualityUnreadableFile(_ path: String, reason: String) -> Phrase {
        Phrase(en: "    \(path): \(reason)", zh: "    \(path):\(reason)")
    }
    public static func qualityUnreadableMore(_ count: Int) -> Phrase {
        Phrase(
            en: "    and \(count) more; --format json lists them all", zh: "    另有 \(count) 个;--format json 列出全部")
    }
    public static func qualityFilesWithoutKey(_ count: Int) -> Phrase {
        Phrase(en: "  files that name no case: \(count)", zh: "  未指明病例的文件:\(count)")
    }
    public static func qualityFilesUnmatched(_ count: Int) -> Phrase {
        Phrase(en: "  files of cases that the case table lacks: \(count)", zh: "  病例表中没有其病例的文件:\(count)")
    }
    public static func qualityFilesOfOthers(_ count: Int) -> Phrase {
        Phrase(
            en: "  files whose PatientID is not the case's patient, not used: \(count)",
            zh: "  PatientID 与病例患者不符、未使用的文件:\(count)")
    }
    public static func qualityTable(_ table: String, rows: Int) -> Phrase {
        Phrase(en: "Table \(table): \(rows) rows", zh: "表格 \(table):\(rows) 行")
    }
    public static func qualityRowsWithoutKey(_ table: String, _ count: Int) -> Phrase {
        Phrase(en: "  rows without a key: \(count)", zh: "  没有键的行:\(count)")
    }
    public static func qualityRowsUnmatched(_ table: String, _ count: Int) -> Phrase {
        Phrase(en: "  rows that match no case or patient: \(count)", zh: "  没有对应病例或患者的行:\(count)")
    }
    public static func qualityRowsOfOthers(_ table: String, _ count: Int) -> Phrase {
        Phrase(en: "  rows that name another patient, not used: \(count)", zh: "  患者不符、未使用的行:\(count)")
    }
    public static func qualityOptOut(listed: Int, patients: Int, cases: Int) -> Phrase {
        Phrase(
            en: "Opt-out: \(listed) listed; left out here: \(patients) patients, \(cases) cases",
            zh: "选择退出:名单 \(listed) 人;此处剔除患者 \(patients) 人、病例 \(cases) 例")
    }
    public static func qualityCasesWithoutPatient(_ count: Int) -> Phrase {
        Phrase(
            en: "Cases left out because nothing names their patient: \(count)", zh: "因未指明患者而剔除的病例:\(count)")
    }
    public static func qualityVariable(
        _ id: String, values: Int, missing: Int, malformed: Int, outOfRange: Int
    ) -> Phrase {
        Phrase(
            en: "Variable \(id): \(values) values, \(missing) missing, \(malformed) malformed, "
                + "\(outOfRange) out of range",
            zh: "变量 \(id):有效 \(values),缺失 \(missing),格式错误 \(malformed),超出范围 \(outOfRange)")
    }
}

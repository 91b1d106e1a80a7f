import Foundation
import Testing

/// `concordat score` as a person runs it, against the numbers that other programs gave for the same files.
@Suite("concordat score") struct ScoreCommandTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "score-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    @Test("A binary classifier's numbers are scikit-learn's")
    func classification() throws {
        let reference = try Reference("classification/bc_logistic.json")
        let labels = try reference.numbers("y")
        let scores = try reference.numbers("p3")
        let table = try write("cases.csv", "y,p\n" + zip(labels, scores).map { "\(Int($0)),\($1)\n" }.joined())
        let metrics = try score(["classification", table, "--label", "y", "--score", "p", "--threshold", "0.5"])
        for name in ["auroc", "brier", "log_loss"] {
            let expected = try #require(reference.value(name, ["data": "p3"]) as? Double)
            #expect(isClose(metrics.value(name), expected), "\(name)")
        }
        let precision = try #require(reference.value("auprc_average_precision", ["data": "p3"]) as? Double)
        #expect(isClose(metrics.value("auprc"), precision))
        let bins =
            try reference.value("ece", ["data": "p3", "scheme": "equal_width", "bins": 10]) as? [String: Any]
        #expect(isClose(metrics.value("ece"), bins?["ece"]))
        let cells = try reference.value("threshold_metrics", ["data": "p3"]) as? [String: Any]
        for name in ["tp", "fp", "fn", "tn", "f1", "mcc", "kappa"] {
            #expect(isClose(metrics.value(name), cells?[name]), "\(name)")
        }
    }

    @Test("A score below chance stays below one half: the direction is never turned")
    func direction() throws {
        let table = try write("cases.csv", "y,s\n1,0.1\n1,0.2\n0,0.3\n0,0.2\n")
        let metrics = try score(["classification", table, "--label", "y", "--score", "s"])
        #expect(metrics.value("auroc") == 0.125)
    }

    @Test("A row without a score is left out, and beside that counted against the model")
    func worstCase() throws {
        let table = try write("cases.csv", "y,s\nyes,0.9\nyes,\nno,0.1\nno,0.8\n,0.5\nyes,0.7\n")
        let metrics = try score([
            "classification", table, "--label", "y", "--score", "s", "--positive", "yes",
        ])
        #expect(metrics.value("n") == 4 && metrics.value("missing", where: ["variable": "score"]) == 1)
        #expect(metrics.value("missing", where: ["variable": "reference"]) == 1)
        #expect(metrics.value("sensitivity") == 1)
        #expect(metrics.value("sensitivity", where: ["group": "worst-case"]).map { abs($0 - 2.0 / 3) < 1e-15 } == true)
        #expect(metrics.value("auroc", where: ["group": "worst-case"]) == 0.5)
    }

    @Test("A table of one class has no AUROC, with the reason, and all that needs no other class")
    func singleClass() throws {
        let table = try write("cases.csv", "y,p\n0,.5\n0,.4\n")
        let metrics = try score(["classification", table, "--label", "y", "--score", "p"])
        #expect(metrics.list.first { $0["name"] as? String == "auroc" }?["undefined"] as? String == "single-class")
        #expect(isClose(metrics.value("brier"), 0.205) && metrics.value("positives") == 0)
        let named = try write("named.csv", "y,p\nbenign,.5\nbenign,.4\n")
        let benign = try score([
            "classification", named, "--label", "y", "--score", "p", "--positive", "malignant",
        ])
        #expect(benign.value("negatives") == 2)
    }

    @Test("A second model's missing score leaves the row out of the comparison only")
    func comparedMissing() throws {
        let table = try write("cases.csv", "y,s,t\n1,0.9,0.8\n0,0.2,\n1,0.4,0.3\n0,0.5,0.6\n0,0.1,0.2\n")
        let metrics = try score(["classification", table, "--label", "y", "--score", "s", "--compare", "t"])
        #expect(metrics.value("n") == 5)
        let difference = try #require(metrics.list.first { $0["name"] as? String == "auroc_difference" })
        #expect(difference["n"] as? Int == 4)
    }

    @Test("Labels that count from one are not taken for the classes one further")
    func shiftedLabels() throws {
        let table = try write("cases.csv", "y,a,b,c\n1,.9,.1,0\n2,.1,.8,.1\n")
        let command = ["multiclass", table, "--label", "y", "--scores", "a,b,c"]
        let outcome = try Program.concordat.run(["score"] + command)
        #expect(outcome.code == 1 && outcome.errors.contains("--classes"))
        #expect(try score(command + ["--classes", "1,2,3"]).value("accuracy") == 1)
    }

    @Test("Cases of one patient widen the variance, whatever the order of the rows")
    func clustered() throws {
        let reference = try Reference("classification/bc_logistic.json")
        let rows = zip(try reference.numbers("y"), try reference.numbers("p3")).enumerated().map {
            "\(Int($0.element.0)),\($0.element.1),patient \($0.offset / 3)\n"
        }
        let ordered = try write("ordered.csv", "y,p,who\n" + rows.joined())
        let reversed = try write("reversed.csv", "y,p,who\n" + rows.reversed().joined())
        let arguments = ["--label", "y", "--score", "p", "--patient", "who", "--only", "auroc,auroc_variance,patients"]
        let first = try score(["classification", ordered] + arguments)
        #expect(first.list.map { $0["name"] as? String } == ["patients", "auroc", "auroc_variance"])
        #expect(first.list.last?["definition"] as? String == "obuchowski")
        #expect(try score(["classification", reversed] + arguments).text == first.text)
    }

    @Test("Two models are compared on the same cases")
    func comparison() throws {
        let reference = try Reference("classification/roc_asah.json")
        let outcomes = try reference.numbers("outcome").map { $0 == 1 ? "Poor" : "Good" }
        let first = try reference.numbers("s100b")
        let second = try reference.numbers("ndka")
        let rows = outcomes.indices.map { "\(outcomes[$0]),\(first[$0]),\(second[$0])\n" }
        let table = try write("asah.csv", "outcome,s100b,ndka\n" + rows.joined())
        let metrics = try score([
            "classification", table, "--label", "outcome", "--positive", "Poor", "--score", "s100b", "--compare",
            "ndka",
        ])
        let expected = try reference.value("delong_paired_test", ["marker1": "s100b", "marker2": "ndka"])
        let test = try #require(expected as? [String: Any])
        #expect(isClose(metrics.value("auroc_difference_p"), test["p"]))
        let variance = try reference.value("auc_variance", ["marker": "s100b"]) as? Double
        #expect(isClose(metrics.value("auroc_variance"), variance))
    }

    @Test("A classifier of three classes has scikit-learn's numbers")
    func multiclass() throws {
        let reference = try Reference("classification/wine_multiclass.json")
        let labels = try reference.numbers("y")
        let scores = try #require(reference.list("P") as? [[Double]])
        let rows = zip(labels, scores).map { label, row in
            "\(Int(label))," + row.map { "\($0)" }.joined(separator: ",") + "\n"
        }
        let table = try write("wine.csv", "y,a,b,c\n" + rows.joined())
        let metrics = try score(["multiclass", table, "--label", "y", "--scores", "a,b,c"])
        let all = try #require(reference.value("multiclass_metrics", [:]) as? [String: Any])
        #expect(isClose(metrics.value("mcc"), all["mcc"]))
        #expect(isClose(metrics.value("accuracy"), all["accuracy"]))
        let loss = try #require(reference.value("multiclass_log_loss", [:]) as? Double)
        #expect(isClose(metrics.value("log_loss"), loss))
    }

    @Test("Masks have surface-distance's numbers, and other programs' under their names")
    func segmentation() throws {
        let masks = Reference.folder.appending(path: "segmentation/masks")
        let arguments = [
            "segmentation", "--reference", masks.appending(path: "organ31_ref.npy").path, "--prediction",
            masks.appending(path: "organ31_pred.npy").path, "--spacing", "5,1.5,1.5", "--tolerance", "1",
        ]
        let reference = try Reference("segmentation/shapes.json")
        for (definition, tool, digits) in [
            ("surface-area", "surface-distance", 1e-9), ("voxel-border", "monai 1", 1e-5),
            ("voxel-border-pooled", "medpy", 1e-9),
        ] {
            let expected = try #require(
                reference.value("segmentation_distance", ["case": "organ31", "tau_mm": 1], tool: tool)
                    as? [String: Any])
            let metrics = try score(arguments + ["--definition", definition])
            for name in ["dice", "hd", "hd95", "assd", "masd", "nsd"] {
                guard let value = expected[name] as? Double else { continue }
                #expect(isClose(metrics.value(name), value, digits), "\(definition) \(name)")
            }
            #expect(
                metrics.list.filter { $0["name"] as? String == "hd" }.map { $0["definition"] as? String } == [
                    definition
                ])
        }
    }

    @Test("An empty mask has a reason, never a number that looks perfect")
    func emptyMask() throws {
        let full = try write("full.npy", mask([0, 1, 1, 0]))
        let empty = try write("empty.npy", mask([0, 0, 0, 0]))
        let metrics = try score([
            "segmentation", "--reference", full, "--prediction", empty, "--spacing", "1,1", "--tolerance", "1",
        ])
        #expect(metrics.value("dice") == 0)
        for name in ["hd", "hd95", "assd", "masd"] {
            let metric = try #require(metrics.list.first { $0["name"] as? String == name })
            #expect(metric["value"] is NSNull && metric["undefined"] as? String == "empty-prediction", "\(name)")
        }
    }

    @Test("A meta-analysis has metafor's numbers")
    func meta() throws {
        let reference = try Reference("meta/bcg.json")
        let effects = try #require(reference.value("escalc", ["measure": "RR"]) as? [String: Any])
        let estimates = try #require(effects["yi"] as? [Double])
        let variances = try #require(effects["vi"] as? [Double])
        let table = try write("bcg.csv", "yi,vi\n" + zip(estimates, variances).map { "\($0),\($1)\n" }.joined())
        for (method, test, interval) in [("REML", "knha", "hksj"), ("DL", "z", "z")] {
            let parameters = ["effect": "RR", "method": method, "test": test]
            let expected = try #require(reference.value("rma", parameters) as? [String: Any])
            let metrics = try score([
                "meta", table, "--estimate", "yi", "--variance", "vi", "--method", method, "--ci", interval,
            ])
            for (name, key) in [("estimate", "beta"), ("se", "se"), ("tau2", "tau2"), ("i2", "I2"), ("q", "Q")] {
                #expect(isClose(metrics.value(name), expected[key], 1e-4), "\(method) \(name)")
            }
            let bounds = try #require(
                metrics.list.first { $0["name"] as? String == "estimate" }?["interval"] as? [String: Any])
            #expect(isClose(bounds["lower"] as? Double, expected["ci_lb"], 1e-4))
        }
    }

    @Test("The size of a study is that of R's formulas")
    func size() throws {
        // power.prop.test's unpaired size with its pooled variance: n = 198.96 at alpha 0.05 (two-sided), power 0.8.
        let metrics = try score(["size", "proportion-difference", "--first", "0.9", "--second", "0.8"])
        #expect(metrics.value("sample_size") == 199)
    }

    @Test("A table's declared columns are summed exactly, by group")
    func summary() throws {
        let table = try write("table.csv", "age,volume,sex\n61,0.285,F\n62,0.295,M\n,x,F\n64,1000000000.5,F\n")
        let variables = try write(
            "variables.json",
            """
            [{"id": "volume", "kind": "quantity", "unit": "mL", "resolution": "0.01", "range": ["0", "2000000000"]}]
            """)
        let metrics = try score(["summary", table, "--variables", variables])
        // 0.285 is 0.28 and 0.295 is 0.30 at this resolution: ties go to even, in decimals.
        #expect(metrics.value("mean") == (28 + 30 + 100_000_000_050) / 300.0)
        #expect(metrics.value("malformed") == 1 && metrics.value("n") == 3)
        let groups = try score(["summary", table, "--by", "sex"])
        #expect(groups.value("mean", where: ["variable": "age", "group": "F"]) == 62.5)
    }

    @Test("Every number that a command prints is explained")
    func explained() throws {
        let table = try write("cases.csv", "y,s,t,p\n1,0.9,0.8,a\n0,0.2,0.4,a\n1,0.6,0.3,b\n0,0.7,0.1,c\n1,,0.5,d\n")
        let sites = try write("sites.csv", "site,e,v\na,0.1,0.2\nb,0.4,0.1\nc,0.9,0.3\n")
        let one = try write("one.npy", mask([0, 1, 1, 0]))
        let two = try write("two.npy", mask([1, 1, 0, 0]))
        let commands = [
            [
                "classification", table, "--label", "y", "--score", "s", "--compare", "t", "--prevalence", "0.2",
                "--at-specificity", "0.5", "--partial-from-specificity", "0.5",
            ],
            ["classification", table, "--label", "y", "--score", "s", "--patient", "p"],
            ["multiclass", table, "--label", "y", "--scores", "s,t", "--ordered"],
            ["meta", sites, "--estimate", "e", "--variance", "v", "--site", "site"],
            [
                "segmentation", "--reference", one, "--prediction", two, "--spacing", "1,1", "--tolerance", "1",
                "--lesions", "--boundary-width", "1",
            ],
            [
                "segmentation", "--reference", one, "--prediction", two, "--spacing", "1,1", "--percentile", "50",
                "--definition", "voxel-border", "--lesions", "--iou-threshold", "0.5",
            ],
            ["summary", table, "--by", "p", "--histogram", "3"],
            ["size", "auroc", "--expected", "0.9", "--goal", "0.8", "--prevalence", "0.3"],
            ["size", "proportion", "--expected", "0.9", "--half-width", "0.05"],
            ["size", "auroc-difference", "--first", "0.9", "--second", "0.85", "--correlation", "0.5"],
            ["size", "proportion-difference", "--first-only", "0.15", "--second-only", "0.05"],
        ]
        for command in commands {
            let outcome = try score(command + ["--explain"])
            let explained = Set(outcome.definitions.compactMap { $0["name"] as? String })
            let missing = Set(outcome.list.compactMap { $0["name"] as? String }).subtracting(explained)
            #expect(missing.isEmpty, "\(command[0]): \(missing.sorted())")
            #expect(
                outcome.definitions.allSatisfy {
                    let meaning = $0["meaning"] as? [String: String]
                    return meaning?["en"]?.isEmpty == false && meaning?["zh-Hans"]?.isEmpty == false
                        && ($0["formula"] as? String)?.isEmpty == false && ($0["source"] as? String)?.isEmpty == false
                })
        }
    }

    @Test(
        "Bad input gets one error that says what, where and how to mend it",
        arguments: [
            (["--label", "z", "--score", "s"], 1, "has no column \"z\""),
            (["--label", "y", "--score", "w"], 1, "cases.csv:3:"),
            (["--label", "w", "--score", "s"], 1, "--positive"),
            (["--label", "y", "--score", "s", "--positive", "9"], 1, "\"9\""),
            (["--label", "y", "--score", "s", "--level", "95"], 2, "--level"),
            (["--label", "y", "--score", "s", "--only", "auc"], 2, "auroc"),
        ])
    func refused(arguments: [String], code: Int, words: String) throws {
        let table = try write("cases.csv", "y,s,w\n1,0.5,0.1\n0,0.4,many\n1,0.1,few\n")
        let outcome = try Program.concordat.run(["score", "classification", table] + arguments)
        #expect(Int(outcome.code) == code)
        #expect(outcome.output.isEmpty && outcome.errors.contains(words), "\(outcome.errors)")
    }
}

// MARK: - Files and numbers

extension ScoreCommandTests {
    private func write(_ name: String, _ text: String) throws -> String { try write(name, Data(text.utf8)) }

    private func write(_ name: String, _ data: Data) throws -> String {
        let url = folder.appending(path: name)
        try data.write(to: url)
        return url.path
    }

    /// A `.npy` file of one row of labels.
    private func mask(_ labels: [UInt8]) -> Data {
        let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, \(labels.count)), }"
        let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
        return Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8) + labels)
    }

    private func score(_ arguments: [String]) throws -> Metrics {
        let outcome = try Program.concordat.run(["score"] + arguments + ["--format", "json"])
        try #require(outcome.code == 0, "\(outcome.errors)")
        return try Metrics(outcome)
    }
}

/// What a command printed.
private struct Metrics {
    let code: Int32
    let text: String
    let errors: String
    let list: [[String: Any]]
    let definitions: [[String: Any]]

    init(_ outcome: Program.Outcome) throws {
        code = outcome.code
        text = outcome.output
        errors = outcome.errors
        let document = try? JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        list = document?["metrics"] as? [[String: Any]] ?? []
        definitions = document?["definitions"] as? [[String: Any]] ?? []
    }

    /// The first metric of a name; without conditions one of all cases, not of a group.
    func value(_ name: String, where conditions: [String: String] = [:]) -> Double? {
        list.first { metric in
            metric["name"] as? String == name && conditions.allSatisfy { metric[$0.key] as? String == $0.value }
                && (conditions["group"] != nil || metric["group"] == nil)
        }?["value"] as? Double
    }
}

private func isClose(_ value: Double?, _ expected: Any?, _ relative: Double = 1e-9) -> Bool {
    guard let value, let expected = expected as? Double else { return false }
    return abs(value - expected) <= relative * abs(expected)
}

/// A reference file of the tests next door, with its notes on where the numbers are from.
private struct Reference {
    static let folder = Program.repository.appending(path: "Tests/ReferenceTests/Vectors")
    private let document: [String: Any]

    init(_ path: String) throws {
        let data = try Data(contentsOf: Self.folder.appending(path: path))
        document = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    func list(_ input: String) throws -> [Any] {
        try #require((document["inputs"] as? [String: Any])?[input] as? [Any])
    }

    func numbers(_ input: String) throws -> [Double] { try #require(list(input) as? [Double]) }

    private static func isSame(_ own: Any?, _ asked: Any) -> Bool {
        if let own = own as? Double, let asked = Double("\(asked)") { return own == asked }
        return own as? String == "\(asked)"
    }

    /// The first expected value of a name, of these parameters and this program.
    func value(_ name: String, _ parameters: [String: Any], tool: String = "") throws -> Any {
        let records = try #require(document["expected"] as? [[String: Any]])
        let record = records.first { record in
            let own = record["params"] as? [String: Any] ?? [:]
            let tools = (record["tool"] as? [String])?.first ?? record["tool"] as? String ?? ""
            return record["name"] as? String == name && tools.hasPrefix(tool)
                && parameters.allSatisfy { Self.isSame(own[$0.key], $0.value) }
        }
        let found = try #require(record, "\(name) \(parameters)")
        return try #require(found["value"])
    }
}

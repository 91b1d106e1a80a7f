import Foundation
import Statistics
import Testing
import TextCatalogue

@testable import LocalScoring

@Suite struct SummaryReportTests {
    private func summary(
        _ text: String, variables: String? = nil, _ change: (inout SummaryOptions) -> Void = { _ in }
    ) throws -> [Metric] {
        var options = SummaryOptions()
        change(&options)
        return try withLocalFile(Array(text.utf8)) { path in
            guard let variables else { return try SummaryReport.metrics(file: path, options: options) }
            return try withLocalFile(Array(variables.utf8), suffix: ".json") { json in
                options.variables = json
                return try SummaryReport.metrics(file: path, options: options)
            }
        }
    }

    private func value(
        _ metrics: [Metric], _ name: String, _ variable: String, _ group: String? = nil,
        _ parameters: [String: String]? = nil
    ) -> Double? {
        metrics.first {
            $0.name == name && $0.variable == variable && $0.group == group && $0.parameters == parameters
        }?.value
    }

    /// n, Σx, mean and the sum of squared deviations with sums of at most 2⁻¹⁰⁰ of relative error: the slow way.
    private func slowMoments(_ values: [Double]) -> (mean: Double, sd: Double) {
        let moments = CompensatedMoments(values)
        return (moments.mean.value ?? .nan, moments.standardDeviation.value ?? .nan)
    }

    private func quantile7(_ sorted: [Double], _ percent: Int) -> Double {
        let position = (sorted.count - 1) * percent
        let (rank, part) = (position / 100, Double(position % 100) / 100)
        return part == 0 ? sorted[rank] : sorted[rank] + part * (sorted[rank + 1] - sorted[rank])
    }

    @Test(arguments: [1, 2, 50, 1023, 1024, 1025, 20_000])
    func undeclaredColumnsAgreeWithBruteForce(rows: Int) throws {
        var generator = LocalFileGenerator(seed: UInt64(rows))
        let columns: [(name: String, draw: (inout LocalFileGenerator) -> Double)] = [
            ("normal", { 50 + 12 * $0.deviate() }), ("small", { $0.deviate() }), ("offset", { 1e9 + $0.deviate() }),
            ("heavy", { exp(8 * $0.deviate()) }), ("tenths", { (700 + 100 * $0.deviate()).rounded() / 10 }),
            ("codes", { Double($0.next() % 12) }), ("years", { Double(2000 + $0.next() % 26) }),
            ("wide", { Double($0.next() % 1_000_000) - 500_000 }), ("zeros", { $0.next() % 4 > 0 ? 0 : -$0.deviate() }),
            ("constant", { _ in 0.1 }), ("gaps", { $0.next() % 3 > 0 ? .nan : $0.deviate() }),
        ]
        var data = columns.map { _ in [Double]() }
        var groups: [String] = []
        var text = "group," + columns.map(\.name).joined(separator: ",") + "\n"
        for _ in 0..<rows {
            groups.append(["a", "b", "10", "9", ""][Int(generator.next() % 5)])
            text += groups[groups.count - 1]
            for (index, column) in columns.enumerated() {
                let value = column.draw(&generator)
                data[index].append(value)
                text += value.isNaN ? "," : ",\(value)"
            }
            text += "\n"
        }
        let metrics = try summary(text) { $0.by = "group" }
        for (column, values) in zip(columns, data) {
            let present = values.filter { !$0.isNaN }
            let sorted = present.sorted()
            let name = column.name
            #expect(value(metrics, "n", name) == Double(present.count))
            #expect(value(metrics, "missing", name) == Double(rows - present.count))
            guard !present.isEmpty else { continue }
            #expect(value(metrics, "min", name) == sorted[0])
            #expect(value(metrics, "max", name) == sorted[sorted.count - 1])
            let (mean, sd) = slowMoments(present)
            #expect(isNear(value(metrics, "mean", name), mean, 4e-16), "\(name)")
            if present.count > 1 { #expect(isNear(value(metrics, "sd", name), sd, 2e-15), "\(name)") }
            for percent in [5, 25, 50, 75, 95] {
                let quantile = value(metrics, "quantile", name, nil, ["percent": "\(percent)"])
                #expect(isNear(quantile, quantile7(sorted, percent), 1e-15), "\(name) \(percent)")
            }
            let bars = metrics.filter { $0.name == "count" && $0.variable == name && $0.group == nil }
            #expect(bars.reduce(0) { $0 + ($1.value ?? 0) } == Double(present.count))
            if bars.first?.definition == "equal-width-bins" {
                #expect(bars.count == 50)
                for bar in bars {
                    let (lower, upper) = (
                        Double(bar.parameters?["lower"] ?? ""), Double(bar.parameters?["upper"] ?? "")
                    )
                    let isLast = upper == sorted[sorted.count - 1]
                    let count = present.filter { value in
                        value >= lower ?? .nan && (value < upper ?? .nan || (isLast && value == upper))
                    }.count
                    #expect(bar.value == Double(count), "\(name)")
                }
            } else {
                #expect(Set(present).count == (bars.isEmpty ? -1 : bars.count) || Set(present).count == 1)
            }
            for group in Set(groups) {
                let part = zip(values, groups).filter { $0.1 == group && !$0.0.isNaN }.map(\.0)
                let label = group.isEmpty ? "missing" : group
                guard groups.contains(group) else { continue }
                #expect(value(metrics, "n", name, label) == Double(part.count))
                guard part.count > 1 else { continue }
                let (mean, sd) = slowMoments(part)
                #expect(isNear(value(metrics, "mean", name, label), mean, 4e-16), "\(name) \(label)")
                #expect(isNear(value(metrics, "sd", name, label), sd, 1e-14) || name == "constant", "\(name) \(label)")
                guard name == "codes", Set(present).count > 1 else { continue }
                for code in Set(present) {
                    let count = value(metrics, "count", name, label, ["level": "\(Int(code))"])
                    #expect(count == Double(part.filter { $0 == code }.count))
                }
            }
        }
        // Numbers before texts, missing last.
        let order = metrics.filter { $0.name == "n" && $0.variable == "normal" }.compactMap(\.group)
        #expect(
            order
                == ["9", "10", "a", "b", "missing"].filter {
                    Set(groups.map { $0.isEmpty ? "missing" : $0 }).contains($0)
                })
    }

    private func isNear(_ found: Double?, _ expected: Double, _ tolerance: Double) -> Bool {
        guard let found else { return false }
        return abs(found - expected) <= tolerance * abs(expected)
    }

    @Test func declaredColumnsAreSummedAsASiteSumsThem() throws {
        var generator = LocalFileGenerator(seed: 5)
        let resolution = try Resolution("0.01")
        let range: ClosedRange<Int64> = -1000...250_000
        var text = "patient,x,wide,c\n"
        var units: [Int64] = []
        var wide: [Int64] = []
        for row in 0..<5000 {
            let fields = ["\(1200 + 400 * generator.deviate())", "NA", "12,5", "99999", "1e3", "7.125"]
            let field = row % 10 < 5 ? fields[0] : fields[row % 10 - 4]
            let bytes = Array(field.utf8)
            units.append(
                field == "NA"
                    ? Coded.missing : bytes.withUnsafeBufferPointer { resolution.code(decimalUTF8: $0, within: range) })
            let large = Int64(bitPattern: generator.next()) >> 20
            wide.append(large)
            text += "p\(row),\"\(field)\",\(large),\(["yes", "no", "other", ""][row % 4])\n"
        }
        let variables = """
            {"title": "a protocol", "variables": [
              {"id": "x", "kind": "quantity", "unit": "mm", "resolution": "0.01", "range": ["-10", "2500.0"]},
              {"id": "c", "kind": "category", "levels": ["no", "yes"]},
              {"id": "wide", "kind": "quantity", "unit": "1", "resolution": "1", "range": ["-8796093022208", "8796093022208"]}]}
            """
        let metrics = try summary(text, variables: variables) { $0.by = "c" }
        for (name, column, resolution, range) in [
            ("x", units, resolution, range),
            ("wide", wide, try Resolution("1"), -8_796_093_022_208...8_796_093_022_208),
        ] {
            let moments = try Moments(
                variable: name, column: column, range: range, patients: column.indices.map(Int32.init),
                selection: column.indices.map(Int32.init), resolution: resolution)
            let group = moments.groups[0]
            #expect(value(metrics, "n", name) == Double(group.n))
            #expect(value(metrics, "missing", name) == Double(group.missing))
            #expect(value(metrics, "malformed", name) == Double(group.malformed))
            #expect(value(metrics, "out_of_range", name) == Double(group.outOfRange))
            let exact = DecimalMoments(
                n: group.n, sum: group.sum, sumSquares: group.sumSquares, resolution: resolution)
            #expect(value(metrics, "mean", name) == exact.mean.value)
            #expect(value(metrics, "sd", name) == exact.standardDeviation.value)
            #expect(value(metrics, "min", name) == group.minimum.map { resolution.value($0) })
            let sorted = column.filter { Coded.isValue($0) && range.contains($0) }.sorted().map { resolution.value($0) }
            for percent in [5, 25, 50, 75, 95] {
                let quantile = value(metrics, "quantile", name, nil, ["percent": "\(percent)"])
                #expect(isNear(quantile, quantile7(sorted, percent), 1e-14), "\(name) \(percent)")
            }
        }
        #expect(value(metrics, "malformed", "x") ?? 0 > 0)
        #expect(value(metrics, "out_of_range", "x") ?? 0 > 0)
        #expect(value(metrics, "count", "c", nil, ["level": "yes"]) == 1250)
        #expect(value(metrics, "malformed", "c") == 1250)
        #expect(value(metrics, "missing", "c") == 1250)
        #expect(metrics.contains { $0.name == "mean" && $0.variable == "x" && $0.group == "missing" })
        #expect(!metrics.contains { $0.variable == "patient" })
    }

    @Test func certifiedDataSetsAreExactWhenTheirResolutionIsDeclared() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appending(path: "ReferenceTests/Vectors/nist/univariate.json"))
        let file = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let inputs = try #require(file["inputs"] as? [String: [String]])
        let records = try #require(file["expected"] as? [[String: Any]])
        let resolutions = ["Mavro": "0.00001", "NumAcc3": "0.1"]
        #expect(records.count == 6)
        for record in records {
            let parameters = try #require(record["params"] as? [String: Any])
            let name = try #require(parameters["dataset"] as? String)
            let expected = try #require(record["value"] as? [String: Any])
            let values = try #require(inputs[name])
            let declaration = """
                [{"id": "v", "kind": "quantity", "unit": "1", "resolution": "\(resolutions[name] ?? "1")",
                  "range": ["-10000", "20000000"]}]
                """
            let text = "v\n" + values.joined(separator: "\n") + "\n"
            for (variables, tolerance) in [(declaration, 2e-15), (nil, 1e-13)] {
                let metrics = try summary(text, variables: variables)
                #expect(value(metrics, "n", "v") == Double(values.count))
                let (mean, sd) = (expected["mean"] as? Double ?? .nan, expected["sd"] as? Double ?? .nan)
                #expect(isNear(value(metrics, "mean", "v"), mean, 1e-15), "\(name)")
                // The Doubles nearest to the decimals of Mavro and NumAcc3 have another deviation in the 13th digit.
                let isRounded = variables == nil && resolutions[name] != nil
                #expect(isNear(value(metrics, "sd", "v"), sd, isRounded ? 1e-9 : tolerance), "\(name)")
            }
        }
    }

    @Test func threadsDoNotShowInTheResult() throws {
        var generator = LocalFileGenerator(seed: 23)
        var text = "site,a,b,word\n"
        while text.utf8.count < 2_200_000 {
            text += "s\(generator.next() % 7),\(1e6 + generator.deviate()),\(exp(generator.deviate()))"
            text += ",w\(generator.next() % 20)\n"
        }
        // A quoted line feed hides record ends from a reader that begins behind it.
        let quoted = "site,a,b,word\n" + String(repeating: "s1,1,2,\"x\n,\n\n\"\n", count: 150_000)
        for text in [text, quoted] {
            let all = try [1, 2, 3].map { threads in
                try summary(text) {
                    $0.by = "site"
                    $0.threads = threads
                }
            }
            #expect(all.allSatisfy { $0 == all[0] })
            #expect(all[0].count > 20)
        }
    }

    @Test func boundsHoldWhereTheValuesAreTooManyToKeep() throws {
        var generator = LocalFileGenerator(seed: 31)
        let values = (0..<4000).map { _ in generator.deviate() }
        let sketch = ValueSketch(origin: 0, bits: 6)
        values.withUnsafeBufferPointer { sketch.add($0.baseAddress!, count: $0.count) }
        let sorted = values.sorted()
        let plan = DistributionPlan(
            sketch.bins, isWhole: false, minimum: sorted[0], maximum: sorted[3999],
            percents: [0, 5, 25, 50, 75, 95, 100],
            edges: [], budget: 0)
        #expect(!plan.targets.isEmpty)
        let without = try #require(plan.distribution(nil))
        let resolver = ValueResolver(sketch, targets: plan.targets, edges: [])
        values.withUnsafeBufferPointer { resolver.add($0.baseAddress!, count: $0.count) }
        let with = try #require(plan.distribution(resolver))
        for (quantiles, isTight) in [(without.quantiles, false), (with.quantiles, true)] {
            for quantile in quantiles {
                #expect(quantile.value == nil || [0, 100].contains(quantile.percent))
                // The lowest and the highest of the nine types of Hyndman and Fan.
                let n = sorted.count
                let (first, last) = (max(1, n * quantile.percent / 100), min(n, (n * quantile.percent + 99) / 100 + 1))
                #expect(quantile.lower <= sorted[first - 1])
                #expect(quantile.upper >= sorted[last - 1])
                let width = quantile.upper - quantile.lower
                #expect(width <= max(abs(quantile.upper), abs(quantile.lower)) / 16)
                if isTight { #expect(sorted.contains(quantile.lower) && sorted.contains(quantile.upper)) }
            }
        }
    }

    @Test func whatHasNoValueSaysWhy() throws {
        let metrics = try summary("one,none,text,inf\n3,,x,1e999\n")
        #expect(metrics.first { $0.name == "sd" && $0.variable == "one" }?.undefined == "too-few-cases")
        #expect(metrics.first { $0.name == "mean" && $0.variable == "none" }?.undefined == "no-cases")
        #expect(metrics.first { $0.name == "min" && $0.variable == "none" }?.undefined == "no-cases")
        #expect(value(metrics, "count", "text", nil, ["level": "x"]) == 1)
        let many = "t\n" + (0..<1001).map { "w\($0)" }.joined(separator: "\n")
        #expect(try summary(many).first { $0.name == "count" }?.undefined == "too-many-levels")
        let array = numpyFile("<f8", [4, 1], littleEndian([1e300, -1e300, .infinity, .nan]))
        let found = try withLocalFile(array, suffix: ".npy") { try SummaryReport.metrics(file: $0) }
        #expect(value(found, "n", "c0") == 2)
        #expect(value(found, "malformed", "c0") == 1)
        #expect(value(found, "missing", "c0") == 1)
        #expect(value(found, "mean", "c0") == 0)
        #expect(found.first { $0.name == "sd" }?.undefined == "not-finite")
    }

    @Test func faultyDeclarationsAndGroupsAreRefused() throws {
        func kind(_ text: String, _ variables: String?, by: String? = nil) throws -> LocalFileError.Kind? {
            do {
                _ = try summary(text, variables: variables) { $0.by = by }
                return nil
            } catch let error as LocalFileError {
                return error.kind
            }
        }
        let quantity = "\"kind\": \"quantity\", \"unit\": \"mm\""
        for variables in [
            "", "3", "[]", "{}", "[{\"id\": \"x\"}]", "[{\"id\": \"x\", \(quantity), \"resolution\": \"0.1\"}]",
            "[{\"id\": \"x\", \(quantity), \"resolution\": \"0\", \"range\": [\"0\", \"1\"]}]",
            "[{\"id\": \"x\", \(quantity), \"resolution\": \"0.1\", \"range\": [\"0\", \"1.05\"]}]",
            "[{\"id\": \"x\", \(quantity), \"resolution\": \"0.1\", \"range\": [\"1\", \"0\"]}]",
            "[{\"id\": \"x\", \(quantity), \"resolution\": \"0.1\", \"range\": [\"0\", \"1e30\"]}]",
            "[{\"id\": \"x\", \"kind\": \"category\", \"levels\": [], \"more\": 1}]",
            "[{\"id\": \"x\", \"kind\": \"category\", \"levels\": [\"a\"]}, {\"id\": \"x\", \"kind\": \"category\", \"levels\": [\"a\"]}]",
        ] {
            #expect(try kind("x\n1\n", variables) == .variablesMalformed, "\(variables)")
        }
        let sound = "[{\"id\": \"x\", \(quantity), \"resolution\": \"0.1\", \"range\": [\"0\", \"1\"]}]"
        #expect(try kind("x\n1\n", sound) == nil)
        #expect(try kind("y\n1\n", sound) == .columnUnknown)
        #expect(try kind("x\n1\n", sound, by: "x") == .groupedByQuantity)
        #expect(try kind("x\n1\n", nil, by: "z") == .columnUnknown)
        let many = "g,x\n" + (0...1000).map { "g\($0),1" }.joined(separator: "\n")
        #expect(try kind(many, nil, by: "g") == .tooManyGroups)
    }

    @Test func everyMetricHasADefinition() throws {
        let text = "g,x,d\na,1.5,0.1\nb,2.5,0.2\nb,3.5,0.3\n"
        let declared = """
            [{"id": "d", "kind": "quantity", "unit": "1", "resolution": "0.1", "range": ["0", "1"]},
             {"id": "g", "kind": "category", "levels": ["a", "b"]}]
            """
        let metrics = try summary(text) { $0.by = "g" } + summary(text, variables: declared) { $0.by = "g" }
        #expect(metrics.count > 40)
        for metric in metrics {
            #expect(
                SummaryReport.definitions.contains { $0.describes(metric) }, "\(metric.name) \(metric.definition ?? "")"
            )
        }
        for definition in SummaryReport.definitions {
            #expect(definition.meaning.text(in: .chinese) != definition.meaning.text(in: .english))
        }
    }
}

import Foundation

/// Times the release gate from inside, and prints what programs of another language check.
///
/// ```
/// gate-bench tables                 plans of large releases; status 1 when one takes longer than its limit
/// gate-bench tables-dump [EFFORT]   plans the systems on standard input, one JSON a line (also: plan)
/// gate-bench ledger-build DIR       a series of releases into a ledger of DIR (goes on where DIR has one)
/// gate-bench ledger-scale DIR       further releases against that ledger; status 1 when a check takes longer than its limit
/// gate-bench ledger-sites           how many studies small sites can answer
/// gate-bench ledger-dump N SEED     N short series with verdicts, one JSON a line
/// ```
/// `ledger-build` takes `--patients N`, `--rows N` and `--seed N`.
@main
enum GateBenchmark {
    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        let command = arguments.isEmpty ? "" : arguments.removeFirst()
        switch command {
        case "tables":
            if !TablesBench.run() { exit(1) }
        case "tables-dump", "plan":
            try TablesDump.plan(effort: arguments.first.flatMap { Int($0) })
        case "ledger-build":
            guard let folder = arguments.first else { usage() }
            let options = numbers(Array(arguments.dropFirst()))
            try LedgerSeries(
                patients: options["--patients"] ?? 1_000_000, seed: UInt64(options["--seed"] ?? 4),
                folder: URL(filePath: folder)
            ).build(rows: options["--rows"] ?? 10_000)
        case "ledger-scale":
            guard let folder = arguments.first else { usage() }
            let series = try LedgerSeries(stored: URL(filePath: folder))
            if try !series.check(releases: 5) { exit(1) }
        case "ledger-sites":
            try LedgerSites.run()
        case "ledger-dump":
            guard arguments.count == 2, let count = Int(arguments[0]), let seed = UInt64(arguments[1]) else { usage() }
            try LedgerDump.run(series: count, seed: seed)
        default: usage()
        }
    }

    private static func numbers(_ arguments: [String]) -> [String: Int] {
        var result: [String: Int] = [:]
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard ["--patients", "--rows", "--seed"].contains(name), let value = rest.popFirst().flatMap({ Int($0) })
            else { usage() }
            result[name] = value
        }
        return result
    }

    private static func usage() -> Never {
        FileHandle.standardError.write(
            Data("usage: gate-bench tables|tables-dump|ledger-build|ledger-scale|ledger-sites|ledger-dump\n".utf8))
        exit(2)
    }
}

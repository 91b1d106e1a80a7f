/// `gate-bench` times the planner; `gate-bench plan [EFFORT]` plans the systems on standard input, one JSON a line.
@main
enum TablesMain {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "plan" {
            try TablesDump.plan(effort: arguments.dropFirst().first.flatMap { Int($0) })
        } else {
            TablesBench.run()
        }
    }
}

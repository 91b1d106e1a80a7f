/// The most that a protocol may hold of anything. A protocol comes from outside, and each number in it costs every site
/// work, or is a way to ask too much.
public enum ProtocolLimits {
    public static let variables = 200
    public static let levels = 100
    /// Characters (Unicode scalars) of a level, and its bytes: a release's labels have at most 200.
    public static let levelLength = 64
    public static let levelBytes = 192
    public static let criteria = 100
    public static let criterionValues = 100
    public static let statistics = 200
    public static let edges = 100
    public static let tableAxes = 2...3
    /// Cells of one table, the level `missing` of each axis included.
    public static let tableCells = 10_000
    public static let operatingPoints = 10
    public static let subgroups = 20
    public static let subgroupLevels = 50
    public static let gridSteps = 200
    public static let endpoints = 50
    public static let sites = 1000
    public static let ethics = 1000
    /// Answers that a site owes in all.
    public static let answers = 2000

    /// Characters of a name or contact, of a title, and of any longer text.
    public static let nameLength = 200
    public static let titleLength = 300
    public static let textLength = 4000
    public static let unitLength = 32
}

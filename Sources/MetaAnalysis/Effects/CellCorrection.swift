/// Where a constant is added to the cells of a study, so that its logarithm and variance exist.
public struct CellCorrection: Hashable, Sendable {
    public enum Studies: String, Hashable, Sendable, CaseIterable {
        /// To no study.
        case none
        /// To every cell of a study that has an empty cell (metafor's `only0`, mada's `single`).
        case withEmptyCell = "only0"
        /// To every cell of every study when one study has an empty cell (metafor's `if0all`, mada's `all`).
        case allIfAnyEmpty = "if0all"
        /// To every cell of every study.
        case all
    }

    public let studies: Studies
    /// What is added to each cell, ≥ 0; half a case is usual (Haldane 1956, Ann Hum Genet 20:309; Anscombe 1956,
    /// Biometrika 43:461).
    public let amount: Double

    public init(_ studies: Studies, amount: Double = 0.5) {
        self.studies = studies
        self.amount = amount
    }

    public static let none = CellCorrection(.none)
    /// Half a case to the studies with an empty cell.
    public static let halfWhereEmpty = CellCorrection(.withEmptyCell)
    /// Half a case to all studies.
    public static let halfEverywhere = CellCorrection(.all)

    /// The cells of the studies with what is added.
    func applied(to studies: [[Int]]) -> [[Double]] {
        let hasEmpty = studies.map { $0.contains(0) }
        let isAnyEmpty = hasEmpty.contains(true)
        return zip(studies, hasEmpty).map { cells, isEmpty in
            let isCorrected =
                switch self.studies {
                case .none: false
                case .withEmptyCell: isEmpty
                case .allIfAnyEmpty: isAnyEmpty
                case .all: true
                }
            return cells.map { Double($0) + (isCorrected ? amount : 0) }
        }
    }
}

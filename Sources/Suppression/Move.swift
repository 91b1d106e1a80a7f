/// What the attacker cannot exclude: a whole, non-negative solution, as its differences from the truth in the cells.
/// It stays one as long as every cell in which it differs is withheld.
struct Move {
    var cells: [Int] = []
    /// Never zero.
    var deltas: [Int] = []
    /// The same in the unknowns, for whoever wants to check it.
    var unknowns: [Int] = []
    var unknownDeltas: [Int] = []
}

/// What came of pushing a cell.
struct Push {
    /// nil: the cell did not move.
    var move: Move?
    /// How far the cell moved, 0 or more.
    var reached: Int
    /// Whether no move goes further (or as far as asked is reached).
    var isFarthest: Bool
}

/// Finds moves of one component.
protocol MoveSource {
    /// A move that changes a cell by up to an amount (down when negative), as far as it can be.
    ///
    /// - Parameter cost: of each cell, what it costs that it differs: 0 for a withheld one, infinite for one that must
    ///   not. The move is cheap, not always cheapest.
    func push(_ cell: Int, by amount: Int, cost: [Double], steps: StepCounter) -> Push

    /// A condition on what is withheld that every protection of a cell meets and these shares do not.
    ///
    /// - Parameter shares: of each cell, 0 published to 1 withheld.
    func cut(_ cell: Int, width: Int, shares: [Double], steps: StepCounter) -> WidthCut?
}

/// The width of one cell is at most `free` and, for each further cell that is withheld, its coefficient; an infinite
/// coefficient is no bound. Fischetti and Salazar 2001, Management Science 47:1008 (capacity constraints), for intervals
/// that only need a width.
struct WidthCut {
    var free: Double
    var cells: [Int]
    var coefficients: [Double]
}

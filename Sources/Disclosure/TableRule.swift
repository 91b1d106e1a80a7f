@_spi(ReleaseGate) import Statistics

/// Rule 1 over a contingency table. Until cells are protected jointly (rule 4), one cell that may not be published
/// withholds its whole table: any margin would give it back.
struct TableRule {
    let minimum: MinimumCount
    /// False where a policy withholds zeros (rule 2).
    var allowsZero = true

    func decide(_ table: ContingencyTable) -> Proposal {
        let cells = 0..<table.cells.cellCount
        guard minimum.allows(all: cells.map { table.cells.patients(inCell: $0) }) else {
            return .withhold(rule: 1, .fewPatients)
        }
        guard allowsZero || TableMargin.zeros(table).isEmpty else { return .withhold(rule: 2, .classDisclosure) }
        return .release(
            .table(ReleasedTable(axes: table.axes, cells: cells.map { .exact(table.cells.cases(inCell: $0)) })),
            numbers: table.cells.cellCount)
    }
}

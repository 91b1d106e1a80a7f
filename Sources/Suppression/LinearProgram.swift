internal import CLinearProgram

/// A linear program: minimise the objective where rows and columns keep their bounds. Solved by the simplex method of
/// COIN-OR Clp, in floating point: nothing is believed that whole numbers do not confirm.
final class LinearProgram {
    enum Outcome { case optimal, infeasible, other }

    static let unlimited = 1e31

    let columnCount: Int
    private var rowCount: Int
    private let program: OpaquePointer

    /// - Parameter rows: of each row, its columns and their coefficients.
    /// - Returns: nil: no memory.
    init?(
        rows: [[(column: Int, coefficient: Double)]], columnLower: [Double], columnUpper: [Double],
        rowLower: [Double], rowUpper: [Double]
    ) {
        columnCount = columnLower.count
        rowCount = rows.count
        var lists = [[(Int32, Double)]](repeating: [], count: columnCount)
        for (row, entries) in rows.enumerated() {
            for entry in entries { lists[entry.column].append((Int32(row), entry.coefficient)) }
        }
        var starts: [Int32] = [0]
        var indices: [Int32] = []
        var values: [Double] = []
        for list in lists {
            indices += list.map(\.0)
            values += list.map(\.1)
            starts.append(Int32(indices.count))
        }
        guard
            let program = concordat_program_new(
                Int32(columnCount), Int32(rows.count), starts, indices, values, columnLower, columnUpper, rowLower,
                rowUpper)
        else { return nil }
        self.program = program
    }

    deinit { concordat_program_free(program) }

    func setObjective(_ objective: [Double]) { concordat_program_objective(program, objective) }

    func setColumns(lower: [Double], upper: [Double]) { concordat_program_column_bounds(program, lower, upper) }

    func setRows(lower: [Double], upper: [Double]) { concordat_program_row_bounds(program, lower, upper) }

    func append(row: [(column: Int, coefficient: Double)], lower: Double, upper: Double) {
        concordat_program_add_rows(
            program, 1, [lower], [upper], [0, Int32(row.count)], row.map { Int32($0.column) }, row.map(\.coefficient))
        rowCount += 1
    }

    /// Makes the next solution start from the slacks, so that it does not depend on what was solved before.
    func forget() { concordat_program_forget(program) }

    /// - Parameter dual: by the dual method, which is quick when only bounds changed or rows came.
    func solve(dual: Bool, steps: StepCounter) -> Outcome {
        let status = concordat_program_solve(program, dual ? 1 : 0, Int32(clamping: max(100, min(steps.left, 50_000))))
        let stepsPerPivot = 1 + rowCount / 48 + columnCount / 512
        steps.spend(8 + stepsPerPivot * Int(concordat_program_iterations(program)))
        return status == 0 ? .optimal : status == 1 ? .infeasible : .other
    }

    var value: Double { concordat_program_value(program) }

    func columns() -> [Double] {
        Array(UnsafeBufferPointer(start: concordat_program_columns(program), count: columnCount))
    }

    func rowDuals(_ count: Int) -> [Double] {
        Array(UnsafeBufferPointer(start: concordat_program_row_duals(program), count: count))
    }

    func reducedCosts() -> [Double] {
        Array(UnsafeBufferPointer(start: concordat_program_reduced_costs(program), count: columnCount))
    }
}

/// What the ledger says about a release.
public enum LedgerVerdict: Sendable, Hashable {
    /// Proven: every linear combination of all rows, old and new, is zero for all patients or not zero for `t` at least.
    case allowed
    /// A combination of the rows is not zero for some patients, fewer than `t`, and zero for all others. For the site's
    /// own eyes: nothing of it may leave, not even that it was this case.
    ///
    /// - patients: how many, 0 or more (0: only further values of patients, see `ValueColumns`).
    /// - rows: which of the new rows take part, as indices of what was given; none where it was not looked for.
    case isolates(patients: Int, rows: [Int])
    /// Neither was proven within the effort: the release is refused, and the data manager should know why.
    ///
    /// - rows: which of the new rows stood in the way, as indices of what was given; none where that is not known.
    case beyondEffort(rows: [Int])

    /// Whether the release may leave as far as rule 7 is concerned.
    public var isAllowed: Bool { self == .allowed }
}

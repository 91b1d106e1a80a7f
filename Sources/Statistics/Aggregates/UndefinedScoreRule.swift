/// What becomes of a case whose score is undefined, as the protocol states it.
public enum UndefinedScoreRule: Hashable, Sendable {
    /// It is left out of every sum, and counted under its reason.
    case excluded
    /// It counts as a stated value in units (such as the worst possible one), and under its reason.
    case counted(as: Int64)
}

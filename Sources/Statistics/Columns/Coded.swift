/// Reserved codes of a case column. Every other value of a quantity's column is a multiple of its resolution, and of a
/// category's column the index of its level.
public enum Coded {
    /// The case has no value.
    public static let missing = Int64.min
    /// The case has a value that could not be read as what its variable declares.
    public static let malformed = Int64.min + 1
    /// The case has a value outside the declared range (or, of a category, a level that was not declared).
    public static let outOfRange = Int64.min + 2

    /// True for a code that stands for a value, false for the three reserved ones.
    @inline(__always)
    public static func isValue(_ code: Int64) -> Bool { code > outOfRange }
}

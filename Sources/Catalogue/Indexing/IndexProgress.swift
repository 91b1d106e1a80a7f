/// How far an index has come.
public enum IndexProgress: Hashable, Sendable {
    /// DICOM files read so far, of all.
    case files(Int, of: Int)
    /// Rows of a table read so far.
    case rows(Int, table: String)
    case writing
}

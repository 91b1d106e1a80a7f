/// The version of every program of Concordat.
public enum ConcordatVersion {
    /// As `--version` prints it, user agents carry it and releases bind it.
    public static let current = "0.1.0"
}

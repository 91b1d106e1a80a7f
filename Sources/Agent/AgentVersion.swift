internal import Messages

/// The program's version, as releases bind it.
public enum AgentVersion {
    public static let current = ConcordatVersion.current
    static let userAgent = "concordat-agent/\(current)"
}

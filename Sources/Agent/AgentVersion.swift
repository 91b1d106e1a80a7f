/// The program's version, as releases bind it.
public enum AgentVersion {
    public static let current = "0.1.0"
    static let userAgent = "concordat-agent/\(current)"
}

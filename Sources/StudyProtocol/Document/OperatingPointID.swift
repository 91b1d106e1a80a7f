/// The name of a threshold at which a score becomes a decision: `pre-specified`.
public struct OperatingPointID: DeclaredName {
    public let rawValue: String
    public init(validated: String) { rawValue = validated }
}

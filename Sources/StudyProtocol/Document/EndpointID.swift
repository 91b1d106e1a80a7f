/// The name of a pre-specified endpoint: `primary`.
public struct EndpointID: DeclaredName {
    public let rawValue: String
    public init(validated: String) { rawValue = validated }
}

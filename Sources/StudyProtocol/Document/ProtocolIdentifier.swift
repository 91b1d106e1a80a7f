/// The name of a study protocol, the same in all its versions: `lidc-malignancy-external-validation`.
public struct ProtocolIdentifier: DeclaredName {
    public let rawValue: String
    public init(validated: String) { rawValue = validated }
}

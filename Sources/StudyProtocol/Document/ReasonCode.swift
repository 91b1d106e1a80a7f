/// Why a case is not analysed, as a fixed code of the protocol: `indeterminate-reference`.
public struct ReasonCode: DeclaredName {
    public let rawValue: String
    public init(validated: String) { rawValue = validated }
}

/// The name of a declared variable: `sliceThickness`. Sites declare variables under the same names.
public struct VariableID: DeclaredName {
    public let rawValue: String
    public init(validated: String) { rawValue = validated }
}

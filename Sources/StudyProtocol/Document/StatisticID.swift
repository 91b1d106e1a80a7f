/// The name of one cohort statistic, and of the answer that it asks for: `slice-thickness`.
public struct StatisticID: DeclaredName {
    public let rawValue: String
    public init(validated: String) { rawValue = validated }
}

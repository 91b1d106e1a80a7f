/// One statistic of the cohort.
public struct Statistic: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// n, missing, sum and sum of squares of a quantity, by the levels of a category where one is named.
        case summary(variable: VariableID, by: VariableID?)
        /// Counts of a quantity between edges, by the levels of a category where one is named.
        case histogram(variable: VariableID, edges: Edges, by: VariableID?)
        /// Counts by the levels of two or three categories.
        case table(axes: [VariableID])
    }

    public let id: StatisticID
    public let kind: Kind

    /// The variables that it reads, in the order of its description.
    public var variables: [VariableID] {
        switch kind {
        case .summary(let variable, let by), .histogram(let variable, _, let by): [variable] + (by.map { [$0] } ?? [])
        case .table(let axes): axes
        }
    }
}

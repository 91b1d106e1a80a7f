/// The noise that a protocol asks for on every released count: differential privacy of each patient of a site. The
/// numbers are what one release of a site costs, all of its answers together.
public struct NoiseRequest: Hashable, Sendable {
    public enum Mechanism: String, Hashable, Sendable, CaseIterable {
        /// (epsilon, delta)-differential privacy, by zero-concentrated accounting; less noise for many counts.
        case discreteGaussian = "discrete-gaussian"
        /// Pure epsilon-differential privacy; less noise for few counts.
        case discreteLaplace = "discrete-laplace"
    }

    /// Epsilon is above 0 and at most this; nothing above 10 protects anybody.
    public static let largestEpsilon = 100.0
    /// Delta is above 0 and at most this.
    public static let largestDelta = 0.001

    public let mechanism: Mechanism
    public let epsilon: DecimalText
    /// Nil for the discrete Laplace, and only there.
    public let delta: DecimalText?
    /// The most cases of one patient that count, 1 to 10,000.
    public let casesPerPatient: Int
}

import Foundation

/// The logit scale, on which AUROC and proportions are synthesised.
enum Logit {
    /// - Returns: nil at 0 and 1, where the logit is infinite.
    static func of(_ probability: Double) -> Double? {
        guard probability > 0, probability < 1 else { return nil }
        return log(probability / (1 - probability))
    }

    static func inverse(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }

    /// The variance of a logit by the delta method.
    static func variance(of probability: Double, variance: Double) -> Double {
        let slope = 1 / (probability * (1 - probability))
        return variance * slope * slope
    }
}

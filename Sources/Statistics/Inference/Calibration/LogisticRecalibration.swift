/// Cox's recalibration: the logistic regression of the outcome on the logit of the predicted probability,
/// logit P(y = 1) = intercept + slope · logit(p). A slope of 1 and an intercept of 0 say calibrated; a slope below 1,
/// predictions too extreme.
///
/// D. R. Cox (1958), "Two further applications of a model for binary regression", Biometrika 45:562-565; B. Van Calster
/// et al. (2016), "A calibration hierarchy for risk models", J Clin Epidemiol 74:167-176. Maximum likelihood by
/// Newton's method with a line search on the derivative, until a step is below 10⁻⁷ standard errors, which leaves an
/// error of about its square; covariance from the observed information.
public struct LogisticRecalibration: Hashable, Sendable {
    /// The intercept, with the slope free.
    public let intercept: Double
    /// The slope.
    public let slope: Double
    /// The variance of the intercept.
    public let interceptVariance: Double
    /// The variance of the slope.
    public let slopeVariance: Double
    /// The covariance of both.
    public let covariance: Double
    /// Cases.
    public let count: Int

    /// The square root of the intercept's variance.
    public var interceptStandardError: Double { interceptVariance.squareRoot() }
    /// The square root of the slope's variance.
    public var slopeStandardError: Double { slopeVariance.squareRoot() }

    /// Wald's interval of the intercept.
    public func interceptInterval(level: Double) -> Inferred<Interval> {
        Self.wald(intercept, interceptStandardError, level)
    }

    /// Wald's interval of the slope.
    public func slopeInterval(level: Double) -> Inferred<Interval> { Self.wald(slope, slopeStandardError, level) }

    static func wald(_ estimate: Double, _ error: Double, _ level: Double) -> Inferred<Interval> {
        guard let critical = Interval.upperProbability(level).flatMap(NormalDistribution.quantile) else {
            return .undefined(.badArgument)
        }
        return .value(
            Interval(lower: estimate - critical * error, upper: estimate + critical * error, level: level))
    }

    /// The fit of cases. A probability of 0 or 1 has no logit: without a clip it is `not-finite`; with one,
    /// probabilities are first moved into clip...1 − clip, and the slope depends on it. See ``fit(_:)`` for the other
    /// reasons; `not-probabilities` when a score lies outside 0...1, `bad-argument` when the clip lies outside 0 < c < ½.
    public static func fit(_ cases: BinaryCases, clip: Double? = nil) -> Inferred<LogisticRecalibration> {
        switch LogitGroups.of(cases, clip: clip) {
        case .value(let groups): fit(groups)
        case .undefined(let reason): .undefined(reason)
        }
    }

    /// The fit of grouped cases. Undefined: `no-cases`; `single-class`; `no-variance` when all logits are the same;
    /// `separated` when a threshold parts the classes (with at most one logit shared), where no finite maximum exists;
    /// `not-converged`.
    public static func fit(_ groups: LogitGroups) -> Inferred<LogisticRecalibration> {
        do throws(Undefined) {
            let range = try groups.ranges()
            guard range.lowest < range.highest else { throw .noVariance }
            guard range.overlaps else { throw .separated }
            return .value(try LogisticFit.recalibration(groups))
        } catch {
            return .undefined(error)
        }
    }
}

/// Calibration in the large: the intercept of the logistic regression with logit(p) as offset (slope 1). 0 says that
/// the mean prediction fits, above 0 that it is too low. Cox (1958); E. W. Steyerberg (2019), Clinical Prediction
/// Models, 2nd ed., section 15.3.
public struct CalibrationInTheLarge: Hashable, Sendable {
    /// The intercept.
    public let intercept: Double
    /// Its standard error.
    public let standardError: Double
    /// Cases.
    public let count: Int

    /// Wald's interval.
    public func interval(level: Double) -> Inferred<Interval> {
        LogisticRecalibration.wald(intercept, standardError, level)
    }

    /// The fit of cases; see ``LogisticRecalibration/fit(_:clip:)``.
    public static func fit(_ cases: BinaryCases, clip: Double? = nil) -> Inferred<CalibrationInTheLarge> {
        switch LogitGroups.of(cases, clip: clip) {
        case .value(let groups): fit(groups)
        case .undefined(let reason): .undefined(reason)
        }
    }

    /// The fit of grouped cases. Undefined: `no-cases`, `single-class`, `not-converged`.
    public static func fit(_ groups: LogitGroups) -> Inferred<CalibrationInTheLarge> {
        do throws(Undefined) {
            _ = try groups.ranges()
            return .value(try LogisticFit.inTheLarge(groups))
        } catch {
            return .undefined(error)
        }
    }
}

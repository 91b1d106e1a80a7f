public import Statistics

/// A random-effects meta-regression: yᵢ ~ N(β₀ + Σ βⱼxᵢⱼ, vᵢ + τ²).
///
/// Knapp and Hartung 2003, Stat Med 22:2693; Viechtbauer et al. 2015, Psychol Methods 20:360.
public struct MetaRegression: Sendable {
    private let model: ModelFit
    private let withoutCovariates: ModelFit

    /// Fits the model with an intercept and the covariates, each one number a site.
    ///
    /// Undefined: `no-cases`, `no-variance` when a variance is not positive and finite, `too-few-sites` with fewer sites
    /// than coefficients, `bad-argument` for covariates of another length, not finite, or (nearly) dependent.
    public static func fit(
        _ effects: [SiteEffect], covariates: [[Double]],
        method: BetweenVarianceMethod = .restrictedMaximumLikelihood
    ) -> Inferred<MetaRegression> {
        Inferred { () throws(Undefined) in
            MetaRegression(
                model: try ModelFit(effects: effects, covariates: covariates, method: method),
                withoutCovariates: try ModelFit(effects: effects, covariates: [], method: method))
        }
    }

    private init(model: ModelFit, withoutCovariates: ModelFit) {
        self.model = model
        self.withoutCovariates = withoutCovariates
    }

    /// Columns of zeros and ones for a factor, one for each level but the first one of `levels`.
    public static func indicators<Level: Equatable>(of factor: [Level], levels: [Level]) -> [[Double]] {
        levels.dropFirst().map { level in factor.map { $0 == level ? 1 : 0 } }
    }

    public var count: Int { model.effects.count }
    /// The intercept first.
    public var coefficients: [Double] { model.coefficients }
    /// The variance between sites that the covariates leave.
    public var tau2: Double { model.between.value }
    public var tau2StandardError: Inferred<Double> { model.between.standardError }
    /// Of the residuals: Q is QE.
    public var heterogeneity: Heterogeneity { model.heterogeneity }
    public var logLikelihood: Double { model.logLikelihood }
    public var akaike: Double { model.akaike }

    /// The share of the variance between sites that the covariates explain, max(0, 1 − τ²/τ₀²) (Raudenbush 2009, in Cooper,
    /// Hedges and Valentine, chapter 16); `no-variance` when there is none to explain.
    public var r2: Inferred<Double> {
        let whole = withoutCovariates.between.value
        return whole > 0 ? .value(max(0, (whole - tau2) / whole)) : .undefined(.noVariance)
    }

    /// The inference about the coefficients, the intercept first.
    public func inference(_ test: ModelTest, level: Double = 0.95) -> Inferred<[CoefficientInference]> {
        Inferred { () throws(Undefined) in
            var result: [CoefficientInference] = []
            for index in coefficients.indices { result.append(try model.inference(index, test: test, level: level)) }
            return result
        }
    }

    /// A test that several coefficients are zero.
    public struct OmnibusTest: Hashable, Sendable {
        /// QM: chi-squared, or F with a t-based test.
        public let statistic: Double
        public let degreesOfFreedom: Int
        /// Of F's denominator; nil for chi-squared.
        public let residualDegreesOfFreedom: Int?
        public let pValue: Double
    }

    /// Wald's test that all coefficients but the intercept are zero. Undefined: `bad-argument` without covariates,
    /// `too-few-sites` and `no-variance` as for the coefficients.
    public func omnibus(_ test: ModelTest) -> Inferred<OmnibusTest> {
        Inferred { () throws(Undefined) in
            let columns = Array(1..<coefficients.count)
            guard !columns.isEmpty else { throw .badArgument }
            let (factor, degrees) = try model.scaling(test)
            let block = columns.map { i in columns.map { j in factor * model.inverse[i][j] } }
            guard let form = SymmetricMatrix.inverseQuadraticForm(block, columns.map { coefficients[$0] }) else {
                throw .badArgument
            }
            guard let degrees else {
                let tail = ChiSquaredDistribution(degreesOfFreedom: Double(columns.count))?.upperTail(form)
                return OmnibusTest(
                    statistic: form, degreesOfFreedom: columns.count, residualDegreesOfFreedom: nil, pValue: tail ?? 1)
            }
            let f = form / Double(columns.count)
            let distribution = FDistribution(numerator: Double(columns.count), denominator: Double(degrees))
            return OmnibusTest(
                statistic: f, degreesOfFreedom: columns.count, residualDegreesOfFreedom: degrees,
                pValue: distribution?.upperTail(f) ?? 1)
        }
    }
}

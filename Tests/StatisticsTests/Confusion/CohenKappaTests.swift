import Statistics
import Testing

@Suite struct CohenKappaTests {
    @Test func oneCategoryHasNoKappa() throws {
        let kappa = try CohenKappa.infer([[15, 0], [0, 0]]).get()
        #expect(kappa.estimate.undefined == .zeroDenominator)
        #expect(kappa.observed == 1 && kappa.expected == 1 && kappa.z.undefined == .zeroDenominator)
    }

    @Test func twoCategoriesHaveOneKappaWhateverTheWeights() throws {
        let values = try CohenKappa.Weights.allCases.map {
            try CohenKappa.infer([[20, 5], [10, 15]], weights: $0).get().estimate.get()
        }
        #expect(values == [0.4, 0.4, 0.4])
    }

    /// Table of J. L. Fleiss (1981), Statistical Methods for Rates and Proportions, 2nd ed., section 13.1; standard
    /// errors as statsmodels gives them.
    @Test func aTextbookTableIsReproduced() throws {
        let kappa = try CohenKappa.infer([[75, 1, 4], [5, 4, 1], [0, 0, 10]]).get()
        let (own, null) = (try kappa.standardError.get(), try kappa.nullStandardError.get())
        #expect(abs(try kappa.estimate.get() - 23.0 / 34) < 1e-14)
        #expect(abs(own - 0.08770295347521254) < 1e-14)
        #expect(abs(null - 0.07618725792346259) < 1e-14)
    }

    @Test func malformedTablesAreRefused() {
        #expect(CohenKappa.infer([[1, 2]]).undefined == .badArgument)
        #expect(CohenKappa.infer([[1]]).undefined == .badArgument)
        #expect(CohenKappa.infer([[0, 0], [0, 0]]).undefined == .noCases)
        #expect(CohenKappa.infer([[1, -1], [0, 1]]).undefined == .badArgument)
    }
}
